#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/experiment.h"
#include "analysis/report/page_json.h"
#include "analysis/report/question.h"
#include "analysis/statistics.h"

/// One option of a result as the page draws it.
namespace musi::analysis {
namespace {

/// Bands of the page: 90 % and 50 % of the futures about the median.
constexpr std::array<double, 5> band_p{0.05, 0.25, 0.5, 0.75, 0.95};
constexpr std::array<const char*, 5> band_names{"p5", "p25", "p50", "p75", "p95"};

/// Areas that are drawn with paths.
constexpr std::array<const char*, 3> path_series{"slum_area", "slum_area_ledger",
                                                 "slum_area_reported"};

constexpr std::array<const char*, 8> money_stages{"planned",  "voted",   "released",  "paid",
                                                  "returned", "carried", "committed", "gap"};

/// Levers of the first screen.
constexpr std::array<const char*, 8> first_levers{"funding.scale_pct",
                                                  "participation.facilitators.number",
                                                  "procedure.guideline_preset",
                                                  "procedure.guideline_month",
                                                  "procedure.pre_positioned_guideline",
                                                  "procedure.multi_year_contract",
                                                  "allocation.rule",
                                                  "growth.prevention_effort_pct"};

std::string base64(const std::vector<std::uint8_t>& bytes) {
  static constexpr char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) -> std::uint32_t {
      return i + k < bytes.size() ? bytes[i + k] : 0u;
    };
    const std::uint32_t triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? letters[triple >> (18 - 6 * k) & 63u] : '=';
    }
  }
  return text;
}

bool is_by_year(const Results& results, const std::string& name) {
  if (results.file().shape(name).size() != 3) return false;
  const std::vector<std::string> dims = results.file().dims(name);
  return dims == std::vector<std::string>{"option", "replicate", "year"};
}

/// Bands over the futures of a series by year; null if nothing is in it.
Json bands_json(const std::vector<double>& values, std::size_t n_years) {
  std::array<std::vector<double>, band_p.size()> found;
  std::vector<double> means, column;
  bool is_empty = true;
  for (std::size_t y = 0; y < n_years; ++y) {
    column.clear();
    for (std::size_t i = y; i < values.size(); i += n_years) column.push_back(values[i]);
    means.push_back(mean(column));
    is_empty = is_empty && std::isnan(means.back());
    const std::vector<double> q = quantiles(column, band_p);
    for (std::size_t k = 0; k < q.size(); ++k) found[k].push_back(q[k]);
  }
  if (is_empty) return nullptr;
  Json bands = {{"mean", numbers_json(means)}};
  for (std::size_t k = 0; k < found.size(); ++k) bands[band_names[k]] = numbers_json(found[k]);
  return bands;
}

Json series_json(const OptionSource& source) {
  Json all = Json::object();
  for (const std::string& name : source.results.file().names()) {
    if (source.results.file().is_group(name) || !is_by_year(source.results, name)) continue;
    Json bands =
        bands_json(source.results.series(name, source.option), source.results.years().size());
    if (!bands.is_null()) all[name] = std::move(bands);
  }
  return all;
}

/// The first futures, which are a fair sample: futures are in no order.
Json paths_json(const OptionSource& source, const PageDetail& detail) {
  const std::size_t n_years = source.results.years().size();
  const std::size_t n = std::min(detail.n_paths, source.results.n_replicates());
  Json all = Json::object();
  for (const char* name : path_series) {
    if (!source.results.has(name)) continue;
    const std::vector<double> values = source.results.series(name, source.option);
    Json paths = Json::array();
    for (std::size_t r = 0; r < n; ++r) {
      paths.push_back(numbers_json(std::span(values).subspan(r * n_years, n_years)));
    }
    all[name] = std::move(paths);
  }
  return all;
}

