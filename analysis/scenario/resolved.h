#pragma once

#include <string>

#include "analysis/scenario/tree.h"

namespace musi::analysis {

/// The merged scenario as YAML, with every default; behind each line stands where it comes from
/// (`# palembang-four-options.yaml:31`, `# city.yaml:12`, `# built in`, `# command line`).
/// `scenario`: what the tree was read to.
std::string resolved_text(const YamlNode& tree, const models::Scenario& scenario);

}  // namespace musi::analysis
