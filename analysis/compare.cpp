#include "analysis/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "analysis/levers.h"
#include "sim/core/check.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using Kind = CompareMetric::Kind;

/// An option of one of the results.
struct Place {
  const Results* results = nullptr;
  std::size_t option = 0;
};

int year_of(const std::string& text, const std::string& metric) {
  const auto reading = sim::io::read_number(text, {.min = 1900, .max = 2300, .whole = true});
  if (!reading.value) {
    throw std::invalid_argument(
        fmt::format("'{}' needs a year, for example chance_by:2030", metric));
  }
  return static_cast<int>(*reading.value);
}

/// Words about the file and how it is written are no assumptions.
bool is_assumption(const std::string& path) {
  for (const char* group :
       {"schema", "name", "title", "description", "question", "provenance", "outputs"}) {
    if (path == group || path.starts_with(std::string(group) + ".")) return false;
  }
  return true;
}

[[noreturn]] void refuse(const std::string& a, const std::string& b, const char* what,
                         const char* what_id, const std::string& in_a, const std::string& in_b) {
  sim::Problem problem;
  problem.code = "not_comparable";
  problem.place.file = b;
  problem.message = fmt::format("{} differs: {} here, {} in '{}'", what, in_b, in_a, a);
  problem.message_indonesian =
      fmt::format("{} berbeda: {} di sini, {} di '{}'", what_id, in_b, in_a, a);
  problem.remark = "results are compared only for one city, definition of zero and price year";
  problem.remark_indonesian =
      "hasil hanya dibandingkan untuk satu kota, definisi nol, dan tahun harga";
  throw sim::InputError({problem});
}

std::string city_of(const Results& results) {
  const auto leaves = scenario_leaves(resolved_of(results, 0));
  const auto found = leaves.find("city");
  return found == leaves.end() ? "" : std::filesystem::path(found->second).filename().string();
}

void check_comparable(const std::vector<std::unique_ptr<Results>>& results) {
  const Results& a = *results.front();
  for (const auto& b : results) {
    const auto price = [](const Results& r) {
      return fmt::format("{:.0f}", r.file().number_attribute("/", "price_year").value_or(0.0));
    };
    if (city_of(a) != city_of(*b)) {
      refuse(a.path(), b->path(), "the city", "kota", city_of(a), city_of(*b));
    }
    if (price(a) != price(*b)) {
      refuse(a.path(), b->path(), "the price year", "tahun harga", price(a), price(*b));
    }
    if (a.headline_definition() != b->headline_definition()) {
      refuse(a.path(), b->path(), "the definition of zero", "definisi nol", a.headline_definition(),
             b->headline_definition());
    }
  }
}

void add_names(Comparison& c, const std::vector<Place>& places) {
  std::map<std::string, int> count;
  for (const Place& p : places) ++count[p.results->options()[p.option]];
  for (const Place& p : places) {
    const std::string& name = p.results->options()[p.option];
    c.options.push_back(
        count[name] == 1 ? name
                         : std::filesystem::path(p.results->path()).stem().string() + ":" + name);
    c.is_complete.push_back(p.results->is_complete());
  }
}

void add_assumptions(Comparison& c, const std::vector<Place>& places, bool all) {
  std::vector<std::map<std::string, std::string>> leaves;
  std::set<std::string> paths;
  for (const Place& p : places) {
    leaves.push_back(scenario_leaves(resolved_of(*p.results, p.option)));
    for (const auto& [path, value] : leaves.back()) {
      if (is_assumption(path)) paths.insert(path);
    }
  }
  for (const std::string& path : paths) {
    ComparedAssumption row{.path = path, .values = {}};
    for (const auto& l : leaves) {
      const auto found = l.find(path);
      row.values.push_back(found == l.end() ? "" : found->second);
    }
    const bool differs = std::any_of(row.values.begin(), row.values.end(),
                                     [&](const std::string& v) { return v != row.values[0]; });
    if (differs || all) c.assumptions.push_back(std::move(row));
  }
}

