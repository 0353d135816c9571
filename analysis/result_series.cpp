#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "analysis/result_parts.h"
#include "analysis/statistics.h"
#include "sim/core/check.h"

/// Series future by future, and what is computed from them over the futures.
namespace musi::analysis {
namespace {

using sim::Precision;
using sim::RecordStore;
using sim::SeriesInfo;
using sim::io::H5Attributes;
using sim::io::H5Type;
using sim::io::H5Variable;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::int32_t not_reached = -1;

bool has_dim(const SeriesInfo& info, const std::string& dim) {
  return std::find(info.dims.begin(), info.dims.end(), dim) != info.dims.end();
}

/// Years of an event that may not come by the end: int16 with a 0/1 companion.
bool is_event_year(const SeriesInfo& info) { return info.is_whole && info.unit == "year"; }

/// Name of the companion of an event year: `reached`, `site_reached`.
std::string companion_name(const std::string& name) {
  const std::string ending = "zero_year";
  if (!name.ends_with(ending)) return name + "_reached";
  return name.substr(0, name.size() - ending.size()) + "reached";
}

H5Variable variable_of(const ResultParts& parts, const SeriesInfo& info) {
  H5Variable variable;
  variable.path = info.name;
  variable.dims = {"option", "replicate"};
  variable.dims.insert(variable.dims.end(), info.dims.begin(), info.dims.end());
  variable.attributes = attributes_of(info);
  for (auto& attribute : parts.coordinates(variable.dims)) {
    variable.attributes.push_back(std::move(attribute));
  }
  return variable;
}

/// Rows of one option that are written; none for the yearly series of sweep points.
bool is_row_written(const ResultParts& parts, const SeriesInfo& info, std::size_t option) {
  const bool is_by_time = has_dim(info, "year") || has_dim(info, "quarter");
  return parts.input.options[option].kind != "sweep" || !is_by_time;
}

template <class Number>
std::span<const Number> complete(const ResultParts& parts, std::size_t series,
                                 std::span<const Number> rows) {
  return rows.first(parts.n_replicates * parts.records.length(series));
}

/// Calls `work` with the first and the number of futures of one piece after the other. What a piece
/// has read need not stay in memory.
template <class Work>
void for_pieces(const ResultParts& parts, std::size_t series, Work&& work) {
  const std::size_t most = rows_at_a_time(parts.records.length(series) * sizeof(double));
  for (std::size_t first = 0; first < parts.n_replicates; first += most) {
    work(first, std::min(most, parts.n_replicates - first));
    parts.records.forget();
  }
}

void write_numbers(const ResultParts& parts, std::size_t series) {
  const SeriesInfo& info = parts.records.series()[series];
  H5Variable variable = variable_of(parts, info);
  const bool is_single = parts.records.precision(series) == Precision::float32;
  variable.type = is_single ? H5Type::float32 : H5Type::float64;
  variable.missing = missing;
  parts.file.variable(variable);
  const std::size_t length = parts.records.length(series);
  for (std::size_t option = 0; option < parts.n_options(); ++option) {
    if (!is_row_written(parts, info, option)) continue;
    for_pieces(parts, series, [&](std::size_t first, std::size_t n) {
      if (is_single) {
        parts.file.rows(info.name, option, first,
                        parts.records.floats(series, option).subspan(first * length, n * length));
      } else {
        parts.file.rows(info.name, option, first,
                        parts.records.doubles(series, option).subspan(first * length, n * length));
      }
    });
  }
}

/// Whole numbers of some futures of one option with `fill` for missing ones.
std::vector<std::int32_t> wholes(const ResultParts& parts, std::size_t series, std::size_t option,
                                 std::size_t first, std::size_t n, std::int32_t fill) {
  const std::size_t length = parts.records.length(series);
  const auto rows = parts.records.wholes(series, option).subspan(first * length, n * length);
  std::vector<std::int32_t> values(rows.begin(), rows.end());
  std::replace(values.begin(), values.end(), RecordStore::missing_whole, fill);
  return values;
}

bool has_missing(const ResultParts& parts, std::size_t series) {
  bool is_found = false;
  for (std::size_t option = 0; option < parts.n_options() && !is_found; ++option) {
    for_pieces(parts, series, [&](std::size_t first, std::size_t n) {
      const std::size_t length = parts.records.length(series);
      const auto rows = parts.records.wholes(series, option).subspan(first * length, n * length);
      is_found = is_found ||
                 std::find(rows.begin(), rows.end(), RecordStore::missing_whole) != rows.end();
    });
  }
  return is_found;
}

void write_counts(const ResultParts& parts, std::size_t series) {
  const SeriesInfo& info = parts.records.series()[series];
  H5Variable variable = variable_of(parts, info);
  variable.type = H5Type::int32;
  if (has_missing(parts, series)) variable.missing = RecordStore::missing_whole;
  parts.file.variable(variable);
  for (std::size_t option = 0; option < parts.n_options(); ++option) {
    for_pieces(parts, series, [&](std::size_t first, std::size_t n) {
      const auto values = wholes(parts, series, option, first, n, RecordStore::missing_whole);
      parts.file.rows(info.name, option, first, std::span<const std::int32_t>(values));
    });
  }
}

void write_event_years(const ResultParts& parts, std::size_t series) {
  const SeriesInfo& info = parts.records.series()[series];
  H5Variable year = variable_of(parts, info);
  year.type = H5Type::int16;
  year.missing = not_reached;
  H5Variable flag = variable_of(parts, info);
  flag.path = companion_name(info.name);
  flag.type = H5Type::int8;
  flag.attributes = {{"long_name", "1 if " + info.name + " was reached by the end"}};
  for (auto& attribute : parts.coordinates(flag.dims)) flag.attributes.push_back(attribute);
  parts.file.variable(year);
  parts.file.variable(flag);
  for (std::size_t option = 0; option < parts.n_options(); ++option) {
    for_pieces(parts, series, [&](std::size_t first, std::size_t n) {
      std::vector<std::int32_t> values = wholes(parts, series, option, first, n, not_reached);
      parts.file.rows(year.path, option, first, std::span<const std::int32_t>(values));
      for (std::int32_t& value : values) value = value != not_reached;
      parts.file.rows(flag.path, option, first, std::span<const std::int32_t>(values));
    });
  }
}

/// Numbers of some successive cells, future by future for each. Shape: [cell, replicate].
std::vector<double> columns(const ResultParts& parts, std::size_t series, std::size_t option,
                            std::size_t first_cell, std::size_t n_cells) {
  std::vector<double> values(n_cells * parts.n_replicates);
  for_pieces(parts, series, [&](std::size_t first, std::size_t n) {
    for (std::size_t i = first; i < first + n; ++i) {
      for (std::size_t k = 0; k < n_cells; ++k) {
        values[k * parts.n_replicates + i] =
            parts.records.value(series, option, i, first_cell + k);
      }
    }
  });
  return values;
}

/// Calls `work` with each cell of a series in turn and its numbers by future. Some columns are read
/// in one go, as many as fit a bound that does not grow with the futures.
template <class Work>
void for_columns(const ResultParts& parts, std::size_t series, std::size_t option, Work&& work) {
  constexpr std::size_t most_bytes = 1u << 19;
  const std::size_t at_once = std::max<std::size_t>(
      1, most_bytes / (sizeof(double) * std::max<std::size_t>(1, parts.n_replicates)));
  const std::size_t length = parts.records.length(series);
  for (std::size_t first = 0; first < length; first += at_once) {
    const std::size_t n = std::min(at_once, length - first);
    const std::vector<double> values = columns(parts, series, option, first, n);
    for (std::size_t k = 0; k < n; ++k) {
      work(first + k, std::span(values).subspan(k * parts.n_replicates, parts.n_replicates));
    }
  }
}

/// A dataset of statistics over the futures, filled option by option.
struct Summary {
  std::string name;
  std::vector<std::string> dims;  ///< behind option
  H5Type type;
  H5Attributes attributes;
};

template <class RowOf>
void write_summary(const ResultParts& parts, const Summary& summary, RowOf&& row_of) {
  H5Variable variable;
  variable.path = summary.name;
  variable.type = summary.type;
  variable.dims = {"option"};
  variable.dims.insert(variable.dims.end(), summary.dims.begin(), summary.dims.end());
  variable.attributes = summary.attributes;
  for (auto& attribute : parts.coordinates(variable.dims)) {
    variable.attributes.push_back(std::move(attribute));
  }
  variable.missing = missing;
  parts.file.variable(variable);
  for (std::size_t option = 0; option < parts.n_options(); ++option) {
    const std::vector<double> row = row_of(option);
    parts.file.row(summary.name, option, std::span<const double>(row));
  }
}

void write_chances(const ResultParts& parts, std::size_t zero) {
  const std::size_t n_years = parts.input.years.size();
  const std::size_t n_definitions = parts.records.length(zero);
  const auto shares = [&](std::size_t option, auto&& part) {
    const auto years = complete(parts, zero, parts.records.wholes(zero, option));
    std::vector<double> row(n_years * n_definitions, missing);
    for (std::size_t y = 0; y < n_years && parts.n_replicates > 0; ++y) {
      for (std::size_t d = 0; d < n_definitions; ++d) {
        std::size_t count = 0;
        for (std::size_t i = d; i < years.size(); i += n_definitions) {
          count += years[i] != RecordStore::missing_whole && years[i] <= parts.input.years[y];
        }
        row[y * n_definitions + d] = 100.0 * part(share(count, parts.n_replicates));
      }
    }
    return row;
  };
  const std::vector<std::string> dims{"year", "definition"};
  write_summary(parts,
                {"chance_zero", dims, H5Type::float64,
                 {{"units", "percent"}, {"long_name", "chance that zero is reached by the year"}}},
                [&](std::size_t option) {
                  return shares(option, [](const Share& s) { return s.estimate; });
                });
  write_summary(parts,
                {"chance_zero_error", dims, H5Type::float64,
                 {{"units", "percent"},
                  {"long_name", "half-width of the 95 % Monte Carlo interval of chance_zero"}}},
                [&](std::size_t option) {
                  return shares(option, [](const Share& s) { return s.half_width; });
                });
}

/// Quantiles over the futures of the sum of `n_summed` neighbouring numbers. Shape of the row:
/// [quantile, length / n_summed].
std::vector<double> quantile_row(const ResultParts& parts, std::size_t series, std::size_t option,
                                 std::size_t n_summed) {
  const std::size_t n_cells = parts.records.length(series) / n_summed;
  std::vector<double> p;
  for (const double percent : parts.input.quantiles_pct) p.push_back(percent / 100.0);
  std::vector<double> result(p.size() * n_cells), sums;
  for_columns(parts, series, option, [&](std::size_t k, std::span<const double> values) {
    if (k % n_summed == 0) sums.assign(parts.n_replicates, 0.0);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += values[i];
    if ((k + 1) % n_summed != 0) return;
    const std::vector<double> found = quantiles(sums, p);
    for (std::size_t q = 0; q < p.size(); ++q) result[q * n_cells + k / n_summed] = found[q];
  });
  return result;
}

/// Quantiles of a series, if it is there; the sum over its last dimension if `of_sum`.
void write_quantiles(const ResultParts& parts, const std::string& series, const std::string& name,
                     bool of_sum) {
  const auto found = parts.records.find(series);
  if (!found || parts.input.quantiles_pct.empty()) return;
  const SeriesInfo& info = parts.records.series()[*found];
  std::vector<std::string> dims{"quantile"};
  dims.insert(dims.end(), info.dims.begin(), info.dims.end() - (of_sum ? 1 : 0));
  const std::size_t n_summed = of_sum ? parts.input.funds.size() : 1;
  write_summary(parts,
                {name, dims, H5Type::float32,
                 {{"units", info.unit},
                  {"long_name", info.long_name + ", quantiles over the futures"}}},
                [&](std::size_t option) {
                  return quantile_row(parts, *found, option, n_summed);
                });
}

void write_mean(const ResultParts& parts, const std::string& series) {
  const auto found = parts.records.find(series);
  if (!found) return;
  const SeriesInfo& info = parts.records.series()[*found];
  H5Attributes attributes = attributes_of(info);
  attributes.push_back({"cell_methods", "replicate: mean"});
  write_summary(parts, {series, info.dims, H5Type::float32, attributes},
                [&](std::size_t option) {
                  std::vector<double> row(parts.records.length(*found));
                  for_columns(parts, *found, option,
                              [&](std::size_t k, std::span<const double> values) {
                                row[k] = mean({values.begin(), values.end()});
                              });
                  return row;
                });
}

std::vector<double> rt_chances(const ResultParts& parts, std::size_t series, std::size_t option) {
  std::vector<double> row(parts.input.rt_ids.size(), missing);
  if (parts.n_replicates == 0) return row;
  for_columns(parts, series, option, [&](std::size_t rt, std::span<const double> years) {
    std::size_t count = 0;  // a missing year is after every other
    for (const double year : years) count += year <= parts.input.headline_year;
    row[rt] = 100.0 * share(count, parts.n_replicates).estimate;
  });
  return row;
}

std::vector<double> rt_medians(const ResultParts& parts, std::size_t series, std::size_t option) {
  std::vector<double> row(parts.input.rt_ids.size());
  for_columns(parts, series, option, [&](std::size_t rt, std::span<const double> values) {
    row[rt] = quantile({values.begin(), values.end()}, 0.5);
  });
  return row;
}

}  // namespace

H5Attributes attributes_of(const SeriesInfo& info) {
  H5Attributes attributes;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) attributes.push_back({name, value});
  };
  if (!is_event_year(info)) add("units", info.unit);
  add("long_name", info.long_name);
  add("definition", info.definition);
  add("source", info.source);
  return attributes;
}

