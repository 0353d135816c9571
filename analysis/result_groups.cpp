#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/result_parts.h"
#include "analysis/statistics.h"
#include "models/indicators/works_rows.h"
#include "sim/core/check.h"

/// The groups /quarterly, /implementation and /works.
namespace musi::analysis {
namespace {

using models::WorksRowOut;
using sim::SeriesInfo;
using sim::io::H5Type;
using sim::io::H5Variable;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
/// Works of the same item end so close to each other that a planner would call them the same.
constexpr int same_time_months = 12;

bool has_group(const ResultParts& parts, const std::string& group) {
  return std::any_of(parts.records.series().begin(), parts.records.series().end(),
                     [&](const SeriesInfo& s) { return s.name.starts_with(group + "/"); });
}

std::vector<std::string> column(const std::vector<ResultMeasure>& rows,
                                std::string ResultMeasure::* field) {
  std::vector<std::string> values;
  for (const ResultMeasure& row : rows) values.push_back(row.*field);
  return values;
}

/// Rows of one future with where it belongs.
struct Future {
  std::size_t option, replicate;
  std::vector<WorksRowOut> rows;
};

std::vector<Future> futures_with_works(const ResultParts& parts) {
  std::vector<Future> futures;
  for (std::size_t o = 0; o < parts.n_options(); ++o) {
    if (parts.input.options[o].kind == "sweep") continue;
    for (std::size_t r = 0; r < parts.n_replicates; ++r) {
      const auto numbers = parts.records.rows(o, r);
      if (!numbers.empty()) futures.push_back({o, r, models::works_from(numbers)});
    }
  }
  return futures;
}

/// Slum area of a future, summed over the years. [ha years]
double hectare_years(const ResultParts& parts, std::size_t option, std::size_t replicate) {
  const auto area = parts.records.find("slum_area");
  double sum = 0.0;
  for (std::size_t k = 0; area && k < parts.records.length(*area); ++k) {
    const double value = parts.records.value(*area, option, replicate, k);
    if (!std::isnan(value)) sum += value;
  }
  return sum;
}

/// Of the futures of an option with works, the one whose area over the years is nearest the median
/// of all futures; the first of equals.
std::size_t nearest_the_median(const ResultParts& parts, std::size_t option,
                               const std::vector<Future>& futures) {
  std::vector<double> all;
  for (std::size_t r = 0; r < parts.n_replicates; ++r) {
    all.push_back(hectare_years(parts, option, r));
    if (r % 1024 == 0) parts.records.forget();
  }
  const double median = quantile(all, 0.5);
  std::size_t best = 0;
  double distance = std::numeric_limits<double>::infinity();
  for (const Future& f : futures) {
    if (f.option != option || std::abs(all[f.replicate] - median) >= distance) continue;
    distance = std::abs(all[f.replicate] - median);
    best = f.replicate;
  }
  return best;
}

/// For each option, site and item: the months in which works ended, by future.
using Ends = std::map<std::tuple<std::size_t, std::int32_t, std::int32_t>,
                      std::map<std::size_t, std::vector<std::int32_t>>>;

Ends ends_of(const std::vector<Future>& futures) {
  Ends ends;
  for (const Future& f : futures) {
    for (const WorksRowOut& row : f.rows) {
      ends[{f.option, row.site, row.item}][f.replicate].push_back(row.end_month);
    }
  }
  return ends;
}

/// Columns of the group, filled row by row.
class Works {
 public:
  explicit Works(const ResultParts& parts) : parts_(parts) {}

  void add(const Future& f, const Ends& ends, double n_stored) {
    for (const WorksRowOut& row : f.rows) {
      option_.push_back(static_cast<std::int32_t>(f.option));
      replicate_.push_back(static_cast<std::int32_t>(f.replicate));
      site_.push_back(row.site);
      rt_.push_back(row.rt);
      programme_.push_back(row.programme);
      funds_.push_back(row.source);
      add_date(row.start_month, start_year_, start_month_);
      add_date(row.end_month, end_year_, end_month_);
      item_.push_back(row.item);
      quantity_.push_back(row.units);
      cost_.push_back(row.cost);
      self_help_.push_back(row.self_help);
      reworked_.push_back(row.reworked > 0.5f ? 1 : 0);
      double near = 0.0;
      for (const auto& [replicate, months] : ends.at({f.option, row.site, row.item})) {
        near += std::any_of(months.begin(), months.end(), [&](std::int32_t m) {
          return std::abs(m - row.end_month) <= same_time_months;
        });
      }
      chance_.push_back(static_cast<float>(100.0 * near / n_stored));
    }
  }

