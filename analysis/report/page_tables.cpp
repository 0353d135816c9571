#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/report/page_json.h"
#include "analysis/report/question.h"
#include "analysis/statistics.h"
#include "sim/io/csv_table.h"

/// Tables of the page that are no charts: assumptions, observations, targets, sources, provenance.
namespace musi::analysis {
namespace {

using sim::io::CsvTable;
using sim::io::YamlNode;

/// An embedded table with whatever columns it has besides `key`; nothing if it is missing or
/// damaged.
std::optional<CsvTable> table_of(const Results& results, const std::string& ending,
                                 const char* key) {
  const std::string text = embedded_input(results, ending);
  if (text.empty()) return std::nullopt;
  sim::io::CsvSpec spec;
  spec.columns.push_back({.name = key});  // a header without any known word would be refused
  spec.keep_unknown_columns = true;
  sim::io::Problems problems;
  return sim::io::parse_csv(text, ending, spec, problems);
}

/// Numbers of a range as it is written: `{dist: triangular, min: 1, mode: 2, max: 3}`.
Json range_json(const YamlNode* node) {
  Json range = Json::object();
  if (node == nullptr) return range;
  const YamlNode* value = node->find("value") != nullptr ? node->find("value") : node;
  if (value->is_scalar()) {
    range["as_written"] = value->text;
    return range;
  }
  for (const auto& entry : value->entries) {
    if (!entry.value.is_scalar()) continue;
    const auto number = sim::io::read_number(entry.value.text, {}).value;
    range[entry.key] = number ? number_json(*number) : Json(entry.value.text);
  }
  return range;
}

/// 5 %, 50 % and 95 % of what was drawn for each input; empty if nothing was.
std::vector<std::vector<double>> drawn_quantiles(const Results& results, std::size_t option,
                                                 std::size_t n_inputs) {
  std::vector<std::vector<double>> found;
  if (!results.has("input_value")) return found;
  const std::vector<double> all = results.series("input_value", option);
  const std::vector<double> p{0.05, 0.5, 0.95};
  for (std::size_t i = 0; i < n_inputs; ++i) {
    std::vector<double> values;
    for (std::size_t k = i; k < all.size(); k += n_inputs) values.push_back(all[k]);
    found.push_back(quantiles(values, p));
  }
  return found;
}

void add_keys(const std::string& sources, std::set<std::string>& keys) {
  for (std::size_t begin = 0; begin < sources.size();) {
    const std::size_t end = std::min(sources.find_first_of(" ,;", begin), sources.size());
    if (end > begin) keys.insert(sources.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

Json ledger_json(const OptionSource& source) {
  const Results& results = source.results;
  Json rows = Json::array();
  if (!results.has("input")) return rows;
  const auto paths = results.file().texts("input"), units = results.file().texts("input_units"),
             status = results.file().texts("input_status"),
             sources = results.file().texts("input_source");
  const auto drawn = drawn_quantiles(results, source.option, paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const YamlNode* node = source.resolved ? resolved_node(*source.resolved, paths[i]) : nullptr;
    const YamlNode* note = node != nullptr ? node->find("note") : nullptr;
    const YamlNode* redraw = node != nullptr ? node->find("redraw") : nullptr;
    Json row = {{"path", paths[i]},
                {"unit", units[i]},
                {"status", status[i]},
                {"source", sources[i]},
                {"note", note != nullptr ? note->text : std::string()},
                {"redraw", redraw != nullptr ? redraw->text : std::string()},
                {"range", range_json(node)}};
    if (!drawn.empty() && !std::isnan(drawn[i][1])) row["drawn"] = numbers_json(drawn[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json observations_json(const Results& results) {
  Json rows = Json::array();
  if (!results.has("obs_year")) return rows;
  const auto& file = results.file();
  const auto year = file.numbers("obs_year"), month = file.numbers("obs_month"),
             value = file.numbers("obs_value"), low = file.numbers("obs_low"),
             high = file.numbers("obs_high");
  const auto indicator = file.texts("obs_indicator"), series = file.texts("obs_series"),
             use = file.texts("obs_use"), source = file.texts("obs_source");
  for (std::size_t i = 0; i < year.size(); ++i) {
    rows.push_back({{"year", number_json(year[i])},
                    {"month", number_json(month[i])},
                    {"value", number_json(value[i])},
                    {"low", number_json(low[i])},
                    {"high", number_json(high[i])},
                    {"indicator", indicator[i]},
                    {"series", series[i]},
                    {"use", use[i]},
                    {"source", source[i]}});
  }
  return rows;
}

Json targets_json(const Results& results) {
  Json rows = Json::array();
  const auto table = table_of(results, "targets.csv", "target_id");
  if (!table) return rows;
  for (std::size_t r = 0; r < table->n_rows(); ++r) {
    Json row = Json::object();
    for (const char* column : {"target_id", "text_en", "indicator", "unit", "met", "source"}) {
      row[column] = std::string(table->text(r, column));
    }
    for (const char* column : {"value", "set_year", "target_year"}) {
      const auto number = sim::io::read_number(table->text(r, column), {}).value;
      row[column] = number ? number_json(*number) : Json(nullptr);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json references_json(const std::vector<const Results*>& results) {
  std::set<std::string> keys;
  Json known = Json::object();
  for (const Results* r : results) {
    for (const char* column : {"input_source", "obs_source"}) {
      if (!r->has(column)) continue;
      for (const std::string& text : r->file().texts(column)) add_keys(text, keys);
    }
    if (const auto targets = table_of(*r, "targets.csv", "target_id")) {
      for (std::size_t i = 0; i < targets->n_rows(); ++i) {
        add_keys(std::string(targets->text(i, "source")), keys);
      }
    }
  }
  for (const Results* r : results) {
    const auto table = table_of(*r, "references.csv", "key");
    if (!table) continue;
    for (std::size_t i = 0; i < table->n_rows(); ++i) {
      const std::string key(table->text(i, "key"));
      if (!keys.contains(key) || known.contains(key)) continue;
      known[key] = {{"citation", std::string(table->text(i, "citation"))},
                    {"address", std::string(table->text(i, "address"))},
                    {"year", std::string(table->text(i, "year"))}};
    }
  }
  return known;
}

Json provenance_json(const Results& results) {
  const auto made = [&](const char* name) { return results.provenance_attribute(name); };
  std::string file = results.path();
  file = file.substr(file.rfind('/') + 1);
  std::string scenario = "scenario.yaml";
  const auto hashes = Json::parse(results.provenance_text("input_sha256"), nullptr, false);
  if (hashes.is_object() && !hashes.empty()) scenario = hashes.begin().key();
  return {{"name", file},
          {"musi_version", made("musi_version")},
          {"git_commit", made("git_commit")},
          {"compiler", made("compiler")},
          {"result_format", results.format_version()},
          {"seed", "0x" + made("seed_hex")},
          {"design", made("design")},
          {"created", made("created")},
          {"flags", results.provenance_text("flags")},
          {"scenario_file", scenario},
          {"complete", results.is_complete()},
          {"planned", results.replicates_planned()},
          {"futures", results.n_replicates()},
          {"input_sha256", hashes.is_object() ? hashes : Json::object()}};
}

}  // namespace musi::analysis
