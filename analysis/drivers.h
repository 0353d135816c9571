#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/compare.h"
#include "analysis/results.h"
#include "analysis/statistics.h"

/// What a result depends on: one row per uncertain input, however it was found.
namespace musi::analysis {

/// Where the chance passes a level as one input rises.
struct Tipping {
  double value = 0.0;       ///< of the input, in its unit
  double chance_pct = 0.0;  ///< the level: 50, or the wished chance
};

struct DriverRow {
  std::string path, unit;
  /// Outcome where the input is low and high: in the low and high quarter of its values (regional,
  /// sobol), before and after a rise by half of its probability (morris).
  double low = 0.0, high = 0.0;
  Estimate95 effect;                         ///< high - low
  double p_value = 1.0;                      ///< two-sided, of no effect
  bool stands_out = false;                   ///< at a false discovery rate of 10 % over all rows
  std::optional<Estimate95> screening = {};  ///< morris: mean size of a change, sign left out
  double spread = 0.0;                       ///< morris: standard deviation of the changes
  std::optional<Estimate95> first_order = {}, total = {};  ///< sobol: shares of the variance
  std::optional<Tipping> tipping = {};
  /// A larger row whose input rises or falls with this one in the futures that were run, and their
  /// rank correlation: the two cannot be told apart.
  std::string twin = {};
  double twin_correlation = 0.0;
};

/// Low against high quarter of one input. Values at the quartiles belong to the quarters; an input
/// with few values is split at its most common one. Nothing if the input is constant or not known.
///
/// `is_share`: outcomes are 0 or 100, the interval is Newcombe's (1998, method 10); else it is
/// Welch's with the normal law. 95 %.
std::optional<DriverRow> regional_row(std::span<const double> input,
                                      std::span<const double> outcome, bool is_share);

/// Where the chance passes `level_pct` as the input rises: isotonic fit over up to ten groups of
/// equal size with 20 futures or more, linear between their means. `outcome`: 0 or 100. Nothing if
/// the fit stays on one side.
std::optional<double> tipping_value(std::span<const double> input, std::span<const double> outcome,
                                    double level_pct);

/// Marks rows that stand out by the rule of Benjamini and Hochberg (1995) at `rate`.
void mark_discoveries(std::vector<DriverRow>& rows, double rate = 0.1);

/// Tipping values of rows that stand out: of 50 %, else of `wished_pct`. `columns`: of each row.
void add_tipping(DriverRow& row, std::span<const double> input, std::span<const double> outcome,
                 double wished_pct);

/// Spearman's rank correlation; equal values get their mean rank.
double rank_correlation(std::span<const double> a, std::span<const double> b);

/// Largest first: total share, else screening, else size of the effect.
void rank(std::vector<DriverRow>& rows);

/// The uncertain inputs of an option of a result. Shape of `values`: [input][replicate].
struct ResultInputs {
  std::vector<std::string> paths, units;
  std::vector<std::vector<double>> values;
};
ResultInputs inputs_of(const Results& results, std::size_t option);

/// `chance_by:YEAR`, `restricted_mean_years`, `slum_area_ha:YEAR`, `paid_idr_bn` or
/// `paid_idr_bn:A..B`; empty: the chance of the headline. std::invalid_argument.
CompareMetric driver_metric(const std::string& text, int headline_year, int spent_from,
                            int spent_to);
bool is_share(const CompareMetric& metric);
/// "percent", "years", "ha", "IDR billion".
std::string unit_of(const CompareMetric& metric);

/// Regional rows of an option of a result, ranked. IoError `no_inputs` if it holds none.
std::vector<DriverRow> regional_drivers(const Results& results, std::size_t option,
                                        const CompareMetric& metric, double wished_pct);

}  // namespace musi::analysis
