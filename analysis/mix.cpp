#include "analysis/mix.h"

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "sim/core/check.h"

namespace musi::analysis {
namespace {

/// Places are tried on a grid, so that steps below the noise of a share are not run again.
constexpr double grid = 1.0 / 256.0;
constexpr double first_step = 0.2, last_step = 0.02;

class Search {
 public:
  Search(const MixQuestion& question, const EvaluateMix& evaluate)
      : q_(question), evaluate_(evaluate) {}

  MixAnswer run() {
    const std::size_t k = q_.n_levers;
    std::vector<std::vector<double>> first{std::vector<double>(k, 0.5), std::vector<double>(k, 1.0),
                                           std::vector<double>(k, 0.0)};
    for (std::size_t lever = 0; lever < k; ++lever) {
      for (const double end : {0.0, 1.0}) {
        first.emplace_back(k, 0.5);
        first.back()[lever] = end;
      }
    }
    for (const auto& place : first) {
      if (reach(place) == nullptr) return finish();
    }
    // One descent finds a valley; a second from where it ends takes another first step.
    for (int descent = 0; descent < 2 && may_go_on(); ++descent) descend(best()->place);
    return finish();
  }

 private:
  bool may_go_on() const {
    return !answer_.is_stopped && answer_.points.size() < q_.most_evaluations;
  }
  bool is_good(const MixPoint& point) const { return point.chance.estimate >= q_.wanted; }

  /// Cheapest point that reaches the wish, else the one with the highest chance.
  const MixPoint* best() {
    std::size_t at = 0;
    for (std::size_t i = 1; i < answer_.points.size(); ++i) {
      const MixPoint &a = answer_.points[i], &b = answer_.points[at];
      const bool is_better = is_good(a) != is_good(b) ? is_good(a)
                             : is_good(a)             ? a.cost < b.cost
                                                      : a.chance.estimate > b.chance.estimate;
      if (is_better) at = i;
    }
    answer_.answer = at;
    return answer_.points.empty() ? nullptr : &answer_.points[at];
  }

  /// Null if the search was stopped or may try no more.
  const MixPoint* reach(const std::vector<double>& wanted) {
    std::vector<double> place = wanted;
    for (double& x : place) x = std::clamp(std::round(x / grid) * grid, 0.0, 1.0);
    const auto known = known_.find(place);
    if (known != known_.end()) return &answer_.points[known->second];
    if (!may_go_on()) return nullptr;
    auto point = evaluate_(place);
    if (!point) {
      answer_.is_stopped = true;
      return nullptr;
    }
    point->place = place;
    known_[place] = answer_.points.size();
    answer_.points.push_back(std::move(*point));
    return &answer_.points.back();
  }

  void descend(const std::vector<double>& from) {
    const auto k = static_cast<unsigned>(q_.n_levers);
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> opt(
        nlopt_create(NLOPT_LN_COBYLA, k), &nlopt_destroy);
    scale_ = std::max(1e-12, std::abs(best()->cost));
    nlopt_set_lower_bounds1(opt.get(), 0.0);
    nlopt_set_upper_bounds1(opt.get(), 1.0);
    nlopt_set_min_objective(opt.get(), cost_of, this);
    nlopt_add_inequality_constraint(opt.get(), lack_of, this, 0.0);
    nlopt_set_initial_step1(opt.get(), first_step);
    nlopt_set_xtol_abs1(opt.get(), last_step);
    nlopt_set_maxeval(opt.get(), static_cast<int>(4 * q_.most_evaluations));
    current_ = opt.get();
    std::vector<double> place = from;
    double cost = 0.0;
    // Its own idea of the optimum is not needed: the answer is the best point that was tried.
    nlopt_optimize(opt.get(), place.data(), &cost);
    current_ = nullptr;
  }

  const MixPoint* at(unsigned n, const double* x) {
    const MixPoint* point = reach(std::vector<double>(x, x + n));
    if (point == nullptr && current_ != nullptr) nlopt_force_stop(current_);
    return point;
  }

  static double cost_of(unsigned n, const double* x, double*, void* self) {
    auto& search = *static_cast<Search*>(self);
    const MixPoint* point = search.at(n, x);
    return point == nullptr ? 0.0 : point->cost / search.scale_;
  }

  /// Above 0 if the chance is too small.
  static double lack_of(unsigned n, const double* x, double*, void* self) {
    auto& search = *static_cast<Search*>(self);
    const MixPoint* point = search.at(n, x);
    return point == nullptr ? 1.0 : search.q_.wanted - point->chance.estimate;
  }

  MixAnswer finish() {
    if (const MixPoint* found = best()) answer_.is_reachable = is_good(*found);
    return std::move(answer_);
  }

  const MixQuestion& q_;
  const EvaluateMix& evaluate_;
  MixAnswer answer_;
  std::map<std::vector<double>, std::size_t> known_;
  double scale_ = 1.0;
  nlopt_opt current_ = nullptr;
};

}  // namespace

MixAnswer find_mix(const MixQuestion& question, const EvaluateMix& evaluate) {
  MUSI_EXPECT(question.n_levers >= 1 && question.most_evaluations >= 2 * question.n_levers + 4);
  return Search(question, evaluate).run();
}

}  // namespace musi::analysis
