#include "analysis/result_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include "analysis/result_parts.h"
#include "sim/core/check.h"

namespace musi::analysis {
namespace {

using sim::io::H5Attributes;
using sim::io::H5Type;
using sim::io::H5Variable;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// One text per entry of a table.
template <class Row>
std::vector<std::string> column(const std::vector<Row>& rows, std::string Row::* field) {
  std::vector<std::string> values;
  for (const Row& row : rows) values.push_back(row.*field);
  return values;
}

template <class Row, class Number>
std::vector<double> number_column(const std::vector<Row>& rows, Number Row::* field) {
  std::vector<double> values;
  for (const Row& row : rows) values.push_back(static_cast<double>(row.*field));
  return values;
}

/// Makes a dimension unless it would be empty: no scale without data.
template <class Value>
void dimension(const ResultParts& parts, const std::string& name, const std::vector<Value>& values,
               const H5Attributes& attributes) {
  if (!values.empty()) parts.file.dimension(name, std::span(values), attributes);
}

void check_shapes(const ResultInput& input, const sim::RecordStore& records) {
  MUSI_EXPECT(!input.options.empty() && input.options.size() == records.n_options());
  MUSI_EXPECT(!input.years.empty());
  for (const ResultLever& lever : input.levers) {
    MUSI_EXPECT(lever.values.size() == input.options.size());
  }
  MUSI_EXPECT(input.input_values.empty() ||
              input.input_values.size() ==
                  input.options.size() * records.n_replicates() * input.inputs.size());
  MUSI_EXPECT(input.rt_site.size() == input.rt_ids.size());
  MUSI_EXPECT(input.rt_area.size() == input.rt_ids.size());
}

}  // namespace

H5Attributes ResultParts::coordinates(const std::vector<std::string>& dims) const {
  std::string names;
  const auto add = [&names](const std::string& name) {
    if (!names.empty()) names += ' ';
    names += name;
  };
  for (const std::string& dim : dims) {
    if (dim == "option") {
      for (const char* name : {"option_base", "option_level", "option_title_en", "option_title_id",
                               "option_kind"}) {
        add(name);
      }
      for (const ResultLever& lever : input.levers) add(lever_name(lever.path));
    }
    if (dim == "site") {
      for (const char* name : {"site_name", "site_kecamatan", "site_area_status", "site_latitude",
                               "site_longitude", "site_area_initial"}) {
        add(name);
      }
    }
    if (dim == "input") {
      for (const char* name : {"input_units", "input_status", "input_source"}) add(name);
    }
  }
  if (names.empty()) return {};
  return {{"coordinates", names}};
}

void ResultParts::texts(const std::string& path, const std::string& dim,
                        const std::vector<std::string>& values,
                        const std::string& long_name) const {
  if (values.empty()) return;
  H5Variable variable;
  variable.path = path;
  variable.type = H5Type::text;
  variable.dims = {dim};
  variable.attributes = {{"long_name", long_name}};
  file.variable(variable, values);
}

void ResultParts::numbers(const std::string& path, const std::string& dim,
                          const std::vector<double>& values, const std::string& units,
                          const std::string& long_name) const {
  if (values.empty()) return;
  H5Variable variable;
  variable.path = path;
  variable.type = H5Type::float64;
  variable.dims = {dim};
  if (!units.empty()) variable.attributes.push_back({"units", units});
  variable.attributes.push_back({"long_name", long_name});
  variable.missing = missing;
  file.variable(variable, values);
}

void write_dimensions(const ResultParts& parts) {
  const ResultInput& input = parts.input;
  std::vector<std::int32_t> replicates(parts.n_replicates);
  for (std::size_t i = 0; i < replicates.size(); ++i) replicates[i] = static_cast<std::int32_t>(i);
  std::vector<std::int32_t> observations(input.observations.size());
  for (std::size_t i = 0; i < observations.size(); ++i) {
    observations[i] = static_cast<std::int32_t>(i);
  }
  const std::vector<std::int32_t> years(input.years.begin(), input.years.end());
  dimension(parts, "option", column(input.options, &ResultOption::name), {{"long_name", "option"}});
  dimension(parts, "replicate", replicates,
            {{"long_name", "future; the same number has the same luck in every option"}});
  dimension(parts, "year", years, {{"long_name", "calendar year; values are those of its end"}});
  dimension(parts, "site", column(input.sites, &ResultSite::id), {{"long_name", "slum site"}});
  dimension(parts, "quantile", input.quantiles_pct,
            {{"units", "percent"}, {"long_name", "quantile over the futures"}});
  dimension(parts, "input", column(input.inputs, &ResultInputInfo::path),
            {{"long_name", "path of the uncertain input"}});
  dimension(parts, "criterion", input.criteria, {{"long_name", "criterion of the official score"}});
  dimension(parts, "definition", input.definitions, {{"long_name", "definition of zero"}});
  dimension(parts, "funds", input.funds, {{"long_name", "source of money"}});
  dimension(parts, "line", input.lines, {{"long_name", "budget line of the office"}});
  dimension(parts, "programme", input.programmes, {{"long_name", "programme"}});
  dimension(parts, "kecamatan", input.kecamatan, {{"long_name", "subdistrict"}});
  dimension(parts, "item", input.items, {{"long_name", "what programmes deliver"}});
  dimension(parts, "stage", input.stages, {{"long_name", "stage of a package"}});
  dimension(parts, "people", input.people, {{"long_name", "group of households"}});
  dimension(parts, "deprivations", input.deprivations,
            {{"long_name", "number of deprivations of a household"}});
  dimension(parts, "obs", observations, {{"long_name", "row of the observations"}});
}

void write_options(const ResultParts& parts) {
  const std::vector<ResultOption>& options = parts.input.options;
  parts.texts("option_base", "option", column(options, &ResultOption::base), "option, no level");
  parts.texts("option_level", "option", column(options, &ResultOption::level), "level");
  parts.texts("option_title_en", "option", column(options, &ResultOption::title_en),
              "title in English");
  parts.texts("option_title_id", "option", column(options, &ResultOption::title_id),
              "title in Indonesian");
  parts.texts("option_kind", "option", column(options, &ResultOption::kind),
              "given, level, solved or sweep");
  for (const ResultLever& lever : parts.input.levers) {
    H5Variable variable;
    variable.path = lever_name(lever.path);
    variable.type = H5Type::float64;
    variable.dims = {"option"};
    variable.attributes = {{"long_name", "value of " + lever.path}, {"path", lever.path}};
    variable.missing = missing;
    parts.file.variable(variable, lever.values);
  }
  std::vector<double> value, low, high;
  std::vector<std::int32_t> has;
  for (const ResultOption& option : options) {
    has.push_back(option.solved.has_value());
    const SolvedValue solved = option.solved.value_or(SolvedValue{missing, missing, missing});
    value.push_back(solved.value);
    low.push_back(solved.low);
    high.push_back(solved.high);
  }
  parts.numbers("solved_value", "option", value, "", "value found by solve_for");
  parts.numbers("solved_low", "option", low, "", "lower end of its 90 % interval");
  parts.numbers("solved_high", "option", high, "", "upper end of its 90 % interval");
  H5Variable flag;
  flag.path = "has_solved";
  flag.type = H5Type::int8;
  flag.dims = {"option"};
  flag.attributes = {{"long_name", "1 if a value was solved for"}};
  parts.file.variable(flag, std::span<const std::int32_t>(has));
}

void write_input_table(const ResultParts& parts) {
  const ResultInput& input = parts.input;
  if (input.inputs.empty()) return;
  parts.texts("input_units", "input", column(input.inputs, &ResultInputInfo::units), "unit");
  parts.texts("input_status", "input", column(input.inputs, &ResultInputInfo::status),
              "how well it is known");
  parts.texts("input_source", "input", column(input.inputs, &ResultInputInfo::source),
              "reference keys");
  const bool is_there = !input.input_values.empty() || input.input_rows;
  if (!is_there || parts.n_replicates == 0) return;
  H5Variable variable;
  variable.path = "input_value";
  variable.dims = {"option", "replicate", "input"};
  variable.attributes = parts.coordinates(variable.dims);
  variable.attributes.push_back({"long_name", "value drawn, in input_units"});
  variable.missing = missing;
  parts.file.variable(variable);
  const std::size_t n_inputs = input.inputs.size();
  const std::size_t stride = parts.records.n_replicates() * n_inputs;
  const std::size_t most = rows_at_a_time(n_inputs * sizeof(float));
  for (std::size_t option = 0; option < parts.n_options(); ++option) {
    for (std::size_t first = 0; first < parts.n_replicates; first += most) {
      const std::size_t n = std::min(most, parts.n_replicates - first);
      if (!input.input_values.empty()) {
        parts.file.rows("input_value", option, first,
                        std::span(input.input_values)
                            .subspan(option * stride + first * n_inputs, n * n_inputs));
        continue;
      }
      const std::vector<float> rows = input.input_rows(option, first, n);
      MUSI_EXPECT(rows.size() == n * n_inputs);
      parts.file.rows("input_value", option, first, std::span<const float>(rows));
    }
  }
}

std::size_t rows_at_a_time(std::size_t row_bytes) {
  constexpr std::size_t in_a_chunk = 64, most_bytes = 1u << 17;
  return in_a_chunk *
         std::max<std::size_t>(1, most_bytes / std::max<std::size_t>(1, in_a_chunk * row_bytes));
}

void write_sites(const ResultParts& parts) {
  const std::vector<ResultSite>& sites = parts.input.sites;
  parts.texts("site_name", "site", column(sites, &ResultSite::name), "kelurahan of the site");
  parts.texts("site_kecamatan", "site", column(sites, &ResultSite::kecamatan), "subdistrict");
  parts.texts("site_area_status", "site", column(sites, &ResultSite::area_status),
              "whether the area is reported or synthetic");
  parts.numbers("site_latitude", "site", number_column(sites, &ResultSite::latitude),
                "degrees_north", "latitude");
  parts.numbers("site_longitude", "site", number_column(sites, &ResultSite::longitude),
                "degrees_east", "longitude");
  parts.numbers("site_area_initial", "site", number_column(sites, &ResultSite::area_initial), "ha",
                "area at the start");
}

void write_observations(const ResultParts& parts) {
  const std::vector<ResultObservation>& rows = parts.input.observations;
  if (rows.empty()) return;
  const auto wholes = [&](const char* path, int ResultObservation::* field,
                          const char* long_name) {
    H5Variable variable;
    variable.path = path;
    variable.type = H5Type::int32;
    variable.dims = {"obs"};
    variable.attributes = {{"long_name", long_name}};
    parts.file.variable(variable, number_column(rows, field));
  };
  wholes("obs_year", &ResultObservation::year, "calendar year");
  wholes("obs_month", &ResultObservation::month, "calendar month, 1 to 12");
  parts.numbers("obs_value", "obs", number_column(rows, &ResultObservation::value), "",
                "published figure");
  parts.numbers("obs_low", "obs", number_column(rows, &ResultObservation::low), "", "lower end");
  parts.numbers("obs_high", "obs", number_column(rows, &ResultObservation::high), "", "upper end");
  parts.texts("obs_indicator", "obs", column(rows, &ResultObservation::indicator), "what it is");
  parts.texts("obs_series", "obs", column(rows, &ResultObservation::series),
              "which of rival series");
  parts.texts("obs_use", "obs", column(rows, &ResultObservation::use),
              "what the figure is used for");
  parts.texts("obs_source", "obs", column(rows, &ResultObservation::source), "reference key");
}

std::map<std::string, std::size_t> dimension_lengths(const ResultInput& input) {
  return {{"year", input.years.size()},
          {"definition", input.definitions.size()},
          {"site", input.sites.size()},
          {"funds", input.funds.size()},
          {"line", input.lines.size()},
          {"programme", input.programmes.size()},
          {"kecamatan", input.kecamatan.size()},
          {"criterion", input.criteria.size()},
          {"input", input.inputs.size()},
          {"rt", input.rt_ids.size()},
          {"quarter", 4 * input.years.size()},
          {"item", input.items.size()},
          {"stage", input.stages.size()},
          {"people", input.people.size()},
          {"deprivations", input.deprivations.size()},
          {"measure", input.measures.size()}};
}

std::string lever_name(const std::string& path) {
  std::string name = "lever_";
  for (const char c : path) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_plain ? c : '_';
  }
  return name;
}

void write_result(const std::string& path, const ResultInput& input,
                  const sim::RecordStore& records, sim::io::Existing existing) {
  check_shapes(input, records);
  sim::io::H5Writer file(path, existing);
  const ResultParts parts{file, input, records, records.n_complete()};
  write_root_attributes(parts);
  write_dimensions(parts);
  write_options(parts);
  write_group_dimensions(parts);
  write_series(parts);
  write_means(parts);
  write_input_table(parts);
  write_summaries(parts);
  write_sites(parts);
  write_observations(parts);
  write_rt_group(parts);
  write_works(parts);
  write_inputs(parts);
  write_provenance(parts);
  file.finish();
}

}  // namespace musi::analysis
