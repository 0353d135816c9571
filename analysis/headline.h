#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics.h"

/// The answer of a run: when slum area reaches 0 %, how sure that is, what it costs.
namespace musi::analysis {

/// What one option left behind, by future.
struct OptionOutcome {
  std::string name;
  bool is_sweep_point = false;       ///< a row of the table, no sentences
  std::vector<double> zero_years;    ///< [replicate] headline definition; NaN: not by the end
  /// [replicate] year without slum on the ground (Z1); empty if futures ended before it was known.
  std::vector<double> physical_years;
  std::vector<double> spent_idr_bn;  ///< [replicate] in the years of HeadlineQuestion
  /// [barrier] hectares held back in the last year, summed over the futures that do not reach zero;
  /// see barrier_words.
  std::vector<double> barrier_ha;
  /// Of futures that ended with a zero on paper, by replicate: slum area on the ground in that
  /// December [ha], NaN without a zero; area listed at the start [ha]. Else empty.
  std::vector<double> ground_ha_at_zero, listed_ha;
};

struct HeadlineQuestion {
  std::string city, definition;  ///< "Palembang", "Z2a"
  int start_year = 2019, end_year = 2045;
  int headline_year = 2030;
  std::vector<int> years;  ///< of the scenario's targets
  double chance_pct = 80.0;
  int spent_from = 2019, spent_to = 2030;
  std::size_t uncertain_inputs = 0, without_source = 0;
  std::size_t sites = 0, synthetic_sites = 0;
  int price_year = 2019;
  std::size_t planned_replicates = 0;
  bool is_complete = true;

  /// Zero is what the books say, whatever is left on the ground.
  bool is_on_paper() const { return definition == "Z2a" || definition == "Z2b"; }
};

/// One option in numbers.
struct Headline {
  std::string name;
  std::vector<int> years;      ///< of `chances`
  std::vector<Share> chances;  ///< of 0 % by the end of these years
  std::array<std::optional<int>, 4>
      year_of{};  ///< by which 10, 50, chance_pct, 90 % have reached it
  Share not_reached;
  double restricted_mean_years = 0.0;  ///< from the start year, clock stopped at the horizon
  /// The same if zero came as early in its year as it may have: its years are interval-censored.
  double restricted_mean_low = 0.0;
  double spent_idr_bn = 0.0;           ///< mean
  std::size_t replicates = 0;
};

Headline headline_of(const OptionOutcome& outcome, const HeadlineQuestion& question);

/// Keys of the barriers in the order of OptionOutcome::barrier_ha.
const std::vector<std::string>& barrier_keys();

/// What the books did not see when they came to zero. Nothing if no future came to zero on paper.
struct GroundAtZero {
  std::size_t n_reached = 0, n_left = 0;  ///< futures with a zero; with slum on the ground then
  double mean_ha = 0.0;                   ///< over `n_left`
  double mean_pct = 0.0;                  ///< of the area listed at the start
};
std::optional<GroundAtZero> ground_at_zero(const OptionOutcome& outcome);

/// The table and sentences of INTERFACE 2.2. `lang`: en or id; `plain`: tab-separated, ASCII.
std::string headline_text(const HeadlineQuestion& question,
                          const std::vector<OptionOutcome>& outcomes, const std::string& lang,
                          bool plain);

/// Fields of the JSON event `result` of one option, without braces.
std::string headline_json(const Headline& headline, const std::string& level);

/// 1,729.84 or 1.729,84.
std::string number_text(double value, int decimals, const std::string& lang);

}  // namespace musi::analysis
