#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/input_archive.h"
#include "analysis/results.h"
#include "sim/core/error.h"

/// `musi reproduce`: what a result says it was made from, and how a second one differs from it.
namespace musi::analysis {

/// Everything in a result that is needed to compute it again.
struct Recipe {
  std::string scenario;                 ///< name of the scenario file in the archive
  InputArchive inputs;                  ///< with the scenario
  std::vector<std::string> sets;        ///< PATH=VALUE of --set
  std::vector<std::string> options;     ///< of --option
  std::string replicates, seed;         ///< as typed; empty if they were not
  std::vector<std::pair<std::string, std::string>> hashes;  ///< input -> SHA-256, as stated
};

/// The recipe of a result. Inputs that it keeps by their hash only (over 2 MiB, or left out of a
/// report) are those of equal hash on this machine. IoError `not_in_result` if there is none, or a
/// flag is not known to this program.
Recipe recipe_of(const Results& results);

/// Puts the files of a city folder on the disk in the place of those of the recipe. IoError
/// `cannot_open` if the folder cannot be read.
void use_city(Recipe& recipe, const std::string& folder);

/// Inputs whose bytes do not give the hash that the result states: "sites.csv" and why.
std::vector<std::string> damaged_inputs(const Recipe& recipe);
/// What to throw if there are any: IoError `damaged`.
sim::IoError damaged_result(const std::string& path, const std::vector<std::string>& inputs);
/// Inputs by name that differ between two results, are missing or new.
std::vector<std::string> changed_inputs(const Results& theirs, const Results& ours);
/// Inputs that differ from the file of that name on this machine (in the working directory, below
/// `scenarios/`, or compiled in). Files that are not here are not named.
std::vector<std::string> outdated_inputs(const Recipe& recipe);

/// A pair of numbers.
struct NumberDifference {
  std::string variable;
  std::size_t index = 0;  ///< place in the dataset, last dimension fastest
  double theirs = 0.0, ours = 0.0;
  double relative = 0.0;  ///< |theirs - ours| / max(|theirs|, |ours|); 1 if one is missing
};

struct ResultComparison {
  std::size_t compared = 0, different = 0;
  std::optional<NumberDifference> largest;
  std::vector<std::string> missing;  ///< datasets that only theirs has: each counts as different
  std::vector<std::string> added;    ///< datasets that only ours has: they count nothing
  std::vector<std::string> skipped;  ///< statistics over more futures than were computed again
};

/// Compares all datasets but provenance and inputs. Numbers are equal if they differ by at most
/// `tolerance` relative to the larger one; missing equals missing; texts must be equal. If `ours`
/// has fewer futures, the first ones are compared, and statistics over all futures are skipped.
ResultComparison compare_results(const Results& theirs, const Results& ours, double tolerance);

}  // namespace musi::analysis
