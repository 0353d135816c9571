#include "analysis/barriers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/headline.h"
#include "sim/core/check.h"

namespace musi::analysis {

std::vector<std::size_t> BarrierShares::ranking() const {
  std::vector<std::size_t> order;
  for (std::size_t b = 0; b < hectare_years.size(); ++b) {
    if (hectare_years[b] > 0.0) order.push_back(b);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return hectare_years[a] > hectare_years[b];
  });
  return order;
}

BarrierShares barrier_shares(
    const std::function<std::vector<double>(const std::string& series)>& yearly,
    std::span<const int> years, int from, int to, std::span<const unsigned char> counts) {
  BarrierShares shares;
  for (const std::string& key : barrier_keys()) {
    const std::vector<double> area = yearly("barrier_" + key);
    MUSI_EXPECT(!years.empty() && area.size() % years.size() == 0);
    const std::size_t n = area.size() / years.size();
    MUSI_EXPECT(counts.empty() || counts.size() == n);
    double sum = 0.0;
    std::size_t n_counted = 0;
    for (std::size_t r = 0; r < n; ++r) {
      if (!counts.empty() && counts[r] == 0) continue;
      ++n_counted;
      for (std::size_t y = 0; y < years.size(); ++y) {
        const double value = area[r * years.size() + y];
        if (years[y] >= from && years[y] <= to && !std::isnan(value)) sum += value;
      }
    }
    shares.hectare_years.push_back(n_counted == 0 ? 0.0 : sum / static_cast<double>(n_counted));
    shares.total += shares.hectare_years.back();
  }
  return shares;
}

std::string barrier_text(const BarrierShares& shares, const std::string& lang) {
  std::string text;
  for (const std::size_t b : shares.ranking()) {
    const double percent = shares.percent(b);
    if (percent < 0.5) continue;
    text += fmt::format("{}{} {:.0f}", text.empty() ? "" : ", ", barrier_words(b, lang), percent);
  }
  return text;
}

std::string barrier_json(const BarrierShares& shares) {
  std::string text = "{";
  for (std::size_t b = 0; b < shares.hectare_years.size(); ++b) {
    text += fmt::format("{}\"{}\":{:.6g}", b == 0 ? "" : ",", barrier_keys()[b], shares.percent(b));
  }
  return text + "}";
}

std::string barrier_words(std::size_t barrier, const std::string& lang) {
  static constexpr const char* en[] = {"land status",   "money",     "guideline", "procurement",
                                       "participation", "technical", "regrowth"};
  static constexpr const char* id[] = {"status lahan", "dana",   "juknis",    "pengadaan",
                                       "partisipasi",  "teknis", "kumuh baru"};
  return lang == "id" ? id[barrier] : en[barrier];
}

}  // namespace musi::analysis
