#include "analysis/scenario/schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/scenario/keys.h"

namespace musi::analysis {
namespace {

void insert(SchemaNode& root, const KeySpec& key) {
  SchemaNode* node = &root;
  for (const std::string& segment : segments(key.path)) {
    SchemaNode* next = nullptr;
    for (SchemaNode& child : node->children) {
      if (child.segment == segment) next = &child;
    }
    if (next == nullptr) {
      const std::string pattern = node->pattern.empty() ? segment : node->pattern + "." + segment;
      next = &node->children.emplace_back(SchemaNode{segment, pattern, nullptr, {}});
    }
    node = next;
  }
  node->key = &key;
}

}  // namespace

namespace {

/// `3~8~15` for three points, the number for a constant; empty if it is not set.
std::string short_value(const models::Uncertain& input) {
  const models::Distribution& d = input.value;
  if (!input.is_set) return "";
  if (d.is_constant()) return sim::io::number_text(d.a);
  return fmt::format("{}~{}~{}{}", sim::io::number_text(d.a), sim::io::number_text(d.b),
                     sim::io::number_text(d.c),
                     d.kind == models::DistributionKind::log_triangular ? " (log)" : "");
}

}  // namespace

models::Uncertain* KeySpec::find(KeyTarget& target) const {
  if (type != KeyType::uncertain) return nullptr;
  if (param >= 0) return &target.scenario.parameters[static_cast<std::size_t>(param)];
  return &uncertain(target);
}

const SchemaNode* SchemaNode::child(std::string_view name) const {
  const SchemaNode* any = nullptr;
  for (const SchemaNode& c : children) {
    if (c.segment == name) return &c;
    if (c.stands_for_any()) any = &c;
  }
  return any;
}

std::vector<std::string> SchemaNode::names() const {
  std::vector<std::string> names;
  for (const SchemaNode& c : children) {
    if (c.stands_for_any()) continue;
    if (c.key == nullptr || c.key->not_available.empty()) names.push_back(c.segment);
  }
  return names;
}

bool SchemaNode::is_open() const { return !children.empty() && children.front().stands_for_any(); }

Schema::Schema() {
  for (const auto& rows :
       {file_keys(), horizon_keys(), funding_keys(), programme_keys(), participation_keys(),
        procedure_keys(), structure_keys(), sampling_keys(), option_keys(), parameter_keys()}) {
    keys_.insert(keys_.end(), rows.begin(), rows.end());
  }
  models::Scenario built_in = models::default_scenario();
  KeyTarget target{built_in};
  for (KeySpec& key : keys_) {
    const bool fixed_place = key.path.find('<') == std::string::npos;
    if (key.is_uncertain() && fixed_place && key.default_text().empty()) {
      key.default_words = short_value(*key.find(target));
    }
    key.range.whole = key.type == KeyType::whole || key.type == KeyType::wholes;
    key.range.unit = {key.unit, key.unit};
    if (key.type == KeyType::uncertain || key.type == KeyType::uncertain_by_year) {
      if (key.redraws.empty()) key.redraws = {models::Redraw::per_replicate};
    }
  }
  for (const KeySpec& key : keys_) insert(root_, key);
}

const SchemaNode* Schema::find(std::string_view path) const {
  const SchemaNode* node = &root_;
  for (const std::string& segment : segments(path)) {
    node = node->child(segment);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::vector<std::string> Schema::paths() const {
  std::vector<std::string> paths;
  for (const KeySpec& key : keys_) {
    if (key.not_available.empty()) paths.push_back(key.path);
  }
  return paths;
}

const Schema& schema() {
  static const Schema table;
  return table;
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    words.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace musi::analysis
