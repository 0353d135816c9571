#pragma once

#include <vector>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// The money of one programme in one year, spent without packages. It pays from the payers in their
/// order, as far as their money has taken effect.
class Purse {
 public:
  Purse(World& world, std::size_t programme, const sim::Step& step);

  /// Pays at most `wanted`; gives what was paid.
  Rupiah pay(Rupiah wanted);
  /// Pays for whole units as far as the money goes; true if all was paid. [IDR million]
  bool buy(double idr_mn);
  /// Money that can be paid now. Without limits: more than anybody asks for.
  Rupiah free() const;

 private:
  World& world_;
  std::size_t programme_;
  const sim::Step& step_;
  std::vector<std::size_t> open_;    ///< sources whose money has taken effect; none in a replay
  std::vector<std::size_t> payers_;  ///< those of them that pay, in their order
};

/// A cost of the city in this year: the drawn one with the drift of prices. [IDR million]
double city_cost(const World& world, Param param, const sim::Step& step);

/// True in the month in which money of the year first can be spent on the programme.
bool starts_now(const World& world, const ProgrammeSpec& programme, const sim::Step& step);

}  // namespace musi::models
