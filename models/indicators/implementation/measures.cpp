#include "models/indicators/implementation/measures.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/core/best_level.h"
#include "sim/core/check.h"
#include "sim/core/portable_math.h"

namespace musi::models::implementation {
namespace {

/// For each of x, how many others are less and how many, itself included, are equal. Sites are few:
/// comparing all with all, side by side, is quicker than sorting.
struct Standing {
  std::vector<std::int64_t> less, equal;
};
Standing standing(std::span<const double> x) {
  Standing s{std::vector<std::int64_t>(x.size()), std::vector<std::int64_t>(x.size())};
  sim::at_best_level([&]() MUSI_LOOP {
    const double* const all = x.data();
    const std::size_t n = x.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double one = all[i];
      std::int64_t less = 0, equal = 0;
      for (std::size_t j = 0; j < n; ++j) {
        less += all[j] < one ? 1 : 0;
        equal += all[j] == one ? 1 : 0;
      }
      s.less[i] = less;
      s.equal[i] = equal;
    }
  });
  return s;
}

/// Ranks from 1, ties at their mean.
std::vector<double> ranks(std::span<const double> x) {
  const Standing s = standing(x);
  std::vector<double> rank(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    rank[i] = 0.5 * static_cast<double>(2 * s.less[i] + 1 + s.equal[i]);
  }
  return rank;
}

/// Places in falling order of x; those that are equal stay in their order.
std::vector<std::size_t> falling_order(std::span<const double> x) {
  const Standing s = standing(x);
  std::vector<std::size_t> order(x.size());
  std::vector<std::size_t> taken(x.size() + 1, 0);  // of equal ones, by how many are less
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto less = static_cast<std::size_t>(s.less[i]);
    const std::size_t more = x.size() - less - static_cast<std::size_t>(s.equal[i]);
    order[more + taken[less]++] = i;
  }
  return order;
}

/// Rank correlation of x with what has these ranks.
double correlation(std::span<const double> x, std::span<const double> b) {
  MUSI_EXPECT(x.size() == b.size());
  if (x.size() < 3) return undefined;
  const std::vector<double> a = ranks(x);
  const double mean = 0.5 * static_cast<double>(x.size() + 1);
  double ab = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : undefined;
}

/// Share of money in the first third of places in this order, rounded up.
double share_of_first_third(std::span<const double> money, std::span<const std::size_t> order) {
  MUSI_EXPECT(money.size() == order.size());
  const std::size_t n_top = (order.size() + 2) / 3;
  double top = 0.0, all = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    all += money[order[i]];
    if (i < n_top) top += money[order[i]];
  }
  return share(top, all);
}

