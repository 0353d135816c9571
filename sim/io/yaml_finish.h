#pragma once

#include "sim/io/problems.h"
#include "sim/io/text.h"
#include "sim/io/yaml_tree.h"

namespace musi::sim::io {

/// Gives every value of a tree that was just read its path, and takes out the keys that come again
/// after reporting both places. Part of `read_yaml`.
void finish_tree(YamlNode& root, const SourceText& source, Problems& problems);

}  // namespace musi::sim::io