/// Draws of an input that is uncertain in both must have the same order: another order is another
/// luck. Hands back the first path that differs.
std::optional<std::string> input_drawn_otherwise(const Results& a, std::size_t option_a,
                                                 const Results& b, std::size_t option_b) {
  if (!a.has("input_value") || !b.has("input_value")) return std::nullopt;
  const auto names_a = a.file().texts("input"), names_b = b.file().texts("input");
  const std::vector<double> va = a.series("input_value", option_a),
                            vb = b.series("input_value", option_b);
  const std::size_t n = a.n_replicates();
  for (std::size_t i = 0; i < names_a.size(); ++i) {
    const auto found = std::find(names_b.begin(), names_b.end(), names_a[i]);
    if (found == names_b.end()) continue;
    const auto k = static_cast<std::size_t>(found - names_b.begin());
    std::vector<std::pair<double, double>> pairs;
    for (std::size_t r = 0; r < n; ++r) {
      const double x = va[r * names_a.size() + i], y = vb[r * names_b.size() + k];
      if (!std::isnan(x) && !std::isnan(y)) pairs.emplace_back(x, y);
    }
    std::sort(pairs.begin(), pairs.end());
    for (std::size_t r = 1; r < pairs.size(); ++r) {
      if (pairs[r - 1].first < pairs[r].first && pairs[r - 1].second > pairs[r].second) {
        return names_a[i];
      }
    }
  }
  return std::nullopt;
}

/// Hashes of the city's files by name.
std::map<std::string, std::string> city_hashes(const Results& results) {
  std::map<std::string, std::string> hashes;
  const auto all = nlohmann::json::parse(results.provenance_text("input_sha256"), nullptr, false);
  if (!all.is_object()) return hashes;
  for (const auto& [name, hash] : all.items()) {
    if (!name.ends_with(".yaml") || name.ends_with("city.yaml")) hashes[name] = hash;
  }
  return hashes;
}

void pair_years(Pairing& pairing, const std::vector<double>& base, const std::vector<double>& other,
                int last_year, std::uint64_t seed) {
  std::vector<double> gains, gains_where_earlier;
  for (std::size_t r = 0; r < base.size(); ++r) {
    const double a = base[r] <= last_year ? base[r] : last_year + 1.0;
    const double b = other[r] <= last_year ? other[r] : last_year + 1.0;
    pairing.earlier += b < a;
    pairing.equal += b == a;
    pairing.later += b > a;
    gains.push_back(a - b);
    if (b < a) gains_where_earlier.push_back(a - b);
  }
  pairing.earlier_share = share(pairing.earlier, base.size());
  pairing.mean_gain = mean_interval(gains);
  pairing.median_gain = median_interval(gains_where_earlier, seed);
}

bool is_share(const CompareMetric& metric) {
  return metric.kind == Kind::chance_by || metric.kind == Kind::not_reached_pct;
}

/// Percent of futures, with Wilson's interval: it is not empty where all futures agree.
Estimate95 share_interval(const std::vector<double>& values) {
  const auto count = std::count_if(values.begin(), values.end(), [](double v) { return v > 0.0; });
  const Share s = share(static_cast<std::size_t>(count), values.size());
  return {100.0 * s.estimate, 100.0 * s.low, 100.0 * s.high};
}

/// Difference of two shares of the same futures: Wald's interval with half a future added to each
/// of the four cells, so that it is not empty where no future differs. Source: Agresti and Min
/// 2005.
Estimate95 paired_share_interval(const std::vector<double>& differences) {
  double up = 0.5, down = 0.5;
  for (const double d : differences) {
    up += d > 0.0;
    down += d < 0.0;
  }
  const double n = static_cast<double>(differences.size()) + 2.0;
  const double centre = (up - down) / n;
  const double half = z95 * std::sqrt(((up + down) / n - centre * centre) / n);
  return {mean(differences), 100.0 * (centre - half), 100.0 * (centre + half)};
}

