#include "analysis/scenario/draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "analysis/calibration/abc.h"
#include "analysis/scenario/schema.h"
#include "sim/io/csv_table.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using sim::io::CsvColumn;
using sim::io::CsvSpec;
using sim::io::CsvTable;

constexpr std::size_t most_inputs = 500;

/// Key of an uncertain input; null if the word is no such path.
const KeySpec* key_of(const std::string& path) {
  const SchemaNode* node = schema().find(path);
  if (node == nullptr || node->key == nullptr) return nullptr;
  const bool can_be_drawn =
      node->key->is_uncertain() || node->key->type == KeyType::uncertain_by_year;
  return can_be_drawn ? node->key : nullptr;
}

/// A word of the first line and its column.
struct HeaderWord {
  std::string text;
  int column = 1;
};

/// The first line, taken apart. Names of inputs hold neither commas nor quotes; what does is then
/// reported as an unknown input.
std::vector<HeaderWord> header_of(const std::string& bytes) {
  std::vector<HeaderWord> words{{}};
  std::size_t at = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int column = 1; at < bytes.size() && bytes[at] != '\n'; ++at, ++column) {
    if (bytes[at] == '\r') continue;
    if (bytes[at] == ',') {
      words.push_back({"", column + 1});
    } else {
      words.back().text += bytes[at];
    }
  }
  return words;
}

sim::Problem& report_header(const std::string& file, int column, const Text& message,
                            Problems& problems) {
  sim::Place place;
  place.file = file;
  place.line = 1;
  place.column = column;
  return problems.error("bad_draws", place, message);
}

void report_column(const std::string& file, const HeaderWord& header, Problems& problems) {
  const std::string& word = header.text;
  auto& problem = report_header(
      file, header.column,
      {fmt::format("column '{}' names no uncertain input", sim::io::quoted_value(word)),
       fmt::format("kolom '{}' bukan masukan yang tidak pasti", sim::io::quoted_value(word))},
      problems);
  if (const auto nearest = sim::io::nearest_name(word, schema().paths())) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                       fmt::format("maksud Anda '{}'?", *nearest)});
    return;
  }
  set_hint(problem, {"write paths as under `set`, for example parameters.report_log_sd",
                     "tulis jalur seperti di bawah `set`, misalnya parameters.report_log_sd"});
}

/// Header words as columns; reports those that are no inputs.
CsvSpec spec_of(const std::vector<HeaderWord>& header, const std::string& file,
                Problems& problems) {
  CsvSpec spec{.columns = {{.name = draw_column, .type = sim::io::CellType::whole}},
               .most_columns = most_inputs};
  for (const HeaderWord& word : header) {
    if (word.text == draw_column) continue;
    const KeySpec* key = key_of(word.text);
    if (key == nullptr) {
      report_column(file, word, problems);
      continue;
    }
    CsvColumn column{.name = word.text,
                     .type = sim::io::CellType::number,
                     .filled = true,
                     .number = key->range};
    column.number.whole = key->whole_draws;
    spec.columns.push_back(std::move(column));
  }
  return spec;
}

void bad(const YamlNode& at, const Text& message, const Text& hint, Problems& problems) {
  auto& problem = at.error("bad_draws", message, problems);
  set_hint(problem, hint);
}

}  // namespace

std::optional<InputDraws> read_draws(const YamlNode& at, const InputPath& path, InputFiles& files,
                                     Problems& problems) {
  const auto bytes = read_input_text(path, files, problems);
  if (!bytes) return std::nullopt;
  Problems mistakes;
  const CsvSpec spec = spec_of(header_of(*bytes), path.shown(), mistakes);
  if (!mistakes.has_errors() && spec.columns.size() == 1) {
    report_header(path.shown(), 1,
                  {"the table of draws has no column with an input",
                   "tabel penarikan tidak punya kolom masukan"},
                  mistakes);
  }
  std::optional<CsvTable> table;
  if (!mistakes.has_errors()) table = read_input_csv(path, spec, files, mistakes);
  problems.append(mistakes);
  if (!table || mistakes.has_errors()) return std::nullopt;
  InputDraws draws{.file = path.shown(), .n_rows = table->n_rows(), .columns = {}, .at = at};
  for (const CsvColumn& column : spec.columns) {
    if (column.name == draw_column) continue;
    auto values = std::make_shared<std::vector<double>>();
    for (std::size_t row = 0; row < table->n_rows(); ++row) {
      values->push_back(table->number(row, column.name).value_or(0.0));  // all are filled
    }
    draws.columns.push_back({column.name, std::move(values), table->header_place(column.name)});
  }
  return draws;
}

