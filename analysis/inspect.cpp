#include "analysis/inspect.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "analysis/provenance.h"
#include "analysis/report/page_reader.h"
#include "analysis/results.h"
#include "analysis/statistics.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using sim::io::H5Type;
using nlohmann::ordered_json;

/// A table that is printed aligned, tab-separated or as JSON.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

std::string aligned(const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& word : table.header) widths.push_back(sim::io::n_characters(word));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], sim::io::n_characters(row[i]));
    }
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += (i == 0 ? " " : "  ") + row[i];
      if (i + 1 < row.size()) line.append(widths[i] - sim::io::n_characters(row[i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(table.header);
  for (const auto& row : table.rows) add(row);
  return text;
}

std::string tab_separated(const Table& table) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "\t") + row[i];
    text += "\n";
  };
  add(table.header);
  for (const auto& row : table.rows) add(row);
  return text;
}

ordered_json json_of(const Table& table) {
  ordered_json rows = ordered_json::array();
  for (const auto& row : table.rows) {
    ordered_json object = ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i) object[table.header[i]] = row[i];
    rows.push_back(object);
  }
  return rows;
}

std::string printed(const InspectOptions& options, const std::string& name, const Table& table) {
  if (options.json) {
    ordered_json object = ordered_json::object();
    object[name] = json_of(table);
    return object.dump() + "\n";
  }
  return options.plain ? tab_separated(table) : aligned(table);
}

std::string printed_text(const InspectOptions& options, const std::string& name,
                         const std::string& text) {
  if (!options.json) return text.empty() || text.back() == '\n' ? text : text + "\n";
  ordered_json object = ordered_json::object();
  object[name] = text;
  return object.dump() + "\n";
}

std::string word_of(H5Type type) {
  switch (type) {
    case H5Type::int8: return "int8";
    case H5Type::int16: return "int16";
    case H5Type::int32: return "int32";
    case H5Type::float32: return "float32";
    case H5Type::float64: return "float64";
    case H5Type::text: return "string";
    case H5Type::other: break;
  }
  return "other";
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : between) + words[i];
  return text;
}

/// Paths of all datasets, groups after their members' root, in the order in which they were made.
std::vector<std::string> datasets(const Results& results) {
  std::vector<std::string> paths;
  for (const std::string& name : results.file().names()) {
    if (!results.file().is_group(name)) {
      paths.push_back(name);
      continue;
    }
    for (const std::string& member : results.file().names(name)) {
      if (!results.file().is_group(name + "/" + member)) paths.push_back(name + "/" + member);
    }
  }
  return paths;
}

/// Hash of path, shape and values of a dataset; the same for equal numbers on any machine.
std::string hash_of_dataset(const Results& results, const std::string& path) {
  std::string bytes = path + '\n' + word_of(results.file().type(path));
  for (const std::size_t size : results.file().shape(path)) bytes += fmt::format(" {}", size);
  bytes += '\n';
  if (results.file().type(path) == H5Type::text) {
    for (const std::string& value : results.file().texts(path)) (bytes += value) += '\0';
    return sha256(bytes);
  }
  for (const double value : results.file().numbers(path)) {
    const auto bits = std::isnan(value) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes += static_cast<char>(static_cast<unsigned char>(bits >> shift));
    }
  }
  return sha256(bytes);
}

/// Hash of all numbers and texts but the provenance and the inputs, which name machines and files.
/// Of a report: of its data.
std::string content_hash(const Results& results) {
  if (results.is_from_report()) return results.report_sha256();
  std::string lines;
  for (const std::string& path : datasets(results)) {
    if (path.starts_with("provenance/") || path.starts_with("inputs/")) continue;
    lines += hash_of_dataset(results, path) + "\n";
  }
  return sha256(lines);
}

/// Values of one input over the futures of the first option.
struct Drawn {
  double low = 0.0, median = 0.0, high = 0.0;
};

