#include "analysis/score_sheet_columns.h"

#include <algorithm>

#include "sim/io/number.h"

namespace musi::analysis {
namespace {

using models::Criterion;
using models::Denominator;
using models::Regulation;
using sim::io::CellType;
using sim::io::CsvColumn;

constexpr std::array<std::string_view, 4> computed_in_front{"line", "site_id", "rt_id", "n_rt"};
constexpr std::array<std::string_view, 14> computed_behind{"total",         "class",
                                                           "class_id",      "sectoral_mean_pct",
                                                           "kotaku_exit",   "consideration_points",
                                                           "consideration", "legality_points",
                                                           "legal",         "priority_code",
                                                           "priority",      "handling",
                                                           "handling_id",   "flags"};
constexpr std::array<std::string_view, 5> answers{"strategic", "potential", "tenure_clear",
                                                  "fits_spatial_plan", "building_permit"};
constexpr std::array<std::string_view, 9> summed{"area_ha",       "buildings",    "households",
                                                 "ideal_road_m",  "road_ideal_m", "ideal_drain_m",
                                                 "drain_ideal_m", "population",   "persons"};

CsvColumn quantity(std::string name, sim::io::Text unit, std::vector<std::string> also = {}) {
  CsvColumn column;
  column.name = std::move(name);
  column.type = CellType::number;
  column.number.min = 0.0;
  column.number.unit = std::move(unit);
  column.also_named = std::move(also);
  return column;
}

CsvColumn count(std::string name, sim::io::Text unit, std::vector<std::string> also = {}) {
  CsvColumn column = quantity(std::move(name), std::move(unit), std::move(also));
  column.number.whole = true;
  return column;
}

std::vector<CsvColumn> row_columns() {
  std::vector<CsvColumn> columns;
  columns.push_back(quantity("area_ha", {"hectare", "hektare"}));
  columns.back().number.min_open = true;
  columns.push_back(count("buildings", {"buildings", "bangunan"}));
  columns.push_back(count("households", {"households", "rumah tangga"}));
  columns.push_back(quantity("ideal_road_m", {"metre", "meter"}, {"road_ideal_m"}));
  columns.push_back(quantity("ideal_drain_m", {"metre", "meter"}, {"drain_ideal_m"}));
  columns.push_back(count("population", {"persons", "jiwa"}, {"persons"}));
  columns.push_back(quantity("persons_per_ha", {"persons per hectare", "jiwa per hektare"}));
  return columns;
}

/// A criterion that the regulation does not know is carried along unread.
std::vector<CsvColumn> criterion_columns(Criterion c, bool is_read) {
  const CellType volume = is_read ? CellType::number : CellType::text;
  CsvColumn denominator{.name = column_name("den_", c), .type = volume};
  denominator.number.min = 0.0;
  return {{.name = column_name("num_", c), .type = volume, .also_named = {column_name("vol_", c)}},
          std::move(denominator),
          {.name = column_name("pct_", c)},
          {.name = column_name("pts_", c)}};
}

bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

std::string column_name(std::string_view prefix, Criterion criterion) {
  return std::string(prefix) + std::string(models::info(criterion).code);
}

std::string_view row_denominator_column(Denominator denominator) {
  switch (denominator) {
    case Denominator::buildings:
      return "buildings";
    case Denominator::verified_area:
      return "area_ha";
    case Denominator::ideal_road:
      return "ideal_road_m";
    case Denominator::ideal_drain:
      return "ideal_drain_m";
    case Denominator::households:
      break;
  }
  return "households";
}

SheetColumns::SheetColumns(const sim::io::CsvTable& table, Regulation regulation)
    : area_ha(table.column("area_ha")),
      population(table.column("population")),
      persons_per_ha(table.column("persons_per_ha")) {
  for (const Criterion c : models::criteria_of(regulation)) {
    criteria[models::index(c)] = {
        .numerator = table.column(column_name("num_", c)),
        .denominator = table.column(column_name("den_", c)),
        .row_denominator = table.column(row_denominator_column(models::info(c).denominator)),
        .percentage = table.column(column_name("pct_", c))};
  }
}

sim::io::CsvSpec sheet_spec(const SheetRules& rules) {
  sim::io::CsvSpec spec{.columns = {{.name = rules.id_column, .filled = true, .unique = true}},
                        .keep_unknown_columns = true,
                        .reserved_prefixes = {"num_", "vol_", "den_", "pct_", "pts_"},
                        .indonesian_locale = rules.indonesian_locale};
  const auto add = [&](CsvColumn column) {
    if (column.name != rules.id_column) spec.columns.push_back(std::move(column));
  };
  for (CsvColumn& column : row_columns()) add(std::move(column));
  for (const std::string_view name : answers) {
    add({.name = std::string(name), .type = CellType::yes_no});
  }
  const auto n_read = models::n_criteria_of(rules.regulation);
  for (const Criterion c : models::criteria_of(Regulation::permen_2016)) {
    for (CsvColumn& column : criterion_columns(c, models::index(c) < n_read)) {
      add(std::move(column));
    }
  }
  for (const std::string_view name : computed_in_front) add({.name = std::string(name)});
  for (const std::string_view name : computed_behind) add({.name = std::string(name)});
  return spec;
}

std::vector<std::string> output_columns(Regulation regulation) {
  std::vector<std::string> names(computed_in_front.begin(), computed_in_front.end());
  for (const std::string_view prefix : {"pct_", "pts_"}) {
    for (const Criterion c : models::criteria_of(regulation)) {
      names.push_back(column_name(prefix, c));
    }
  }
  names.insert(names.end(), computed_behind.begin(), computed_behind.end());
  return names;
}

std::vector<std::string> copied_columns(const sim::io::CsvTable& table, const SheetRules& rules) {
  const std::vector<std::string> written = output_columns(rules.regulation);
  std::vector<std::string> copied;
  for (const std::string& name : table.header()) {
    if (std::find(written.begin(), written.end(), name) == written.end()) copied.push_back(name);
  }
  return copied;
}

std::vector<std::string> site_columns(const std::vector<std::string>& copied,
                                      const SheetRules& rules) {
  std::vector<std::string> kept;
  for (const std::string& name : copied) {
    const bool is_volume = starts_with_any(name, {"num_", "vol_", "den_"});
    if (!is_volume && name != rules.id_column) kept.push_back(name);
  }
  return kept;
}

std::vector<std::string> volume_columns(Regulation regulation) {
  std::vector<std::string> names;
  for (const Criterion c : models::criteria_of(regulation)) {
    names.push_back(column_name("num_", c));
    names.push_back(column_name("den_", c));
  }
  return names;
}

bool is_summed_column(std::string_view name) {
  return std::find(summed.begin(), summed.end(), name) != summed.end();
}

std::string cell_number(double value, const SheetRules& rules) {
  std::string text = sim::io::number_text(value);
  if (rules.indonesian_locale) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

}  // namespace musi::analysis
