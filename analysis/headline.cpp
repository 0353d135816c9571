#include "analysis/headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/barriers.h"
#include "analysis/survival.h"
#include "sim/core/check.h"

namespace musi::analysis {
namespace {

struct Words {
  const char *chance_that, *futures_each, *option, *by, *half, *in_ten, *spent, *billion,
      *under_one, *not_by;
};

const Words& words(const std::string& lang) {
  static constexpr Words english{"Chance that {} has 0 % slum area ({}, {})",
                                 "{} futures each",
                                 "option",
                                 "by {}",
                                 "half of futures",
                                 "{} in 100 by",
                                 "spent {}-{:02}",
                                 "Rp {} billion",
                                 "under 1 %",
                                 "not by {}"};
  static constexpr Words indonesian{"Peluang {} mencapai 0 % kumuh ({}, {})",
                                    "masing-masing {} kemungkinan",
                                    "opsi",
                                    "sampai {}",
                                    "separuh",
                                    "{} dari 100",
                                    "belanja {}-{:02}",
                                    "Rp {} miliar",
                                    "di bawah 1 %",
                                    "tidak sampai {}"};
  return lang == "id" ? indonesian : english;
}

std::string definition_words(const std::string& code, const std::string& lang) {
  struct Row {
    const char *code, *en, *id;
  };
  static constexpr Row rows[] = {{"Z1", "physical", "fisik"},
                                 {"Z2a", "ledger", "pembukuan"},
                                 {"Z2b", "decree", "SK kumuh"},
                                 {"Z3", "physical, 1 % tolerance", "fisik, toleransi 1 %"},
                                 {"Z3b", "physical, 10 % tolerance", "fisik, toleransi 10 %"},
                                 {"Z4", "tolerance, sustained", "toleransi, bertahan"},
                                 {"Z4a", "physical, sustained", "fisik, bertahan"},
                                 {"Z5", "households", "rumah tangga"}};
  for (const Row& row : rows) {
    if (code == row.code) return lang == "id" ? row.id : row.en;
  }
  return code;
}

template <class... Args>
std::string say(const char* pattern, Args&&... args) {
  return fmt::format(fmt::runtime(pattern), std::forward<Args>(args)...);
}

std::string chance_text(const Share& share, const Words& w, bool plain) {
  const double percent = 100.0 * share.estimate;
  if (percent < 1.0) return plain ? fmt::format("{:.1f}", percent) : w.under_one;
  return plain ? fmt::format("{:.1f}", percent)
               : fmt::format("{:.0f} % ± {:.0f}", percent,
                             std::max(1.0, std::round(100.0 * share.half_width)));
}

std::string year_text(const std::optional<int>& year, const HeadlineQuestion& q, const Words& w) {
  return year ? fmt::format("{}", *year) : say(w.not_by, q.end_year);
}

/// Characters of a UTF-8 text.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string table_text(const std::vector<std::vector<std::string>>& rows, bool plain) {
  std::string text;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  for (const auto& row : rows) {
    if (!plain) text += ' ';
    for (std::size_t c = 0; c < row.size(); ++c) {
      text += row[c];
      if (c + 1 == row.size()) break;
      text += plain ? std::string("\t") : std::string(widths[c] - width_of(row[c]) + 3, ' ');
    }
    text += '\n';
  }
  return text;
}

/// Barrier that holds back most hectares in futures that do not reach zero; nothing if all do.
std::optional<std::size_t> worst_barrier(const OptionOutcome& outcome) {
  std::optional<std::size_t> worst;
  double most = 0.0;
  for (std::size_t b = 0; b < outcome.barrier_ha.size(); ++b) {
    if (outcome.barrier_ha[b] > most) {
      most = outcome.barrier_ha[b];
      worst = b;
    }
  }
  return worst;
}

/// Futures in which an option is earlier than the first option, and by how much.
std::string paired_sentence(const OptionOutcome& first, const OptionOutcome& other,
                            const HeadlineQuestion& q, const std::string& lang) {
  std::size_t earlier = 0, later = 0;
  double gained = 0.0;
  const double censored = q.end_year + 1.0;
  for (std::size_t r = 0; r < first.zero_years.size(); ++r) {
    const double a = std::isnan(first.zero_years[r]) ? censored : first.zero_years[r];
    const double b = std::isnan(other.zero_years[r]) ? censored : other.zero_years[r];
    earlier += b < a;
    later += b > a;
    gained += a - b;
  }
  const std::size_t n = first.zero_years.size();
  const std::string years = number_text(gained / static_cast<double>(n), 1, lang);
  return lang == "id"
             ? fmt::format(
                   " {} lebih cepat daripada {} dalam {} dari {} kemungkinan dan lebih "
                   "lambat dalam {}, rata-rata {} tahun sampai {}.\n",
                   other.name, first.name, earlier, n, later, years, q.end_year)
             : fmt::format(
                   " {} is earlier than {} in {} of {} futures and later in {}, by {} years "
                   "on average within the horizon.\n",
                   other.name, first.name, earlier, n, later, years);
}

/// What the books say is not what is on the ground: the futures with no slum RT left.
std::string ground_sentence(const OptionOutcome& outcome, const HeadlineQuestion& q,
                            const std::string& lang) {
  const auto n = std::count_if(outcome.physical_years.begin(), outcome.physical_years.end(),
                               [](double year) { return !std::isnan(year); });
  const std::size_t all = outcome.physical_years.size();
  return lang == "id"
             ? fmt::format(
                   " Di lapangan (fisik, Z1) tidak ada kumuh lagi sampai {} dalam {} dari {} "
                   "kemungkinan \"{}\".\n",
                   q.end_year, n, all, outcome.name)
             : fmt::format(
                   " On the ground (physical, Z1) no slum is left by {} in {} of {} futures of "
                   "\"{}\".\n",
                   q.end_year, n, all, outcome.name);
}

/// The same of futures that ended with their zero on paper: what was left then.
std::string ground_then_sentence(const OptionOutcome& outcome, const std::string& lang) {
  const auto ground = ground_at_zero(outcome);
  if (!ground) return "";
  const std::string ha = number_text(ground->mean_ha, 0, lang);
  const char* const pattern = lang == "id"
                                  ? " Saat 0 % tercapai di atas kertas, di lapangan masih ada "
                                    "kumuh dalam {} dari {} kemungkinan itu"
                                  : " When 0 % was reached on paper, slum was left on the ground "
                                    "in {} of these {} futures";
  std::string text = say(pattern, ground->n_left, ground->n_reached);
  if (ground->n_left > 0) {
    text += say(lang == "id" ? ", rata-rata {} ha, {:.0f} % dari luas yang terdaftar pada awalnya"
                             : ", {} ha on average, {:.0f} % of the area listed at the start",
                ha, ground->mean_pct);
  }
  return text + ".\n";
}

std::string sentences(const HeadlineQuestion& q, const std::vector<OptionOutcome>& outcomes,
                      const std::string& lang) {
  std::string text;
  for (std::size_t i = 1; i < outcomes.size(); ++i) {
    if (!outcomes[i].is_sweep_point) text += paired_sentence(outcomes[0], outcomes[i], q, lang);
  }
  const OptionOutcome& first = outcomes.front();
  const Headline h = headline_of(first, q);
  const auto worst = worst_barrier(first);
  const auto in_hundred = fmt::format("{:.0f}", 100.0 * h.not_reached.estimate);
  if (h.not_reached.estimate > 0.0) {
    text += lang == "id"
                ? fmt::format(" Dalam {} dari 100 kemungkinan \"{}\" 0 % tidak tercapai sampai {}",
                              in_hundred, first.name, q.end_year)
                : fmt::format(" In {} of 100 futures of \"{}\" 0 % is not reached by {}",
                              in_hundred, first.name, q.end_year);
    if (worst) {
      text += lang == "id" ? "; hambatan terbanyak saat itu: " : "; most common barrier then: ";
      text += barrier_words(*worst, lang);
    }
    text += ".\n";
  }
  if (q.definition != "Z1" && !first.physical_years.empty()) {
    text += ground_sentence(first, q, lang);
  } else {
    text += ground_then_sentence(first, lang);
  }
  text += lang == "id"
              ? fmt::format(
                    " {} dari {} masukan tak pasti tanpa sumber. {} dari {} luas lokasi "
                    "sintetis. Rupiah konstan {}.\n",
                    q.without_source, q.uncertain_inputs, q.synthetic_sites, q.sites, q.price_year)
              : fmt::format(
                    " {} of {} uncertain inputs have no source. {} of {} site areas are "
                    "synthetic. Constant {} rupiah.\n",
                    q.without_source, q.uncertain_inputs, q.synthetic_sites, q.sites, q.price_year);
  return text;
}

}  // namespace

