#pragma once

#include <string>

#include "analysis/serve/study.h"

/// What the server says about the scenario and its keys.
namespace musi::analysis::serve {

/// Body of `GET /api/schema`: every key with type, range, unit, default, meaning, source, status.
std::string schema_body();
/// The part of `GET /api/scenario` that never changes, without the closing brace.
std::string scenario_body(const Study& study);

}  // namespace musi::analysis::serve
