#include "models/finance/ledger.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "sim/core/check.h"
#include "sim/core/rng.h"

namespace {

using namespace musi::models;

/// One random movement of at most what there is.
void random_movement(SourceState& source, std::size_t year, musi::sim::Stream& stream) {
  const std::uint32_t kind = stream.word() % 6;
  const auto part_of = [&](Rupiah most) {
    return static_cast<Rupiah>(static_cast<double>(most) * stream.fine_uniform());
  };
  const Rupiah free = part_of(source.uncommitted[year]);
  const Rupiah bound = part_of(source.committed[year]);
  switch (kind) {
    case 0: ledger::vote(source, year, part_of(1'000'000'007)); break;
    case 1: ledger::commit(source, year, free); break;
    case 2: ledger::release(source, year, bound); break;
    case 3: ledger::pay(source, year, bound); break;
    case 4: ledger::give_back(source, year, bound); break;
    default: ledger::carry(source, year, bound); break;
  }
}

}  // namespace

TEST_CASE("no sequence of movements opens the books of a source", "[property]") {
  SourceState source;
  ledger::open(source, 5);
  musi::sim::Stream stream(musi::sim::Chance(7, 1, 0), 1);
  for (std::size_t year = 0; year < 5; ++year) {
    for (int i = 0; i < 2000; ++i) {
      random_movement(source, year, stream);
      REQUIRE(ledger::is_closed(source, year));
      if (year + 1 < 5) REQUIRE(source.carried_in[year + 1] == source.carried[year]);
      if (year + 1 < 5) REQUIRE(ledger::is_closed(source, year + 1));
    }
    ledger::return_free(source, year);
    REQUIRE(source.uncommitted[year] == 0);
    REQUIRE(ledger::is_closed(source, year));
  }
}

TEST_CASE("money that is not there cannot be moved", "[unit]") {
  SourceState source;
  ledger::open(source, 2);
  ledger::vote(source, 0, 100);
  REQUIRE_THROWS_AS(ledger::commit(source, 0, 101), musi::sim::ContractError);
  REQUIRE_THROWS_AS(ledger::pay(source, 0, 1), musi::sim::ContractError);
  REQUIRE_THROWS_AS(ledger::vote(source, 0, -1), musi::sim::ContractError);
  ledger::commit(source, 0, 100);
  ledger::carry(source, 0, 60);
  ledger::pay(source, 0, 40);
  REQUIRE(source.carried_in[1] == 60);
  REQUIRE(source.committed[1] == 60);
}
