#include "analysis/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "analysis/statistics.h"
#include "analysis/survival.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw std::invalid_argument(fmt::format(
      "--expect '{}': {}; write [OPTION:]METRIC OP NUMBER, for example 'chance_by:2030>=50'", text,
      why));
}

std::optional<double> number(std::string_view text, sim::io::NumberSpec spec = {}) {
  return sim::io::read_number(sim::io::trimmed(text), spec).value;
}

int year(const std::string& text, std::string_view word) {
  const auto value = number(word, {.min = 1900, .max = 2300, .whole = true});
  if (!value) refuse(text, fmt::format("'{}' is no year", word));
  return static_cast<int>(*value);
}

bool compare(double value, Comparison comparison, double bound) {
  switch (comparison) {
    case Comparison::less:
      return value < bound;
    case Comparison::less_equal:
      return value <= bound;
    case Comparison::greater:
      return value > bound;
    case Comparison::greater_equal:
      return value >= bound;
    case Comparison::equal:
      return value == bound;
  }
  return false;
}

void read_metric(const std::string& text, std::string_view left, Expectation& e) {
  constexpr std::string_view names[] = {"chance_by", "zero_year", "slum_area_ha", "paid_idr_bn"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const std::size_t at = left.rfind(names[i]);
    if (at == std::string_view::npos || (at > 0 && left[at - 1] != ':')) continue;
    const std::string_view rest = left.substr(at + names[i].size());
    if (rest.empty() || rest.front() != ':')
      refuse(text, fmt::format("'{}:' needs a value", names[i]));
    if (at > 0) e.option = std::string(sim::io::trimmed(left.substr(0, at - 1)));
    e.metric = static_cast<Metric>(i);
    const std::string_view value = sim::io::trimmed(rest.substr(1));
    const std::size_t dots = value.find("..");
    if (e.metric == Metric::zero_year) {
      const auto percent = number(value, {.min = 0, .max = 100, .min_open = true});
      if (!percent) refuse(text, fmt::format("'{}' is no percentage", value));
      e.percent = *percent;
    } else if (e.metric == Metric::paid_idr_bn && dots != std::string_view::npos) {
      e.from = year(text, value.substr(0, dots));
      e.to = year(text, value.substr(dots + 2));
      if (e.to < e.from) refuse(text, "the years are in the wrong order");
    } else {
      e.from = e.to = year(text, value);
    }
    return;
  }
  refuse(text,
         "the metric is none of chance_by:YEAR, zero_year:PCT, slum_area_ha:YEAR, "
         "paid_idr_bn:YEAR..YEAR");
}

std::size_t year_index(const Expectation& e, const Results& results, int wanted) {
  const auto& years = results.years();
  const auto found = std::find(years.begin(), years.end(), wanted);
  if (found == years.end()) {
    refuse(e.text, fmt::format("{} is outside {} to {}", wanted, years.front(), years.back()));
  }
  return static_cast<std::size_t>(found - years.begin());
}

/// Mean over futures of the sum of a yearly series from one year to another.
double mean_of_years(const Results& results, const std::string& series, std::size_t option,
                     std::size_t from, std::size_t to) {
  const std::vector<double> all = results.series(series, option);
  const std::size_t n_years = results.years().size();
  const std::size_t width = all.size() / (results.n_replicates() * n_years);
  std::vector<double> sums(results.n_replicates(), 0.0);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const std::size_t y = k / width % n_years;
    if (y >= from && y <= to && !std::isnan(all[k])) sums[k / (width * n_years)] += all[k];
  }
  return mean(sums);
}

double value_of(const Expectation& e, const Results& results, std::size_t option,
                const OptionOutcome& outcome) {
  switch (e.metric) {
    case Metric::chance_by: {
      year_index(e, results, e.from);
      const auto n = std::count_if(outcome.zero_years.begin(), outcome.zero_years.end(),
                                   [&](double zero) { return zero <= e.from; });
      return 100.0 * static_cast<double>(n) / static_cast<double>(outcome.zero_years.size());
    }
    case Metric::zero_year: {
      const auto lives = lifetimes(outcome.zero_years, results.years().back());
      const auto time = time_of_share(kaplan_meier(lives), e.percent / 100.0);
      return time.value_or(std::numeric_limits<double>::infinity());
    }
    case Metric::slum_area_ha: {
      const std::size_t at = year_index(e, results, e.from);
      return mean_of_years(results, "slum_area", option, at, at);
    }
    case Metric::paid_idr_bn:
      return mean_of_years(results, "paid", option, year_index(e, results, e.from),
                           year_index(e, results, e.to));
  }
  return 0.0;
}

}  // namespace

Expectation parse_expectation(const std::string& text) {
  struct Sign {
    std::string_view word;
    Comparison comparison;
  };
  constexpr Sign signs[] = {{">=", Comparison::greater_equal}, {"<=", Comparison::less_equal},
                            {"==", Comparison::equal},         {">", Comparison::greater},
                            {"<", Comparison::less},           {"=", Comparison::equal}};
  Expectation e;
  e.text = text;
  const std::size_t at = text.find_first_of("<>=");
  if (at == std::string::npos) refuse(text, "there is no >=, <=, >, < or ==");
  std::string_view rest = std::string_view(text).substr(at);
  for (const Sign& sign : signs) {
    if (!rest.starts_with(sign.word)) continue;
    e.comparison = sign.comparison;
    rest.remove_prefix(sign.word.size());
    break;
  }
  const auto bound = number(rest);
  if (!bound) refuse(text, fmt::format("'{}' is no number", sim::io::trimmed(rest)));
  e.bound = *bound;
  read_metric(text, sim::io::trimmed(std::string_view(text).substr(0, at)), e);
  return e;
}

std::vector<Outturn> check_expectation(const Expectation& e, const Results& results,
                                       const std::vector<OptionOutcome>& outcomes) {
  std::vector<Outturn> outturns;
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    if (!e.option.empty() && e.option != outcomes[o].name) continue;
    const double value = value_of(e, results, o, outcomes[o]);
    outturns.push_back({outcomes[o].name, value, compare(value, e.comparison, e.bound)});
  }
  if (outturns.empty()) refuse(e.text, fmt::format("there is no option '{}'", e.option));
  return outturns;
}

}  // namespace musi::analysis
