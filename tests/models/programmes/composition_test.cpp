#include "models/programmes/composition.h"

#include <catch2/catch.hpp>

#include <limits>
#include <map>

#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

std::vector<Offer> three_offers() {
  return {{Item::road_surface, 0.5, 100, 1.0, false, 0.6, 0.006},
          {Item::water_connection, 0.3, 10, 4.0, true, 0.3, 0.03},
          {Item::waste_kit, 0.2, 0.2, 35.0, false, 1.0, 5.0}};
}

std::vector<Portion> composed(Composition rule, std::vector<Offer> offers, double money,
                              std::uint64_t key) {
  sim::Stream stream(sim::Chance(5, 25, 0), key);
  std::vector<Portion> portions;
  compose(rule, offers, money, CutRule::operational, stream, portions);
  return portions;
}

double money_of(const std::vector<Portion>& portions) {
  double sum = 0.0;
  for (const Portion& p : portions) sum += p.money;
  return sum;
}

}  // namespace

TEST_CASE("a package never costs more than its money and never exceeds a need", "[property]") {
  for (const auto rule : {Composition::menu, Composition::score_per_rupiah,
                          Composition::worst_criterion}) {
    for (std::uint64_t key = 0; key < 300; ++key) {
      const double money = 0.7 * static_cast<double>(key);
      const auto portions = composed(rule, three_offers(), money, key);
      REQUIRE(money_of(portions) <= money + 1e-9);
      for (const Portion& p : portions) {
        for (const Offer& o : three_offers()) {
          if (o.item != p.item) continue;
          REQUIRE(p.units <= o.need + 1e-9);
          if (o.is_whole) REQUIRE(p.units == std::floor(p.units));
        }
      }
    }
  }
}

TEST_CASE("more money buys at least as much of every item", "[property]") {
  for (std::uint64_t key = 0; key < 100; ++key) {
    std::map<Item, double> before;
    for (double money = 0; money < 200; money += 10) {
      std::map<Item, double> now;
      for (const Portion& p : composed(Composition::menu, three_offers(), money, key)) {
        now[p.item] = p.units;
      }
      for (const auto& [item, units] : before) {
        // Whole units may give way to the fraction that the next item takes.
        if (item != Item::waste_kit && item != Item::road_surface) REQUIRE(now[item] >= units);
      }
      before = now;
    }
  }
}

TEST_CASE("the menu draws its first item by weight", "[statistical]") {
  int roads = 0;
  constexpr int n = 20'000;
  for (std::uint64_t key = 0; key < n; ++key) {
    roads += composed(Composition::menu, three_offers(), 1.0, key).front().item ==
             Item::road_surface;
  }
  // Water needs 4 million for one household: with 1 million it buys nothing and roads or kits
  // follow in proportion, 0.5 + 0.3 * 0.5 / 0.7. One in 100 off is caught.
  tests::require_share(roads, n, 0.5 + 0.3 * 0.5 / 0.7);
}

TEST_CASE("points per rupiah stop just below a cut and the worst criterion comes first", "[unit]") {
  const auto cheap = composed(Composition::score_per_rupiah, three_offers(), 7.1, 1);
  // The kit: 5 points for Rp 5.3 million of 7, then to the end of its need.
  REQUIRE(cheap.front().item == Item::waste_kit);
  REQUIRE(composed(Composition::worst_criterion, three_offers(), 5.0, 1).front().item ==
          Item::waste_kit);
}

TEST_CASE("what is needed alone on a menu is bought whatever the chance", "[property]") {
  for (std::uint64_t key = 0; key < 50; ++key) {
    auto offers = three_offers();
    offers[0].need = offers[1].need = 0.0;
    const auto portions = composed(Composition::menu, offers, 3.5, key);
    REQUIRE(portions.size() == 1);
    CHECK(portions[0].item == Item::waste_kit);
    CHECK(portions[0].units == Approx(0.1));
  }
}

TEST_CASE("there is a whole unit just where whole units are more than none", "[property]") {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  for (const double units : {-infinite, -1.0, 0.0, 0.999, 1.0 - 2e-9, 1.0 - 1e-9, 1.0 - 5e-10, 1.0,
                             1.7, 40.0, infinite, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(has_whole_unit(units) == (whole_units(units) > 0.0));
  }
}
