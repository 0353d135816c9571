#include "analysis/prim.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/statistics.h"
#include "sim/core/check.h"
#include "sim/core/parallel.h"

namespace musi::analysis {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Futures and failures of a box, by weight.
struct Count {
  std::uint64_t futures = 0, failures = 0;

  double density() const {
    return futures == 0 ? 0.0 : static_cast<double>(failures) / static_cast<double>(futures);
  }
};

bool is_inside(const std::vector<BoxLimit>& limits, const PrimData& data, std::size_t future) {
  return std::all_of(limits.begin(), limits.end(), [&](const BoxLimit& limit) {
    return limit.holds(data.inputs[limit.input][future]);
  });
}

/// One search in weighted futures.
class Search {
 public:
  Search(const PrimData& data, std::span<const std::uint32_t> weights, double wanted,
         const PrimOptions& options)
      : data_(data), weights_(weights), wanted_(wanted), options_(options) {
    for (std::size_t f = 0; f < weights_.size(); ++f) {
      all_.futures += weights_[f];
      all_.failures += weights_[f] * data_.fails[f];
    }
    const double share = options_.min_mass * static_cast<double>(all_.futures);
    smallest_ =
        std::max<std::uint64_t>(options_.min_futures, static_cast<std::uint64_t>(std::ceil(share)));
  }

  /// Peels freely, keeps the inputs that matter most, peels again with these alone.
  std::vector<BoxLimit> box() {
    if (all_.failures == 0) return {};
    std::vector<std::size_t> inputs;
    for (std::size_t i = 0; i < data_.inputs.size(); ++i) {
      const std::vector<double>& x = data_.inputs[i];
      if (std::none_of(x.begin(), x.end(), [](double v) { return std::isnan(v); })) {
        inputs.push_back(i);
      }
    }
    std::vector<BoxLimit> best = peeled(inputs);
    if (best.size() > options_.max_limits) {
      while (best.size() > options_.max_limits) drop_least_important(best);
      inputs.clear();
      for (const BoxLimit& limit : best) inputs.push_back(limit.input);
      best = peeled(inputs);
    }
    if (best.empty()) return {};
    paste(best);
    drop_what_does_not_pay(best);
    return best;
  }

 private:
  struct Peel {
    std::size_t input = 0;  ///< of `used_`
    bool is_low = false;
    std::size_t n_members = 0;  ///< entries of the order that go
    double bound = 0.0;         ///< new end
    Count left;
    double gain = -infinite;
  };

  /// The best box on the way from all futures to the smallest box.
  std::vector<BoxLimit> peeled(const std::vector<std::size_t>& inputs) {
    sort_members(inputs);
    std::vector<BoxLimit> best;
    std::vector<BoxLimit> limits;
    while (std::optional<Peel> peel = best_peel()) {
      apply(*peel, limits);
      if (is_better(limits, best)) best = limits;
      if (peel->left.failures == peel->left.futures) break;
    }
    return best;
  }

