#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/indicators/recorder.h"
#include "models/population/income.h"
#include "models/run.h"
#include "models/stocks/ageing.h"
#include "tests/support/statistics.h"
#include "tests/support/tiny_world.h"

/// Waiting times, sums over months without a visit and thinning against trials and steps every
/// month, MODEL.md 7.3. Works age at the same moments in both forms, because packages read them as
/// of the last refresh; that ageing has a closed form is a test of its own. Futures come in pairs
/// of one seed, so that city, money and weather are common and only the two ways of evaluation
/// differ.
using namespace musi;
using namespace musi::models;

namespace {

constexpr double most_errors = 4.0;      ///< standard errors of one difference
constexpr double most_errors_of_series = 5.5;  ///< the same for the many recorded series
constexpr double family_level = 0.001;   ///< of all differences together
constexpr std::size_t n_waits = 24;      ///< classes of months between revisions

/// What one future showed.
struct Life {
  std::vector<std::pair<std::string, double>> numbers;
  std::array<double, n_waits> waits{};   ///< revisions by months since the last one
};

/// Notices revisions: the income that others see changes then and only then, in both forms.
class RevisionWatch {
 public:
  void look(const World& world, sim::Month month, Life& life) {
    const Households& h = world.households;
    std::unordered_map<sim::EntityKey, Seen> now;
    for (std::size_t row = 0; row < h.size_rows(); ++row) {
      if ((h.flags[row] & flag::alive) == 0) continue;
      const HouseholdRecord& r = h.record[row];
      const auto before = seen_.find(r.key);
      const bool same = before != seen_.end();
      Seen seen = same ? before->second : Seen{.dy = r.dy};
      if (same && seen.dy != r.dy) {
        if (seen.since != unknown) {
          const std::size_t wait = static_cast<std::size_t>(month - seen.since);
          life.waits[std::min(wait, n_waits) - 1] += 1.0;
          months_ += static_cast<double>(wait);
          ++n_;
        }
        seen = {.dy = r.dy, .since = month};
      }
      now.emplace(r.key, seen);
    }
    seen_ = std::move(now);
  }
  double mean() const { return months_ / n_; }
  double revisions() const { return n_; }

 private:
  static constexpr sim::Month unknown = -1000;
  struct Seen {
    float dy = 0.0f;
    sim::Month since = unknown;  ///< of the last revision that was seen
  };
  std::unordered_map<sim::EntityKey, Seen> seen_;  ///< rows move, keys do not
  double months_ = 0.0, n_ = 0.0;
};

/// Correlation of seen log incomes of those who are still there. Rows move, keys do not.
double income_correlation(const Households& then, const Households& now) {
  std::map<sim::EntityKey, std::size_t> row_of;
  for (std::size_t row = 0; row < now.size_rows(); ++row) {
    if ((now.flags[row] & flag::alive) != 0) row_of[now.record[row].key] = row;
  }
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t row = 0; row < then.size_rows(); ++row) {
    const auto there = row_of.find(then.record[row].key);
    if ((then.flags[row] & flag::alive) == 0 || there == row_of.end()) continue;
    const double a = double{then.record[row].dy}, b = double{now.record[there->second].dy};
    n += 1, x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
  }
  return (n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y));
}

/// Savings in this month: the lazy form keeps those of the last visit.
double mean_savings(const World& world, const IncomeTables& tables) {
  const Households& h = world.households;
  const double rate = world.future[Param::savings_rate];
  double sum = 0.0, n = 0.0;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) == 0) continue;
    const double months = tables.cumulative(world.month) -
                          tables.cumulative(int{h.record[row].last_visit} - visit_offset);
    sum += std::min(
        30.0, double{h.record[row].savings} + rate * std::exp(double{h.record[row].mu}) * months);
    n += 1.0;
  }
  return sum / n;
}

void add_engagement(const World& world, const std::string& when, Life& life) {
  std::vector<double> shares;
  double engaged = 0.0, households = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double n = world.rts.n_households[rt];
    const double k = double(world.rts.n_engaged[0][rt]) + double(world.rts.n_engaged[1][rt]);
    engaged += k;
    households += n;
    if (n > 0.0) shares.push_back(k / n);
  }
  life.numbers.emplace_back("engaged share, " + when, engaged / households);
  const double sd = tests::moments(shares).sd;
  life.numbers.emplace_back("variance of the engaged share over RTs, " + when, sd * sd);
}

void add_works(const World& world, const std::string& when, Life& life) {
  const Neighbourhoods& rts = world.rts;
  double area = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (rts.physical_class[rt] != Slum::not_slum) area += double{rts.area[rt]};
  }
  life.numbers.emplace_back("slum area, " + when, area);
  for (std::size_t s = 0; s < n_stocks; ++s) {
    double units = 0.0;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      units += double{good_units(rts, static_cast<Stock>(s), rt)};
    }
    life.numbers.emplace_back("good units of stock " + std::to_string(s) + ", " + when, units);
  }
  for (std::size_t k = 0; k < n_criteria; ++k) {
    double sum = 0.0;
    for (const float share : rts.physical[k]) sum += double{share};
    life.numbers.emplace_back("mean share of criterion " + std::to_string(k) + ", " + when,
                              sum / double(world.n_rts()));
  }
}

