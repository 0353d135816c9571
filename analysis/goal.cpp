#include "analysis/goal.h"

#include <algorithm>
#include <cmath>

#include "sim/core/check.h"

namespace musi::analysis {
namespace {

constexpr std::size_t n_resamples = 1000;
constexpr double tails[] = {0.05, 0.95};
/// Evaluations that are left for the ends of the interval.
constexpr std::size_t n_refining = 3;

/// Chances as a curve that only rises: pools neighbours that fall. Source: Ayer and others 1955.
void make_rising(std::vector<double>& y) {
  std::vector<double> level, weight;
  for (const double value : y) {
    level.push_back(value);
    weight.push_back(1.0);
    while (level.size() > 1 && level[level.size() - 2] > level.back()) {
      const double w = weight[weight.size() - 2] + weight.back();
      const double mean =
          (level[level.size() - 2] * weight[weight.size() - 2] + level.back() * weight.back()) / w;
      level.pop_back();
      weight.pop_back();
      level.back() = mean;
      weight.back() = w;
    }
  }
  std::size_t at = 0;
  for (std::size_t block = 0; block < level.size(); ++block) {
    for (int i = 0; i < static_cast<int>(weight[block]); ++i) y[at++] = level[block];
  }
}

/// First x at which the rising line through the points reaches `wanted`; beyond the ends, the end.
double crossing(const std::vector<double>& x, const std::vector<double>& y, double wanted) {
  if (y.front() >= wanted) return x.front();
  for (std::size_t k = 1; k < x.size(); ++k) {
    if (y[k] < wanted) continue;
    return x[k - 1] + (x[k] - x[k - 1]) * (wanted - y[k - 1]) / (y[k] - y[k - 1]);
  }
  return x.back();
}

class Search {
 public:
  Search(const GoalQuestion& question, const EvaluateGoal& evaluate, std::uint64_t seed)
      : q_(question), evaluate_(evaluate), seed_(seed) {}

  GoalAnswer run() {
    const auto low = reach(q_.low), high = low ? reach(q_.high) : std::nullopt;
    if (!high) return stopped();
    if (answer_.steps[*low].chance.estimate >= q_.wanted &&
        answer_.steps[*high].chance.estimate >= q_.wanted) {
      answer_.is_reachable = answer_.is_everywhere = true;
      answer_.answer = *low;
      answer_.low = answer_.high = q_.low;
      answer_.low_is_bound = true;
      return finish();
    }
    auto bracket = bracket_of(*low, *high);
    if (!bracket && !answer_.is_stopped) bracket = look_between();
    if (answer_.is_stopped) return stopped();
    if (!bracket) return finish();
    answer_.is_reachable = true;
    halve(*bracket);
    if (answer_.is_stopped) return stopped();
    answer_.answer = bracket->good;
    is_rising_ = value(bracket->good) > value(bracket->bad);
    set_interval();
    refine();
    return answer_.is_stopped ? stopped() : finish();
  }

 private:
  /// Two values between which the chance passes the wish.
  struct Bracket {
    std::size_t bad, good;
  };

  double value(std::size_t step) const { return answer_.steps[step].value; }
  bool is_good(std::size_t step) const { return answer_.steps[step].chance.estimate >= q_.wanted; }
  bool may_go_on(std::size_t n_left = 0) const {
    return answer_.steps.size() + n_left < q_.most_evaluations;
  }

  /// Tries a value, once; nothing if the search was stopped.
  std::optional<std::size_t> reach(double at) {
    const double tried = q_.step > 0.0 ? std::round(at / q_.step) * q_.step : at;
    for (std::size_t step = 0; step < answer_.steps.size(); ++step) {
      if (value(step) == tried) return step;
    }
    auto succeeds = evaluate_(tried);
    if (!succeeds) {
      answer_.is_stopped = true;
      return std::nullopt;
    }
    MUSI_EXPECT(!succeeds->empty() &&
                (answer_.steps.empty() || succeeds->size() == answer_.steps[0].succeeds.size()));
    const auto n = static_cast<std::size_t>(std::count(succeeds->begin(), succeeds->end(), 1));
    answer_.steps.push_back({tried, share(n, succeeds->size()), std::move(*succeeds)});
    return answer_.steps.size() - 1;
  }