  void sort_members(const std::vector<std::size_t>& inputs) {
    used_ = inputs;
    orders_.clear();
    for (const std::size_t i : inputs) {
      const std::vector<double>& x = data_.inputs[i];
      std::vector<std::uint32_t> order;
      for (std::uint32_t f = 0; f < weights_.size(); ++f) {
        if (weights_[f] > 0) order.push_back(f);
      }
      std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return x[a] != x[b] ? x[a] < x[b] : a < b;
      });
      orders_.push_back(std::move(order));
    }
    inside_ = all_;
  }

  std::optional<Peel> best_peel() const {
    std::optional<Peel> best;
    for (std::size_t u = 0; u < used_.size(); ++u) {
      for (const bool is_low : {true, false}) {
        const std::optional<Peel> peel = peel_of(u, is_low);
        if (peel && (!best || peel->gain > best->gain)) best = peel;
      }
    }
    return best;
  }

  /// Drops the input without which the box is best.
  void drop_least_important(std::vector<BoxLimit>& limits) const {
    std::vector<BoxLimit> best;
    for (std::size_t l = 0; l < limits.size(); ++l) {
      std::vector<BoxLimit> fewer = limits;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(l));
      if (is_better(fewer, best)) best = std::move(fewer);
    }
    limits = std::move(best);
  }

  /// The outermost share of one input; equal values go together.
  std::optional<Peel> peel_of(std::size_t u, bool is_low) const {
    const std::vector<std::uint32_t>& order = orders_[u];
    const std::vector<double>& x = data_.inputs[used_[u]];
    const auto at = [&](std::size_t i) { return order[is_low ? i : order.size() - 1 - i]; };
    const double most = std::max(1.0, options_.peel * static_cast<double>(inside_.futures));
    Peel peel;
    peel.input = u;
    peel.is_low = is_low;
    Count gone;
    std::size_t i = 0;
    while (i < order.size()) {  // group after group of equal values
      const double value = x[at(i)];
      Count group;
      std::size_t end = i;
      for (; end < order.size() && x[at(end)] == value; ++end) {
        group.futures += weights_[at(end)];
        group.failures += weights_[at(end)] * data_.fails[at(end)];
      }
      if (i > 0 && static_cast<double>(gone.futures + group.futures) > most) break;
      gone.futures += group.futures;
      gone.failures += group.failures;
      i = end;
    }
    if (i == order.size()) return std::nullopt;
    peel.left = {inside_.futures - gone.futures, inside_.failures - gone.failures};
    if (peel.left.futures < smallest_) return std::nullopt;
    peel.n_members = i;
    peel.bound = 0.5 * (x[at(i - 1)] + x[at(i)]);
    peel.gain = (peel.left.density() - inside_.density()) / static_cast<double>(gone.futures);
    return peel;
  }

  void apply(const Peel& peel, std::vector<BoxLimit>& limits) {
    const std::size_t input = used_[peel.input];
    auto at =
        std::find_if(limits.begin(), limits.end(), [&](const auto& l) { return l.input >= input; });
    if (at == limits.end() || at->input != input) {
      BoxLimit limit;
      limit.input = input;
      at = limits.insert(at, limit);
    }
    (peel.is_low ? at->low : at->high) = peel.bound;
    const BoxLimit limit = *at;
    const std::vector<double>& x = data_.inputs[input];
    for (std::vector<std::uint32_t>& order : orders_) {
      std::erase_if(order, [&](std::uint32_t f) { return !limit.holds(x[f]); });
    }
    inside_ = peel.left;
  }

  Count count(const std::vector<BoxLimit>& limits) const {
    Count count;
    for (std::size_t f = 0; f < weights_.size(); ++f) {
      if (weights_[f] == 0 || !is_inside(limits, data_, f)) continue;
      count.futures += weights_[f];
      count.failures += weights_[f] * data_.fails[f];
    }
    return count;
  }

  /// Harmonic mean of coverage and density: 2 hits / (failures + futures in the box).
  double balance(const Count& c) const {
    return 2.0 * static_cast<double>(c.failures) / static_cast<double>(all_.failures + c.futures);
  }

  /// Dense enough comes first; among such boxes the balance counts, among others the density.
  bool is_better(const Count& a, const Count& b) const {
    const bool is_dense_a = a.density() >= wanted_, is_dense_b = b.density() >= wanted_;
    if (is_dense_a != is_dense_b) return is_dense_a;
    return is_dense_a ? balance(a) > balance(b) : a.density() > b.density();
  }
  bool is_better(const std::vector<BoxLimit>& a, const std::vector<BoxLimit>& b) const {
    return b.empty() || is_better(count(a), count(b));
  }

  /// Moves ends out again by about the share of a peel where that makes a better box.
  void paste(std::vector<BoxLimit>& limits) const {
    for (std::size_t round = 0; round < 1000; ++round) {
      std::vector<BoxLimit> best = limits;
      for (std::size_t l = 0; l < limits.size(); ++l) {
        for (const bool is_low : {true, false}) {
          std::vector<BoxLimit> wider = limits;
          if (widen(wider, l, is_low) && is_better(wider, best)) best = wider;
        }
      }
      if (!is_better(count(best), count(limits))) return;
      limits = std::move(best);
    }
  }

  bool widen(std::vector<BoxLimit>& limits, std::size_t l, bool is_low) const {
    BoxLimit& limit = limits[l];
    double& end = is_low ? limit.low : limit.high;
    if (std::isinf(end)) return false;
    const Count now = count(limits);
    const double old_end = end;
    end = is_low ? -infinite : infinite;
    std::vector<double> beyond;  // values that come in, nearest first
    const std::vector<double>& x = data_.inputs[limit.input];
    for (std::size_t f = 0; f < weights_.size(); ++f) {
      const bool is_new = is_low ? x[f] < old_end : x[f] > old_end;
      if (!is_new || !is_inside(limits, data_, f)) continue;
      for (std::uint32_t w = 0; w < weights_[f]; ++w) beyond.push_back(x[f]);
    }
    if (beyond.empty()) return true;  // the end holds nothing back
    std::sort(beyond.begin(), beyond.end());
    if (is_low) std::reverse(beyond.begin(), beyond.end());
    std::size_t n = std::max<std::size_t>(
        1, static_cast<std::size_t>(options_.peel * static_cast<double>(now.futures)));
    n = std::min(n, beyond.size());
    while (n < beyond.size() && beyond[n] == beyond[n - 1]) ++n;
    if (n < beyond.size()) end = 0.5 * (beyond[n - 1] + beyond[n]);
    return true;
  }

  /// An end whose removal does not make the box worse goes.
  void drop_what_does_not_pay(std::vector<BoxLimit>& limits) const {
    for (std::size_t l = limits.size(); l-- > 0;) {
      for (const bool is_low : {true, false}) {
        std::vector<BoxLimit> wider = limits;
        double& end = is_low ? wider[l].low : wider[l].high;
        if (std::isinf(end)) continue;
        end = is_low ? -infinite : infinite;
        if (n_ends(limits) > 1 && !is_better(count(limits), count(wider))) {
          limits = std::move(wider);
        }
      }
      if (std::isinf(limits[l].low) && std::isinf(limits[l].high) && limits.size() > 1) {
        limits.erase(limits.begin() + static_cast<std::ptrdiff_t>(l));
      }
    }
  }

  static std::size_t n_ends(const std::vector<BoxLimit>& limits) {
    std::size_t n = 0;
    for (const BoxLimit& l : limits) n += !std::isinf(l.low) + !std::isinf(l.high);
    return n;
  }

  const PrimData& data_;
  std::span<const std::uint32_t> weights_;
  double wanted_;
  const PrimOptions& options_;
  Count all_, inside_;
  std::uint64_t smallest_ = 0;
  std::vector<std::size_t> used_;                   ///< inputs that may be peeled
  std::vector<std::vector<std::uint32_t>> orders_;  ///< [used input] members of the box, by value
};