ComparedDifference difference_of(const CompareMetric& metric, const std::vector<double>& base,
                                 const std::vector<double>& other, bool is_paired) {
  ComparedDifference d{.metric = metric, .difference = {}};
  const double sd_a = standard_deviation(base), sd_b = standard_deviation(other);
  const double apart = sd_a * sd_a + sd_b * sd_b;
  if (is_paired) {
    std::vector<double> differences;
    for (std::size_t r = 0; r < base.size(); ++r) differences.push_back(other[r] - base[r]);
    d.difference =
        is_share(metric) ? paired_share_interval(differences) : mean_interval(differences);
    const double sd = standard_deviation(differences);
    d.times_fewer = sd > 0.0      ? apart / (sd * sd)
                    : apart > 0.0 ? std::numeric_limits<double>::infinity()
                                  : 1.0;
    return d;
  }
  const double centre = mean(other) - mean(base);
  const double half = z95 * std::sqrt(sd_a * sd_a / static_cast<double>(base.size()) +
                                      sd_b * sd_b / static_cast<double>(other.size()));
  d.difference = {centre, centre - half, centre + half};
  return d;
}

std::vector<CompareMetric> usual_metrics(const Comparison& c) {
  return {parse_metric(fmt::format("chance_by:{}", c.headline_year)),
          parse_metric("restricted_mean_years"),
          parse_metric(fmt::format("slum_area_ha:{}", c.headline_year)),
          parse_metric(fmt::format("paid_idr_bn:{}..{}", c.first_year, c.headline_year))};
}

HeadlineQuestion question_of(const Comparison& c) {
  HeadlineQuestion q;
  q.definition = c.definition;
  q.start_year = c.first_year;
  q.end_year = c.last_year;
  q.headline_year = c.headline_year;
  return q;
}

