#pragma once

#include <optional>
#include <set>
#include <string>

#include "analysis/scenario/schema.h"
#include "analysis/scenario/tree.h"
#include "models/scenario.h"

/// Uncertain values and their stories, INTERFACE 4.2.
namespace musi::analysis {

/// Keys of references that `source` may name.
using ReferenceKeys = std::set<std::string, std::less<>>;

/// The scenario without any file; made once.
const models::Scenario& built_in_scenario();

/// Reads a number, a range text, or a mapping {value, redraw, source, status, note}. Problems:
/// those of numbers, bad_distribution, bad_redraw, unknown_source, and notes on readings that were
/// chosen by rule.
std::optional<models::Uncertain> read_uncertain(const YamlNode& node, const KeySpec& key,
                                                const ReferenceKeys& references,
                                                Problems& problems);

/// Reports each key of a `source` text (separated by `;`) that is not known.
void check_source(const YamlNode& source, const ReferenceKeys& references, Problems& problems);

/// The value as it would be written.
YamlNode node_of(const models::Uncertain& value, const Origin& origin);

/// The built-in value of an uncertain key; nothing if it has none.
std::optional<YamlNode> built_in_node(const std::string& path, const KeySpec& key);
/// Where built-in values come from, for messages and origins.
const Origin& built_in_origin();

/// `not_available` at the key.
void report_not_available(const YamlEntry& entry, const KeySpec& key, Problems& problems);

}  // namespace musi::analysis
