#pragma once

#include "models/money.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Books a completed package in the ledger, MODEL.md 20.2: numerators fall by the planned units
/// with chance report_book_planned_chance, else by the delivered units. Draws Draw::ledger_booking.
void book(World& world, const Package& package, const sim::Step& step);

}  // namespace musi::models
