#include "models/programmes/strategies.h"

#include <algorithm>
#include <initializer_list>

namespace musi::models {
namespace {

constexpr StrategyInfo all[] = {
    {Strategy::none, "none", "shares of the catalogue"},
    {Strategy::T1, "T1",
     "socio-economic capability, infrastructure of the minimum standard, repair of houses"},
    {Strategy::T2, "T2", "lower vulnerability of the poor by training and house repair"},
    {Strategy::T3, "T3", "infrastructure, house repair and livelihoods together"},
    {Strategy::T4, "T4", "higher living standard of the poor, house repair"},
    {Strategy::T5, "T5", "quality and quantity of infrastructure to the minimum standard"},
    {Strategy::T6, "T6", "prevention by supervision, control of land use and empowerment"},
    {Strategy::combined, "combined", "the largest factor of the six for each programme"},
};

/// What a strategy multiplies: groups of programme types and their factors.
struct Factor {
  std::span<const std::string_view> types;
  double factor;
};

constexpr std::string_view training[] = {"training"};
constexpr std::string_view livelihoods[] = {"livelihoods"};
constexpr std::string_view houses[] = {"bsps", "bedah_rumah"};
/// The infrastructure that T5 names.
constexpr std::string_view services[] = {"neighbourhood_roads", "drainage_flood",
                                         "water_connections",   "sanimas",
                                         "waste",               "fire",
                                         "kotaku_area"};
/// Community and contractor works: "T1 with works".
constexpr std::string_view works[] = {"nusp", "kotaku_community", "cash_for_work", "p2kp",
                                      "neighbourhood_roads", "drainage_flood",
                                      "water_connections", "sanimas", "waste", "fire",
                                      "kotaku_area"};
constexpr std::string_view prevention[] = {"prevention"};
constexpr std::string_view empowerment[] = {"facilitation", "upkeep"};

bool contains(std::span<const std::string_view> types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

double factor_among(std::initializer_list<Factor> factors, std::string_view type) {
  for (const Factor& f : factors) {
    if (contains(f.types, type)) return f.factor;
  }
  return 1.0;
}

}  // namespace

std::span<const StrategyInfo> strategies() { return all; }

double strategy_factor(Strategy strategy, std::string_view type) {
  switch (strategy) {
    case Strategy::none: break;
    case Strategy::T1:
      return factor_among({{livelihoods, 10}, {training, 10}, {houses, 1.5}}, type);
    case Strategy::T2:
      return factor_among({{livelihoods, 20}, {training, 20}, {houses, 2}}, type);
    case Strategy::T3:
      return factor_among({{works, 1.3}, {houses, 1.3}, {livelihoods, 5}}, type);
    case Strategy::T4: return factor_among({{livelihoods, 20}, {houses, 1.7}}, type);
    case Strategy::T5: return factor_among({{services, 1.5}}, type);
    case Strategy::T6: return factor_among({{prevention, 10}, {empowerment, 2}}, type);
    case Strategy::combined: {
      double largest = 1.0;
      for (const Strategy s : {Strategy::T1, Strategy::T2, Strategy::T3, Strategy::T4,
                               Strategy::T5, Strategy::T6}) {
        largest = std::max(largest, strategy_factor(s, type));
      }
      return largest;
    }
  }
  return 1.0;
}

bool is_in_package(Strategy strategy, std::string_view type) {
  return strategy == Strategy::T3 &&
         (contains(works, type) || contains(houses, type) || contains(livelihoods, type));
}

}  // namespace musi::models