std::vector<Drawn> drawn_inputs(const Results& results, std::size_t n_inputs) {
  if (results.has("input_drawn")) {  // a report keeps no more of them
    std::vector<Drawn> drawn;
    const std::vector<double> all = results.file().numbers("input_drawn");
    for (std::size_t i = 0; i + 2 < all.size(); i += 3) {
      drawn.push_back({all[i], all[i + 1], all[i + 2]});
    }
    return drawn;
  }
  if (!results.has("input_value")) return {};
  const std::vector<double> all = results.series("input_value", 0);
  std::vector<Drawn> drawn;
  for (std::size_t i = 0; i < n_inputs; ++i) {
    std::vector<double> values;
    for (std::size_t k = i; k < all.size(); k += n_inputs) values.push_back(all[k]);
    const std::vector<double> p{0.05, 0.5, 0.95};
    const std::vector<double> found = quantiles(values, p);
    drawn.push_back({found[0], found[1], found[2]});
  }
  return drawn;
}

Table assumptions(const Results& results) {
  Table table{{"input", "median", "low (5 %)", "high (95 %)", "unit", "status", "source"}, {}};
  if (!results.has("input")) return table;
  const auto paths = results.file().texts("input"), units = results.file().texts("input_units"),
             status = results.file().texts("input_status"),
             sources = results.file().texts("input_source");
  const std::vector<Drawn> drawn = drawn_inputs(results, paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto number = [&](double Drawn::* field) {
      return drawn.empty() ? std::string("-") : fmt::format("{:.4g}", drawn[i].*field);
    };
    table.rows.push_back({paths[i], number(&Drawn::median), number(&Drawn::low),
                          number(&Drawn::high), units[i], status[i],
                          sources[i].empty() ? "no source" : sources[i]});
  }
  return table;
}

Table variables(const Results& results) {
  Table table{{"name", "type", "dimensions", "shape", "unit", "meaning"}, {}};
  for (const std::string& path : datasets(results)) {
    std::vector<std::string> shape;
    for (const std::size_t size : results.file().shape(path)) {
      shape.push_back(fmt::format("{}", size));
    }
    table.rows.push_back({path, word_of(results.file().type(path)),
                          joined(results.file().dims(path), ","), joined(shape, " x "),
                          results.file().text_attribute(path, "units").value_or(""),
                          results.file().text_attribute(path, "long_name").value_or("")});
  }
  return table;
}

std::string with_commas(std::size_t number) {
  return sim::io::number_in_words(static_cast<double>(number));
}

std::size_t n_without_source(const Results& results) {
  if (!results.has("input_source")) return 0;
  const auto sources = results.file().texts("input_source");
  // The modelling team's own judgement is no source; `check` counts alike.
  return static_cast<std::size_t>(std::count_if(
      sources.begin(), sources.end(),
      [](const std::string& source) { return source.empty() || source == "expert_prior"; }));
}

/// What the overview says, in order.
std::vector<std::pair<std::string, std::string>> facts(const Results& results) {
  const auto made = [&](const char* name) { return results.provenance_attribute(name); };
  const std::size_t n_inputs = results.has("input") ? results.file().shape("input")[0] : 0;
  std::string futures = with_commas(results.n_replicates());
  if (!results.is_complete()) {
    futures +=
        fmt::format(" of {} planned (incomplete)", with_commas(results.replicates_planned()));
  }
  std::vector<std::pair<std::string, std::string>> list{
      {"title", results.file().text_attribute("/", "title").value_or("")},
      {"format", results.format_version() + (results.is_from_report()
                                                 ? ", read from a report: statistics, and futures "
                                                   "to six digits"
                                                 : "")},
      {"made_by", fmt::format("musi {}, commit {}, {}, HDF5 {}", made("musi_version"),
                              made("git_commit"), made("compiler"), made("hdf5_version"))},
      {"options", fmt::format("{}: {}", results.options().size(), joined(results.options(), ", "))},
      {"futures", futures},
      {"years", fmt::format("{} to {}", results.years().front(), results.years().back())},
      {"headline", fmt::format("{} by {}", results.headline_definition(), results.headline_year())},
      {"seed", "0x" + made("seed_hex")},
      {"design", made("design")},
      {"flags", results.provenance_text("flags")},
      {"inputs", fmt::format("{} uncertain, {} without source", n_inputs,
                             n_without_source(results))},
      {"datasets", with_commas(datasets(results).size())}};
  if (!made("created").empty()) list.push_back({"created", made("created")});
  return list;
}

