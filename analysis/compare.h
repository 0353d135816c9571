#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/headline.h"
#include "analysis/results.h"
#include "analysis/statistics.h"

/// Options of one or more results side by side, INTERFACE 1.5.
namespace musi::analysis {

/// A number of each future that options are compared by.
struct CompareMetric {
  enum class Kind : std::uint8_t {
    chance_by,              ///< [percent] 100 if zero is reached by `from`, else 0
    restricted_mean_years,  ///< years until zero, from the first year, clock stopped at the horizon
    not_reached_pct,        ///< [percent] 100 if zero is not reached by the horizon, else 0
    slum_area_ha,           ///< [ha] physical slum area at the end of `from`
    paid_idr_bn,            ///< [IDR bn] money paid from `from` to `to`
  };
  Kind kind = Kind::chance_by;
  int from = 0, to = 0;
  std::string text;  ///< "chance_by:2030"
};

/// `chance_by:2030`, `restricted_mean_years`, `not_reached_pct`, `slum_area_ha:2030`,
/// `paid_idr_bn:2020..2030`. std::invalid_argument with a sentence for the user.
CompareMetric parse_metric(const std::string& text);

/// Resolved scenario of one option of a result: all of them stand in one text.
std::string resolved_of(const Results& results, std::size_t option);

/// A metric that follows from the year of zero alone (chance_by, not_reached_pct, else the
/// restricted mean), of every future. `zero_years`: NaN where zero is not reached.
/// Shape: [replicate].
std::vector<double> metric_of_years(std::vector<double> zero_years, const CompareMetric& metric,
                                    int first_year, int last_year);

/// A metric of every future of an option. Shape: [replicate]; NaN where the result keeps no series.
/// `first_year`, `last_year`: of the restricted mean.
std::vector<double> metric_values(const Results& results, std::size_t option,
                                  const CompareMetric& metric, int first_year, int last_year);

struct CompareOptions {
  std::string baseline = {};                ///< name of an option; empty: the first
  std::vector<CompareMetric> metrics = {};  ///< empty: chance, years, area and money
  bool all_assumptions = false;             ///< also those that are equal
  bool unpaired = false;
};

/// An assumption and its value in each option, as the resolved scenario has it; "" if it is absent.
struct ComparedAssumption {
  std::string path;
  std::vector<std::string> values;  ///< [option]
};

/// A metric with its 95 % interval in each option.
struct ComparedOutcome {
  CompareMetric metric;
  std::vector<Estimate95> values;  ///< [option]
};

/// Mean difference of a metric, option minus baseline.
struct ComparedDifference {
  CompareMetric metric;
  Estimate95 difference;
  /// Futures that unpaired results of equal size would need for the same half-width, as a multiple
  /// of those here: (var a + var b) / var (a - b). 1 if unpaired; infinite if all differences are
  /// equal.
  double times_fewer = 1.0;
};

/// One option against the baseline.
struct Pairing {
  std::size_t option = 0;
  bool is_paired = false;
  std::string why_not_en, why_not_id;  ///< if it is not paired
  // Future by future; a future without zero counts as the year after the horizon.
  std::size_t earlier = 0, equal = 0, later = 0;
  Share earlier_share;
  Estimate95 median_gain;  ///< years, where it is earlier; interval from resampled futures
  Estimate95 mean_gain;    ///< years, over all futures
  std::vector<ComparedDifference> differences;
};

struct Comparison {
  std::string city, definition;
  int price_year = 0, first_year = 0, last_year = 0, headline_year = 0;
  std::vector<std::string> options;  ///< names, with the file where two are called the same
  std::vector<Headline> headlines;   ///< [option]
  std::vector<bool> is_complete;     ///< [option] the file holds all futures
  std::size_t baseline = 0;
  std::vector<ComparedAssumption> assumptions;
  std::vector<ComparedOutcome> outcomes;
  std::vector<Pairing> pairings;  ///< of all options but the baseline
};

/// InputError `not_comparable` if city, price year or definition differ; std::invalid_argument for
/// an unknown baseline or a year outside the common horizon.
Comparison compare(const std::vector<std::unique_ptr<Results>>& results,
                   const CompareOptions& options);

/// Why futures of two results cannot be paired, in English and Indonesian; empty if they can.
struct WhyNot {
  std::string en, id;
};
std::optional<WhyNot> why_not_paired(const Results& a, std::size_t option_a, const Results& b,
                                     std::size_t option_b);

enum class CompareFormat : std::uint8_t { table, csv, markdown, plain };
std::string comparison_text(const Comparison& comparison, CompareFormat format,
                            const std::string& lang);
/// Fields of the JSON event `result`, without braces.
std::string comparison_json(const Comparison& comparison);

}  // namespace musi::analysis
