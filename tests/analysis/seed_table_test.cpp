#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/scenario/schema.h"
#include "tests/support/documents.h"

using namespace musi;
namespace fs = std::filesystem;

namespace {

const std::string root = MUSI_SOURCE_DIR;

std::vector<std::string> lines_of(const std::string& file) {
  std::istringstream text(tests::repository_text(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// Ids of the facts, in the order of the file.
std::vector<std::string> fact_ids() {
  std::vector<std::string> ids;
  for (const std::string& line : lines_of("scenarios/seed_facts.csv")) {
    ids.push_back(line.substr(0, line.find(',')));
  }
  ids.erase(ids.begin());
  return ids;
}

struct Row {
  std::string id, fact, state, place, keys, test;
};

/// Rows of the table of facts.
std::vector<Row> rows() {
  std::vector<Row> all;
  for (const std::string& line : lines_of("models/SEEDS.md")) {
    if (!line.starts_with("| S")) continue;
    std::vector<std::string> cells;
    std::size_t at = 2;
    for (std::size_t end; (end = line.find(" |", at)) != std::string::npos; at = end + 3) {
      cells.push_back(line.substr(at, end - at));
    }
    INFO(line);
    REQUIRE(cells.size() == 6);
    all.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]});
  }
  return all;
}

/// Texts between two marks.
std::vector<std::string> between(const std::string& text, char mark) {
  std::vector<std::string> found;
  std::size_t at = 0;
  while ((at = text.find(mark, at)) != std::string::npos) {
    const std::size_t end = text.find(mark, at + 1);
    if (end == std::string::npos) break;
    found.push_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return found;
}

/// All test sources as one text.
std::string all_tests() {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(root + "/tests")) {
    if (entry.path().extension() != ".cpp") continue;
    text += tests::repository_text(fs::relative(entry.path(), root).string());
  }
  return text;
}

}  // namespace

TEST_CASE("the table of facts has every row of the founding texts, once and in order", "[unit]") {
  const std::vector<std::string> ids = fact_ids();
  CHECK(ids.size() == 180);
  std::vector<std::string> listed;
  for (const Row& row : rows()) listed.push_back(row.id);
  CHECK(listed == ids);
}

TEST_CASE("the table of facts names files, keys and tests that exist", "[unit]") {
  const std::string tests_text = all_tests();
  for (const Row& row : rows()) {
    INFO(row.id);
    for (const std::string& place : between(row.place, '`')) {
      INFO("file " << place);
      if (place.find('/') != std::string::npos) CHECK(fs::exists(root + "/" + place));
    }
    for (const std::string& key : between(row.keys, '`')) {
      INFO("key " << key);
      CHECK(analysis::schema().find(key) != nullptr);
    }
    for (const std::string& name : between(row.test, '"')) {
      INFO("test " << name);
      CHECK(tests_text.find('"' + name + '"') != std::string::npos);
    }
  }
}

TEST_CASE("the table of facts says plainly what is not in this version", "[unit]") {
  std::map<std::string, int> count;
  for (const Row& row : rows()) {
    INFO(row.id);
    ++count[row.state];
    const bool says_so = row.place.find("not in this version") != std::string::npos;
    CHECK(says_so == (row.state == "no" || (row.state == "partly" && says_so)));
    if (row.state == "no") CHECK(row.place.starts_with("not in this version"));
    if (row.state == "yes") CHECK(row.place.find('`') != std::string::npos);
  }
  const std::string text = tests::repository_text("models/SEEDS.md");
  for (const char* state : {"yes", "partly", "data, check", "context", "no"}) {
    INFO(state);
    const std::size_t at = text.find(std::string("\n| ") + state + " | ");
    REQUIRE(at != std::string::npos);
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    CHECK(line.ends_with("| " + std::to_string(count[state]) + " |"));
  }
}
