#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/money.h"
#include "models/programmes/items.h"
#include "sim/core/ids.h"

/// Minutes of a run: what is written down so that implementation can be judged, MODEL.md 22.
/// Nothing in the model reads them, so they change no number of a run.
namespace musi::models {

/// Counts of one year, of one site or one programme. Money in IDR million of 2019.
struct Tally {
  double paid = 0.0;             ///< W
  double paid_mapped = 0.0;      ///< by programmes that serve one of the six strategies
  double paid_on_time = 0.0;     ///< by the month planned in January
  double overhead = 0.0;         ///< part of `paid` that built nothing by design
  double due = 0.0;              ///< money that could have been paid in the year
  double planned = 0.0, voted = 0.0;
  double self_help = 0.0;        ///< value that people added
  double missing = 0.0;          ///< value paid for and not there
  std::array<double, n_delay_causes> deviation{};  ///< due - paid by first cause, by DelayCause
  std::array<double, n_proposers> proposed{};      ///< announced money, by Proposer
  double built = 0.0, met = 0.0;           ///< value of units built; of those that met a deficit
  double promised = 0.0, booked = 0.0, delivered = 0.0;  ///< value of packages booked in the year
  std::uint32_t announced = 0, by_engaged = 0;     ///< packages
  std::uint32_t ended = 0, in_order = 0;
  std::uint32_t started = 0, verbal = 0, reworked = 0, late_guideline = 0;
  std::uint32_t n_booked = 0, booked_soon = 0;
  std::uint32_t joint = 0, conflicts = 0;          ///< packages in RTs of two sources
  double facilitators = 0.0, facilitators_needed = 0.0;  ///< [facilitator-months]
  std::array<double, n_stages> months_waited{};    ///< package-months, by Stage
  std::uint32_t sources = 0;                       ///< bits of sources that paid

  void add(const Tally& other);
};

/// What was delivered by one line of a package, to be looked at again three years later.
struct Cohort {
  std::uint32_t rt = 0;
  std::uint32_t site = 0;
  std::uint16_t programme = 0;
  std::uint8_t item = 0;
  std::uint16_t month = 0;
  double value = 0.0;                      ///< [IDR million]
  double clock = 0.0;                      ///< community clock of the RT then [years]
  std::vector<sim::EntityKey> households;  ///< served; empty for works
};

/// Who served an RT last, for conflicts.
struct ServiceLog {
  std::array<std::uint16_t, 2> month{0xFFFF, 0xFFFF};  ///< of the last two sources
  std::array<std::uint8_t, 2> source{0xFF, 0xFF};
  std::array<std::uint16_t, n_items> item_month{};     ///< + 1 of the last delivery; 0: none
};

/// One row of the works programme: what one package brought of one item to one RT.
struct WorksEntry {
  std::uint32_t site = 0, rt = 0;
  std::uint16_t programme = 0, source = 0, start_month = 0, end_month = 0;
  std::uint8_t item = 0;
  bool is_reworked = false;
  double units = 0.0, cost = 0.0, self_help = 0.0;     ///< [units], [IDR million]
};

struct Notes {
  bool are_taken = true;           ///< else none of this is filled
  std::vector<Tally> sites;        ///< of this year; the last one: money outside the sites
  std::vector<Tally> programmes;   ///< of this year
  std::vector<double> paid_at;     ///< of this year [IDR million]. Shape: [programme, site]
  std::vector<double> paid_in_rt;  ///< of this year [IDR million]
  std::array<double, 12> paid_by_month{};          ///< of this year [IDR million]
  std::array<std::array<double, n_items>, 3> units{};  ///< planned, booked, delivered this year
  std::vector<double> site_score, site_households; ///< mean ledger score, households in January
  double cost_per_hectare = 0.0;   ///< as reckoned with in January [IDR million per ha]
  double load = 0.0;               ///< of officers this year
  std::vector<double> seen_programme_paid;         ///< this year until the last month
  std::vector<std::uint8_t> proposes;              ///< RTs whose meeting proposes: bit 0 this
                                                   ///< year, bit 1 next year
  std::vector<ServiceLog> log;     ///< by RT
  std::vector<std::vector<Cohort>> delivered;      ///< of the last four years, by year index
  bool keeps_works = false;        ///< WorksEntry is wanted
  std::vector<WorksEntry> works;   ///< of the whole run
};

}  // namespace musi::models