const std::vector<std::string>& barrier_keys() {
  static const std::vector<std::string> keys{
      "land", "money", "guideline", "procurement", "participation", "technical", "regrowth"};
  return keys;
}

std::string number_text(double value, int decimals, const std::string& lang) {
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const std::size_t point = digits.find('.');
  std::string fraction = point == std::string::npos ? "" : digits.substr(point + 1);
  std::string whole = digits.substr(0, point);
  for (std::size_t i = whole.size(); i > 3; i -= 3) {
    whole.insert(i - 3, lang == "id" ? "." : ",");
  }
  const bool is_negative = value < 0.0 && digits.find_first_not_of("0.") != std::string::npos;
  return (is_negative ? "-" : "") + whole +
         (fraction.empty() ? "" : (lang == "id" ? "," : ".") + fraction);
}

std::optional<GroundAtZero> ground_at_zero(const OptionOutcome& outcome) {
  GroundAtZero ground;
  for (std::size_t r = 0; r < outcome.ground_ha_at_zero.size(); ++r) {
    const double ha = outcome.ground_ha_at_zero[r];
    if (std::isnan(ha)) continue;
    ++ground.n_reached;
    if (ha <= 0.0) continue;
    ++ground.n_left;
    ground.mean_ha += ha;
    ground.mean_pct += 100.0 * ha / outcome.listed_ha[r];
  }
  if (ground.n_reached == 0) return std::nullopt;
  if (ground.n_left > 0) {
    ground.mean_ha /= static_cast<double>(ground.n_left);
    ground.mean_pct /= static_cast<double>(ground.n_left);
  }
  return ground;
}