Count count_in(const std::vector<BoxLimit>& limits, const PrimData& data,
               std::span<const std::uint32_t> weights) {
  Count count;
  for (std::size_t f = 0; f < weights.size(); ++f) {
    if (weights[f] == 0 || !is_inside(limits, data, f)) continue;
    count.futures += weights[f];
    count.failures += weights[f] * data.fails[f];
  }
  return count;
}

/// Fills quasi_p of every restriction, in the futures that were searched.
void add_quasi_p(std::vector<BoxLimit>& limits, const PrimData& data,
                 std::span<const std::uint32_t> weights) {
  const Count with = count_in(limits, data, weights);
  for (std::size_t l = 0; l < limits.size(); ++l) {
    std::vector<BoxLimit> others = limits;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(l));
    const Count without = count_in(others, data, weights);
    limits[l].quasi_p = binomial_tail(with.failures, with.futures, without.density());
  }
}

bool restricts_the_same(const std::vector<BoxLimit>& limits, const BoxLimit& wanted) {
  return std::any_of(limits.begin(), limits.end(), [&](const BoxLimit& l) {
    return l.input == wanted.input && (std::isinf(wanted.low) || !std::isinf(l.low)) &&
           (std::isinf(wanted.high) || !std::isinf(l.high));
  });
}

