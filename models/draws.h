#pragma once

#include <cstdint>

namespace musi::models {

/// The decisions that draw, MODEL.md section 6. Append-only: a number is never reused.
enum class Draw : std::uint32_t {
  rt_area = 1,             ///< RT area, density (RT, site)
  household_traits = 2,    ///< (household)
  deficits = 3,            ///< sixteen deficits (RT)
  deficit_assignment = 4,  ///< (household)
  initial_ages = 5,        ///< (household; RT x item)
  land_status = 6,         ///< (RT); plan item (site)
  social_capital = 7,      ///< and lasting propensity (RT, site)
  revision = 10, ///< one block: wait, engagement uniform, engagement normal, income normal
  self_investment = 14,    ///< (household)
  rare_wait = 15,          ///< wait to the next rare candidate (household)
  rare_kind = 16,          ///< kind of rare event (household)
  newcomer_traits = 17,    ///< (dwelling)
  rt_year = 18,            ///< yearly RT effect
  guideline_month = 19,    ///< (ministry; programme)
  budget_process = 20,     ///< (source)
  budget_shock = 21,       ///< (source)
  effective_month = 22,    ///< (source)
  package_times = 23,      ///< verification and procurement time (package)
  rework = 24,             ///< (package)
  composition = 25,        ///< (package)
  detection = 26,          ///< (household; RT x item)
  consent = 27,            ///< (household)
  group_join = 28,         ///< join a repair group (household)
  relocation_take_up = 29,
  relocation_exit = 30,
  leakage = 31,            ///< leakage, fault (package)
  unit_life = 32,          ///< life of a unit (household x item)
  flood_wait = 33,
  fire_size = 34,
  legalisation = 35,       ///< (RT)
  ledger_booking = 36,     ///< (package)
  remeasurement = 37,      ///< (RT)
  report_noise = 38,       ///< (city)
  decree = 39,             ///< (RT)
  livelihood_effect = 40,  ///< effect on income (member; group)
  livelihood_exit = 41,    ///< wait to the end of the group (group)
  loan_default = 42,       ///< default or not, when (household)
  site_noise = 43,         ///< political noise, ties (site)
  new_unit_place = 44,     ///< (parent)
  flat_opening = 45,
  board_initiative = 46,   ///< initiative beyond formal duty (site)
  site_cost = 47,          ///< site factor of unit costs (site)
  official_list = 48,      ///< household is on the list of unfit houses (household)
  initial_engaged = 49,    ///< engaged at the start of the spin-up (household)
  elders = 50,             ///< becomes an elder when elders are appointed (household)
  vacancy = 51,            ///< where a leaver goes; who takes the dwelling (household)
  fire_wait = 52,          ///< wait to the next ignition candidate and its slot (RT)
  plain_month = 53,        ///< reconsiders this month or not, income normal (household)
  plain_revision = 54,     ///< engagement of those who reconsider (household)
  plain_rare = 55,         ///< which rare event this month, if any (household)
  demolition = 60,         ///< an emptied dwelling is demolished or let again (household)
  livelihood_business = 65,  ///< business where the site states none (group)
  street_lighting = 70,    ///< lit by the street lighting of the office (RT)
};

}  // namespace musi::models
