#include "analysis/serve/ahead.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "analysis/scenario/tree.h"
#include "analysis/scenario/variants.h"
#include "sim/core/error.h"
#include "sim/io/number.h"

namespace musi::analysis::serve {
namespace {

/// Value of a lever in a question, as written; empty if neither the change nor the file states it.
std::string value_of(const Study& study, const Question& question, const std::string& path) {
  for (const Override& o : question.set) {
    if (o.path == path) return o.value;
  }
  const std::string wanted = question.options.empty() ? study.base().variants.front().name
                                                      : question.options.front();
  for (const Variant& v : study.base().variants) {
    if (v.name != wanted) continue;
    const auto& all = study.settings(v.name);
    const auto found = all.find(path);
    return found == all.end() ? "" : found->second;
  }
  return "";
}

/// Where a value stands among anchors: between two of them for other numbers; before the first for
/// a lever that is not set.
double place_of(const std::string& value, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == value) return static_cast<double>(i);
  }
  const auto number = sim::io::read_number(value, {}).value;
  double place = -0.5;
  for (const std::string& anchor : values) {
    const auto at = sim::io::read_number(anchor, {}).value;
    if (!number || !at) break;
    if (*number == *at) return std::round(place + 0.5);
    if (*number < *at) break;
    place += 1.0;
  }
  return place;
}

}  // namespace

const std::map<std::string, std::vector<std::string>>& anchors() {
  static const std::map<std::string, std::vector<std::string>> all{
      {"allocation.rule",
       {"official", "worst_first", "cost_effect", "readiness", "equity", "river_first",
        "concentrate", "spread"}},
      {"funding.scale_pct", {"0", "25", "50", "75", "100", "125", "150", "200", "300", "400"}},
      {"growth.prevention_effort_pct", {"0", "25", "50", "75", "100"}},
      {"participation.facilitators.number", {"0", "12", "24", "36", "48", "60"}},
      {"procedure.guideline_month", {"1", "4", "7", "10"}},
      {"procedure.multi_year_contract", {"false", "true"}}};
  return all;
}

std::size_t most_steps() {
  std::size_t most = 0;
  for (const auto& [path, values] : anchors()) most = std::max(most, values.size());
  return most;
}

std::vector<Question> neighbours(const Study& study, const Question& question, std::size_t step) {
  std::vector<Question> all;
  for (const auto& [path, values] : anchors()) {
    const double here = place_of(value_of(study, question, path), values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double away = std::abs(static_cast<double>(i) - here);
      if (std::ceil(away) != static_cast<double>(step)) continue;
      Question other = question;
      std::erase_if(other.set, [&](const Override& o) { return o.path == path; });
      other.set.push_back({.path = path, .value = values[i], .origin = "request"});
      all.push_back(std::move(other));
    }
  }
  // A lever that was moved is likely to be moved again.
  std::stable_partition(all.begin(), all.end(), [&](const Question& other) {
    return std::any_of(question.set.begin(), question.set.end(), [&](const Override& o) {
      return o.path == other.set.back().path;
    });
  });
  return all;
}

bool look_ahead(Study& study, const Question& question, std::size_t step, std::size_t n_futures,
                std::size_t n_threads, const sim::Cancellation& cancellation,
                const std::function<void(std::size_t done, std::size_t total)>& progress) {
  const std::vector<Question> all = neighbours(study, question, step);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (cancellation.reason() != sim::StopReason::none) return false;
    try {
      const auto setup = study.setup(all[i]);
      const std::size_t n = std::min(n_futures, setup->n_replicates());
      if (!setup->run_to(n, n_threads, cancellation, {})) return false;
    } catch (const sim::InputError&) {
      // A lever that does not go with the other settings: the reader is told when he asks for it.
    }
    if (progress) progress(i + 1, all.size());
  }
  return true;
}

}  // namespace musi::analysis::serve