/// Money by stage: mean by source and year, and bands of the total by year.
Json money_json(const OptionSource& source) {
  const std::size_t n_years = source.results.years().size(), n = source.results.n_replicates();
  Json all = Json::object();
  for (const char* stage : money_stages) {
    if (!source.results.has(stage)) continue;
    const std::vector<double> values = source.results.series(stage, source.option);
    const std::size_t n_funds = n * n_years == 0 ? 0 : values.size() / (n * n_years);
    std::vector<std::vector<double>> sums(n_funds, std::vector<double>(n_years, 0.0));
    std::vector<double> totals(n * n_years, 0.0);
    for (std::size_t k = 0; k < values.size(); ++k) {
      sums[k % n_funds][k / n_funds % n_years] += values[k] / static_cast<double>(n);
      totals[k / n_funds] += values[k];
    }
    Json bands = bands_json(totals, n_years);
    if (bands.is_null()) continue;
    Json by_funds = Json::array();
    for (const std::vector<double>& row : sums) by_funds.push_back(numbers_json(row));
    all[stage] = {{"mean_by_funds", std::move(by_funds)}, {"total", std::move(bands)}};
  }
  return all;
}

Json headline_of_option(const OptionSource& source) {
  const Headline h = headline_of(source.outcome, source.question);
  // The same text as the event of `run --json`, so that both can never differ.
  return Json::parse("{" + headline_json(h, "") + "}");
}

Json solved_json(const OptionSource& source) {
  if (!source.results.has("has_solved")) return nullptr;
  const auto at = source.option;
  if (source.results.file().numbers("has_solved").at(at) != 1.0) return nullptr;
  const auto one = [&](const char* name) {
    return number_json(source.results.file().numbers(name).at(at));
  };
  return {{"value", one("solved_value")}, {"low", one("solved_low")}, {"high", one("solved_high")}};
}

/// A setting as number, switch or word; null if it is uncertain or missing.
Json setting_json(const sim::io::YamlNode& tree, const std::string& path) {
  if (const auto number = resolved_number(tree, path)) return number_json(*number);
  const std::string word = resolved_word(tree, path);
  if (word == "true" || word == "false") return word == "true";
  return word.empty() ? Json(nullptr) : Json(word);
}

Json settings_json(const OptionSource& source) {
  Json settings = Json::object();
  if (!source.resolved) return settings;
  for (const char* path : first_levers) {
    Json value = setting_json(*source.resolved, path);
    if (!value.is_null()) settings[path] = std::move(value);
  }
  return settings;
}

/// Sum of a series over some years by future; null without the series.
Json sums_json(const OptionSource& source, const char* name, int from, int to) {
  const Results& r = source.results;
  if (!r.has(name)) return nullptr;
  const std::size_t n = r.n_replicates(), n_years = r.years().size();
  const std::vector<double> all = r.series(name, source.option);
  const std::size_t width = n * n_years == 0 ? 1 : all.size() / (n * n_years);
  std::vector<double> sums(n, 0.0);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const int year = r.years()[k / width % n_years];
    if (year >= from && year <= to) sums[k / (width * n_years)] += all[k];
  }
  return numbers_json(sums);
}

/// Rows per future that options are compared by.
Json futures_json(const OptionSource& source) {
  Json futures = {{"spent", numbers_json(source.outcome.spent_idr_bn)}};
  for (const char* name :
       {"paid_total", "need_left", "households_displaced", "households_relocated"}) {
    if (source.results.has(name)) {
      futures[name] = numbers_json(source.results.series(name, source.option));
    }
  }
  // What `compare` asks of a future besides its year of zero.
  const int first = source.results.years().front(), headline = source.question.headline_year;
  futures["slum_area"] = sums_json(source, "slum_area", headline, headline);
  futures["paid"] = sums_json(source, "paid", first, headline);
  return futures;
}

Json points_json(const OptionSource& source) {
  if (!source.results.has("mean_points")) return nullptr;
  const auto values = source.results.series("mean_points", source.option);
  const std::size_t n_years = source.results.years().size();
  const std::size_t n = values.size() / n_years;
  Json rows = Json::array();
  for (std::size_t y = 0; y < n_years; ++y) {
    rows.push_back(numbers_json(std::span(values).subspan(y * n, n)));
  }
  return rows;
}

/// What holds each site back: mean hectare-years by first barrier, from the first year of the
/// forecast to the headline year. Shape: [site][barrier], in the order of barrier_keys(). Null
/// without them.
Json site_barriers_json(const OptionSource& source, std::size_t n_sites) {
  const Results& r = source.results;
  std::vector<std::vector<double>> sums(n_sites);
  for (const std::string& key : barrier_keys()) {
    if (!r.has("site_barrier_" + key)) return nullptr;
    const std::vector<double> area = r.series("site_barrier_" + key, source.option);
    for (std::size_t s = 0; s < n_sites; ++s) {
      double sum = 0.0;
      for (std::size_t y = 0; y < r.years().size(); ++y) {
        const int year = r.years()[y];
        if (year >= source.question.spent_from && year <= source.question.headline_year) {
          sum += area[y * n_sites + s];
        }
      }
      sums[s].push_back(sum);
    }
  }
  Json rows = Json::array();
  for (const auto& row : sums) rows.push_back(numbers_json(row));
  return rows;
}

}  // namespace

