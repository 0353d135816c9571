#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/calibration/fit.h"
#include "analysis/calibration/judgement.h"
#include "analysis/calibration/observations.h"
#include "analysis/scenario/reader.h"

/// What `musi calibrate` finds, and how it says it.
namespace musi::analysis::calibration {

/// Median and 90 % range of a number over runs.
struct Band {
  double low = 0.0, middle = 0.0, high = 0.0;
};
Band band_of(std::span<const double> values);

/// One rival structure of the model among the runs that were accepted; drawn with equal weight.
struct StructureShare {
  std::string name;       ///< "participation_theory: threshold"
  double prior = 0.0;     ///< share among all runs of the prior
  double accepted = 0.0;  ///< share among those accepted
};

/// One reading of the past, fitted.
struct ReadingResult {
  Reading reading = Reading::measured;
  Comparisons compared;
  Fit fit;
  double evidence = 0.0;             ///< mean agreement of the runs of the prior
  std::vector<InputJudgement> inputs;
  std::vector<Band> reach;             ///< least, median, most of wave 1, by comparison
  Discrepancy discrepancy;             ///< of the areas, beside the stated errors
  /// Mean agreement of the runs of the prior by the book behind the areas; empty under the measured
  /// reading.
  struct BookAgreement {
    std::string name_en, name_id;
    double agreement = 0.0;
  };
  std::vector<BookAgreement> books;
  std::vector<Band> prior, posterior;  ///< by comparison
  Band prior_fall, posterior_fall;     ///< of the physical area [ha a year]
  /// Each year left out in turn, told by the runs that the other observations weigh. Means little
  /// where no run was accepted: the weights then choose among runs that all disagree.
  std::vector<LeftOut> left_out;
  Skill skill;
  std::vector<LeftOut> prior_left_out;  ///< the same years, told by the prior
  Skill prior_skill;
  std::vector<StructureShare> structures;
  std::optional<PerfectModel> perfect;
  std::vector<std::size_t> columns;  ///< inputs in the file of draws, rising
  /// Input that is 0 in every draw: what is removed on paper, where the published area is the area
  /// on the ground.
  std::optional<std::size_t> zero_input;
  std::string draws_file;            ///< empty: none was written
};

/// What a perfect model could learn: share of the variance of each input. Shape: [data set][input].
struct Learnable {
  std::array<std::vector<double>, 4> share;
};

struct Study {
  std::string file, option, city;
  std::uint64_t seed = 0;
  std::size_t n_waves = 0, runs_per_wave = 0, n_runs = 0;
  Method method = Method::both;
  int first_year = 0, last_year = 0;
  std::vector<std::string> paths, units;  ///< of the inputs
  std::vector<ReadingResult> readings;
  std::optional<Learnable> learnable;
};

/// The whole report. `is_plain`: tables with tabs. English or Indonesian.
std::string study_text(const Study& study, const std::string& lang, bool is_plain);
/// One line after a wave, while the command runs.
std::string wave_line(Reading reading, std::size_t number, const Wave& wave,
                      const std::string& lang);
/// Why nothing was accepted: the observation that excludes most.
std::string nothing_text(const ReadingResult& result, const std::string& lang);

/// The table of draws for sampling.draws: a column per chosen input, a row per accepted run.
std::string draws_csv(const ReadingResult& result, const std::vector<std::string>& paths,
                      const std::function<double(std::size_t input, double u)>& value);

/// Shares of the rival structures among runs with these run seeds.
std::vector<StructureShare> structure_shares(const models::Scenario& scenario,
                                             const models::City& city,
                                             const std::vector<std::uint64_t>& prior,
                                             const std::vector<std::uint64_t>& accepted);

}  // namespace musi::analysis::calibration
