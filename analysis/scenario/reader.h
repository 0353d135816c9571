#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/city_reader.h"
#include "analysis/input_files.h"
#include "models/scenario.h"
#include "sim/io/problems.h"

/// Reads a scenario file with its base files, options and levels, INTERFACE 4.
namespace musi::analysis {

struct ReadOptions {
  std::vector<std::string> sets = {};     ///< PATH=VALUE of the command line, over everything else
  std::vector<std::string> options = {};  ///< names to keep; empty: all
  bool allow_large = false;               ///< more than ten million runs
  bool with_sweep = true;                 ///< also the points of `sweep`
};

/// A value that the program lays over a variant: a point of a sweep, a solved lever, a search.
struct Override {
  std::string path;              ///< dotted, as under `set`
  std::string value;             ///< as it would be written in YAML
  std::string origin = "point";  ///< the place in messages and resolved scenarios

  bool operator==(const Override&) const = default;
};

/// `solve_for` of an option: the lever that the program finds.
struct SolveFor {
  std::string path;              ///< a numeric key
  double low = 0.0, high = 0.0;  ///< bounds of the search, in the unit of the key
  int by_year = 0;
  /// Wanted: chance of zero by the year of at least this [%], or
  std::optional<double> chance_pct;
  /// median slum area in the year of at most this share of the start [%].
  std::optional<double> area_pct_of_start;
};

/// What a search found, with the 90 % interval from resampled futures.
struct SolvedValue {
  double value = 0.0, low = 0.0, high = 0.0;
};

/// One option at one level: a scenario that can be run.
struct Variant {
  std::string name;                ///< "current", "current+supported"
  std::string option, level;       ///< level: empty without levels
  std::string title_en, title_id;  ///< of both
  std::string description;
  models::Scenario scenario;
  std::string resolved;  ///< merged scenario as YAML, the origin behind each line
  std::vector<Override> values = {};  ///< laid over option and level by the program
  bool is_sweep_point = false;
  std::optional<SolveFor> solve = {};  ///< before it is solved, the lever has the file's value
  std::optional<SolvedValue> solved = {};
};

class VariantMaker;

/// Numbers that `check` prints.
struct Plan {
  std::size_t n_options = 0, n_levels = 0, n_sweep_points = 0;
  std::uint64_t replicates = 0, runs = 0;
  std::uint64_t seed = 0;
  std::size_t n_sites = 0, n_synthetic_areas = 0;
  std::size_t n_uncertain = 0;         ///< uncertain inputs of all variants, each counted once
  std::size_t n_unsourced = 0;         ///< of these, inputs without a source
  std::vector<std::string> unsourced;  ///< their paths
};

struct ReadResult {
  std::string file;  ///< as shown in messages
  std::string name, title_en, title_id, question_en, question_id, description;
  std::string created, licence, changed_because;  ///< provenance; empty if not given
  std::vector<std::string> extends;               ///< base files, nearest first
  std::optional<CityData> city;
  std::vector<Variant> variants;  ///< options x levels; empty after errors
  Plan plan;
  /// sampling.stop_early: half-width of the headline chance at which runs stop [points].
  std::optional<double> stop_half_width_pct = {};
  /// Makes further variants of the same file (variants.h); null after errors.
  std::shared_ptr<const VariantMaker> maker;
  InputFiles inputs;  ///< all files read, with their bytes
  sim::io::Problems problems;

  bool ok() const { return !problems.has_errors() && !variants.empty(); }
};

/// Reads and checks everything that a scenario file names. Never throws for what a file says; the
/// problems of `--set` have the place "command line". IoError `cannot_open` if `path` itself is
/// missing (with the nearest name), a folder, or unreadable. `-` is standard input.
ReadResult read_scenario(const std::string& path, const ReadOptions& options = {});

/// Reads and checks only a city folder.
ReadResult read_city_folder(const std::string& path);

}  // namespace musi::analysis
