#include "models/programmes/composition.h"

#include <algorithm>
#include <cmath>

namespace musi::models {
namespace {

class Basket {
 public:
  Basket(double money, std::vector<Portion>& portions) : money_(money), portions_(portions) {
    portions_.clear();
  }

  /// Buys up to `wanted` units of an offer; gives the units bought.
  double buy(Offer& offer, double wanted) {
    double units = std::min({wanted, offer.need, money_ / offer.price});
    if (offer.is_whole) units = whole_units(units);
    if (units <= 0.0) return 0.0;
    const double cost = std::min(money_, units * offer.price);
    money_ -= cost;
    offer.need -= units;
    offer.share = std::max(0.0, offer.share - units * offer.share_per_unit);
    const auto same = std::find_if(portions_.begin(), portions_.end(),
                                   [&](const Portion& p) { return p.item == offer.item; });
    if (same == portions_.end()) {
      portions_.push_back({offer.item, units, cost});
    } else {
      same->units += units;
      same->money += cost;
    }
    return units;
  }
  double money() const { return money_; }
  bool is_empty() const { return money_ <= small_change; }

 private:
  double money_;
  std::vector<Portion>& portions_;
};

/// The weights of what is bought, or not needed, become 0. Chance is only asked between several.
void fill_by_menu(Basket& basket, std::span<Offer> offers, sim::Stream& stream) {
  std::size_t n_left = 0;
  for (Offer& o : offers) {
    if (o.need <= 0) o.weight = 0.0;
    n_left += o.weight > 0 ? 1 : 0;
  }
  for (; n_left > 0 && !basket.is_empty(); --n_left) {
    double total = 0.0;
    for (const Offer& o : offers) total += o.weight;
    double left = n_left > 1 ? static_cast<double>(stream.uniform()) * total : 0.0;
    std::size_t chosen = offers.size();
    for (std::size_t i = 0; i < offers.size(); ++i) {
      if (offers[i].weight <= 0) continue;
      chosen = i;
      if (left < offers[i].weight) break;
      left -= offers[i].weight;
    }
    basket.buy(offers[chosen], offers[chosen].need);
    offers[chosen].weight = 0.0;
  }
}

/// Units that bring the share just below the next lower cut; 0 if it is below all.
double units_to_next_cut(const Offer& o, const Cuts& cuts) {
  if (o.share_per_unit <= 0) return 0.0;
  for (const double cut : {cuts.five, cuts.three, cuts.one}) {
    if (o.share < cut) continue;
    const double units = (o.share - cut + 1e-4) / o.share_per_unit;
    return o.is_whole ? std::ceil(units) : units;
  }
  return 0.0;
}

void fill_by_points(Basket& basket, std::span<Offer> offers, CutRule rule) {
  const Cuts cut = cuts(rule);
  for (std::size_t steps = 0; steps < 4 * offers.size() && !basket.is_empty(); ++steps) {
    std::size_t best = offers.size();
    double best_value = 0.0;
    for (std::size_t i = 0; i < offers.size(); ++i) {
      const Offer& o = offers[i];
      const double units = units_to_next_cut(o, cut);
      if (units <= 0 || units > o.need) continue;
      const double after = std::max(0.0, o.share - units * o.share_per_unit);
      const double gain = points(o.share, rule) - points(after, rule);
      const double value = gain / (units * o.price);
      if (value > best_value) {
        best_value = value;
        best = i;
      }
    }
    if (best == offers.size()) return;
    if (basket.buy(offers[best], units_to_next_cut(offers[best], cut)) <= 0) return;
  }
}

void fill_by_worst(Basket& basket, std::span<Offer> offers) {
  for (std::size_t round = 0; round < offers.size() && !basket.is_empty(); ++round) {
    const auto worse = [](const Offer& a, const Offer& b) {
      return (a.need > 0 ? a.share : -1.0) < (b.need > 0 ? b.share : -1.0);
    };
    Offer& worst = *std::max_element(offers.begin(), offers.end(), worse);
    if (worst.need <= 0) return;
    basket.buy(worst, worst.need);
    worst.need = 0.0;
  }
}

/// Weights are shares of the money; what an item cannot use goes on to the next one.
void fill_by_script(Basket& basket, std::span<Offer> offers) {
  double weights = 0.0, spare = 0.0;
  for (const Offer& o : offers) weights += o.weight;
  if (weights <= 0.0) return;
  const double money = basket.money();
  for (Offer& o : offers) {
    const double budget = spare + money * o.weight / weights;
    const double before = basket.money();
    basket.buy(o, budget / o.price);
    spare = budget - (before - basket.money());
  }
  // What the last items left goes to the first that need more.
  for (Offer& o : offers) basket.buy(o, o.need);
}

}  // namespace

double whole_units(double units) { return std::floor(units + unit_margin); }

void compose(Composition rule, std::span<Offer> offers, double money, CutRule cut_rule,
             sim::Stream& stream, std::vector<Portion>& portions) {
  Basket basket(money, portions);
  if (rule == Composition::score_per_rupiah) fill_by_points(basket, offers, cut_rule);
  if (rule == Composition::worst_criterion) fill_by_worst(basket, offers);
  if (rule == Composition::scripted) {
    fill_by_script(basket, offers);
  } else {
    fill_by_menu(basket, offers, stream);
  }
}

}  // namespace musi::models