constexpr std::array<std::pair<const char*, std::int64_t YearCounts::*>, 11> counts{{
    {"self-investments", &YearCounts::self_investments},
    {"left", &YearCounts::left},
    {"moved", &YearCounts::moved},
    {"arrived", &YearCounts::arrived},
    {"vacated", &YearCounts::vacated},
    {"splits", &YearCounts::splits},
    {"new units", &YearCounts::new_units},
    {"fires", &YearCounts::fires},
    {"house failures", &YearCounts::house_failures},
    {"water failures", &YearCounts::water_failures},
    {"sanitation failures", &YearCounts::sanitation_failures},
}};

/// Every recorded series in years 1, 5 and 10, element by element; what is missing counts as 0, a
/// definition of zero that was not met as the year after the horizon.
void add_record(const World& world, const sim::RunRecord& record, Life& life) {
  const auto infos = series_of(*world.scenario, *world.city);
  const std::size_t n_years = static_cast<std::size_t>(world.scenario->clock.n_years());
  for (std::size_t s = 0; s < infos.size(); ++s) {
    const std::vector<double>& values = record.series[s];
    const std::string first = infos[s].dims.empty() ? "" : infos[s].dims.front();
    const std::size_t per_year = first == "year" ? 1 : first == "quarter" ? 4 : 0;
    const bool is_year = infos[s].name == "zero_year" || infos[s].name == "site_zero_year";
    const double missing = is_year ? world.scenario->clock.end_year + 1.0 : 0.0;
    const std::size_t width = std::max<std::size_t>(
        1, per_year > 0 ? values.size() / (n_years * per_year) : values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t year = per_year > 0 ? i / width / per_year : 9;
      const bool ends = per_year == 0 || (i / width + 1) % per_year == 0;
      if (!ends || (year != 0 && year != 4 && year != 9)) continue;
      life.numbers.emplace_back("series " + infos[s].name + ", element " +
                                    std::to_string(i % width) + ", year " +
                                    std::to_string(year + 1),
                                std::isfinite(values[i]) ? values[i] : missing);
    }
  }
}

/// Ten years of one future. `revision_factor` changes psi from month 0 on.
Life live(const Scenario& scenario, const City& city, std::uint64_t seed,
          double revision_factor = 1.0) {
  World world = build_world(scenario, city, seed);
  world.future.set(Param::part_revision_rate,
                   revision_factor * world.future[Param::part_revision_rate]);
  const auto schedule = standard_schedule(world);
  const IncomeTables tables(IncomeProcess::of(world.future), scenario.clock.n_months());
  Life life;
  RevisionWatch watch;
  std::array<double, counts.size()> total{};
  std::vector<Households> decembers;
  RunRecorder recorder(world);
  for (sim::Month t = 0; t < scenario.clock.n_months(); ++t) {
    world.month = t;
    schedule.run(world, {.month = t, .seed = seed});
    watch.look(world, t, life);
    if (scenario.outputs.quarterly && sim::Clock::ends_quarter(t)) recorder.quarter(world);
    if (!sim::Clock::is_december(t)) continue;
    recorder.december(world);
    const int year = t / 12 + 1;
    const std::string when = "year " + std::to_string(year);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double n = double(world.state.counts.*(counts[i].second));
      total[i] += n;
      if (year == 1) life.numbers.emplace_back(std::string(counts[i].first) + ", year 1", n);
    }
    if (year == 7 || year == 9) decembers.push_back(world.households);
    if (year != 1 && year != 5 && year != 10) continue;
    add_engagement(world, when, life);
    add_works(world, when, life);
    life.numbers.emplace_back("mean savings, " + when, mean_savings(world, tables));
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    life.numbers.emplace_back(std::string(counts[i].first) + ", all years", total[i]);
  }
  life.numbers.emplace_back("correlation of log income after 12 months",
                            income_correlation(decembers[1], world.households));
  life.numbers.emplace_back("correlation of log income after 36 months",
                            income_correlation(decembers[0], world.households));
  life.numbers.emplace_back("months between revisions", watch.mean());
  life.numbers.emplace_back("revisions", watch.revisions());
  add_record(world, recorder.finish(world), life);
  return life;
}

/// Differences lazy - plain of pairs of futures.
class Comparison {
 public:
  Comparison(int n_sites, int n_pairs, double revision_factor = 1.0) {
    const City city = tests::tiny_city(n_sites);
    Scenario lazy = tests::tiny_scenario();
    lazy.outputs.quarterly = true;
    Scenario plain = lazy;
    plain.sampling.plain_evaluation = true;
    for (int i = 0; i < n_pairs; ++i) {
      const std::uint64_t seed = sim::run_seed(7, static_cast<std::uint64_t>(i));
      add(live(lazy, city, seed), live(plain, city, seed, revision_factor));
    }
  }

