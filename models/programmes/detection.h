#pragma once

#include <algorithm>
#include <array>

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// What the programme sees: deficits are known through RT heads, MODEL.md 10.4.
namespace musi::models {

/// Chance that a deficit is on the list of a year: what all share is worked out once.
class KnownChance {
 public:
  KnownChance(const World& world, int year);
  double of(double engaged) const {
    return std::clamp(q_engaged_ - head_bias_ * (1.0 - engaged), 0.0, 1.0);
  }

 private:
  double q_engaged_, head_bias_;
};

/// Chance that a deficit is on the list this year: q0 + (q1 - q0) reach on - bias (1 - engaged);
/// `on` is the handled part of the complaints of a year.
double known_chance(const World& world, double engaged, int year);

/// True if the deficit of a household that `item` would lower is on this year's list.
bool is_known(const World& world, std::size_t row, Item item, const sim::Step& step);

/// is_known for many households: what they share is looked up once.
class Detector {
 public:
  Detector(const World& world, Item item, const sim::Step& step);
  bool operator()(const Households& households, std::size_t row) const;
  /// Takes the rows out that are not on the list; the others keep their order. Those before `from`
  /// are not looked at.
  void keep_listed(const Households& households, std::vector<std::uint32_t>& rows,
                   std::size_t from = 0) const;

 private:
  /// Chance of any household and of an engaged one.
  std::array<double, 2> chance_of_;
  /// The same as a count of numbers of 24 bits: those below are on the list.
  std::array<std::uint32_t, 2> listed_below_;
  sim::Chance chance_;
  std::uint32_t deficit_;
};

/// Believed deficits of RTs that are not counted in households: what RTs share is looked up once.
class Beliefs {
 public:
  /// `luck`: of the world, where errors that were drawn are found again; null: drawn each time.
  Beliefs(const World& world, const sim::Step& step, NeedLuck* luck);
  /// Lengths and areas times q exp(need_error_sd Z); a hydrant is asked for or not.
  double need(std::size_t rt, Item item) const;

 private:
  double draw(std::size_t rt, Item item) const;

  const World& world_;
  sim::Chance chance_;
  double spread_;
  KnownChance known_;
  NeedLuck* luck_;
};

/// Believed deficit of an RT: counts of listed households, or lengths and areas times
/// q exp(need_error_sd Z); a hydrant is asked for or not. [units of the item]
double believed_need(const World& world, std::size_t rt, Item item, const sim::Step& step);

}  // namespace musi::models