  void write() {
    if (option_.empty()) return;
    parts_.file.group("works");
    std::vector<std::int32_t> numbers(option_.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int32_t>(i);
    parts_.file.dimension("works/package", std::span<const std::int32_t>(numbers),
                          {{"long_name", "row of the works programme"}});
    whole("option_index", H5Type::int16, option_, "row on the axis option");
    whole("replicate_index", H5Type::int32, replicate_, "row on the axis replicate");
    whole("site_index", H5Type::int16, site_, "row on the axis site");
    whole("rt_index", H5Type::int32, rt_, "row on the axis rt of /rt; -1: not surveyed");
    whole("programme_index", H5Type::int16, programme_, "row on the axis programme");
    whole("funds_index", H5Type::int16, funds_, "row on the axis funds");
    whole("start_year", H5Type::int16, start_year_, "year in which works began; -1: unknown");
    whole("start_month", H5Type::int8, start_month_, "month, 1 to 12; -1: unknown");
    whole("end_year", H5Type::int16, end_year_, "year of the booking");
    whole("end_month", H5Type::int8, end_month_, "month of the booking, 1 to 12");
    whole("item_index", H5Type::int8, item_, "row on the axis item");
    number("quantity", quantity_, "", "units delivered, in item_unit");
    number("cost", cost_, "1e6 IDR", "cost of what was built, prices of 2019");
    number("self_help_cost", self_help_, "1e6 IDR", "value that people added");
    whole("reworked", H5Type::int8, reworked_, "1 if most of it was done twice");
    number("chance_in_year", chance_, "percent",
           "stored futures of the option in which the site gets this item within twelve months");
  }

 private:
  void add_date(std::int32_t month, std::vector<std::int32_t>& years,
                std::vector<std::int32_t>& months) const {
    years.push_back(month < 0 ? -1 : parts_.input.years.front() + month / 12);
    months.push_back(month < 0 ? -1 : month % 12 + 1);
  }
  void whole(const char* name, H5Type type, const std::vector<std::int32_t>& values,
             const char* long_name) {
    H5Variable variable;
    variable.path = std::string("works/") + name;
    variable.type = type;
    variable.dims = {"package"};
    variable.attributes = {{"long_name", long_name}};
    parts_.file.variable(variable, std::span<const std::int32_t>(values));
  }
  void number(const char* name, const std::vector<float>& values, const char* units,
              const char* long_name) {
    H5Variable variable;
    variable.path = std::string("works/") + name;
    variable.type = H5Type::float32;
    variable.dims = {"package"};
    if (*units != '\0') variable.attributes.push_back({"units", units});
    variable.attributes.push_back({"long_name", long_name});
    parts_.file.variable(variable, std::span<const float>(values));
  }

  const ResultParts& parts_;
  std::vector<std::int32_t> option_, replicate_, site_, rt_, programme_, funds_, start_year_,
      start_month_, end_year_, end_month_, item_, reworked_;
  std::vector<float> quantity_, cost_, self_help_, chance_;
};

}  // namespace

void write_group_dimensions(const ResultParts& parts) {
  const ResultInput& input = parts.input;
  parts.texts("item_unit", "item", input.item_units, "unit of an item");
  if (has_group(parts, "quarterly")) {
    parts.file.group("quarterly");
    std::vector<std::int32_t> quarters;
    for (const int year : input.years) {
      for (int q = 1; q <= 4; ++q) quarters.push_back(10 * year + q);
    }
    parts.file.dimension("quarterly/quarter", std::span<const std::int32_t>(quarters),
                         {{"long_name", "year and quarter; 20191 is the first of 2019"}});
  }
  if (!has_group(parts, "implementation") || input.measures.empty()) return;
  parts.file.group("implementation");
  const std::vector<std::string> codes = column(input.measures, &ResultMeasure::code);
  parts.file.dimension("implementation/measure", std::span(codes),
                       {{"long_name", "indicator of implementation"}});
  const auto add = [&](const char* name, std::string ResultMeasure::* field, const char* meaning) {
    parts.texts(name, "measure", column(input.measures, field), meaning);
  };
  add("implementation/measure_title_en", &ResultMeasure::title_en, "title in English");
  add("implementation/measure_title_id", &ResultMeasure::title_id, "title in Indonesian");
  add("implementation/measure_unit", &ResultMeasure::unit, "unit");
  add("implementation/measure_definition", &ResultMeasure::definition, "definition");
}

void write_means(const ResultParts& parts) {
  if (parts.n_replicates == 0) return;
  for (std::size_t i = 0; i < parts.records.series().size(); ++i) {
    const SeriesInfo& info = parts.records.series()[i];
    if (!info.only_mean || parts.records.length(i) == 0) continue;
    H5Variable variable;
    variable.path = info.name;
    variable.type = H5Type::float32;
    variable.dims = {"option"};
    variable.dims.insert(variable.dims.end(), info.dims.begin(), info.dims.end());
    variable.attributes = attributes_of(info);
    variable.attributes.push_back({"cell_methods", "replicate: mean"});
    for (auto& attribute : parts.coordinates(variable.dims)) {
      variable.attributes.push_back(std::move(attribute));
    }
    variable.missing = missing;
    parts.file.variable(variable);
    const bool is_by_site =
        std::find(info.dims.begin(), info.dims.end(), "site") != info.dims.end();
    for (std::size_t option = 0; option < parts.n_options(); ++option) {
      // Hundreds of points of a sweep times years and sites would be most of the file.
      if (is_by_site && parts.input.options[option].kind == "sweep") continue;
      const std::vector<double> row = parts.records.means(i, option);
      parts.file.row(info.name, option, std::span<const double>(row));
    }
  }
}

void write_works(const ResultParts& parts) {
  const std::vector<Future> futures = futures_with_works(parts);
  if (futures.empty()) return;
  const Ends ends = ends_of(futures);
  const auto n_stored =
      static_cast<double>(std::min(parts.input.works_replicates, parts.n_replicates));
  MUSI_EXPECT(n_stored > 0.0);
  std::vector<std::size_t> typical;
  for (std::size_t o = 0; o < parts.n_options(); ++o) {
    typical.push_back(nearest_the_median(parts, o, futures));
  }
  Works works(parts);
  for (const Future& f : futures) {
    const bool is_wanted = parts.input.write_all_works || f.replicate == typical[f.option];
    if (is_wanted) works.add(f, ends, n_stored);
  }
  works.write();
}

}  // namespace musi::analysis
