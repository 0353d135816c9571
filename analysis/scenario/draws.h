#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/input_files.h"
#include "analysis/scenario/tree.h"
#include "models/scenario.h"

/// `sampling.draws`: a table whose rows take the place of drawn inputs, INTERFACE 4.4.
namespace musi::analysis {

/// Name of the column that only counts the rows.
inline constexpr const char* draw_column = "draw";

/// A table of draws that was read: one column per input, in the unit of its key.
struct InputDraws {
  struct Column {
    std::string path;
    std::shared_ptr<const std::vector<double>> values;  ///< by row
    sim::Place place;                                   ///< of the header cell
  };
  std::string file;  ///< as shown in messages
  std::size_t n_rows = 0;
  std::vector<Column> columns;
  YamlNode at;  ///< value of sampling.draws, for messages
};

/// Reads and checks the table: each column but `draw` is the path of an uncertain key, each cell a
/// legal value of it. Reports `bad_draws` and mistakes of cells; nothing after an error.
std::optional<InputDraws> read_draws(const YamlNode& at, const InputPath& path, InputFiles& files,
                                     Problems& problems);

/// Puts the rows in the place of the distributions of a variant. Inputs that the variant makes
/// certain stay as they are: a number that is set wins over a draw. An input that is drawn anew by
/// site or year gets one value per future. Inputs whose rows differ from the distribution that they
/// replace (false discoveries 10 %) get the status `calibrated` and the file as source; the others
/// keep theirs, because a table also holds inputs that the data do not tell. Reports `bad_draws` if
/// the futures need more rows than there are, or if uncertainty is off.
void apply_draws(const InputDraws& draws, models::Scenario& scenario, Problems& problems);

/// Columns that no variant has as an uncertain input, each a warning `draws_unused`.
void check_draws_used(const InputDraws& draws,
                      const std::vector<const models::Scenario*>& scenarios, Problems& problems);

}  // namespace musi::analysis