/// What a report holds instead of money by year: one sum per future. Missing for other years.
std::vector<double> sums_of_report(const Results& r, std::size_t option,
                                   const CompareMetric& metric) {
  const auto year = [&](const char* name) {
    return r.file().number_attribute("spent_idr_bn", name).value_or(0.0);
  };
  if (metric.kind == Kind::paid_idr_bn && r.has("spent_idr_bn") &&
      year("from_year") == metric.from && year("to_year") == metric.to) {
    return r.series("spent_idr_bn", option);
  }
  return std::vector<double>(r.n_replicates(), std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

std::string resolved_of(const Results& results, std::size_t option) {
  const std::string all = results.provenance_text("resolved_yaml");
  const std::string head = "--- # option ";
  if (!all.starts_with(head)) return all;
  const std::string mine = head + results.options()[option] + "\n";
  const std::size_t at = all.starts_with(mine) ? 0 : all.find("\n" + mine);
  MUSI_EXPECT(at != std::string::npos);
  const std::size_t from = at + mine.size() + (at == 0 ? 0 : 1);
  const std::size_t to = all.find("\n" + head, from);
  return all.substr(from, to == std::string::npos ? std::string::npos : to + 1 - from);
}

std::vector<double> metric_of_years(std::vector<double> zero_years, const CompareMetric& metric,
                                    int first_year, int last_year) {
  for (double& year : zero_years) {
    switch (metric.kind) {
      case Kind::chance_by:
        year = year <= metric.from ? 100.0 : 0.0;
        break;
      case Kind::not_reached_pct:
        year = year <= last_year ? 0.0 : 100.0;
        break;
      default:
        year = (year <= last_year ? year : last_year) - (first_year - 1.0);
        break;
    }
  }
  return zero_years;
}

std::vector<double> metric_values(const Results& r, std::size_t option, const CompareMetric& metric,
                                  int first_year, int last_year) {
  const std::size_t n = r.n_replicates(), n_years = r.years().size();
  if (metric.kind == Kind::slum_area_ha || metric.kind == Kind::paid_idr_bn) {
    const char* series = metric.kind == Kind::slum_area_ha ? "slum_area" : "paid";
    if (!r.has(series)) return sums_of_report(r, option, metric);
    const std::vector<double> all = r.series(series, option);
    const std::size_t width = n * n_years == 0 ? 1 : all.size() / (n * n_years);
    std::vector<double> sums(n, 0.0);
    bool has_any = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const int year = r.years()[k / width % n_years];
      const bool counts = metric.kind == Kind::slum_area_ha
                              ? year == metric.from
                              : year >= metric.from && year <= metric.to;
      if (!counts || std::isnan(all[k])) continue;
      sums[k / (width * n_years)] += all[k];
      has_any = true;
    }
    if (!has_any) std::fill(sums.begin(), sums.end(), std::numeric_limits<double>::quiet_NaN());
    return sums;  // sweep points keep no yearly series
  }
  return metric_of_years(r.zero_years(option, r.definition_index(r.headline_definition())), metric,
                         first_year, last_year);
}

CompareMetric parse_metric(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string word = text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  CompareMetric metric;
  metric.text = text;
  if (word == "chance_by" || word == "slum_area_ha") {
    metric.kind = word == "chance_by" ? Kind::chance_by : Kind::slum_area_ha;
    metric.from = metric.to = year_of(rest, text);
  } else if (word == "paid_idr_bn") {
    metric.kind = Kind::paid_idr_bn;
    const std::size_t dots = rest.find("..");
    metric.from = year_of(rest.substr(0, dots), text);
    metric.to = dots == std::string::npos ? metric.from : year_of(rest.substr(dots + 2), text);
  } else if ((word == "restricted_mean_years" || word == "not_reached_pct") && rest.empty()) {
    metric.kind = word == "not_reached_pct" ? Kind::not_reached_pct : Kind::restricted_mean_years;
  } else {
    const std::vector<std::string> known{"chance_by", "restricted_mean_years", "not_reached_pct",
                                         "slum_area_ha", "paid_idr_bn"};
    const auto nearest = sim::io::nearest_name(word, known);
    throw std::invalid_argument(
        fmt::format("there is no metric '{}'{}; metrics are chance_by:YEAR, restricted_mean_years, "
                    "not_reached_pct, slum_area_ha:YEAR, paid_idr_bn:YEAR..YEAR",
                    text, nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
  }
  return metric;
}

std::optional<WhyNot> why_not_paired(const Results& a, std::size_t option_a, const Results& b,
                                     std::size_t option_b) {
  if (&a == &b) return std::nullopt;
  const auto differ = [&](const char* name) {
    return a.provenance_attribute(name) != b.provenance_attribute(name);
  };
  if (differ("seed_hex")) return WhyNot{"their seeds differ", "benihnya berbeda"};
  if (differ("design")) return WhyNot{"their designs differ", "rancangannya berbeda"};
  if (a.n_replicates() != b.n_replicates()) {
    return WhyNot{
        fmt::format("one has {} futures, the other {}", a.n_replicates(), b.n_replicates()),
        fmt::format("satu punya {} kemungkinan, yang lain {}", a.n_replicates(), b.n_replicates())};
  }
  if (a.years() != b.years()) return WhyNot{"their horizons differ", "rentang tahunnya berbeda"};
  const auto in_a = city_hashes(a), in_b = city_hashes(b);
  for (const auto& [name, hash] : in_a) {
    const auto found = in_b.find(name);
    if (found != in_b.end() && found->second == hash) continue;
    return WhyNot{fmt::format("the data of the city differ ({})", name),
                  fmt::format("data kotanya berbeda ({})", name)};
  }
  if (in_a.size() != in_b.size()) {
    return WhyNot{"the data of the city differ", "data kotanya berbeda"};
  }
  if (!a.has("input_value") || !b.has("input_value")) {
    // A report does not hold the draws: they follow from seed and design, but for a file of draws.
    const auto draws = [](const Results& r, std::size_t option) {
      const auto leaves = scenario_leaves(resolved_of(r, option));
      const auto found = leaves.find("sampling.draws");
      return found == leaves.end() ? std::string() : found->second;
    };
    if (draws(a, option_a) != draws(b, option_b)) {
      return WhyNot{"their files of draws differ", "berkas tarikannya berbeda"};
    }
  }
  if (const auto path = input_drawn_otherwise(a, option_a, b, option_b)) {
    return WhyNot{fmt::format("uncertain inputs are drawn differently (first: {}), since the files "
                              "have other lists of them; make them options of one file",
                              *path),
                  fmt::format("masukan tak pasti ditarik berbeda (pertama: {}) karena daftarnya "
                              "lain; jadikan opsi dalam satu berkas",
                              *path)};
  }
  return std::nullopt;
}

Comparison compare(const std::vector<std::unique_ptr<Results>>& results,
                   const CompareOptions& options) {
  MUSI_EXPECT(!results.empty());
  check_comparable(results);
  Comparison c;
  const Results& first = *results.front();
  c.city = city_of(first);
  c.definition = first.headline_definition();
  c.price_year = static_cast<int>(first.file().number_attribute("/", "price_year").value_or(0.0));
  c.first_year = first.years().front();
  c.last_year = first.years().back();
  std::vector<Place> places;
  for (const auto& r : results) {
    c.first_year = std::max(c.first_year, r->years().front());
    c.last_year = std::min(c.last_year, r->years().back());
    for (std::size_t o = 0; o < r->options().size(); ++o) places.push_back({r.get(), o});
  }
  c.headline_year = std::clamp(first.headline_year(), c.first_year, c.last_year);
  add_names(c, places);
  if (!options.baseline.empty()) {
    const auto found = std::find(c.options.begin(), c.options.end(), options.baseline);
    if (found == c.options.end()) {
      throw std::invalid_argument(fmt::format("--baseline '{}' is none of {}", options.baseline,
                                              sim::io::joined(c.options, 12)));
    }
    c.baseline = static_cast<std::size_t>(found - c.options.begin());
  }
  add_assumptions(c, places, options.all_assumptions);
  const auto metrics = options.metrics.empty() ? usual_metrics(c) : options.metrics;
  std::vector<std::vector<std::vector<double>>> values;  // [metric][option][replicate]
  for (const CompareMetric& m : metrics) {
    const bool has_years = m.from != 0;
    if (has_years && (m.from < c.first_year || m.to > c.last_year || m.from > m.to)) {
      throw std::invalid_argument(fmt::format("--metric {}: years must lie in {} to {}", m.text,
                                              c.first_year, c.last_year));
    }
    values.emplace_back();
    ComparedOutcome outcome{.metric = m, .values = {}};
    for (const Place& p : places) {
      values.back().push_back(metric_values(*p.results, p.option, m, c.first_year, c.last_year));
      const std::vector<double>& own = values.back().back();
      outcome.values.push_back(is_share(m) ? share_interval(own) : mean_interval(own));
    }
    c.outcomes.push_back(std::move(outcome));
  }
  std::vector<std::vector<double>> zero;
  for (const Place& p : places) {
    zero.push_back(p.results->zero_years(p.option, p.results->definition_index(c.definition)));
    OptionOutcome outcome;
    outcome.name = c.options[zero.size() - 1];
    outcome.zero_years = zero.back();
    c.headlines.push_back(headline_of(outcome, question_of(c)));
  }
  for (std::size_t o = 0; o < places.size(); ++o) {
    if (o == c.baseline) continue;
    Pairing pairing;
    pairing.option = o;
    const Place &a = places[c.baseline], &b = places[o];
    const auto why =
        options.unpaired
            ? std::optional<WhyNot>(WhyNot{"--unpaired was asked for", "--unpaired diminta"})
            : why_not_paired(*a.results, a.option, *b.results, b.option);
    pairing.is_paired = !why.has_value();
    if (why) {
      pairing.why_not_en = why->en;
      pairing.why_not_id = why->id;
    } else {
      pair_years(pairing, zero[c.baseline], zero[o], c.last_year, 17);
    }
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      pairing.differences.push_back(
          difference_of(metrics[m], values[m][c.baseline], values[m][o], pairing.is_paired));
    }
    c.pairings.push_back(std::move(pairing));
  }
  return c;
}

}  // namespace musi::analysis