  std::size_t size() const { return names_.size(); }
  /// Standard errors between the means of one number.
  double errors(std::size_t i) const {
    const tests::Moments m = tests::moments(differences_[i]);
    return tests::mean_error(m.mean, m.sd, m.n, 0.0);
  }
  double errors(const std::string& name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    REQUIRE(found != names_.end());
    return errors(static_cast<std::size_t>(found - names_.begin()));
  }
  bool is_series(std::size_t i) const { return names_[i].starts_with("series "); }
  std::string text(std::size_t i) const {
    return names_[i] + ": lazy " + std::to_string(tests::moments(lazy_[i]).mean) + ", plain " +
           std::to_string(tests::moments(lazy_[i]).mean - tests::moments(differences_[i]).mean) +
           ", standard errors " + std::to_string(errors(i));
  }
  /// Hypotheses of equal means that Holm's correction rejects.
  std::size_t rejected() const {
    std::vector<double> p;
    for (std::size_t i = 0; i < size(); ++i) {
      p.push_back(std::erfc(std::abs(errors(i)) / std::sqrt(2.0)));
    }
    std::sort(p.begin(), p.end());
    std::size_t n = 0;
    while (n < p.size() && p[n] * double(p.size() - n) < family_level) ++n;
    return n;
  }
  /// Chi-square of the two samples of months between revisions [standard deviations].
  double wait_errors() const {
    double n_lazy = 0.0, n_plain = 0.0;
    for (std::size_t w = 0; w < n_waits; ++w) n_lazy += waits_[0][w], n_plain += waits_[1][w];
    double chi2 = 0.0;
    for (std::size_t w = 0; w < n_waits; ++w) {
      REQUIRE(waits_[0][w] + waits_[1][w] > 20.0);
      const double d = waits_[0][w] * std::sqrt(n_plain / n_lazy) -
                       waits_[1][w] * std::sqrt(n_lazy / n_plain);
      chi2 += d * d / (waits_[0][w] + waits_[1][w]);
    }
    const double freedom = n_waits - 1;
    const double v = 2.0 / (9.0 * freedom);  // Wilson, Hilferty 1931
    return (std::cbrt(chi2 / freedom) - (1.0 - v)) / std::sqrt(v);
  }

 private:
  void add(const Life& lazy, const Life& plain) {
    REQUIRE(lazy.numbers.size() == plain.numbers.size());
    if (names_.empty()) {
      for (const auto& [name, value] : lazy.numbers) names_.push_back(name);
      lazy_.resize(size());
      differences_.resize(size());
    }
    for (std::size_t i = 0; i < size(); ++i) {
      REQUIRE(lazy.numbers[i].first == plain.numbers[i].first);
      lazy_[i].push_back(lazy.numbers[i].second);
      differences_[i].push_back(lazy.numbers[i].second - plain.numbers[i].second);
    }
    for (std::size_t w = 0; w < n_waits; ++w) {
      waits_[0][w] += lazy.waits[w];
      waits_[1][w] += plain.waits[w];
    }
  }

  std::vector<std::string> names_;
  std::vector<std::vector<double>> lazy_, differences_;
  std::array<std::array<double, n_waits>, 2> waits_{};
};

void require_agreement(const Comparison& forms) {
  for (std::size_t i = 0; i < forms.size(); ++i) {
    INFO(forms.text(i));
    CHECK(std::abs(forms.errors(i)) <
          (forms.is_series(i) ? most_errors_of_series : most_errors));
  }
  CHECK(forms.rejected() == 0);
  CHECK(forms.wait_errors() < most_errors);
}

}  // namespace

TEST_CASE("the scenario chooses how households are stepped", "[unit]") {
  const City city = tests::tiny_city();
  Scenario scenario = tests::tiny_scenario();
  const auto names = [&] {
    std::string all;
    const World world = build_world(scenario, city, 1);
    const auto schedule = standard_schedule(world);
    for (const auto& entry : schedule.entries()) {
      all += std::string(entry.process->name()) + " ";
    }
    return all;
  };
  const std::string lazy = names();
  CHECK(lazy.find(" visits rare_events ") != std::string::npos);
  CHECK(lazy.find("plain") == std::string::npos);
  scenario.sampling.plain_evaluation = true;
  CHECK(names().find(" plain_visits plain_rare_events ") != std::string::npos);
}

TEST_CASE("waiting times and monthly trials are one process", "[statistical]") {
  require_agreement(Comparison(4, 60));
}

TEST_CASE("waiting times and monthly trials are one process, 400 pairs of futures",
          "[statistical][slow]") {
  require_agreement(Comparison(8, 400));
}

TEST_CASE("the comparison of the forms tells a chance of revision that is a fifth lower",
          "[statistical]") {
  const Comparison forms(4, 60, 0.8);
  CHECK(forms.rejected() >= 2);
  CHECK(forms.wait_errors() > most_errors);
  CHECK(std::abs(forms.errors("months between revisions")) > most_errors);
  CHECK(std::abs(forms.errors("revisions")) > most_errors);
}