Json number_json(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e9) {
    return static_cast<std::int64_t>(rounded);
  }
  return rounded;
}

Json numbers_json(std::span<const double> values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number_json(value));
  return list;
}

Json zero_json(const OptionSource& source) {
  Json all = Json::object();
  const int start = source.results.years().front();
  for (std::size_t d = 0; d < source.results.definitions().size(); ++d) {
    std::vector<std::uint8_t> codes;
    for (const double year : source.results.zero_years(source.option, d)) {
      codes.push_back(std::isnan(year)
                          ? std::uint8_t{0}
                          : static_cast<std::uint8_t>(static_cast<int>(year) - start + 1));
    }
    all[source.results.definitions()[d]] = base64(codes);
  }
  return all;
}

Json option_json(const OptionSource& source, const PageDetail& detail) {
  const Results& results = source.results;
  const auto text = [&](const char* name) {
    return results.has(name) ? results.file().texts(name).at(source.option) : std::string();
  };
  return {{"title", {{"en", text("option_title_en")}, {"id", text("option_title_id")}}},
          {"base", text("option_base")},
          {"level", text("option_level")},
          {"kind", text("option_kind")},
          {"futures", results.n_replicates()},
          {"headline", headline_of_option(source)},
          {"solved", solved_json(source)},
          {"settings", settings_json(source)},
          {"zero", zero_json(source)},
          {"by_future", futures_json(source)},
          {"series", series_json(source)},
          {"paths", paths_json(source, detail)},
          {"money", money_json(source)},
          {"points", points_json(source)},
          {"works", works_json(results, source.option, detail)},
          {"implementation", implementation_json(results, source.option)},
          {"sites", sites_of_option(source, detail)}};
}

Json sites_of_option(const OptionSource& source, const PageDetail& detail) {
  const Results& results = source.results;
  if (!results.has("site_zero_year") || !results.has("site")) return nullptr;
  const std::size_t n_sites = results.file().shape("site").at(0);
  const std::size_t n = results.n_replicates(), n_years = results.years().size();
  const std::vector<double> zero = results.series("site_zero_year", source.option);
  Json sites = Json::object();
  Json counts = Json::array();
  for (std::size_t s = 0; s < n_sites; ++s) {
    std::vector<double> by_year(n_years, 0.0);
    for (std::size_t r = 0; r < n; ++r) {
      const double year = zero[r * n_sites + s];
      if (std::isnan(year)) continue;
      by_year[static_cast<std::size_t>(year - results.years().front())] += 1.0;
    }
    counts.push_back(numbers_json(by_year));
  }
  sites["zero_counts"] = std::move(counts);
  Json barriers = site_barriers_json(source, n_sites);
  if (!barriers.is_null()) sites["barriers"] = std::move(barriers);
  if (detail.with_site_years && results.has("site_area_quantile")) {
    const std::vector<double> area = results.series("site_area_quantile", source.option);
    const std::vector<double> q = results.file().numbers("quantile");
    const auto median = std::find(q.begin(), q.end(), 50.0);
    if (median != q.end()) {
      const auto first = static_cast<std::size_t>(median - q.begin()) * n_years * n_sites;
      Json rows = Json::array();
      for (std::size_t y = 0; y < n_years; ++y) {
        rows.push_back(numbers_json(std::span(area).subspan(first + y * n_sites, n_sites)));
      }
      sites["area_p50"] = std::move(rows);
    }
  }
  return sites;
}

Json series_words(const Results& results) {
  Json words = Json::object();
  for (const std::string& name : results.file().names()) {
    if (results.file().is_group(name) || !is_by_year(results, name)) continue;
    const auto attribute = [&](const char* key) {
      return results.file().text_attribute(name, key).value_or("");
    };
    words[name] = {{"unit", attribute("units")},
                   {"name", attribute("long_name")},
                   {"meaning", attribute("definition")}};
  }
  return words;
}

}  // namespace musi::analysis
