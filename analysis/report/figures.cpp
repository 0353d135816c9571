#include "analysis/report/figures.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "sim/core/error.h"
#include "sim/io/file.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

/// An empty folder that is removed with this object.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "musi-figures-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw sim::IoError("cannot_write", fmt::format("cannot make a folder like '{}'", name));
    }
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool is_program(const fs::path& path) { return ::access(path.c_str(), X_OK) == 0; }

/// In single quotes, as a shell reads it back.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"),
                                                             &::pclose);
  std::string text;
  if (!pipe) return text;
  std::array<char, 65536> block;
  for (std::size_t n; (n = std::fread(block.data(), 1, block.size(), pipe.get())) > 0;) {
    text.append(block.data(), n);
  }
  return text;
}

std::string unescaped_html(std::string text) {
  const std::pair<const char*, const char*> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", "\xC2\xA0"}, {"&amp;", "&"}};
  for (const auto& [entity, letter] : entities) {
    const std::string mark = entity;
    std::string replaced;
    std::size_t at = 0;
    for (std::size_t next; (next = text.find(mark, at)) != std::string::npos;) {
      replaced.append(text, at, next - at).append(letter);
      at = next + mark.size();
    }
    text = replaced.append(text, at, std::string::npos);
  }
  return text;
}

/// First of these programs in a folder of PATH; empty if there is none.
std::string on_path(std::initializer_list<const char*> names) {
  const char* const path = std::getenv("PATH");
  const std::string folders = path == nullptr ? "/usr/bin" : path;
  for (const char* name : names) {
    for (std::size_t begin = 0; begin <= folders.size();) {
      const std::size_t end = std::min(folders.find(':', begin), folders.size());
      const fs::path program = fs::path(folders.substr(begin, end - begin)) / name;
      if (is_program(program)) return program.string();
      begin = end + 1;
    }
  }
  return "";
}

bool holds(const std::vector<std::string>& words, const char* word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A drawing as a picture of twice its size, which is at least 1,600 pixels wide.
std::string png_of(const std::string& converter, const std::string& svg,
                   const std::string& folder) {
  const std::string drawing = folder + "/drawing.svg", picture = folder + "/picture.png";
  sim::io::write_file(drawing, svg, sim::io::Existing::replace);
  output_of(fmt::format("{} --zoom 2 --format png --output {} {} 2>/dev/null </dev/null",
                        quoted(converter), quoted(picture), quoted(drawing)));
  std::error_code failed;
  if (!fs::exists(picture, failed)) {
    throw sim::IoError("no_figures", fmt::format("'{}' made no picture of a chart", converter));
  }
  std::string bytes = sim::io::read_file(picture);
  fs::remove(picture, failed);
  return bytes;
}

}  // namespace

std::string find_browser() {
  if (const char* const given = std::getenv("MUSI_BROWSER"); given != nullptr) return given;
  return on_path({"chromium", "chromium-browser", "google-chrome", "chrome"});
}

std::string find_converter() { return on_path({"rsvg-convert"}); }

std::vector<FigureFile> draw_figures(const std::string& browser, const std::string& html,
                                     const std::string& stem, const std::vector<std::string>& langs,
                                     const std::vector<std::string>& formats) {
  const Folder folder;
  const std::string page = folder.path() + "/report.html";
  sim::io::write_file(page, html);
  std::string wanted;
  // A browser without a window hands over its page before pictures are ready, so that they are made
  // from the drawings.
  if (holds(formats, "svg") || holds(formats, "png")) wanted = "svg";
  if (holds(formats, "csv")) wanted += wanted.empty() ? "csv" : ",csv";
  const std::string converter = holds(formats, "png") ? find_converter() : "";
  std::vector<FigureFile> files;
  for (const std::string& lang : langs) {
    const std::string command = fmt::format(
        "{} --headless --disable-gpu --no-first-run --disable-extensions {} --user-data-dir={} "
        "--virtual-time-budget=60000 --dump-dom {} 2>/dev/null </dev/null",
        quoted(browser), ::geteuid() == 0 ? "--no-sandbox" : "", quoted(folder.path() + "/profile"),
        quoted(fmt::format("file://{}#figures={}&l={}", page, wanted, lang)));
    const std::string dump = output_of(command);
    const std::string mark = "<pre id=\"musi-figures\">";
    const std::size_t begin = dump.find(mark);
    const auto found =
        begin == std::string::npos
            ? nlohmann::json()
            : nlohmann::json::parse(
                  unescaped_html(dump.substr(begin + mark.size(),
                                             dump.find("</pre>", begin) - begin - mark.size())),
                  nullptr, false);
    if (!found.is_array() || found.empty()) {
      throw sim::IoError("no_figures",
                         fmt::format("'{}' drew no charts; the report's own buttons save them one "
                                     "by one",
                                     browser));
    }
    for (const auto& file : found) {
      const auto name = stem + "-" + file.at("name").get<std::string>();
      const auto content = file.at("content").get<std::string>();
      if (!name.ends_with(".svg")) {
        files.push_back({name, content});
        continue;
      }
      if (holds(formats, "svg")) files.push_back({name, content});
      if (converter.empty()) continue;
      files.push_back({name.substr(0, name.size() - 3) + "png",
                       png_of(converter, content, folder.path())});
    }
  }
  return files;
}

}  // namespace musi::analysis