bool is_stored_whole(const ResultInput& input, const SeriesInfo& info) {
  if (info.only_mean || info.name == "mean_points" || has_dim(info, "rt")) return false;
  return info.name != "site_area" || input.write_site_area;
}

void write_series(const ResultParts& parts) {
  if (parts.n_replicates == 0) return;
  for (std::size_t i = 0; i < parts.records.series().size(); ++i) {
    const SeriesInfo& info = parts.records.series()[i];
    if (!is_stored_whole(parts.input, info) || parts.records.length(i) == 0) continue;
    if (is_event_year(info)) {
      write_event_years(parts, i);
    } else if (info.is_whole) {
      write_counts(parts, i);
    } else {
      write_numbers(parts, i);
    }
  }
}

void write_summaries(const ResultParts& parts) {
  if (parts.n_replicates == 0) return;
  if (const auto zero = parts.records.find("zero_year")) write_chances(parts, *zero);
  write_quantiles(parts, "slum_area", "slum_area_quantile", false);
  write_quantiles(parts, "coverage", "coverage_quantile", false);
  write_quantiles(parts, "paid", "paid_quantile", true);
  write_mean(parts, "mean_points");
  write_quantiles(parts, "site_area", "site_area_quantile", false);
}

void write_rt_group(const ResultParts& parts) {
  const std::size_t n_rts = parts.input.rt_ids.size();
  if (n_rts == 0) return;
  parts.file.group("rt");
  std::vector<std::int32_t> rows(n_rts);
  for (std::size_t i = 0; i < n_rts; ++i) rows[i] = static_cast<std::int32_t>(i);
  parts.file.dimension("rt/rt", rows, {{"long_name", "neighbourhood"}});
  parts.texts("rt/rt_id", "rt", parts.input.rt_ids, "name of the neighbourhood");
  H5Variable site;
  site.path = "rt/site_index";
  site.type = H5Type::int32;
  site.dims = {"rt"};
  site.attributes = {{"long_name", "row of its site on the axis site"}};
  parts.file.variable(site, std::span<const std::int32_t>(parts.input.rt_site));
  parts.numbers("rt/area", "rt", parts.input.rt_area, "ha", "area at the start");
  const auto zero = parts.records.find("rt_zero_year");
  const auto points = parts.records.find("rt_points");
  if (zero) {
    write_summary(parts,
                  {"rt/chance_by_headline", {"rt"}, H5Type::float32,
                   {{"units", "percent"}, {"long_name", "chance of no slum by the headline year"}}},
                  [&](std::size_t option) { return rt_chances(parts, *zero, option); });
  }
  if (const auto start = parts.records.find("rt_start_points")) {
    write_summary(parts,
                  {"rt/start_points", {"rt"}, H5Type::float32,
                   {{"units", "points"}, {"long_name", "median score at the start"}}},
                  [&](std::size_t option) { return rt_medians(parts, *start, option); });
  }
  if (points) {
    write_summary(parts,
                  {"rt/points_median", {"rt"}, H5Type::float32,
                   {{"units", "points"}, {"long_name", "median score at the end"}}},
                  [&](std::size_t option) { return rt_medians(parts, *points, option); });
  }
}

}  // namespace musi::analysis
