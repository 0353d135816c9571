#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/terminal.h"
#include "analysis/starter.h"
#include "sim/io/file.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;

class Init final : public Command {
 public:
  std::string_view name() const override { return "init"; }
  std::string_view summary() const override { return "copy a starter study"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use, 4 a file exists or cannot be written.\n"
           "Example: musi init my-study --template four-options";
  }
  void declare(CLI::App& app) override {
    app.add_option("DIR", dir_, "folder to make, default musi-study");
    app.add_option("--template", template_,
                   "baseline, four-options, study (official plan and hindcast), or city (an empty "
                   "city folder)")
        ->check(CLI::IsMember(analysis::starter_templates()));
    app.add_option("--city", city_, "name of the city, for --template city");
    app.add_flag("--force", force_, "replace files of the same name; deletes nothing");
  }

  sim::ExitCode run(Terminal& terminal) override {
    check_city();
    const auto files = analysis::starter_files(template_, city_);
    refuse_existing(files);
    std::string list, json;
    for (const analysis::StarterFile& file : files) {
      const std::string path = (fs::path(dir_) / file.path).string();
      sim::io::write_file(path, file.bytes,
                          force_ ? sim::io::Existing::replace : sim::io::Existing::refuse, true);
      list += " " + path + "\n";
      json += (json.empty() ? "" : ",") + json_text(path);
    }
    terminal.answer(list);
    terminal.event("result", fmt::format("\"dir\":{},\"files\":[{}]", json_text(dir_), json));
    const bool is_id = terminal.globals().lang == "id";
    const std::string next = shell_word((fs::path(dir_) / files.front().path).string());
    terminal.answer(template_ == "city"
                        ? fmt::format("\n {}  {}\n", is_id ? "berikutnya: isi" : "next:  fill in",
                                      (fs::path(dir_) / "cities" / city_ / "sites.csv").string())
                        : fmt::format("\n {}  musi check {}\n        musi run {}\n",
                                      is_id ? "berikutnya:" : "next:", next, next));
    return sim::ExitCode::done;
  }

 private:
  void check_city() const {
    if (template_ != "city") {
      if (!city_.empty()) throw UsageError("--city belongs to --template city");
      return;
    }
    if (city_.empty()) throw UsageError("--template city needs --city NAME");
    const bool is_legal =
        city_.size() <= 48 &&
        city_.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!is_legal) {
      throw UsageError(
          fmt::format("--city '{}': use up to 48 lower-case letters, digits and hyphens", city_));
    }
  }

  /// All or nothing: what is there is found before the first file is written.
  void refuse_existing(const std::vector<analysis::StarterFile>& files) const {
    std::error_code ignored;
    if (fs::exists(dir_, ignored) && !fs::is_directory(dir_, ignored)) {
      throw sim::IoError("cannot_write", fmt::format("'{}' is a file; name a folder", dir_));
    }
    if (force_) return;
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) {
      return fs::exists(fs::path(dir_) / file.path, ignored);
    });
    if (found == files.end()) return;
    throw sim::IoError("exists", fmt::format("'{}' exists; use --force to replace files of the "
                                             "same name, or name another folder",
                                             (fs::path(dir_) / found->path).string()));
  }

  std::string dir_ = "musi-study", template_ = "baseline", city_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_init() { return std::make_unique<Init>(); }

}  // namespace musi::cli
