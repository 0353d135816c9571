#pragma once

#include <algorithm>

#include "models/programmes/purse.h"
#include "models/support.h"

namespace musi::models {

/// The part of a programme's money that buys one kind of help this year.
class AidPurse {
 public:
  AidPurse(World& world, std::size_t programme, Aid aid, const sim::Step& step)
      : purse_(world, programme, step),
        left_(world.support.left[programme][static_cast<std::size_t>(aid)]),
        is_bounded_(!world.scenario->funding.unlimited) {}

  Rupiah free() const { return is_bounded_ ? std::min(left_, purse_.free()) : purse_.free(); }
  /// Units that a part of the money pays for: one of `parts` equal parts of what is free.
  std::size_t affordable(double idr_mn, std::size_t parts = 1) const {
    return static_cast<std::size_t>(free() / static_cast<Rupiah>(parts) / price_of(idr_mn));
  }
  /// Pays for `n` units; false, and nothing is paid, if the money does not suffice.
  bool buy(std::size_t n, double idr_mn) {
    const Rupiah wanted = static_cast<Rupiah>(n) * price_of(idr_mn);
    if (free() < wanted || purse_.pay(wanted) != wanted) return false;
    left_ -= std::min(left_, wanted);
    return true;
  }

 private:
  static Rupiah price_of(double idr_mn) {
    return std::max<Rupiah>(1, rupiah_of_million(idr_mn));
  }

  Purse purse_;
  Rupiah& left_;
  bool is_bounded_;
};

/// The item that buys a kind of help.
constexpr Item item_of_aid(Aid aid) {
  constexpr Item items[n_aids] = {Item::livelihood_member, Item::training_month, Item::loan};
  return items[static_cast<std::size_t>(aid)];
}

/// True if the programme offers it: its menu names the item.
bool offers(const ProgrammeSpec& programme, Aid aid);

/// The month in which places in courses and loans are given out: the first with guideline and
/// money.
bool is_round(const World& world, std::size_t programme, const sim::Step& step);

}  // namespace musi::models
