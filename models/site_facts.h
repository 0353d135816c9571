#pragma once

#include <cstddef>

#include "models/world.h"
#include "sim/core/check.h"

namespace musi::models {

/// What the city folder says of a site. Rows of a run and rows of sites.csv differ where
/// `start.subset` leaves sites out; keys do not.
inline const SiteFacts& site_facts(const World& world, std::size_t site) {
  const auto& facts = world.city->sites;
  std::size_t row = site;  // a subset keeps the order, so the row can only be later
  while (row < facts.size() && facts[row].key != world.sites.key[site]) ++row;
  MUSI_EXPECT(row < facts.size());
  return facts[row];
}

}  // namespace musi::models