  std::optional<Bracket> bracket_of(std::size_t a, std::size_t b) const {
    if (is_good(a) == is_good(b)) return std::nullopt;
    return is_good(a) ? Bracket{b, a} : Bracket{a, b};
  }

  /// Neither bound reaches the wish: a value between them may.
  std::optional<Bracket> look_between() {
    std::size_t below = 0;
    for (const double part : {0.25, 0.5, 0.75}) {
      const auto step = reach(q_.low + part * (q_.high - q_.low));
      if (!step) return std::nullopt;
      if (is_good(*step)) return Bracket{below, *step};
      below = *step;
    }
    return std::nullopt;
  }

  /// Until the bracket is small against its uncertainty, or evaluations run out.
  void halve(Bracket& bracket) {
    while (may_go_on(n_refining)) {
      const double width = std::abs(value(bracket.good) - value(bracket.bad));
      if (width <= std::max(1.5 * q_.step, (q_.high - q_.low) / 1024.0)) return;
      if (answer_.steps.size() >= 8) {
        answer_.answer = bracket.good;
        is_rising_ = value(bracket.good) > value(bracket.bad);
        set_interval();
        if (width < (answer_.high - answer_.low) / 16.0) return;
      }
      const auto middle = reach(0.5 * (value(bracket.good) + value(bracket.bad)));
      if (!middle) return;
      (is_good(*middle) ? bracket.good : bracket.bad) = *middle;
    }
  }

  /// Where resampled futures have the wanted chance.
  void set_interval() {
    std::vector<std::size_t> order(answer_.steps.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
    if (!is_rising_) std::reverse(order.begin(), order.end());
    std::vector<double> x;
    for (const std::size_t step : order) x.push_back(value(step));
    const std::size_t n = answer_.steps[0].succeeds.size();
    std::vector<double> y(order.size());
    std::vector<double> found = bootstrap(n, n_resamples, seed_, [&](auto indices) {
      for (std::size_t k = 0; k < order.size(); ++k) {
        const Trials& succeeds = answer_.steps[order[k]].succeeds;
        std::size_t count = 0;
        for (const std::uint32_t index : indices) count += succeeds[index];
        y[k] = static_cast<double>(count) / static_cast<double>(n);
      }
      make_rising(y);
      return crossing(x, y, q_.wanted);
    });
    const std::vector<double> bounds = quantiles(found, tails);
    answer_.low = std::min(bounds[0], value(answer_.answer));
    answer_.high = std::max(bounds[1], value(answer_.answer));
    answer_.low_is_bound = answer_.low <= q_.low;
    answer_.high_is_bound = answer_.high >= q_.high;
  }

  /// The curve is known well only near the answer: tries both ends of the interval.
  void refine() {
    for (int end = 0; end < 2 && may_go_on(); ++end) {
      if (!reach(end == 0 ? answer_.low : answer_.high)) return;
    }
    set_interval();
  }

  GoalAnswer stopped() {
    answer_.is_stopped = true;
    return finish();
  }

  GoalAnswer finish() {
    for (std::size_t step = 1; step < answer_.steps.size(); ++step) {
      if (answer_.steps[step].chance.estimate > answer_.steps[answer_.best].chance.estimate) {
        answer_.best = step;
      }
    }
    return std::move(answer_);
  }

  const GoalQuestion& q_;
  const EvaluateGoal& evaluate_;
  std::uint64_t seed_;
  GoalAnswer answer_;
  bool is_rising_ = true;
};

}  // namespace

GoalAnswer find_goal(const GoalQuestion& question, const EvaluateGoal& evaluate,
                     std::uint64_t seed) {
  MUSI_EXPECT(question.low < question.high && question.most_evaluations >= 6);
  return Search(question, evaluate, seed).run();
}

}  // namespace musi::analysis
