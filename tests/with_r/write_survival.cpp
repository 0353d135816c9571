#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/survival.h"
#include "sim/core/rng.h"
#include "sim/io/file.h"

/// Data sets with ties and censoring, and what musi makes of them, as `set,kind,a,b,c` rows.

using namespace musi;
using namespace musi::analysis;

namespace {

/// `n` lifetimes on a grid of `step`, some censored anywhere, all at the horizon.
std::vector<Lifetime> group(std::uint64_t seed, std::size_t n, double scale, double step,
                            double censored) {
  std::vector<Lifetime> lifetimes;
  sim::Stream stream(sim::Chance(seed, 1, 0), 7);
  for (std::size_t i = 0; i < n; ++i) {
    const double time = step * (1.0 + static_cast<double>(static_cast<int>(
                                          scale * stream.fine_uniform() / step)));
    const bool is_censored = stream.fine_uniform() < censored;
    lifetimes.push_back(time > 26.0 ? Lifetime{26.0, false} : Lifetime{time, !is_censored});
  }
  return lifetimes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string text = "set,kind,a,b,c\n";
  const auto row = [&](std::size_t set, const char* kind, double a, double b, double c) {
    text += fmt::format("{},{},{},{},{}\n", set, kind, a, b, c);
  };
  for (std::size_t set = 0; set < 12; ++set) {
    const double step = set % 3 == 0 ? 1.0 : set % 3 == 1 ? 0.25 : 1.0 / 64.0;
    const std::size_t n = 5 + 37 * set;
    std::vector<std::vector<Lifetime>> groups;
    for (std::size_t g = 0; g < 2 + set % 3; ++g) {
      groups.push_back(group(100 * set + g, n + 3 * g, 20.0 + 8.0 * static_cast<double>(g), step,
                             0.05 * static_cast<double>(set % 5)));
      for (const Lifetime& l : groups.back()) {
        row(set, "data", static_cast<double>(g), l.time, l.reached ? 1.0 : 0.0);
      }
    }
    const auto curve = kaplan_meier(groups[0]);
    for (const SurvivalStep& s : curve) row(set, "curve", s.time, s.survival, s.standard_error);
    for (const double horizon : {10.0, 26.0}) {
      row(set, "mean", horizon, restricted_mean(curve, 0.0, horizon),
          restricted_mean_error(curve, 0.0, horizon));
    }
    const LogRank test = log_rank(groups);
    row(set, "logrank", test.chi_squared, static_cast<double>(test.degrees_of_freedom),
        test.p_value);
  }
  // Times seen at inspections only; sets of their own, behind the others.
  for (std::size_t set = 100; set < 105; ++set) {
    std::vector<SeenBetween> times;
    sim::Stream stream(sim::Chance(set, 2, 0), 7);
    for (std::size_t i = 0; i < 60 * (set - 99); ++i) {
      const double time = 30.0 * stream.fine_uniform() * stream.fine_uniform();
      double before = 0.0, at = 0.0;
      while (at < time && at < 12.0) {
        before = at;
        at += 1.0 + static_cast<double>(static_cast<int>(4.0 * stream.fine_uniform()));
      }
      times.push_back(at < time ? SeenBetween{.after = at} : SeenBetween{before, at});
      row(set, "seen", times.back().after, times.back().until, 0.0);
    }
    for (const ShareBetween& s : turnbull(times)) row(set, "share", s.after, s.until, s.share);
  }
  sim::io::write_file(argv[1], text, sim::io::Existing::replace);
  return 0;
}
