#include "analysis/exports/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "analysis/exports/table_parts.h"
#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using Maker = ExportTable (*)(const Results&, const std::vector<std::size_t>&);

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> all{
      {"futures", futures_table},   {"chance", chance_table},
      {"years", years_table},       {"sites", sites_table},
      {"works", works_table},       {"money", money_table},
      {"barriers", barriers_table}, {"site_barriers", site_barriers_table},
      {"inputs", inputs_table},     {"assumptions", assumptions_table}};
  return all;
}

/// Datasets without which a table would be empty.
std::vector<std::string> needs(const std::string& table) {
  if (table == "futures" || table == "chance") return {"zero_year", "chance_zero"};
  if (table == "sites") return {"site", "site_zero_year"};
  if (table == "works") return {"works", "item"};
  if (table == "money") return {"funds", "paid"};
  if (table == "barriers") return {"barrier_land"};
  if (table == "site_barriers") return {"site", "site_barrier_land"};
  if (table == "inputs") return {"input"};
  return {};
}

}  // namespace

const std::vector<std::string>& export_table_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& [name, maker] : makers()) list.push_back(name);
    return list;
  }();
  return names;
}

bool has_export_table(const Results& results, const std::string& name) {
  const std::vector<std::string> datasets = needs(name);
  return std::all_of(datasets.begin(), datasets.end(),
                     [&](const std::string& dataset) { return results.has(dataset); });
}

ExportTable export_table(const Results& results, const std::string& name,
                         const std::vector<std::size_t>& options) {
  MUSI_EXPECT(has_export_table(results, name));
  for (const auto& [known, make] : makers()) {
    if (known == name) return make(results, options);
  }
  throw sim::ContractError(fmt::format("there is no table '{}'", name));
}

std::vector<std::size_t> export_options(const Results& results,
                                        const std::vector<std::string>& names) {
  const auto bases =
      texts_or_empty(results, "option_base", results.options().size());
  std::vector<std::size_t> chosen;
  std::set<std::string> unused(names.begin(), names.end());
  std::vector<std::string> known;
  for (std::size_t o = 0; o < results.options().size(); ++o) {
    const std::string& name = results.options()[o];
    for (const std::string& word : {name, bases[o]}) {
      if (std::find(known.begin(), known.end(), word) == known.end()) known.push_back(word);
    }
    const bool is_named = std::any_of(names.begin(), names.end(), [&](const std::string& wanted) {
      return wanted == name || wanted == bases[o];
    });
    if (!names.empty() && !is_named) continue;
    chosen.push_back(o);
    unused.erase(name);
    unused.erase(bases[o]);
  }
  std::vector<sim::Problem> problems;
  for (const std::string& name : unused) {
    sim::Problem problem;
    problem.code = "unknown_choice";
    problem.place.file = "command line";
    problem.message = fmt::format("--option '{}' is not in the result", name);
    problem.message_indonesian = fmt::format("--option '{}' tidak ada di berkas hasil", name);
    if (const auto nearest = sim::io::nearest_name(name, known)) {
      problem.suggestion = *nearest;
      problem.hint = fmt::format("did you mean '{}'?", *nearest);
      problem.hint_indonesian = fmt::format("maksud Anda '{}'?", *nearest);
    }
    problem.allowed = known;
    problem.remark = "options: " + sim::io::joined(known, 20);
    problem.remark_indonesian = "opsi: " + sim::io::joined(known, 20);
    problems.push_back(problem);
  }
  if (!problems.empty()) throw sim::InputError(std::move(problems));
  return chosen;
}

ExportCell float_cell(double value) {
  if (std::isnan(value)) return {};
  const std::string text = fmt::format("{}", static_cast<float>(value));
  double nearest = value;
  std::from_chars(text.data(), text.data() + text.size(), nearest);
  return nearest;
}

OptionNames option_names(const Results& results) {
  const std::size_t n = results.options().size();
  OptionNames names{texts_or_empty(results, "option_base", n),
                    texts_or_empty(results, "option_level", n)};
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t o = 0; o < n; ++o) {
    // Points of a sweep share base and level: their own name tells them apart.
    const bool is_new = seen.insert({names.option[o], names.level[o]}).second;
    if (names.option[o].empty() || !is_new) names.option[o] = results.options()[o];
  }
  return names;
}

std::vector<std::string> texts_or_empty(const Results& results, const std::string& name,
                                        std::size_t n) {
  if (!results.has(name)) return std::vector<std::string>(n);
  return results.file().texts(name);
}

std::vector<double> numbers_or_missing(const Results& results, const std::string& name,
                                       std::size_t n) {
  if (!results.has(name)) return std::vector<double>(n, std::nan(""));
  return results.file().numbers(name);
}

std::string quantile_column(double percent) {
  std::string text = fmt::format("{}", percent);
  std::replace(text.begin(), text.end(), '.', '_');
  return (percent < 10.0 ? "p0" : "p") + text;
}

}  // namespace musi::analysis
