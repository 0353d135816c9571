#pragma once

#include <string_view>
#include <vector>

#include "models/programmes/items.h"
#include "models/scenario.h"

namespace musi::models {

/// Programme types of this version with their defaults, MODEL.md 14.2: channel, grain, gate, menu,
/// payers, share. A scenario changes them by id or adds more of a type.
std::vector<ProgrammeSpec> programme_catalogue();

/// Named menus C (community) and A (area works), MODEL.md 14.3; empty for another name.
std::vector<MenuEntry> named_menu(std::string_view name);

/// Does the menu of a programme name the item?
bool has_item(const ProgrammeSpec& programme, Item item);
/// Share of an item in the weights of a programme's menu. [0-1]
double menu_share(const ProgrammeSpec& programme, Item item);

/// Share of all items but group capital, training and loans. [0-1]
double works_share(const ProgrammeSpec& programme);

}  // namespace musi::models
