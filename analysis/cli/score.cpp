#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/terminal.h"
#include "analysis/provenance.h"
#include "analysis/score_sheet.h"
#include "sim/io/file.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::ScoreSheet;
using analysis::SheetRules;
using models::CitySize;

const std::map<std::string, CitySize> city_sizes{{"metropolitan", CitySize::metropolitan},
                                                 {"large", CitySize::large},
                                                 {"medium", CitySize::medium},
                                                 {"small", CitySize::small}};

/// Refused before anything is read: an output that is there already, or that is the input.
void check_output(const std::string& file, const std::string& output, bool force) {
  std::error_code ignored;
  if (file != "-" && fs::equivalent(file, output, ignored)) {
    throw sim::IoError("overwrites_input",
                       fmt::format("'{}' is the input; write to another file with -o", output));
  }
  if (!force && fs::exists(output, ignored)) {
    throw sim::IoError("exists", fmt::format("'{}' exists; use --force to replace it, or another "
                                             "name with -o",
                                             output));
  }
}

/// Columns whose cells are numbers in JSON.
bool is_numeric(std::string_view column) {
  constexpr std::array<std::string_view, 7> others{
      "line",    "n_rt", "total", "sectoral_mean_pct", "consideration_points", "legality_points",
      "priority"};
  return column.starts_with("pct_") || column.starts_with("pts_") ||
         std::find(others.begin(), others.end(), column) != others.end();
}

std::string json_cell(std::string_view column, const std::string& cell) {
  if (cell.empty()) return "null";
  return is_numeric(column) ? cell : json_text(cell);
}

/// One `result` per row with the computed columns; copied columns stay text.
void add_row_events(const ScoreSheet& sheet, Terminal& terminal) {
  const std::vector<std::string> header = output_header(sheet);
  const std::size_t n_computed = header.size() - sheet.copied_columns.size();
  for (const analysis::ScoredRow& row : sheet.rows) {
    const std::vector<std::string> cells = analysis::output_cells(row, false);
    std::string fields;
    for (std::size_t c = 0; c < n_computed; ++c) {
      fields += fmt::format("{}{}:{}", c == 0 ? "" : ",", json_text(header[c]),
                            json_cell(header[c], cells[c]));
    }
    std::string copied;
    for (std::size_t c = n_computed; c < header.size(); ++c) {
      copied += fmt::format("{}{}:{}", copied.empty() ? "" : ",", json_text(header[c]),
                            json_text(cells[c]));
    }
    terminal.event("result", fmt::format("{},\"copied\":{{{}}}", fields, copied));
  }
}

void add_count_event(const ScoreSheet& sheet, Terminal& terminal) {
  const analysis::SheetCounts n = counts(sheet);
  const auto& [not_slum, light, medium, heavy] = n.classes;
  terminal.event("result",
                 fmt::format("\"rows\":{},\"classes\":{{\"heavy\":{},\"medium\":{},\"light\":{},"
                             "\"not_slum\":{}}},\"flags\":{{\"clamped_low\":{},\"clamped_high\":{},"
                             "\"no_denominator\":{}}}",
                             sheet.rows.size(), heavy, medium, light, not_slum, n.clamped_low,
                             n.clamped_high, n.no_denominator));
}

class Score final : public Command {
 public:
  std::string_view name() const override { return "score"; }
  std::string_view summary() const override { return "official score of RT sheets"; }
  std::string_view footer() const override {
    return "Exit codes: 0 scored, 2 wrong use, 3 sheet invalid (or flagged, with --strict), 4 a "
           "file cannot be read or written.\n"
           "Example: musi score survey.csv -o scores.csv";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_, "survey sheet, one row per RT; - is standard input")->required();
    app.add_option("-o,--output", output_, "write the table here, not to stdout");
    app.add_option("--regulation", regulation_, "2018 (16 criteria) or 2016 (19)")
        ->check(CLI::IsMember({"2018", "2016"}));
    app.add_option("--cuts", cuts_, "operational or law: cuts of the points")
        ->check(CLI::IsMember({"operational", "law"}));
    app.add_option("--by", by_, "rt, or site: sum the volumes of each site first")
        ->check(CLI::IsMember({"rt", "site"}));
    app.add_option("--city-size", city_size_, "metropolitan, large, medium or small")
        ->check(CLI::IsMember(city_sizes));
    app.add_option("--id", rules_.id_column, "column that names the RT");
    app.add_option("--locale", locale_, "en, or id: semicolons and decimal commas")
        ->check(CLI::IsMember({"en", "id"}));
    app.add_flag("--strict", rules_.strict, "any flag is an error");
    app.add_flag("--force", force_, "replace an existing output");
  }

  sim::ExitCode run(Terminal& terminal) override {
    if (rules_.id_column.empty()) throw UsageError("--id needs the name of a column");
    if (!output_.empty()) check_output(file_, output_, force_);
    const ScoreSheet sheet = analysis::read_score_sheet(file_, rules());
    const std::string csv = to_csv(sheet);
    const bool is_indonesian = terminal.globals().lang == "id";
    std::string line = " " + analysis::summary(sheet, is_indonesian ? sim::io::Language::indonesian
                                                                    : sim::io::Language::english);
    if (output_.empty()) {
      terminal.answer(csv);
      if (terminal.globals().json) add_row_events(sheet, terminal);
    } else {
      sim::io::write_file(output_, csv,
                          force_ ? sim::io::Existing::replace : sim::io::Existing::refuse, true);
      line += fmt::format("  {} {}", is_indonesian ? "ditulis ke" : "wrote", output_);
    }
    add_count_event(sheet, terminal);
    if (!output_.empty()) {
      terminal.event("written",
                     fmt::format("\"path\":{},\"kind\":\"csv\",\"bytes\":{},\"sha256\":{}",
                                 json_text(output_), csv.size(), json_text(analysis::sha256(csv))));
    }
    terminal.note(line);
    return sim::ExitCode::done;
  }

 private:
  SheetRules rules() const {
    SheetRules rules = rules_;
    rules.regulation =
        regulation_ == "2016" ? models::Regulation::permen_2016 : models::Regulation::permen_2018;
    rules.cuts = cuts_ == "law" ? models::CutRule::law : models::CutRule::operational;
    rules.city_size = city_sizes.at(city_size_);
    rules.by_site = by_ == "site";
    rules.indonesian_locale = locale_ == "id";
    return rules;
  }

  SheetRules rules_;
  std::string file_, output_;
  std::string regulation_ = "2018";
  std::string cuts_ = "operational";
  std::string by_ = "rt";
  std::string city_size_ = "metropolitan";
  std::string locale_ = "en";
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_score() { return std::make_unique<Score>(); }

}  // namespace musi::cli
