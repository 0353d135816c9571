#include <algorithm>
#include <map>
#include <optional>

#include "analysis/exports/table_parts.h"
#include "analysis/report/question.h"
#include "analysis/scenario/schema.h"
#include "analysis/scenario/tree.h"
#include "sim/io/csv_table.h"

/// Tables of what a result assumes: uncertain inputs, and every key of the resolved scenario.
namespace musi::analysis {
namespace {

using sim::io::YamlNode;

/// Year of every source of the city's references.
std::map<std::string, int> years_of_sources(const Results& results) {
  std::map<std::string, int> years;
  const std::string text = embedded_input(results, "references.csv");
  if (text.empty()) return years;
  sim::io::CsvSpec spec;
  spec.keep_unknown_columns = true;
  sim::io::Problems problems;
  const auto table = sim::io::parse_csv(text, "references.csv", spec, problems);
  for (std::size_t row = 0; table && row < table->n_rows(); ++row) {
    const auto year = sim::io::read_number(table->text(row, "year"), {}).value;
    if (year) years[std::string(table->text(row, "key"))] = static_cast<int>(*year);
  }
  return years;
}

/// Years from the newest of some sources to the first year of the forecast.
ExportCell age_of(const std::string& sources, const std::map<std::string, int>& years, int now) {
  int newest = 0;
  for (std::size_t begin = 0; begin < sources.size();) {
    const std::size_t end = std::min(sources.find_first_of(" ,;", begin), sources.size());
    const auto found = years.find(sources.substr(begin, end - begin));
    if (found != years.end()) newest = std::max(newest, found->second);
    begin = end + 1;
  }
  return newest == 0 ? ExportCell() : ExportCell(static_cast<double>(now - newest));
}

/// The comment behind a line of a resolved scenario: where its value is from.
std::string origin_of(const YamlNode& node) {
  if (node.source == nullptr) return "";
  const std::string line(node.source->line(node.line));
  const std::size_t at = line.rfind("  # ");
  return at == std::string::npos ? "" : line.substr(at + 4);
}

std::string member(const YamlNode* node, const char* name) {
  const YamlNode* value = node == nullptr ? nullptr : node->find(name);
  return value != nullptr && value->is_scalar() ? value->text : "";
}

/// A value as it is written, without its story. Numbers stay numbers.
ExportCell value_cell(const YamlNode& node) {
  const YamlNode* value = node.is_map() && node.has("value") ? node.find("value") : &node;
  if (!value->is_scalar()) return flow(*value);
  if (!value->quoted) {
    if (const auto number = sim::io::read_number(value->text, {}).value) return *number;
  }
  return value->text;
}

/// Calls `take` for every key of the schema in a resolved scenario.
template <class Take>
void for_each_key(const YamlNode& node, const Take& take) {
  const SchemaNode* at = node.path.empty() ? nullptr : schema().find(node.path);
  const bool is_key = at != nullptr && at->key != nullptr;
  const bool is_list_of_maps =
      node.is_list() && !node.items.empty() && node.items.front().is_map();
  if (!node.path.empty() && !is_list_of_maps && (is_key || !(node.is_map() || node.is_list()))) {
    take(node, is_key ? at->key : nullptr);
    return;
  }
  for (const auto& entry : node.entries) for_each_key(entry.value, take);
  for (const YamlNode& item : node.items) for_each_key(item, take);
}

}  // namespace

ExportTable inputs_table(const Results& results, const std::vector<std::size_t>& options) {
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto trees = resolved_options(results);
    const auto paths = results.file().texts("input");
    const auto units = texts_or_empty(results, "input_units", paths.size()),
               status = texts_or_empty(results, "input_status", paths.size()),
               sources = texts_or_empty(results, "input_source", paths.size());
    const auto years = years_of_sources(results);
    for (const std::size_t o : options) {
      int now = results.years().front();
      if (trees[o]) {
        now = static_cast<int>(
            resolved_number(*trees[o], "horizon.forecast_from_year").value_or(now));
      }
      std::map<std::string, const YamlNode*> nodes;
      if (trees[o]) {
        for_each_key(*trees[o],
                     [&](const YamlNode& node, const KeySpec*) { nodes[node.path] = &node; });
      }
      for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto found = nodes.find(paths[i]);
        const YamlNode* node = found == nodes.end() ? nullptr : found->second;
        const SchemaNode* at = schema().find(paths[i]);
        ExportRow row = names.row(o);
        row.emplace_back(paths[i]);
        row.emplace_back(at != nullptr && at->key != nullptr ? at->key->meaning : std::string());
        row.emplace_back();  // the table of keys has English meanings only
        row.emplace_back(units[i]);
        row.push_back(node != nullptr ? value_cell(*node) : ExportCell());
        row.emplace_back(member(node, "redraw"));
        row.emplace_back(status[i]);
        row.emplace_back(sources[i]);
        row.emplace_back(member(node, "note"));
        row.push_back(age_of(sources[i], years, now));
        sink(row);
      }
    }
  };
  return {"inputs",
          {"option", "level", "path", "title_en", "title_id", "unit", "distribution", "redraw",
           "status", "source", "note", "age_years"},
          rows};
}

ExportTable assumptions_table(const Results& results, const std::vector<std::size_t>& options) {
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto trees = resolved_options(results);
    for (const std::size_t o : options) {
      if (!trees[o]) continue;
      for_each_key(*trees[o], [&](const YamlNode& node, const KeySpec* key) {
        ExportRow row = names.row(o);
        row.emplace_back(node.path);
        row.push_back(value_cell(node));
        row.emplace_back(key == nullptr ? std::string() : key->unit);
        row.emplace_back(member(&node, "status"));
        row.emplace_back(member(&node, "source"));
        row.emplace_back(origin_of(node));
        sink(row);
      });
    }
  };
  return {"assumptions",
          {"option", "level", "path", "value", "unit", "status", "source", "origin"},
          rows};
}

}  // namespace musi::analysis
