#include "models/score/classes.h"

#include <algorithm>

#include "sim/core/best_level.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

/// [fraction] share served that each core service must reach; rules.csv, exit_core_service_share
constexpr double exit_service_share = 0.80;
constexpr double rounding_forgiven = 1e-6;  // a column of floats cannot hold 0.2

template <class Number>
std::array<double, n_aspects> means_of(std::span<const Number> shares) {
  MUSI_EXPECT(shares.size() == n_criteria || shares.size() == n_criteria_2016);
  std::array<double, n_aspects> sum{};
  std::array<int, n_aspects> count{};
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const auto aspect = static_cast<std::size_t>(info(static_cast<Criterion>(k)).aspect - 1);
    sum[aspect] += static_cast<double>(shares[k]);
    ++count[aspect];
  }
  for (std::size_t a = 0; a < sum.size(); ++a) sum[a] /= count[a];
  return sum;
}

double mean(const std::array<double, n_aspects>& aspects) {
  double sum = 0.0;
  for (const double aspect : aspects) sum += aspect;
  return sum / n_aspects;
}

ServedShares served(const std::array<double, n_aspects>& lacking) {
  return {.road = 1.0 - lacking[1],
          .water = 1.0 - lacking[2],
          .drainage = 1.0 - lacking[3],
          .wastewater = 1.0 - lacking[4],
          .waste = 1.0 - lacking[5]};
}

}  // namespace

int total(std::span<const double> shares, CutRule rule) {
  int sum = 0;
  for (const double share : shares) sum += points(share, rule);
  return sum;
}

std::string_view name_en(SlumClass slum_class) {
  switch (slum_class) {
    case SlumClass::heavy: return "heavy";
    case SlumClass::medium: return "medium";
    case SlumClass::light: return "light";
    case SlumClass::not_slum: break;
  }
  return "not_slum";
}

std::string_view name_id(SlumClass slum_class) {
  switch (slum_class) {
    case SlumClass::heavy: return "berat";
    case SlumClass::medium: return "sedang";
    case SlumClass::light: return "ringan";
    case SlumClass::not_slum: break;
  }
  return "tidak kumuh";
}

std::array<double, n_aspects> aspect_means(std::span<const double> shares) {
  return means_of(shares);
}
std::array<double, n_aspects> aspect_means(const Shares& shares) {
  return means_of(std::span<const float>(shares));
}

double sectoral_mean(std::span<const double> shares) { return mean(aspect_means(shares)); }
double sectoral_mean(const Shares& shares) { return mean(aspect_means(shares)); }

double contribution(double before, double after) {
  MUSI_EXPECT(before >= 0.0 && after >= 0.0);
  if (before == 0.0) return 0.0;
  return std::min(1.0, (before - after) / before);
}

void sectoral_means(std::span<const float* const, n_criteria> shares, std::span<double> means) {
  constexpr std::size_t tile = 64;  // local columns cannot alias, so that the loops vectorise
  for (std::size_t first = 0; first < means.size(); first += tile) {
    const std::size_t n = std::min(tile, means.size() - first);
    std::array<std::array<double, tile>, n_aspects> sum{};
    std::array<int, n_aspects> count{};
    std::array<double, tile> all{};
    std::array<std::size_t, n_criteria> aspect;
    for (std::size_t k = 0; k < n_criteria; ++k) {
      aspect[k] = static_cast<std::size_t>(info(static_cast<Criterion>(k)).aspect - 1);
      ++count[aspect[k]];
    }
    sim::at_best_level([&]() MUSI_LOOP {
      for (std::size_t k = 0; k < n_criteria; ++k) {
        double* const of_aspect = sum[aspect[k]].data();
        const float* const share = shares[k] + first;
        for (std::size_t i = 0; i < n; ++i) of_aspect[i] += static_cast<double>(share[i]);
      }
      for (std::size_t a = 0; a < n_aspects; ++a) {
        for (std::size_t i = 0; i < n; ++i) all[i] += sum[a][i] / count[a];
      }
      for (std::size_t i = 0; i < n; ++i) all[i] /= n_aspects;
    });
    std::copy_n(all.begin(), n, means.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

ServedShares served_shares(std::span<const double> shares) { return served(aspect_means(shares)); }
ServedShares served_shares(const Shares& shares) { return served(aspect_means(shares)); }

bool services_reach_exit(const ServedShares& s) {
  const double least = std::min({s.road, s.water, s.drainage, s.wastewater, s.waste});
  return least >= exit_service_share - rounding_forgiven;
}

bool leaves_slum(SlumClass slum_class, const ServedShares& served, ExitRule rule) {
  if (slum_class != SlumClass::not_slum) return false;
  return rule == ExitRule::score || services_reach_exit(served);
}

}  // namespace musi::models
