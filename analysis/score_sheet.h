#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/score/classes.h"
#include "models/score/criteria.h"
#include "models/score/priority.h"
#include "sim/io/csv_table.h"
#include "sim/io/problems.h"

namespace musi::analysis {

/// How survey sheets are read and scored, INTERFACE 1.6.
struct SheetRules {
  models::Regulation regulation = models::Regulation::permen_2018;
  models::CutRule cuts = models::CutRule::operational;
  models::CitySize city_size = models::CitySize::metropolitan;
  bool by_site = false;             ///< sum the volumes of each site first
  bool indonesian_locale = false;   ///< semicolon and decimal comma, read and written
  bool strict = false;              ///< flags are errors
  std::string id_column = "rt_id";  ///< header word that names the RT
};

/// One RT, or one site whose volumes were summed.
struct ScoredRow {
  int line = 0;  ///< in the file; of a site, its first RT
  std::string site_id = {};
  std::string rt_id = {};  ///< empty for a site
  int n_rt = 1;
  std::vector<models::Share> shares = {};  ///< [criterion of the regulation]
  std::vector<int> points = {};            ///< [criterion of the regulation]
  int total = 0;                           ///< [points]
  models::SlumClass slum_class = models::SlumClass::not_slum;
  double sectoral_mean = 0.0;  ///< [fraction]
  bool kotaku_exit = false;
  // Nothing where the sheet does not say enough.
  std::optional<int> consideration_points = {};
  std::optional<int> legality_points = {};
  std::optional<models::Priority> priority = {};
  std::optional<models::Handling> handling = {};
  std::vector<std::string> copied = {};  ///< cells of `ScoreSheet::copied_columns`
};

/// A scored sheet, ready to be written.
struct ScoreSheet {
  SheetRules rules;
  std::vector<ScoredRow> rows;
  std::vector<std::string> copied_columns;
};

/// What the reader of tables must know of a survey sheet.
sim::io::CsvSpec sheet_spec(const SheetRules& rules);

/// Scores every row (or site). What is wrong with the sheet goes to `problems`: `missing_column`,
/// `criterion`, `out_of_range`, the codes of unreadable numbers and, if strict, `clamped` and
/// `no_denominator`. The rows are complete only if no error was added.
///
/// A criterion given as volumes and as percentage is scored by its volumes. Numerators of a site
/// are clamped RT by RT, so that one wrong cell cannot outweigh its neighbours. A site has the
/// answer `yes` or `no` of its RTs only if they agree.
ScoreSheet score_sheet(const sim::io::CsvTable& table, const SheetRules& rules,
                       sim::io::Problems& problems);

/// Reads, checks and scores a file (`-` = standard input). Throws InputError with all problems,
/// IoError if it cannot be read.
ScoreSheet read_score_sheet(const std::string& file, const SheetRules& rules);

/// Header of the output table, and the cells of a row under it; unknown ones are empty.
std::vector<std::string> output_header(const ScoreSheet& sheet);
std::vector<std::string> output_cells(const ScoredRow& row, bool indonesian_locale);

/// The output table of INTERFACE 1.6, with header line; itself a legal survey sheet. Percentages
/// have four decimals and are never rounded up across a cut.
std::string to_csv(const ScoreSheet& sheet);

/// How often each class and each flag occurs.
struct SheetCounts {
  std::array<std::size_t, 4> classes{};  ///< [SlumClass]
  std::size_t clamped_low = 0;
  std::size_t clamped_high = 0;
  std::size_t no_denominator = 0;

  std::size_t flags() const { return clamped_low + clamped_high + no_denominator; }
};

SheetCounts counts(const ScoreSheet& sheet);

/// "21 RT: 2 heavy, 7 medium, 11 light, 1 not slum.  3 flags (2 clamped_high, 1 no_denominator)."
std::string summary(const ScoreSheet& sheet, sim::io::Language language);

}  // namespace musi::analysis