/// Boxes of resampled futures.
struct Resamples {
  std::vector<std::vector<BoxLimit>> boxes;
  Count left_out;  ///< futures that a resample left out, inside its box
};

/// The work of one call of find_failures.
class Finder {
 public:
  Finder(const PrimData& data, const PrimOptions& options) : data_(data), options_(options) {}

  PrimAnswer answer() {
    const std::size_t n = data_.fails.size();
    PrimAnswer answer;
    answer.n_futures = n;
    answer.n_failures = static_cast<std::size_t>(
        std::count(data_.fails.begin(), data_.fails.end(), std::uint8_t{1}));
    const double share =
        n == 0 ? 0.0 : static_cast<double>(answer.n_failures) / static_cast<double>(n);
    answer.wanted_density = wanted_ = wanted_density(share, options_.min_density);
    if (answer.n_failures == 0 || answer.n_failures == n) return answer;
    std::vector<std::uint32_t> left(n, 1);
    std::size_t n_covered = 0;
    while (answer.boxes.size() < options_.max_boxes) {
      std::optional<Box> box = next_box(left, answer.boxes.size());
      if (is_stopped_) break;
      if (!box) break;
      const bool is_first = answer.boxes.empty();
      if (box->passes || is_first) answer.boxes.push_back(*box);
      if (!box->passes) break;
      n_covered += box->n_new_failures;
      for (std::size_t f = 0; f < n; ++f) {
        if (is_inside(box->limits, data_, f)) left[f] = 0;
      }
    }
    answer.is_stopped = is_stopped_;
    answer.coverage = static_cast<double>(n_covered) / static_cast<double>(answer.n_failures);
    answer.is_enough = n_covered > 0 && answer.coverage >= options_.min_coverage;
    return answer;
  }

 private:
  std::optional<Box> next_box(const std::vector<std::uint32_t>& left, std::size_t number) {
    Box box;
    box.limits = find_box(data_, left, wanted_, options_);
    if (box.limits.empty()) return std::nullopt;
    const Resamples resamples = resample(left, number);
    if (is_stopped_) return std::nullopt;
    for (BoxLimit& limit : box.limits) {
      for (const auto& other : resamples.boxes) limit.n_found += restricts_the_same(other, limit);
    }
    drop_unsupported(box.limits, left);
    const std::vector<std::uint32_t> everybody(left.size(), 1);
    const Count all = count_in(box.limits, data_, everybody);
    const Count fresh = count_in(box.limits, data_, left);
    box.n_futures = all.futures;
    box.n_failures = all.failures;
    box.n_new_futures = fresh.futures;
    box.n_new_failures = fresh.failures;
    if (resamples.left_out.futures > 0) box.left_out_density = resamples.left_out.density();
    box.passes = fresh.density() >= wanted_ &&
                 std::all_of(box.limits.begin(), box.limits.end(),
                             [&](const BoxLimit& l) { return is_supported(l); });
    return box;
  }

  bool is_supported(const BoxLimit& limit) const {
    return limit.quasi_p <= options_.max_quasi_p &&
           static_cast<double>(limit.n_found) >=
               options_.min_found * static_cast<double>(options_.n_resamples);
  }

