#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/city_tables.h"

namespace musi::analysis {
namespace {

using sim::io::CellType;
using sim::io::CsvColumn;
using sim::io::CsvSpec;
using sim::io::CsvTable;
using sim::io::NumberSpec;
using sim::io::Problems;

/// The sixteen criteria in the order of the regulation of 2018.
const std::vector<std::string> codes = {"1a", "1b", "1c", "2a", "2b", "3a", "3b", "4a",
                                        "4b", "4c", "5a", "5b", "6a", "6b", "7a", "7b"};

CsvColumn number(std::string name, double min, double max, bool needed) {
  NumberSpec range;
  range.min = min;
  range.max = max;
  return {.name = std::move(name),
          .type = CellType::number,
          .needed = true,
          .filled = needed,
          .number = range};
}

CsvColumn text(std::string name) { return {.name = std::move(name)}; }

CsvColumn code(std::string name, bool unique) {
  return {.name = std::move(name),
          .type = CellType::choice,
          .needed = true,
          .filled = true,
          .unique = unique,
          .choices = codes};
}

std::size_t row_of(std::string_view word) {
  return static_cast<std::size_t>(std::find(codes.begin(), codes.end(), word) - codes.begin());
}

/// The folder `method` beside the folder of cities, else the one compiled in.
std::optional<InputPath> method_file(const InputPath& city_folder, const std::string& name) {
  if (!city_folder.built_in) {
    const std::filesystem::path cities =
        std::filesystem::path(city_folder.name).lexically_normal() / ".." / "..";
    const InputPath beside{(cities / "method").lexically_normal().string(), false};
    if (const auto path = file_in(beside, name)) return path;
  }
  return file_in(InputPath{"method", true}, name);
}

void read_distribution(const CsvTable& table, models::City& city) {
  city.deficits.assign(codes.size(), {});
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const std::size_t at = row_of(table.text(row, "code"));
    if (at >= codes.size()) continue;
    models::City::DeficitRow& d = city.deficits[at];
    d.mean = table.number(row, "mean_fraction").value_or(0.0);
    d.share_zero = table.number(row, "share_below_5pct").value_or(0.0);
    d.share_one = table.number(row, "share_above_95pct").value_or(0.0);
    d.sd = table.number(row, "sd").value_or(0.0);
    d.shift_low = table.number(row, "palembang_shift_low").value_or(0.0);
    d.shift = table.number(row, "palembang_shift").value_or(0.0);
    d.shift_high = table.number(row, "palembang_shift_high").value_or(0.0);
  }
}

}  // namespace

void read_method_tables(const InputPath& folder, models::City& city, InputFiles& files,
                        Problems& problems) {
  const auto distribution = method_file(folder, "initial_rt_distribution.csv");
  const auto correlations = method_file(folder, "initial_rt_correlations.csv");
  if (!distribution || !correlations) {
    sim::Place place;
    place.file = folder.shown();
    problems.error("missing_file", place,
                   sim::io::Text{"the tables of the official score are missing (method/)",
                                 "tabel skor resmi tidak ada (method/)"});
    return;
  }
  const CsvSpec distribution_spec{
      .columns = {code("code", true), number("mean_fraction", 0, 1, true),
                  number("share_below_5pct", 0, 1, true), number("share_above_95pct", 0, 1, true),
                  number("sd", 0, 1, false), number("palembang_shift_low", -1, 1, true),
                  number("palembang_shift", -1, 1, true),
                  number("palembang_shift_high", -1, 1, true), text("draw_form"),
                  text("palembang_mean_fraction"), text("status"), text("shift_status"),
                  text("source"), text("note")}};
  const auto rows = read_input_csv(*distribution, distribution_spec, files, problems);
  const CsvSpec correlation_spec{.columns = {code("code_a", false), code("code_b", false),
                                             number("pearson_r", -1, 1, true), text("status"),
                                             text("source")}};
  const auto pairs = read_input_csv(*correlations, correlation_spec, files, problems);
  if (rows) {
    read_distribution(*rows, city);
    if (rows->n_rows() != codes.size()) {
      rows->error(
          0, "code", "criterion",
          {fmt::format("{} criteria found, the score has {}", rows->n_rows(), codes.size()),
           fmt::format("{} kriteria ditemukan, skor punya {}", rows->n_rows(), codes.size())},
          problems);
    }
  }
  city.deficit_correlations.assign(codes.size(), std::vector<double>(codes.size(), 0.0));
  for (std::size_t i = 0; i < codes.size(); ++i) city.deficit_correlations[i][i] = 1.0;
  for (std::size_t row = 0; pairs && row < pairs->n_rows(); ++row) {
    const std::size_t a = row_of(pairs->text(row, "code_a"));
    const std::size_t b = row_of(pairs->text(row, "code_b"));
    if (a >= codes.size() || b >= codes.size()) continue;
    const double r = pairs->number(row, "pearson_r").value_or(0.0);
    city.deficit_correlations[a][b] = city.deficit_correlations[b][a] = r;
  }
}

}  // namespace musi::analysis
