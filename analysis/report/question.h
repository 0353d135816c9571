#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/headline.h"
#include "analysis/results.h"
#include "sim/io/yaml_tree.h"

/// What a result file says about the question it answers, without the scenario on the disk.
namespace musi::analysis {

/// The resolved scenario of each option of a result, in its order. Options that share one tree have
/// equal trees. Nothing for an option whose text cannot be read.
std::vector<std::optional<sim::io::YamlNode>> resolved_options(const Results& results);

/// A value of a resolved scenario by its dotted path; null if there is none.
const sim::io::YamlNode* resolved_node(const sim::io::YamlNode& tree, const std::string& path);
/// The same as number; nothing if it is missing or no plain number.
std::optional<double> resolved_number(const sim::io::YamlNode& tree, const std::string& path);
/// The same as it is written; empty if it is missing.
std::string resolved_word(const sim::io::YamlNode& tree, const std::string& path);

/// Text of an embedded input whose path ends so ("targets.csv"); empty if there is none.
std::string embedded_input(const Results& results, const std::string& ending);

/// The question as the run that wrote the file put it.
HeadlineQuestion question_of(const Results& results,
                             const std::optional<sim::io::YamlNode>& resolved);

}  // namespace musi::analysis
