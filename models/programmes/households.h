#pragma once

#include <vector>

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// Whom household items serve, MODEL.md 12 and 10.3.
namespace musi::models {

/// Years after which a house may be repaired again.
inline constexpr int repair_pause_years = 10;

/// May this household get this item from this programme now: it lacks it, tenure, group and income
/// fit, no repair in ten years, and for a new house the old one has failed twice.
bool is_eligible(const World& world, std::size_t row, const ProgrammeSpec& programme, Item item,
                 sim::Month month);

/// is_eligible for many households: what they share is looked up once.
class Eligibility {
 public:
  Eligibility(const World& world, const ProgrammeSpec& programme, Item item, sim::Month month);
  bool operator()(const Households& households, std::size_t row) const;
  /// For households of this RT: where the law asks for renewal, every unfit house is built anew.
  Eligibility& in_rt(const World& world, std::size_t rt);

 private:
  std::uint32_t lacks_, tenures_, groups_;
  bool is_house_, is_new_house_, is_rehabilitation_, replaces_all_ = false;
  sim::Month month_;
  bool any_income_;
  double log_limit_;  ///< [ln IDR million a month]
};

/// Rows of an RT that are eligible and known, in order of rows. After disasters: those who lost the
/// house they live in within claim_months, whom everybody knows.
std::vector<std::uint32_t> households_to_serve(const World& world, std::size_t rt,
                                               const ProgrammeSpec& programme, Item item,
                                               const sim::Step& step);

/// Puts rows into the order of service: on the official list first (houses), engaged first, lowest
/// income of the last visit, key.
void put_in_order(const World& world, Item item, std::vector<std::uint32_t>& rows);

/// The poorest engaged households of an RT, at most `most`: lowest income of the last visit, key.
std::vector<std::uint32_t> poorest_engaged(const World& world, std::size_t rt, std::size_t most);

/// Members of a repair group that could form now: known eligible households that are engaged or,
/// with the engaged share of the RT as chance, drawn in by their neighbours.
std::size_t group_size(const World& world, std::size_t rt, const ProgrammeSpec& programme,
                       Item item, const sim::Step& step);

}  // namespace musi::models
