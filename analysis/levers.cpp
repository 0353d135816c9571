#include "analysis/levers.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "analysis/scenario/schema.h"
#include "analysis/scenario/tree.h"
#include "sim/io/number.h"
#include "sim/io/problems.h"
#include "sim/io/yaml_tree.h"

namespace musi::analysis {
namespace {

using Leaves = std::map<std::string, std::string>;

void collect(const sim::io::YamlNode& node, Leaves& leaves) {
  if (node.is_scalar()) leaves[node.path] = node.text;
  for (const sim::io::YamlEntry& entry : node.entries) collect(entry.value, leaves);
  for (const sim::io::YamlNode& item : node.items) collect(item, leaves);
}

/// Values by dotted path; a mapping inside braces is one value.
void collect_named(const sim::io::YamlNode& node, const std::string& path, Leaves& leaves) {
  const bool names_entries =
      node.is_list() && !node.items.empty() && node.items.front().find("id") != nullptr;
  if (names_entries) {
    for (const sim::io::YamlNode& item : node.items) {
      const sim::io::YamlNode* id = item.find("id");
      if (id != nullptr) collect_named(item, path + "." + id->text, leaves);
    }
    return;
  }
  const SchemaNode* at = path.empty() ? &schema().root() : schema().find(path);
  if (node.is_map() && (at == nullptr || at->key == nullptr)) {
    for (const sim::io::YamlEntry& entry : node.entries) {
      if (entry.key == "id") continue;  // in the path already
      collect_named(entry.value, path.empty() ? entry.key : path + "." + entry.key, leaves);
    }
    return;
  }
  leaves[path] = flow(node);
}

Leaves leaves_of(const Variant& variant) {
  sim::io::Problems problems;
  Leaves leaves;
  const auto tree = sim::io::parse_yaml(variant.resolved, variant.name, problems);
  if (tree) collect(*tree, leaves);
  return leaves;
}

double number_of(const Leaves& leaves, const std::string& path) {
  const auto found = leaves.find(path);
  if (found == leaves.end()) return std::numeric_limits<double>::quiet_NaN();
  const auto reading = sim::io::read_number(found->second, {});
  return reading.value.value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

std::map<std::string, std::string> scenario_leaves(const std::string& resolved) {
  sim::io::Problems problems;
  std::map<std::string, std::string> leaves;
  const auto tree = sim::io::parse_yaml(resolved, "resolved", problems);
  if (tree) collect_named(*tree, "", leaves);
  return leaves;
}

std::vector<ResultLever> levers_of(const std::vector<const Variant*>& variants) {
  std::vector<ResultLever> levers;
  if (variants.size() < 2) return levers;
  std::vector<Leaves> leaves;
  std::set<std::string> paths;
  for (const Variant* variant : variants) {
    leaves.push_back(leaves_of(*variant));
    for (const auto& [path, text] : leaves.back()) paths.insert(path);
  }
  for (const std::string& path : paths) {
    const auto text = [&](const Leaves& l) {
      const auto found = l.find(path);
      return found == l.end() ? std::optional<std::string>() : found->second;
    };
    const auto differs = [&](const Leaves& l) { return text(l) != text(leaves.front()); };
    if (std::none_of(leaves.begin(), leaves.end(), differs)) continue;
    ResultLever lever{.path = path, .values = {}};
    bool is_number = false;
    for (const Leaves& l : leaves) {
      lever.values.push_back(number_of(l, path));
      is_number = is_number || lever.values.back() == lever.values.back();
    }
    if (is_number) levers.push_back(std::move(lever));
  }
  return levers;
}

std::string without_replicates(const std::string& resolved) {
  std::string kept;
  std::string_view rest = resolved;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
    std::string_view line = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    const std::size_t origin = line.rfind("  # ");
    if (origin != std::string_view::npos) line = line.substr(0, origin);
    const std::size_t word = line.find_first_not_of(' ');
    if (word != std::string_view::npos && line.substr(word).starts_with("replicates:")) continue;
    line = line.substr(0, line.find_last_not_of(" \n") + 1);
    kept += line;
    kept += '\n';
  }
  return kept;
}

}  // namespace musi::analysis