constexpr std::array<MeasureInfo, n_measures> table{{
    {"P1", "1", "Money follows need", "Uang mengikuti kebutuhan",
     "rank correlation over sites of money paid per hectare with the mean ledger score of January"},
    {"P1_top_third", "1", "Money in the top third of need", "Uang di sepertiga kebutuhan teratas",
     "share of money paid in the third of sites with the most score x households"},
    {"P2", "1", "Linked to the strategies", "Terkait strategi",
     "share of money paid by programmes that serve at least one of the six strategies"},
    {"P3", "1", "Coordination", "Koordinasi",
     "1 - conflicts / packages in RTs that two sources served within 24 months; conflict: the same "
     "item again before half its life"},
    {"P3_offices", "offices", "Offices per served site", "Instansi per lokasi terlayani",
     "mean number of sources that paid packages in a site with packages"},
    {"P4", "1", "Fits the need", "Sesuai kebutuhan",
     "value of units that met a true deficit / value of units built, packages booked in the year"},
    {"P5", "1", "Every unit contributes", "Setiap unit berkontribusi",
     "evenness of proposed money over city, subdistrict, kelurahan and board (entropy / ln 4)"},
    {"P5_engaged", "1", "Proposed by residents", "Diusulkan warga",
     "share of packages for RTs whose meeting reached the engaged share of the gate"},
    {"P6", "1", "Meant to last", "Berkelanjutan",
     "value of units delivered three years ago that still work / value delivered then"},
    {"P6_age", "years", "Age of ledger entries", "Usia data buku skor",
     "mean time since the last entry of RTs in the ledger"},
    {"B1", "1", "Stated in money", "Dinyatakan dalam uang",
     "1 if voted + carried = paid + returned + carried over holds for every source, else 0"},
    {"B1_net", "1", "Money without overhead", "Uang tanpa biaya umum",
     "1 - overhead / money paid"},
    {"B2", "1", "Money on time", "Uang tepat waktu",
     "money paid by the month planned in January / money released"},
    {"B3", "1", "Commitment", "Komitmen", "voted / planned, at most 1"},
    {"B3_steady", "1", "Steady budget", "Anggaran ajek",
     "1 - |voted - voted a year ago| / voted a year ago, at least 0"},
    {"B4", "1", "Started after approval", "Mulai setelah persetujuan",
     "share of started packages that waited for guideline and contract"},
    {"B5", "1", "Deviation explained", "Deviasi terjelaskan",
     "share of money due and not paid whose first cause is known"},
    {"B5_money", "1e9 IDR", "Deviation of money", "Deviasi uang", "money due in the year - paid"},
    {"B5_units", "1", "Deviation of units", "Deviasi unit",
     "1 - value delivered / value promised, packages booked in the year"},
    {"B5_hectares", "ha", "Deviation of area", "Deviasi luas",
     "money due / cost per hectare reckoned with in January - area that left the slum class"},
    {"B5_missing", "1e9 IDR", "Paid and not there", "Dibayar tetapi tidak ada",
     "value of units paid for that do not stand, packages booked in the year"},
    {"B5_budget", "1e9 IDR", "Deviation by budget", "Deviasi karena anggaran",
     "money due and not paid, first cause the budget"},
    {"B5_guideline", "1e9 IDR", "Deviation by guideline", "Deviasi karena juknis",
     "money due and not paid, first cause the guideline"},
    {"B5_staff", "1e9 IDR", "Deviation by staff", "Deviasi karena petugas",
     "money due and not paid, first cause the officers' load"},
    {"B5_procurement", "1e9 IDR", "Deviation by tender", "Deviasi karena pengadaan",
     "money due and not paid, first cause procurement"},
    {"B5_participation", "1e9 IDR", "Deviation by participation", "Deviasi karena partisipasi",
     "money due and not paid, first cause the gate or group"},
    {"B5_land", "1e9 IDR", "Deviation by land", "Deviasi karena lahan",
     "money due and not paid, first cause the land"},
    {"B5_window", "1e9 IDR", "Deviation by the year's end", "Deviasi karena akhir tahun",
     "money due and not paid, first cause the end of works in December"},
    {"B5_rework", "1e9 IDR", "Deviation by rework", "Deviasi karena pengerjaan ulang",
     "money due and not paid, first cause rework"},
    {"B5_unknown", "1e9 IDR", "Deviation without cause", "Deviasi tanpa sebab",
     "money due and not paid without a named cause"},
    {"S1", "1", "All stages in order", "Semua tahap berurutan",
     "share of ended packages that were booked, started in writing and were not reworked"},
    {"S2", "1", "Officers", "Petugas", "1 if the work of the year fits its officers, else 0"},
    {"S2_facilitators", "1", "Facilitators", "Fasilitator",
     "facilitator-months in sites with open packages / those that full support needs"},
    {"S3", "1", "Documented", "Terdokumentasi",
     "1 - |booked - delivered| / delivered, by value, at least 0"},
    {"S3_prompt", "1", "Booked in time", "Dibukukan tepat waktu",
     "share of packages booked within two months of their last progress"},
    {"S4", "month", "Month of the guideline", "Bulan juknis",
     "mean month, since January, of the guidelines of programmes that announced packages"},
    {"S4_delayed", "1", "Delayed by the guideline", "Tertunda juknis",
     "share of ended packages that waited for the guideline"},
    {"S4_hectares", "ha", "Area lost to the guideline", "Luas tertahan juknis",
     "area of RTs still slum in December whose first barrier is the guideline"},
    {"S4_verbal", "1", "Verbal starts", "Mulai lisan", "share of started packages begun on word"},
    {"programme", "1", "Programme", "Program", "mean of P1 to P6, each cut to 0 to 1"},
    {"budget", "1", "Budget", "Anggaran", "mean of B1 to B5"},
    {"procedure", "1", "Procedure", "Prosedur",
     "mean of S1, S2, S3 and (12 - S4) / 11"},
    {"spm_index", "1", "Minimum services", "Pelayanan minimum",
     "mean over households of five services met: water, sanitation, path, drain, waste"},
}};
static_assert(static_cast<std::size_t>(Measure::spm_index) + 1 == n_measures);

}  // namespace

double share(double part, double whole) { return whole > 0.0 ? part / whole : undefined; }

double rank_correlation(std::span<const double> x, std::span<const double> y) {
  return correlation(x, ranks(y));
}

double share_in_top_third(std::span<const double> money, std::span<const double> need) {
  return share_of_first_third(money, falling_order(need));
}

RankedPlaces::RankedPlaces(std::span<const double> score, std::span<const double> need)
    : score_ranks_(ranks(score)), by_need_(falling_order(need)) {}

double RankedPlaces::correlation_with_score(std::span<const double> x) const {
  return correlation(x, score_ranks_);
}

double RankedPlaces::share_in_top_third(std::span<const double> money) const {
  return share_of_first_third(money, by_need_);
}

double coordination(std::uint32_t conflicts, std::uint32_t joint) {
  return 1.0 - share(conflicts, joint);
}

double evenness(std::span<const double, 4> money) {
  double all = 0.0;
  for (const double m : money) all += m;
  if (!(all > 0.0)) return undefined;
  double entropy = 0.0;
  for (const double m : money) {
    if (m > 0.0) entropy -= m / all * sim::portable::log(m / all);
  }
  return std::clamp(entropy / sim::portable::log(4.0), 0.0, 1.0);
}

double commitment(double voted, double planned) {
  return planned > 0.0 ? std::min(1.0, voted / planned) : undefined;
}

double steadiness(double now, double before) {
  return before > 0.0 ? std::max(0.0, 1.0 - std::abs(now - before) / before) : undefined;
}

double share_explained(std::span<const double> by_cause) {
  double all = 0.0;
  for (const double d : by_cause) all += d;
  return share(all - by_cause[0], all);
}

double documentation(double booked, double delivered) {
  return delivered > 0.0 ? std::max(0.0, 1.0 - std::abs(booked - delivered) / delivered)
                         : undefined;
}

double staffing(double load) { return load > 1.0 ? 0.0 : 1.0; }

double timeliness(double guideline_month) {
  return std::clamp((12.0 - guideline_month) / 11.0, 0.0, 1.0);
}

double spm_index(std::span<const double, 5> households_served, double households) {
  double met = 0.0;
  for (const double n : households_served) met += n;
  return share(met / 5.0, households);
}

double composite(std::span<const double> values) {
  double sum = 0.0;
  int n = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += std::clamp(value, 0.0, 1.0);
    ++n;
  }
  return n > 0 ? sum / n : undefined;
}

const MeasureInfo& info(Measure measure) { return table[static_cast<std::size_t>(measure)]; }

}  // namespace musi::models::implementation
