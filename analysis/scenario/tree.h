#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "analysis/scenario/schema.h"
#include "sim/io/problems.h"
#include "sim/io/yaml_tree.h"

/// Merging scenario files. A merged tree is a YamlNode whose parts keep the places they came from;
/// programmes and sources are mappings by id in it.
namespace musi::analysis {

using sim::io::Problems;
using sim::io::set_hint;
using sim::io::set_related_hint;
using sim::io::set_remark;
using sim::io::Text;
using sim::io::YamlEntry;
using sim::io::YamlNode;

using Origin = std::shared_ptr<const sim::io::SourceText>;

YamlNode make_map(const Origin& origin);
YamlNode make_scalar(std::string text, const Origin& origin, bool quoted = false);
YamlNode make_list(const Origin& origin);
/// Adds `key: value` at the end of a mapping, or replaces the value.
void put(YamlNode& map, std::string_view key, YamlNode value);

/// Gives a node and all below it new paths.
void repath(YamlNode& node, const std::string& path);

/// Node at a dotted path; null if there is none.
const YamlNode* find_node(const YamlNode& root, std::string_view path);
YamlNode* find_node(YamlNode& root, std::string_view path);

/// Turns a list of mappings into one mapping by their `id` or `name` (the entry keeps that key).
/// Reports missing and bad names and names that appear twice.
YamlNode by_id(const YamlNode& list, std::string_view id_key, Problems& problems);

/// True for a legal name; else `bad_name` was reported.
bool check_name(const YamlNode& name, Problems& problems);

/// Puts the entries of `from` over those of `into`. Mappings merge down to the keys of the table,
/// whose values are replaced whole.
void merge(YamlNode& into, const YamlNode& from, const SchemaNode& at);

/// Lays `value` over the tree at the path of a `set` entry, if that path exists below
/// (`unknown_path`, `not_settable`, `not_available`). `may_set_run_settings`: for --set.
void set_path(YamlNode& tree, const YamlEntry& entry, bool may_set_run_settings,
              Problems& problems);

/// Two paths of one `set` of which one lies inside the other: `overlapping_set`.
void check_overlaps(const YamlNode& set, Problems& problems);

/// A value in one line of YAML.
std::string flow(const YamlNode& node);

}  // namespace musi::analysis
