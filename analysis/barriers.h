#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

/// What holds slum area back: hectare-years by the first barrier that applies (MODEL.md 19).
namespace musi::analysis {

/// Hectare-years behind each barrier.
struct BarrierShares {
  std::vector<double> hectare_years;  ///< in the order of barrier_keys(); mean over the futures
  double total = 0.0;
  /// Percent of `total`; 0 if nothing is held back.
  double percent(std::size_t barrier) const {
    return total > 0.0 ? 100.0 * hectare_years[barrier] / total : 0.0;
  }
  /// Barriers from most to least hectare-years; those without any are left out.
  std::vector<std::size_t> ranking() const;
};

/// `yearly`: series `barrier_<key>` of one option, shape [replicate, year], missing as NaN.
/// `years`: of that series. Only years `from` to `to` and futures with `counts[replicate]` not 0
/// are taken (empty: all).
BarrierShares barrier_shares(
    const std::function<std::vector<double>(const std::string& series)>& yearly,
    std::span<const int> years, int from, int to, std::span<const unsigned char> counts = {});

/// "guideline 31, land 28, money 19": percent from most to least; English or Indonesian.
std::string barrier_text(const BarrierShares& shares, const std::string& lang);
/// `{"guideline":31.2,...}`, all barriers.
std::string barrier_json(const BarrierShares& shares);
/// Name of a barrier in a sentence.
std::string barrier_words(std::size_t barrier, const std::string& lang);

}  // namespace musi::analysis
