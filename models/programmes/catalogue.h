#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "models/scenario.h"

namespace musi::models {

/// Programme types of this version with their defaults, MODEL.md 14.2: channel, grain, gate, menu,
/// payers, share. A scenario changes them by id or adds more of a type.
std::vector<ProgrammeSpec> programme_catalogue();

/// Named menus C (community) and A (area works), MODEL.md 14.3; empty for another name.
std::vector<MenuEntry> named_menu(std::string_view name);

/// Programme types that MODEL.md names and this version does not have yet; a scenario that asks
/// for one is refused.
std::span<const std::string_view> programme_types_to_come();

}  // namespace musi::models
