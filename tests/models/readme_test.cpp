#include <catch2/catch.hpp>
#include <cctype>
#include <filesystem>
#include <map>
#include <string>

#include "models/parameters.h"
#include "tests/support/documents.h"

using namespace musi;

namespace {

/// Calls `check(name, number)` for every enumerator of models/draws.h.
template <class Check>
int for_each_draw(Check check) {
  const std::string text = tests::repository_text("models/draws.h");
  std::size_t at = text.find("enum class Draw");
  const std::size_t end = text.find("};", at);
  REQUIRE(end != std::string::npos);
  int n = 0;
  while ((at = text.find("\n  ", at)) != std::string::npos && at < end) {
    const std::size_t name = at + 3;
    const std::size_t equals = text.find(" = ", name);
    const std::size_t comma = text.find(',', name);
    REQUIRE(equals < comma);
    check(text.substr(name, equals - name), text.substr(equals + 3, comma - equals - 3));
    at = comma;
    ++n;
  }
  return n;
}

std::string without_comments(std::string text) {
  for (std::size_t at = 0; (at = text.find("//", at)) != std::string::npos;) {
    text.erase(at, text.find('\n', at) - at);
  }
  return text;
}

/// Sources of the model without comments: "start/layout" holds models/start/layout.h and .cpp.
std::map<std::string, std::string> model_sources() {
  namespace fs = std::filesystem;
  const fs::path models = fs::path(MUSI_SOURCE_DIR) / "models";
  std::map<std::string, std::string> sources;
  for (const auto& entry : fs::recursive_directory_iterator(models)) {
    const bool is_source =
        entry.path().extension() == ".cpp" || entry.path().extension() == ".h";
    if (!is_source) continue;
    const fs::path name = fs::relative(entry.path(), models);
    sources[fs::path(name).replace_extension().generic_string()] +=
        without_comments(tests::repository_text("models/" + name.generic_string()));
  }
  return sources;
}

bool mentions(const std::string& text, const std::string& word) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += word.size()) {
    const std::size_t end = at + word.size();
    if (end == text.size() || (text[end] != '_' && std::isalnum(text[end]) == 0)) return true;
  }
  return false;
}

/// Last cell of a row of a Markdown table.
std::string last_cell(const std::string& text, std::size_t row) {
  const std::size_t end = text.find(" |\n", row);
  const std::size_t start = text.rfind("| ", end - 1) + 2;
  return text.substr(start, end - start);
}

}  // namespace

TEST_CASE("the table of chance addresses has every decision with its number", "[unit]") {
  const std::string readme = tests::repository_text("models/README.md");
  const int n = for_each_draw([&](const std::string& name, const std::string& number) {
    INFO(name << " = " << number);
    CHECK(readme.find("\n| " + number + " | `" + name + "` | ") != std::string::npos);
  });
  CHECK(n > 40);
}

TEST_CASE("the table of chance addresses names the files that read each decision", "[unit]") {
  const std::string readme = tests::repository_text("models/README.md");
  const auto sources = model_sources();
  for_each_draw([&](const std::string& name, const std::string& number) {
    const std::size_t row = readme.find("\n| " + number + " | `" + name + "` | ");
    REQUIRE(row != std::string::npos);
    std::string readers;
    for (const auto& [file, text] : sources) {
      if (mentions(text, "Draw::" + name)) readers += (readers.empty() ? "" : ", ") + file;
    }
    if (readers.empty()) readers = "not read";
    INFO(name << " = " << number);
    CHECK(last_cell(readme, row + 1) == readers);
  });
}

TEST_CASE("the model description names the parameters that nothing reads", "[unit]") {
  const std::string readme = tests::repository_text("models/README.md");
  std::string all;
  for (const auto& [file, text] : model_sources()) all += text;
  std::string unread;
  for (const models::ParamSpec& p : models::param_specs()) {
    const std::string key(p.key);
    if (mentions(all, "Param::" + key)) continue;
    unread += (unread.empty() ? "`" : ", `") + key + "`";
  }
  const std::string start = "Drawn but not read in this version: ";
  const std::size_t at = readme.find(start);
  REQUIRE(at != std::string::npos);
  const std::size_t from = at + start.size();
  CHECK(readme.substr(from, readme.find('.', from) - from) ==
        (unread.empty() ? "none" : unread));
}