  /// The least supported restriction goes first; one is always left to be shown.
  void drop_unsupported(std::vector<BoxLimit>& limits, std::span<const std::uint32_t> left) const {
    for (;;) {
      add_quasi_p(limits, data_, left);
      if (limits.size() < 2) return;
      const auto worst =
          std::min_element(limits.begin(), limits.end(), [](const BoxLimit& a, const BoxLimit& b) {
            if (a.n_found != b.n_found) return a.n_found < b.n_found;
            return a.quasi_p > b.quasi_p;
          });
      const auto insignificant = std::max_element(
          limits.begin(), limits.end(),
          [](const BoxLimit& a, const BoxLimit& b) { return a.quasi_p < b.quasi_p; });
      if (!is_supported(*worst)) {
        limits.erase(worst);
      } else if (!is_supported(*insignificant)) {
        limits.erase(insignificant);
      } else {
        return;
      }
    }
  }

  Resamples resample(const std::vector<std::uint32_t>& left, std::size_t number) {
    std::vector<std::uint32_t> members;
    for (std::uint32_t f = 0; f < left.size(); ++f) {
      if (left[f] > 0) members.push_back(f);
    }
    std::vector<std::vector<std::uint32_t>> weights;
    bootstrap(members.size(), options_.n_resamples, options_.seed + number,
              [&](std::span<const std::uint32_t> indices) {
                weights.emplace_back(left.size(), 0);
                for (const std::uint32_t i : indices) ++weights.back()[members[i]];
                return 0.0;
              });
    Resamples resamples;
    resamples.boxes.resize(weights.size());
    constexpr std::size_t at_once = 8;
    for (std::size_t begin = 0; begin < weights.size(); begin += at_once) {
      const std::size_t n = std::min(at_once, weights.size() - begin);
      sim::for_each_index(n, [&](std::size_t i) {
        resamples.boxes[begin + i] = find_box(data_, weights[begin + i], wanted_, options_);
      });
      const std::size_t total = options_.max_boxes * options_.n_resamples;
      if (options_.go_on && !options_.go_on(number * options_.n_resamples + begin + n, total)) {
        is_stopped_ = true;
        return resamples;
      }
    }
    for (std::size_t s = 0; s < weights.size(); ++s) {
      if (resamples.boxes[s].empty()) continue;
      std::vector<std::uint32_t> out(left.size(), 0);
      for (const std::uint32_t f : members) out[f] = weights[s][f] == 0 ? 1 : 0;
      const Count count = count_in(resamples.boxes[s], data_, out);
      resamples.left_out.futures += count.futures;
      resamples.left_out.failures += count.failures;
    }
    return resamples;
  }

  const PrimData& data_;
  const PrimOptions& options_;
  double wanted_ = 0.0;
  bool is_stopped_ = false;
};

}  // namespace

double wanted_density(double share_of_failures, double min_density) {
  return share_of_failures < min_density ? min_density : 0.5 * (1.0 + share_of_failures);
}

double binomial_tail(std::size_t k, std::size_t n, double p) {
  MUSI_EXPECT(k <= n);
  if (k == 0 || p >= 1.0) return 1.0;
  if (p <= 0.0) return 0.0;
  std::vector<double> log_factorial(n + 1, 0.0);
  for (std::size_t i = 2; i <= n; ++i) {
    log_factorial[i] = log_factorial[i - 1] + std::log(static_cast<double>(i));
  }
  double tail = 0.0;
  for (std::size_t i = n + 1; i-- > k;) {
    const double log_term = log_factorial[n] - log_factorial[i] - log_factorial[n - i] +
                            static_cast<double>(i) * std::log(p) +
                            static_cast<double>(n - i) * std::log1p(-p);
    tail += std::exp(log_term);
  }
  return std::min(1.0, tail);
}

std::vector<BoxLimit> find_box(const PrimData& data, std::span<const std::uint32_t> weights,
                               double wanted_density, const PrimOptions& options) {
  MUSI_EXPECT(weights.size() == data.fails.size());
  for (const auto& input : data.inputs) MUSI_EXPECT(input.size() == data.fails.size());
  return Search(data, weights, wanted_density, options).box();
}

PrimAnswer find_failures(const PrimData& data, const PrimOptions& options) {
  return Finder(data, options).answer();
}

}  // namespace musi::analysis
