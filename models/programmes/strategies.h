#pragma once

#include <span>
#include <string_view>

#include "models/scenario.h"

/// Strategies of the plan 2013-2018, MODEL.md 29.1, as presets of programme shares.
namespace musi::models {

/// One strategy: its word in scenarios and what it asks for.
struct StrategyInfo {
  Strategy strategy;
  std::string_view word;
  std::string_view doc;
};
std::span<const StrategyInfo> strategies();

/// Factor on the default share of a programme of this type, before all are rescaled to 100 %.
/// `combined` takes the largest factor of the six: they are one plan, not six on top of each other.
/// All assumed.
double strategy_factor(Strategy strategy, std::string_view type);

/// Does the strategy bring infrastructure, house repair and livelihoods as one package to a site,
/// and is this type a part of it? T3 alone: `combined` mixes the shares of all six.
bool is_in_package(Strategy strategy, std::string_view type);

}  // namespace musi::models
