#include "analysis/outcomes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "sim/core/check.h"

namespace musi::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Futures that lie in a result file.
class InFile {
 public:
  explicit InFile(const Results& results) : results_(results) {}
  std::size_t n() const { return results_.n_replicates(); }
  const std::vector<int>& years() const { return results_.years(); }
  bool has(const std::string& series) const { return results_.has(series); }
  std::vector<double> zero_years(std::size_t option, const std::string& definition) const {
    return results_.zero_years(option, results_.definition_index(definition));
  }
  /// Calls `work` with the numbers of each future, some futures at a time, so that memory does not
  /// grow with them.
  template <class Work>
  void for_rows(const std::string& series, std::size_t option, Work&& work) const {
    constexpr std::size_t at_a_time = 256;
    for (std::size_t first = 0; first < n(); first += at_a_time) {
      const std::size_t count = std::min(at_a_time, n() - first);
      const std::vector<double> rows = results_.series(series, option, first, count);
      const std::size_t length = rows.size() / count;
      for (std::size_t i = 0; i < count; ++i) {
        work(first + i, std::span(rows).subspan(i * length, length));
      }
    }
  }

 private:
  const Results& results_;
};

/// Futures that were just computed.
class InStore {
 public:
  InStore(const sim::RecordStore& store, const ResultInput& outline)
      : store_(store), outline_(outline), n_(store.n_complete()) {}
  std::size_t n() const { return n_; }
  const std::vector<int>& years() const { return outline_.years; }
  bool has(const std::string& series) const { return store_.find(series).has_value(); }
  std::vector<double> zero_years(std::size_t option, const std::string& definition) const {
    const auto& codes = outline_.definitions;
    const auto at = std::find(codes.begin(), codes.end(), definition);
    MUSI_EXPECT(at != codes.end());
    std::vector<double> years;
    for_rows("zero_year", option, [&](std::size_t, std::span<const double> row) {
      years.push_back(row[static_cast<std::size_t>(at - codes.begin())]);
    });
    return years;
  }
  template <class Work>
  void for_rows(const std::string& series, std::size_t option, Work&& work) const {
    const auto s = store_.find(series);
    MUSI_EXPECT(s.has_value());
    std::vector<double> row(store_.length(*s));
    for (std::size_t r = 0; r < n_; ++r) {
      for (std::size_t k = 0; k < row.size(); ++k) row[k] = store_.value(*s, option, r, k);
      work(r, std::span<const double>(row));
    }
  }

 private:
  const sim::RecordStore& store_;
  const ResultInput& outline_;
  std::size_t n_;
};

/// Years of zero, money and barriers of one option.
template <class Futures>
OptionOutcome outcome_of(const Futures& futures, std::size_t o, const HeadlineQuestion& q) {
  OptionOutcome outcome;
  const std::size_t n_years = futures.years().size();
  outcome.zero_years = futures.zero_years(o, q.definition);
  // Points of a frontier store neither money by year nor barriers: not known is NaN, not 0.
  const bool has_paid = futures.has("paid");
  outcome.spent_idr_bn.assign(futures.n(), has_paid ? 0.0 : nan);
  if (has_paid) {
    futures.for_rows("paid", o, [&](std::size_t r, std::span<const double> paid) {
      const std::size_t n_funds = paid.size() / n_years;
      for (std::size_t k = 0; k < paid.size(); ++k) {
        const int year = futures.years()[k / n_funds];
        if (year < q.spent_from || year > q.spent_to || std::isnan(paid[k])) continue;
        outcome.spent_idr_bn[r] += paid[k];
      }
    });
  }
  for (const std::string& key : barrier_keys()) {
    double& sum = outcome.barrier_ha.emplace_back(0.0);
    if (!futures.has("barrier_" + key)) continue;
    futures.for_rows("barrier_" + key, o, [&](std::size_t r, std::span<const double> area) {
      const bool is_held_back = std::isnan(outcome.zero_years[r]);
      if (is_held_back && !std::isnan(area[n_years - 1])) sum += area[n_years - 1];
    });
  }
  return outcome;
}

/// What was slum on the ground in the December of zero, where the books said nothing was.
void add_ground(const InStore& futures, std::size_t o, OptionOutcome& outcome) {
  outcome.ground_ha_at_zero.assign(futures.n(), nan);
  outcome.listed_ha.assign(futures.n(), nan);
  futures.for_rows("slum_area", o, [&](std::size_t r, std::span<const double> area) {
    if (std::isnan(outcome.zero_years[r])) return;
    const auto year = static_cast<int>(outcome.zero_years[r]);
    outcome.ground_ha_at_zero[r] = area[static_cast<std::size_t>(year - futures.years().front())];
  });
  futures.for_rows("start_area", o, [&](std::size_t r, std::span<const double> area) {
    outcome.listed_ha[r] = area.front();
  });
}

}  // namespace

std::vector<OptionOutcome> outcomes_of(const Results& results, const HeadlineQuestion& q) {
  std::vector<OptionOutcome> outcomes;
  const InFile futures(results);
  for (std::size_t o = 0; o < results.options().size(); ++o) {
    outcomes.push_back(outcome_of(futures, o, q));
    outcomes.back().name = results.options()[o];
    outcomes.back().physical_years = futures.zero_years(o, "Z1");
  }
  return outcomes;
}

std::vector<OptionOutcome> outcomes_of(const sim::RecordStore& store, const Experiment& experiment,
                                       const HeadlineQuestion& q) {
  std::vector<OptionOutcome> outcomes;
  const InStore futures(store, experiment.result_outline());
  if (futures.n() == 0) return outcomes;
  for (std::size_t o = 0; o < store.n_options(); ++o) {
    OptionOutcome outcome = outcome_of(futures, o, q);
    outcome.name = experiment.variants()[o]->name;
    outcome.is_sweep_point = experiment.variants()[o]->is_sweep_point;
    const bool all_went_on = std::all_of(outcome.zero_years.begin(), outcome.zero_years.end(),
                                         [](double year) { return std::isnan(year); });
    if (all_went_on) outcome.physical_years = futures.zero_years(o, "Z1");
    if (q.is_on_paper()) add_ground(futures, o, outcome);
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace musi::analysis
