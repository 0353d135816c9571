#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/report_writing.h"
#include "analysis/cli/terminal.h"
#include "sim/io/number.h"

namespace musi::cli {
namespace {

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

class Report final : public Command {
 public:
  std::string_view name() const override { return "report"; }
  std::string_view summary() const override { return "one HTML file to share"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use, 3 results that cannot stand on one page, 4 a file "
           "cannot be read or written.\n"
           "The file opens in any browser without a network. --lang en or id writes one language, "
           "both (default) a page that switches.\n"
           "Example: musi report results/palembang-four-options.h5 --options current,need";
  }
  bool writes_both_languages() const override { return true; }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", paths_, "result files; options of all of them stand side by side")
        ->required();
    app.add_option("-o,--output", output_, "default: results/<name>.html beside the first RESULT");
    app.add_option("--page", page_, "full or brief (one A4 page per language)")
        ->check(CLI::IsMember({"full", "brief"}));
    app.add_option("--options", options_, "up to four options of the first view: A,B,C,D");
    app.add_option("--max-mib", max_mib_,
                   "largest file, MiB; default 1.5, or 2.5 for more than one option. Paths and "
                   "sites are thinned until it fits, and the page says so");
    app.add_option("--figures", figures_,
                   "also writes every chart into this folder; needs Chromium or Chrome "
                   "(MUSI_BROWSER names another), which opens no window");
    app.add_option("--figure-format", figure_formats_,
                   "svg, png or csv, repeatable; default svg and csv. png needs rsvg-convert "
                   "(Debian package librsvg2-bin)")
        ->check(CLI::IsMember({"svg", "png", "csv"}))
        ->allow_extra_args(false);
    app.add_flag("--force", force_, "replaces an existing file");
  }

  sim::ExitCode run(Terminal& terminal) override {
    analysis::ReportOptions options;
    options.lang = terminal.globals().page_lang;
    options.first_lang = terminal.globals().lang;
    options.brief = page_ == "brief";
    options.shown = words_of(options_);
    if (options.shown.size() > 4) {
      throw UsageError(
          fmt::format("--options names {} options; a view holds up to four", options.shown.size()));
    }
    if (!max_mib_.empty()) {
      const auto mib = sim::io::read_number(max_mib_, {}).value;
      if (!mib || *mib <= 0.0) {
        throw UsageError(fmt::format("--max-mib '{}' is no number above 0", max_mib_));
      }
      options.max_mib = *mib;
    }
    const std::string output = output_.empty() ? report_name(paths_.front()) : output_;
    if (figures_.empty() && !figure_formats_.empty()) {
      throw UsageError("--figure-format needs --figures DIR");
    }
    FigureOptions figures{figures_, figure_formats_};
    if (figures.formats.empty()) figures.formats = {"svg", "csv"};
    write_report_file(terminal, paths_, options, output, force_, figures);
    return sim::ExitCode::done;
  }

 private:
  std::vector<std::string> paths_;
  std::vector<std::string> figure_formats_;
  std::string figures_;
  std::string output_, page_ = "full", options_, max_mib_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_report() { return std::make_unique<Report>(); }

}  // namespace musi::cli
