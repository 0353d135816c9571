#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/calibration/history.h"
#include "analysis/calibration/reference_forecasts.h"
#include "analysis/city_reader.h"
#include "analysis/laboratory.h"

/// From rows of observed.csv to numbers of a run. MODEL.md 20.4 and 26.
namespace musi::analysis::calibration {

/// Rival readings of the published area, kept apart (MODEL.md 20.4).
enum class Reading : std::uint8_t {
  measured,        ///< the published figure is the physical area, with the error of publishing
  administrative,  ///< it is what the office's books say, with that error, less K
};
std::string word(Reading reading);

/// Path of K, the hectares a year that are removed on paper.
inline constexpr const char* removal_on_paper = "parameters.report_admin_removal_ha_per_year";

/// Physical fall that a reading says [ha a year]. Source: MODEL.md 20.4.
struct FallRange {
  double low = 0.0, high = 0.0;
};
FallRange stated_fall(Reading reading);

/// Where in a run an output is found.
struct Quantity {
  std::string series;
  int year = 0;            ///< end of this year; 0: a number of the start
  std::size_t index = 0;   ///< of a number of the start
  std::string divisor = {};  ///< series of the start that it is divided by; empty: none
  double from = 0.0;       ///< output = from + factor * number
  double factor = 1.0;
  bool is_published = false;  ///< an area of a book, read with the error of publishing
  bool is_less_removed = false;  ///< and less what was removed on paper by then (K)
};

/// A row that is fitted.
struct Comparison {
  Target target;
  Quantity quantity;
  double time = 0.0;  ///< [years]
  bool is_area = false;
  std::string source;
};

/// A row that cannot be fitted, and why.
struct NotCompared {
  std::string name, why_en, why_id;
};

struct Comparisons {
  std::vector<Comparison> used;
  std::vector<NotCompared> not_used;
  std::size_t n_not_read = 0;  ///< rows whose `use` is another

  std::vector<Target> targets() const;
};

/// Rows with `use` = calibrate as numbers of a run of this scenario. No other row is looked at.
Comparisons comparisons(const CityData& data, const models::Scenario& scenario, Reading reading);

/// A book that published areas may come from (MODEL.md 20.4), and the comparisons under it.
struct RivalBook {
  std::string name_en, name_id;
  std::vector<Comparison> compared;
};
/// The administrative reading with each of the books that a run can be published from: the ledger
/// with the list of a decree in its year (as compared), the list alone, the ground; and as compared
/// with nothing removed on paper. Empty if no area comes from a book. Figures by plan are of
/// another run and not among them.
std::vector<RivalBook> rival_books(const std::vector<Comparison>& compared);

/// Area that a run is given for its start: known to every forecast. Nothing if it starts elsewhere.
std::optional<Known> starting_area(const CityData& data, const models::Scenario& scenario);

/// Series that the readings need, besides the usual ones of a laboratory.
std::vector<std::string> needed_series();

/// Numbers of the futures of a trial, areas as the books hold them. Shape: [future][comparison].
std::vector<std::vector<double>> numbers_of(const Outcomes& outcomes,
                                            const std::vector<Comparison>& comparisons);

/// Fills outputs and figures of runs with points and futures from these numbers: areas of a book
/// are published as the model does it (MODEL.md 20.4), outputs with the very error that the run
/// drew.
/// `run_seed`: of a future.
void publish(Runs& runs, const std::vector<std::vector<double>>& numbers,
             const std::vector<Comparison>& comparisons, const models::Scenario& scenario,
             const models::City& city, const std::function<std::uint64_t(std::size_t)>& run_seed);

}  // namespace musi::analysis::calibration