Headline headline_of(const OptionOutcome& outcome, const HeadlineQuestion& q) {
  const std::size_t n = outcome.zero_years.size();
  MUSI_EXPECT(n > 0);
  Headline h;
  h.name = outcome.name;
  h.replicates = n;
  h.years = q.years;
  h.years.push_back(q.headline_year);
  std::sort(h.years.begin(), h.years.end());
  h.years.erase(std::unique(h.years.begin(), h.years.end()), h.years.end());
  for (const int year : h.years) {
    std::size_t count = 0;
    for (const double zero : outcome.zero_years) count += zero <= year;
    h.chances.push_back(share(count, n));
  }
  const auto curve = kaplan_meier(lifetimes(outcome.zero_years, q.end_year));
  const double wanted[] = {0.1, 0.5, q.chance_pct / 100.0, 0.9};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto time = time_of_share(curve, wanted[i]);
    if (time) h.year_of[i] = static_cast<int>(*time);
  }
  std::size_t missed = 0;
  for (const double zero : outcome.zero_years) missed += std::isnan(zero);
  h.not_reached = share(missed, n);
  h.restricted_mean_years = restricted_mean(curve, q.start_year - 1.0, q.end_year);
  const auto shares = turnbull(seen_yearly(outcome.zero_years, q.end_year));
  h.restricted_mean_low = restricted_mean_between(shares, q.start_year - 1.0, q.end_year).low;
  h.spent_idr_bn = mean(outcome.spent_idr_bn);
  return h;
}

std::string headline_text(const HeadlineQuestion& q, const std::vector<OptionOutcome>& outcomes,
                          const std::string& lang, bool plain) {
  MUSI_EXPECT(!outcomes.empty());
  const Words& w = words(lang);
  std::vector<int> shown{q.headline_year};
  for (const int year : q.years) {
    if (year > q.headline_year) {
      shown.push_back(year);
      break;
    }
  }
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> head{w.option};
  for (const int year : shown) head.push_back(say(w.by, year));
  head.push_back(w.half);
  head.push_back(say(w.in_ten, number_text(q.chance_pct, 0, lang)));
  head.push_back(say(w.spent, q.spent_from, q.spent_to % 100));
  rows.push_back(head);
  for (const OptionOutcome& outcome : outcomes) {
    const Headline h = headline_of(outcome, q);
    std::vector<std::string> row{h.name};
    for (const int year : shown) {
      const auto at = std::find(h.years.begin(), h.years.end(), year) - h.years.begin();
      row.push_back(chance_text(h.chances[static_cast<std::size_t>(at)], w, plain));
    }
    row.push_back(year_text(h.year_of[1], q, w));
    row.push_back(year_text(h.year_of[2], q, w));
    row.push_back(plain ? fmt::format("{:.1f}", h.spent_idr_bn)
                        : say(w.billion, number_text(h.spent_idr_bn, 0, lang)));
    rows.push_back(row);
  }
  if (plain) return table_text(rows, true);
  std::string text = fmt::format(
      " {}   {}\n\n",
      say(w.chance_that, q.city, definition_words(q.definition, lang), q.definition),
      say(w.futures_each,
          number_text(static_cast<double>(outcomes.front().zero_years.size()), 0, lang)));
  return text + table_text(rows, false) + "\n" + sentences(q, outcomes, lang);
}

std::string headline_json(const Headline& h, const std::string& level) {
  std::string chances;
  for (std::size_t i = 0; i < h.years.size(); ++i) {
    chances += fmt::format("{}\"{}\":[{:.6g},{:.6g}]", i == 0 ? "" : ",", h.years[i],
                           100.0 * h.chances[i].estimate, 100.0 * h.chances[i].half_width);
  }
  const auto year = [](const std::optional<int>& y) {
    return y ? fmt::format("{}", *y) : std::string("null");
  };
  return fmt::format(
      "\"option\":\"{}\",\"level\":\"{}\",\"chance_pct\":{{{}}},\"zero_year\":{{\"10\":{},\"50\":{}"
      ","
      "\"80\":{},\"90\":{}}},\"not_reached_pct\":{:.6g},\"restricted_mean_years\":{:.6g},"
      "\"restricted_mean_low\":{:.6g},"
      "\"paid_idr_bn\":{},\"replicates\":{}",
      h.name, level, chances, year(h.year_of[0]), year(h.year_of[1]), year(h.year_of[2]),
      year(h.year_of[3]), 100.0 * h.not_reached.estimate, h.restricted_mean_years,
      h.restricted_mean_low,
      std::isfinite(h.spent_idr_bn) ? fmt::format("{:.6g}", h.spent_idr_bn) : "null", h.replicates);
}

}  // namespace musi::analysis