std::string overview(const InspectOptions& options, const Results& results) {
  const auto list = facts(results);
  if (options.json) {
    ordered_json object = ordered_json::object();
    object["path"] = results.path();
    for (const auto& [name, value] : list) object[name] = value;
    return object.dump() + "\n";
  }
  std::string text = options.plain ? "" : " " + results.path() + "\n";
  for (const auto& [name, value] : list) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += options.plain ? fmt::format("{}\t{}\n", name, value)
                          : fmt::format("  {:<10} {}\n", words, value);
  }
  return text;
}

std::string citation(const Results& results) {
  std::string text = fmt::format(
      "{}. {} of musi {} (commit {}), result format {}, seed 0x{}, {} futures of {} options. "
      "{} SHA-256 {}.\n",
      results.file().text_attribute("/", "title").value_or("Untitled"),
      results.is_from_report() ? "Report" : "Result",
      results.provenance_attribute("musi_version"), results.provenance_attribute("git_commit"),
      results.format_version(), results.provenance_attribute("seed_hex"), results.n_replicates(),
      results.options().size(), results.is_from_report() ? "Data" : "Content",
      content_hash(results));
  std::set<std::string> keys;
  for (const char* column : {"input_source", "obs_source"}) {
    if (!results.has(column)) continue;
    for (const std::string& source : results.file().texts(column)) {
      for (std::size_t begin = 0; begin < source.size();) {
        const std::size_t end = std::min(source.find_first_of(" ,;", begin), source.size());
        if (end > begin) keys.insert(source.substr(begin, end - begin));
        begin = end + 1;
      }
    }
  }
  if (keys.empty()) return text;
  text += "Sources of its inputs (keys of scenarios/SOURCES.md):";
  for (const std::string& key : keys) text += " " + key;
  return text + "\n";
}

/// Embedded inputs with their hashes, recomputed, and one hash of all contents.
Table checksums(const Results& results, bool& is_intact) {
  std::map<std::string, std::string> recomputed;
  if (results.has("inputs")) {
    for (const std::string& name : results.file().names("inputs")) {
      const std::string path = "inputs/" + name;
      recomputed[results.file().text_attribute(path, "path").value_or(name)] =
          sha256(results.file().text(path));
    }
  }
  Table table{{"sha256", "name", "state"}, {}};
  const auto stated = ordered_json::parse(results.provenance_text("input_sha256"), nullptr, false);
  is_intact = stated.is_object();
  for (const auto& [name, hash] : stated.items()) {
    if (!hash.is_string()) continue;
    const auto found = recomputed.find(name);
    const auto expected = hash.get<std::string>();
    const bool differs = found != recomputed.end() && found->second != expected;
    is_intact = is_intact && !differs;
    table.rows.push_back({expected, name,
                          found == recomputed.end() ? "not embedded"
                          : differs                 ? "DIFFERS: " + found->second
                                                    : "equal"});
  }
  table.rows.push_back({content_hash(results), "contents", "computed"});
  return table;
}

}  // namespace

namespace {

Inspection inspect_one(const InspectOptions& options, const Results& results) {
  Inspection inspection;
  switch (options.part) {
    case InspectPart::overview: inspection.text = overview(options, results); break;
    case InspectPart::scenario:
      inspection.text =
          printed_text(options, "scenario", results.provenance_text("scenario_yaml"));
      break;
    case InspectPart::resolved:
      inspection.text =
          printed_text(options, "resolved", results.provenance_text("resolved_yaml"));
      break;
    case InspectPart::assumptions:
      inspection.text = printed(options, "assumptions", assumptions(results));
      break;
    case InspectPart::variables:
      inspection.text = printed(options, "variables", variables(results));
      break;
    case InspectPart::cite:
      inspection.text = printed_text(options, "cite", citation(results));
      break;
    case InspectPart::checksum:
      inspection.text = printed(options, "checksum", checksums(results, inspection.is_intact));
      break;
  }
  return inspection;
}

}  // namespace

Inspection inspect(const InspectOptions& options) {
  Inspection all;
  const auto results = open_results(options.path);
  for (const auto& r : results) {
    const Inspection one = inspect_one(options, *r);
    all.is_intact = all.is_intact && one.is_intact;
    all.text += (all.text.empty() ? "" : options.json ? "," : "\n") + one.text;
  }
  if (options.json && results.size() > 1) all.text = "{\"results\":[" + all.text + "]}\n";
  return all;
}

}  // namespace musi::analysis
