#include "analysis/failure_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "analysis/compare.h"
#include "analysis/headline.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using Kind = FailureRule::Kind;

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw std::invalid_argument(
      fmt::format("--fails '{}': {}; write METRIC OP NUMBER with zero_year, zero_year:DEFINITION, "
                  "slum_area_ha:YEAR or paid_idr_bn:YEAR..YEAR, for example 'zero_year>2035'",
                  text, why));
}

double number(const std::string& text, std::string_view word) {
  const auto reading = sim::io::read_number(sim::io::trimmed(word), {});
  if (!reading.value) refuse(text, fmt::format("'{}' is no number", sim::io::trimmed(word)));
  return *reading.value;
}

int year(const std::string& text, std::string_view word, const Results& results) {
  const double value = number(text, word);
  const int first = results.years().front(), last = results.years().back();
  if (value != std::floor(value) || value < first || value > last) {
    refuse(text, fmt::format("'{}' is no year from {} to {}", word, first, last));
  }
  return static_cast<int>(value);
}

struct Operator {
  std::string_view word;
  Order comparison;
};
/// Longer words first.
constexpr Operator operators[] = {{"<=", Order::less_equal},
                                  {">=", Order::greater_equal},
                                  {"<", Order::less},
                                  {">", Order::greater},
                                  {"=", Order::equal}};

std::string_view word_of(Order comparison) {
  for (const Operator& op : operators) {
    if (op.comparison == comparison) return op.word;
  }
  return "=";
}

bool holds(double value, Order comparison, double bound) {
  switch (comparison) {
    case Order::less:
      return value < bound;
    case Order::less_equal:
      return value <= bound;
    case Order::greater:
      return value > bound;
    case Order::greater_equal:
      return value >= bound;
    case Order::equal:
      return value == bound;
  }
  return false;
}

void read_metric(const std::string& text, std::string_view left, const Results& results,
                 FailureRule& rule) {
  const std::size_t colon = left.find(':');
  const std::string_view name = sim::io::trimmed(left.substr(0, colon));
  const std::string_view rest =
      colon == std::string_view::npos ? "" : sim::io::trimmed(left.substr(colon + 1));
  if (name == "zero_year") {
    rule.definition = rest.empty() ? results.headline_definition() : std::string(rest);
    const auto& known = results.definitions();
    if (std::find(known.begin(), known.end(), rule.definition) == known.end()) {
      refuse(text, fmt::format("'{}' is no definition of zero; one of {}", rule.definition,
                               sim::io::joined(known, 8)));
    }
    return;
  }
  if (name != "slum_area_ha" && name != "paid_idr_bn") {
    refuse(text, fmt::format("there is no metric '{}'", name));
  }
  rule.kind = name == "slum_area_ha" ? Kind::slum_area_ha : Kind::paid_idr_bn;
  const std::size_t dots = rest.find("..");
  rule.from = rule.to = year(text, rest.substr(0, dots), results);
  if (dots == std::string_view::npos) return;
  if (rule.kind == Kind::slum_area_ha) refuse(text, "slum_area_ha takes one year");
  rule.to = year(text, rest.substr(dots + 2), results);
  if (rule.to < rule.from) refuse(text, "the years are in the wrong order");
}

}  // namespace

std::string FailureRule::words(const std::string& lang) const {
  const bool is_id = lang == "id";
  const double last = comparison == Order::greater ? bound : bound - 1.0;
  if (kind == Kind::zero_year &&
      (comparison == Order::greater || comparison == Order::greater_equal)) {
    return is_id ? fmt::format("0 % sampai {:.0f} ({}) tidak tercapai", last, definition)
                 : fmt::format("0 % by {:.0f} ({}) fails", last, definition);
  }
  const std::string value = number_text(bound, bound == std::floor(bound) ? 0 : 1, lang);
  if (kind == Kind::zero_year) {
    return fmt::format("zero_year:{} {} {:.0f}", definition, word_of(comparison), bound);
  }
  if (kind == Kind::slum_area_ha) {
    return fmt::format("slum_area_ha:{} {} {}", from, word_of(comparison), value);
  }
  return fmt::format("paid_idr_bn:{}..{} {} {}", from, to, word_of(comparison), value);
}

FailureRule parse_failure(const std::string& text, const Results& results) {
  FailureRule rule;
  if (text.empty()) {
    rule.definition = results.headline_definition();
    rule.bound = results.headline_year();
    return rule;
  }
  for (const Operator& op : operators) {
    const std::size_t at = text.find(op.word);
    if (at == std::string::npos) continue;
    rule.comparison = op.comparison;
    read_metric(text, std::string_view(text).substr(0, at), results, rule);
    rule.bound = number(text, std::string_view(text).substr(at + op.word.size()));
    return rule;
  }
  refuse(text, "it has none of <, <=, >, >=, =");
}

std::vector<std::uint8_t> failures(const FailureRule& rule, const Results& results,
                                   std::size_t option) {
  std::vector<double> values;
  if (rule.kind == Kind::zero_year) {
    values = results.zero_years(option, results.definition_index(rule.definition));
    for (double& value : values) {
      if (std::isnan(value)) value = std::numeric_limits<double>::infinity();
    }
  } else {
    CompareMetric metric;
    metric.kind = rule.kind == Kind::slum_area_ha ? CompareMetric::Kind::slum_area_ha
                                                  : CompareMetric::Kind::paid_idr_bn;
    metric.from = rule.from;
    metric.to = rule.to;
    values =
        metric_values(results, option, metric, results.years().front(), results.years().back());
  }
  std::vector<std::uint8_t> fails;
  for (const double value : values) fails.push_back(holds(value, rule.comparison, rule.bound));
  return fails;
}

}  // namespace musi::analysis