namespace {

/// Share of a distribution below a value, or up to it where `is_up_to`: bisection of its quantiles.
double share_below(const models::Distribution& distribution, double value, bool is_up_to) {
  double low = 0.0, high = 1.0;
  for (int step = 0; step < 24; ++step) {
    const double u = 0.5 * (low + high);
    const double at = models::quantile(distribution, u);
    (at < value || (is_up_to && at == value) ? low : high) = u;
  }
  return 0.5 * (low + high);
}

/// The values as uniforms of a distribution; equal ones share the part that they have in it.
std::vector<double> uniforms_of(const models::Distribution& distribution,
                                std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::vector<double> uniforms;
  for (std::size_t from = 0; from < values.size();) {
    std::size_t to = from;
    while (to < values.size() && values[to] == values[from]) ++to;
    const double low = share_below(distribution, values[from], false);
    const double high = share_below(distribution, values[from], true);
    for (std::size_t i = from; i < to; ++i) {
      uniforms.push_back(low + (high - low) * (static_cast<double>(i - from) + 0.5) /
                                   static_cast<double>(to - from));
    }
    from = to;
  }
  return uniforms;
}

/// Chance of rows like these if the input kept the distribution that they replace. Rows that were
/// written by hand into a choice of values count as told.
double chance_untold(const models::Distribution& before, const std::vector<double>& rows) {
  if (before.kind == models::DistributionKind::discrete || before.is_constant() ||
      before.is_listed()) {
    return 0.0;
  }
  return calibration::test_uniform(uniforms_of(before, rows)).p_value;
}

}  // namespace

void apply_draws(const InputDraws& draws, models::Scenario& scenario, Problems& problems) {
  const auto& sampling = scenario.sampling;
  if (!scenario.uncertainty) {
    bad(draws.at,
        {"draws need sampling.uncertainty: on", "penarikan memerlukan sampling.uncertainty: on"},
        {"delete sampling.draws, or write uncertainty: on",
         "hapus sampling.draws, atau tulis uncertainty: on"},
        problems);
    return;
  }
  const auto futures = static_cast<std::size_t>(sampling.replicates);
  const auto repeats = static_cast<std::size_t>(sampling.repeats_per_draw);
  if (futures > draws.n_rows * repeats) {
    const std::size_t needed = (futures + draws.n_rows - 1) / draws.n_rows;
    bad(draws.at,
        {fmt::format("{} futures need {} draws, the file has {}", futures,
                     (futures + repeats - 1) / repeats, draws.n_rows),
         fmt::format("{} kemungkinan memerlukan {} penarikan, berkas punya {}", futures,
                     (futures + repeats - 1) / repeats, draws.n_rows)},
        {fmt::format("at most {} futures, or repeats_per_draw: {}", draws.n_rows * repeats, needed),
         fmt::format("paling banyak {} kemungkinan, atau repeats_per_draw: {}",
                     draws.n_rows * repeats, needed)},
        problems);
    return;
  }
  const std::string name = std::filesystem::path(draws.file).filename().string();
  std::vector<models::Uncertain*> listed_inputs;
  std::vector<double> p_values;
  for (models::Uncertain* input : scenario.mutable_uncertain_inputs()) {
    const auto column =
        std::find_if(draws.columns.begin(), draws.columns.end(),
                     [&](const InputDraws::Column& c) { return c.path == input->path; });
    if (column == draws.columns.end()) continue;
    listed_inputs.push_back(input);
    p_values.push_back(chance_untold(input->value, *column->values));
    models::Distribution listed;
    listed.kind = models::DistributionKind::listed;
    listed.list = column->values;
    input->value = std::move(listed);
    input->redraw = models::Redraw::per_replicate;
  }
  const std::vector<bool> told = calibration::discoveries(p_values, calibration::discovery_rate);
  for (std::size_t i = 0; i < listed_inputs.size(); ++i) {
    if (!told[i]) continue;
    listed_inputs[i]->status = models::Status::calibrated;
    listed_inputs[i]->source = name;
  }
}

void check_draws_used(const InputDraws& draws,
                      const std::vector<const models::Scenario*>& scenarios, Problems& problems) {
  std::set<std::string> used;
  for (const models::Scenario* scenario : scenarios) {
    for (const models::Uncertain* input : scenario->uncertain_inputs()) used.insert(input->path);
  }
  for (const InputDraws::Column& column : draws.columns) {
    if (used.contains(column.path)) continue;
    auto& problem = problems.warning(
        "draws_unused", column.place,
        fmt::format("'{}' is certain or absent in every option: its draws do nothing",
                    column.path));
    problem.message_indonesian = fmt::format(
        "'{}' pasti atau tidak ada dalam semua opsi: penarikannya tidak berpengaruh", column.path);
  }
}

}  // namespace musi::analysis
