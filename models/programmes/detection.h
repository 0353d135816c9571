#pragma once

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// What the programme sees: deficits are known through RT heads, MODEL.md 10.4.
namespace musi::models {

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
  double engaged_, other_;  ///< chance of an engaged household and of any other
  sim::Chance chance_;
  std::uint32_t deficit_;
};

/// Believed deficit of an RT: counts of listed households, or lengths and areas times
/// q exp(need_error_sd Z); a hydrant is asked for or not. [units of the item]
double believed_need(const World& world, std::size_t rt, Item item, const sim::Step& step);

}  // namespace musi::models
