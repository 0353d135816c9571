#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "sim/core/record_store.h"
#include "sim/io/file.h"

/// The result file of INTERFACE.md section 6; `analysis/FORMAT.md` lists every dataset.
namespace musi::analysis {

/// One entry of the axis `option`.
struct ResultOption {
  std::string name;        ///< "current+supported"
  std::string base, level;  ///< "current", "supported"; empty if there is none
  std::string title_en, title_id;
  std::string kind = "given";  ///< given, level, solved, sweep
  std::optional<SolvedValue> solved = {};
};

/// A path whose value differs between options.
struct ResultLever {
  std::string path;
  std::vector<double> values;  ///< [option], NaN where it is not a number
};

struct ResultSite {
  std::string id, name, kecamatan, area_status;
  double latitude = 0.0, longitude = 0.0, area_initial = 0.0;  ///< NaN if unknown
};

/// An uncertain input and its story.
struct ResultInputInfo {
  std::string path, units, status, source;
};

/// One published figure.
struct ResultObservation {
  int year = 0, month = 0;
  double value = 0.0, low = 0.0, high = 0.0;
  std::string indicator, series, use, source;
};

/// An indicator of implementation.
struct ResultMeasure {
  std::string code, unit, title_en, title_id, definition;
};

struct ResultFileText {
  std::string name;   ///< as the scenario names it: "cities/palembang/sites.csv"
  std::string bytes;  ///< text of at most 2 MiB; empty with `sha256` set for larger ones
  std::string sha256;
};

struct ResultProvenance {
  std::string scenario_yaml, resolved_yaml;
  std::vector<ResultFileText> inputs;
  std::string flags;     ///< only those that affect results
  std::string points;    ///< of `musi frontier`: its trials, see points_file.h; else empty
  std::uint64_t seed = 0;
  std::string design;    ///< sobol, latin_hypercube, random
  std::string created;   ///< empty: no date in the file
  std::size_t replicates_planned = 0;
};

/// Everything a result file holds besides the records. Their series may have the dimensions year,
/// quarter, definition, site, funds, line, programme, kecamatan, criterion, input, rt, item, stage,
/// people, deprivations and measure. All are stored as they are, except: `mean_points` and series
/// that are kept as mean as mean over the futures; `site_area` as quantiles, and whole only with
/// `write_site_area`; series by rt as summaries (`rt_zero_year`, `rt_points`, `rt_start_points`).
/// Rows of the records (models/indicators/works_rows.h) become the group `works`.
struct ResultInput {
  std::string title, summary, question;
  int price_year = 2019;
  std::string headline_definition = "Z2a";
  int headline_year = 2030;
  double city_area_ha = 0.0;  ///< 0: unknown
  std::vector<ResultOption> options;
  std::vector<ResultLever> levers;
  std::vector<int> years;
  std::vector<ResultSite> sites;
  std::vector<double> quantiles_pct;
  std::vector<std::string> criteria, definitions, funds, lines, programmes, kecamatan, rt_ids;
  std::vector<std::string> items, item_units, stages, people, deprivations;
  std::vector<ResultMeasure> measures;
  std::vector<int> rt_site;      ///< [rt] row of `sites`
  std::vector<double> rt_area;   ///< [rt] ha
  std::vector<ResultInputInfo> inputs;
  std::vector<float> input_values;  ///< [option, replicate, input]; replicates of `records`
  /// The same for some successive replicates, made as they are written; used if there is no
  /// `input_values`. Shape: [replicate, input].
  std::function<std::vector<float>(std::size_t option, std::size_t first, std::size_t count)>
      input_rows = {};
  std::vector<ResultObservation> observations;
  bool write_site_area = false;  ///< outputs.per_site = all
  std::size_t works_replicates = 0;  ///< the first so many futures kept their works
  bool write_all_works = false;      ///< of all these; else of the one nearest the median
  ResultProvenance provenance;
};

/// Lengths of the dimensions, for RecordStore.
std::map<std::string, std::size_t> dimension_lengths(const ResultInput& input);

/// Writes the result file, format 1.1, through a temporary name. Only the first replicates that all
/// options have are written; `complete` is 0 if they are fewer than planned. Equal input gives
/// equal bytes. Yearly series of options of kind `sweep` stay missing. IoError `exists`,
/// `cannot_write`, `disk_full`; ContractError if shapes do not fit.
void write_result(const std::string& path, const ResultInput& input,
                  const sim::RecordStore& records,
                  sim::io::Existing existing = sim::io::Existing::refuse);

/// Dataset name of a lever: `lever_` and the path with letters, digits and `_` only.
std::string lever_name(const std::string& path);

}  // namespace musi::analysis
