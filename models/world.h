#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "models/city.h"
#include "models/future.h"
#include "models/money.h"
#include "models/need_luck.h"
#include "models/notes.h"
#include "models/scenario.h"
#include "models/score/classes.h"
#include "models/support.h"
#include "sim/core/clock.h"
#include "sim/core/ids.h"
#include "sim/core/large_pages.h"
#include "sim/core/process.h"

/// All that changes in one future, as columns. Processes hold parameters only.
namespace musi::models {

struct HouseholdTag {};
struct NeighbourhoodTag {};
struct SiteTag {};
using HouseholdId = sim::Id<HouseholdTag>;
using NeighbourhoodId = sim::Id<NeighbourhoodTag>;
using SiteId = sim::Id<SiteTag>;

inline constexpr std::uint16_t never = 0xFFFF;  ///< month that does not come
inline constexpr float no_failure = std::numeric_limits<float>::infinity();

/// Culture groups.
enum class Group : std::uint8_t { river = 0, land = 1 };
inline constexpr std::size_t n_groups = 2;
enum class Tenure : std::uint8_t { title = 0, informal_own = 1, rent = 2, squat = 3 };
/// Class of an RT on the scale of 2018.
using Slum = SlumClass;
/// What first kept an RT slum in a year, MODEL.md section 21.
enum class Barrier : std::uint8_t {
  none,
  land,
  money,
  guideline,
  procurement,  ///< and staff
  participation,
  technical,
  regrowth,
};
inline constexpr std::size_t n_barriers = 8;

/// Bits of Households::flags. "lacks" bits are deficits.
namespace flag {
inline constexpr std::uint32_t alive = 1u << 0;          ///< 0: vacant dwelling
inline constexpr std::uint32_t engaged = 1u << 1;
inline constexpr std::uint32_t land_group = 1u << 2;     ///< Group
inline constexpr std::uint32_t tenure_shift = 3;         ///< two bits: Tenure
inline constexpr std::uint32_t tenure_mask = 3u << tenure_shift;
inline constexpr std::uint32_t elder = 1u << 5;
inline constexpr std::uint32_t wood = 1u << 6;
inline constexpr std::uint32_t raft = 1u << 7;
inline constexpr std::uint32_t lacks_house = 1u << 8;    ///< 1c: dwelling unfit
inline constexpr std::uint32_t lacks_water = 1u << 9;    ///< 3a: no safe water
inline constexpr std::uint32_t low_water = 1u << 10;     ///< 3b: below 60 l
inline constexpr std::uint32_t lacks_toilet = 1u << 11;  ///< 5a
inline constexpr std::uint32_t lacks_tank = 1u << 12;    ///< 5b
inline constexpr std::uint32_t crowded = 1u << 13;       ///< not enough space
inline constexpr std::uint32_t informal = 1u << 14;      ///< lives from informal work
inline constexpr std::uint32_t helped = 1u << 15;        ///< has received help
inline constexpr std::uint32_t listed = 1u << 16;        ///< on the official list of unfit houses
inline constexpr std::uint32_t relocated = 1u << 17;
inline constexpr std::uint32_t in_livelihood_group = 1u << 18;  ///< is or was
inline constexpr std::uint32_t failed_twice = 1u << 19;  ///< beyond repair: needs a new house
inline constexpr std::uint32_t failed_once = 1u << 20;
inline constexpr std::uint32_t compensated = 1u << 21;   ///< the plot of the dwelling was bought
inline constexpr std::uint32_t has_loan = 1u << 24;
inline constexpr std::uint32_t trained = 1u << 25;
inline constexpr std::uint32_t size_shift = 26;          ///< four bits: persons
inline constexpr std::uint32_t size_mask = 15u << size_shift;
inline constexpr std::uint32_t edu_shift = 30;           ///< two bits: class of education, 1 to 3
inline constexpr std::uint32_t edu_mask = 3u << edu_shift;
}  // namespace flag
static_assert(largest_household <= flag::size_mask >> flag::size_shift);

constexpr Tenure tenure_of(std::uint32_t flags) {
  return static_cast<Tenure>((flags & flag::tenure_mask) >> flag::tenure_shift);
}
constexpr Group group_of(std::uint32_t flags) {
  return (flags & flag::land_group) != 0 ? Group::land : Group::river;
}
constexpr std::uint32_t size_of(std::uint32_t flags) {
  return (flags & flag::size_mask) >> flag::size_shift;
}
constexpr std::uint32_t with_size(std::uint32_t flags, std::uint32_t persons) {
  return (flags & ~flag::size_mask) | persons << flag::size_shift;
}
constexpr int edu_of(std::uint32_t flags) { return static_cast<int>(flags >> flag::edu_shift); }
constexpr bool is_owner(std::uint32_t flags) {
  return tenure_of(flags) == Tenure::title || tenure_of(flags) == Tenure::informal_own;
}

/// What visits and moves read and write of a household, together in half a line of cache.
struct alignas(32) HouseholdRecord {
  sim::EntityKey key = 0;
  std::uint32_t rt = 0;               ///< row of its RT
  float mu = 0;                       ///< permanent log income [ln IDR million a month]
  float dy = 0;                       ///< deviation of log income at the last visit
  float savings = 0;                  ///< [IDR million]
  float c0 = 0;                       ///< constant part of the engagement index [logit]
  std::uint16_t last_visit = 0;       ///< [month] + visit_offset
  std::uint16_t repaired = never;     ///< [month] of the last house repair, or never

  /// Of the last visit. [ln IDR million a month]
  float log_income() const { return mu + dy; }
  bool operator==(const HouseholdRecord&) const = default;
};
static_assert(sizeof(HouseholdRecord) == 32);

/// When the units of a dwelling fail [years on the RT's calendar clock]; no_failure if absent.
struct FailureAges {
  float house = no_failure, water = no_failure, sanitation = no_failure;

  /// House, water, sanitation by `what` (0, 1, 2).
  float& of(int what) { return what == 0 ? house : what == 1 ? water : sanitation; }
  float least() const {
    const float services = water < sanitation ? water : sanitation;
    return house < services ? house : services;
  }
  bool operator==(const FailureAges&) const = default;
};

/// Rows are dwellings with their households. Those of one RT are contiguous:
/// [first_row, first_row + n_rows) of Neighbourhoods; vacant dwellings are rows without `alive`;
/// rows between blocks are spare (key 0, flags 0, never due). What is searched row by row has a
/// column of its own.
struct Households {
  sim::Column<HouseholdRecord> record;
  sim::Column<std::uint32_t> flags;         ///< with size and education
  std::vector<std::uint16_t> next_revision; ///< [month]
  std::vector<std::uint16_t> next_rare;     ///< [month]; write by set_next_rare
  std::vector<std::uint16_t> rare_from;     ///< [month] by so many rows: none is due earlier
  std::vector<float> dy_now;                ///< dy of this month, of the plain form only
  sim::Column<FailureAges> fails;

  bool keeps_dy_now = false;                ///< the plain form of visits; set before rows exist

  static constexpr std::size_t rows_per_rare_from = 32;

  std::size_t size_rows() const { return record.size(); }
  void set_next_rare(std::size_t row, std::uint16_t month) {
    next_rare[row] = month;
    std::uint16_t& from = rare_from[row / rows_per_rare_from];
    from = month < from ? month : from;
  }
  void resize(std::size_t rows);
  /// Makes room for what `rows` may grow to before blocks close ranks, so that columns stay where
  /// they are.
  void reserve(std::size_t rows);
};

/// Spare rows behind the n rows of an RT: memory and caches want few, growing blocks want some.
constexpr std::size_t rows_to_spare(std::size_t n) { return n / 16 + 3; }

/// Months of visits are stored as month + 24, so that the spin-up fits 16 bits.
inline constexpr int visit_offset = 24;

/// Everything of one household row, for moving it in and out of the columns.
struct HouseholdRow {
  sim::EntityKey key = 0;
  std::uint32_t flags = 0;
  std::uint16_t next_revision = never, next_rare = never, last_visit = 0, repaired = never;
  float mu = 0, dy = 0, dy_now = 0, savings = 0, c0 = 0;
  FailureAges fails{};
};

/// Public works that age in three phases; good units per phase are stored per RT.
enum class Stock : std::uint8_t {
  path_land,      ///< [m] surfaced path on land
  path_river,     ///< [m] surfaced path over water
  drain,          ///< [m] drain with good lining
  flood_works,    ///< [ha] protected
  waste_kit,      ///< [households] served by kits
  hydrant,        ///< [buildings] in reach of fire access
  extinguisher,   ///< [buildings] with equipment
};
inline constexpr std::size_t n_stocks = 7;
inline constexpr std::size_t n_phases = 4;  ///< at most; three in the central form

/// Bits of Neighbourhoods::year_marks, cleared in January: what happened to an RT this year.
namespace mark {
inline constexpr std::uint16_t had_package = 1u << 0;      ///< a package was announced
inline constexpr std::uint16_t late_guideline = 1u << 1;   ///< started late because J > B
inline constexpr std::uint16_t late_procurement = 1u << 2; ///< or staff
inline constexpr std::uint16_t failed_gate = 1u << 3;      ///< gate, group or consent
inline constexpr std::uint16_t refused_land = 1u << 4;     ///< works refused for land
inline constexpr std::uint16_t delivered = 1u << 5;        ///< units were built
inline constexpr std::uint16_t no_money = 1u << 6;         ///< package cancelled for money
}  // namespace mark

/// RTs. A site's RTs are listed in Sites::rts; new RTs are appended.
struct Neighbourhoods {
  std::vector<sim::EntityKey> key;
  std::vector<std::uint32_t> site;
  std::vector<std::uint16_t> ordinal;       ///< in its site, from 0
  std::vector<std::uint32_t> first_row, n_rows, capacity;  ///< block of household rows
  std::vector<std::uint32_t> rows_at_rest;  ///< n_rows when blocks last closed ranks
  std::size_t ordered_rows = 0;             ///< blocks that begin below stand in order of RTs

  std::vector<double> light_rank;           ///< [0-1] those with the least are lit first
  std::vector<float> area;                  ///< [ha]
  std::vector<float> buildings;
  std::vector<float> buildings_at_start;
  std::vector<float> share_river;           ///< [0-1] of households, at the start
  std::vector<float> tide;                  ///< [0-1] share of area under frequent flood
  std::vector<float> ideal_road, ideal_drain, miss_road, miss_drain;  ///< [m]
  std::array<std::array<std::vector<float>, n_phases>, n_stocks> good; ///< good units by phase
  std::vector<float> clog;                  ///< [0-1] clogged share of good drains
  std::vector<float> waste_service;         ///< [0-1] households with running collection
  std::vector<float> irregular;             ///< [buildings] numerator of 1a
  std::vector<float> overdense_at_start;    ///< [0-1] share of area

  std::vector<std::uint32_t> n_households, n_persons;
  std::vector<std::uint32_t> n_unfit, n_no_water, n_low_water, n_no_toilet, n_no_tank, n_crowded;
  std::array<std::vector<std::uint32_t>, n_groups> n_group, n_engaged;

  std::vector<float> sc, A, E;              ///< social capital; lasting, yearly propensity
  std::array<std::vector<float>, n_groups> gamma;  ///< influence term of this month [logit]
  std::vector<LandStatus> land_status;
  std::vector<double> clock_community, clock_calendar;           ///< [years]
  std::vector<double> refreshed_community, refreshed_calendar;   ///< clocks at the last refresh
  std::vector<float> upkeep_sum;            ///< sum of M_r over months since the last refresh
  std::vector<std::uint16_t> upkeep_months; ///< months in that sum
  std::vector<float> next_failure;          ///< smallest stored fail age of its households
  std::vector<std::uint16_t> service_paid_until, upkeep_paid_until, works_until, attracts_until,
      next_flood,                           ///< [month]
      flooded,                              ///< [month] of the last flood, or never
      credit_closed_until;                  ///< [month] nobody here gets a loan before it
  std::vector<double> next_fire;            ///< [months] next candidate of an ignition
  std::vector<std::uint32_t> fire_slots;    ///< dwellings that the candidates reckon with
  std::vector<std::uint8_t> touched;        ///< stocks changed since the last refresh

  std::array<std::vector<float>, n_criteria> start_share;  ///< deficits at the start [0-1]
  std::array<std::vector<float>, n_criteria> physical;     ///< shares of the physical book [0-1]
  std::array<std::vector<float>, n_criteria> ledger;       ///< shares of the ledger [0-1]
  std::vector<std::uint8_t> physical_score, ledger_score;  ///< 0 to 80
  std::vector<Slum> physical_class, ledger_class;
  std::vector<std::uint8_t> in_ledger;      ///< 0: new RT outside ledger and decree
  std::vector<std::uint8_t> in_decree;      ///< 1: counted by the decree in force
  std::vector<float> decree_area;           ///< [ha] as drawn in the decree
  std::vector<std::uint16_t> measured;      ///< [month] of the last ledger entry
  std::vector<std::uint8_t> was_clear;      ///< was below 16 points before
  std::vector<std::uint8_t> ever_served;
  std::vector<std::uint8_t> waterfront;     ///< has waterfront works
  std::vector<std::uint16_t> year_marks;    ///< bits of mark
  std::vector<Barrier> first_barrier;       ///< of the last December

  std::size_t size() const { return key.size(); }
  void resize(std::size_t rows);
};

struct Sites {
  std::vector<sim::EntityKey> key;
  std::vector<std::vector<std::uint32_t>> rts;  ///< rows of its RTs, by ordinal
  std::vector<float> area;                  ///< [ha] at the start
  std::vector<std::uint8_t> is_strategic, is_legal, is_ulu;
  std::vector<float> unclear_land_share;    ///< [0-1]
  std::vector<float> board;                 ///< L [0-1]
  std::vector<float> disappointment;        ///< D [0-1]
  std::vector<float> facilitator_months;    ///< x_s this month per 1,000 households
  std::vector<float> delivery_ratio;        ///< delivered / promised packages of last year
  std::vector<std::uint32_t> promised, delivered;  ///< packages of this year
  std::vector<std::uint8_t> elders_appointed;
  std::vector<float> cost_factor;           ///< exp(0.15 Z)
  std::vector<std::uint16_t> served_since;  ///< first month with a package, or never
  std::vector<float> prevention;            ///< effort of this year [0-1]
  std::vector<float> park_value;            ///< of a park beside it, value index [log]
  std::vector<std::uint8_t> renewal;        ///< 1: the letter of the law asks for rebuilding
  std::vector<std::uint8_t> priority_rank;  ///< order of MODEL.md 13, 1 first
  std::vector<float> decree_area;           ///< [ha]

  std::size_t size() const { return key.size(); }
  void resize(std::size_t rows);
};

/// A dwelling outside the slum RTs that waits for the household it was built for.
struct HomeOffer {
  sim::EntityKey household = 0;
  std::uint32_t rt = 0;       ///< where the household lived when it consented
  std::uint16_t programme = 0;
  std::uint16_t opens = 0;    ///< [month]
};

/// A relocated household.
struct Relocated {
  HouseholdRow household;     ///< as it left
  std::uint32_t from_rt = 0;
  std::uint16_t programme = 0;
  std::uint16_t moved = 0, leaves = 0;  ///< [month]
};

/// Land and homes outside the slum RTs, and who lives there, MODEL.md 17. Households are conserved:
///     relocated = living there + on the way back + returned + gone
struct Relocation {
  std::vector<HomeOffer> offers;
  std::vector<Relocated> living;            ///< in order of their moves
  std::vector<Relocated> returning;         ///< settled with the next month's moves
  struct Letting {
    sim::EntityKey key = 0;                 ///< of the emptied dwelling
    std::uint32_t rt = 0;
  };
  std::vector<Letting> to_let;              ///< taken with the next month's moves
  std::vector<double> land_bought, land_used;  ///< by site [m2]
  std::vector<double> homes, homes_served;  ///< low-income houses built; with roads, by site
  std::int64_t relocated = 0, returned = 0, gone = 0;  ///< since the start [households]
};

/// Counts of events of the current year, for records. Reset in January.
///     households after - before = splits + arrived + returned - left - relocated
struct YearCounts {
  std::int64_t self_investments = 0,
               left = 0,       ///< households that left the slums
               moved = 0,      ///< households that moved inside the slums
               arrived = 0,    ///< newcomers, in vacated dwellings and new units
               displaced = 0,  ///< leavers due to risen values
               splits = 0, new_units = 0, new_rts = 0, refilled = 0, vacated = 0,
               house_failures = 0, water_failures = 0,
               sanitation_failures = 0, houses_repaired = 0, legalised = 0, bound_crossings = 0,
               floods = 0,       ///< RTs flooded, each time
               fires = 0,
               houses_lost = 0,  ///< in fires
               relocated = 0,    ///< households that moved out of the slum RTs by a programme
               returned = 0,     ///< of those, back in a slum RT
               left_relocation = 0,  ///< of those, left the new place: back or gone
               declined = 0,     ///< invited, did not take up
               homes_opened = 0,  ///< low-income houses and flats
               demolished = 0,   ///< dwellings
               group_members = 0,  ///< joined a livelihood group that got its capital
               groups_ended = 0, trained = 0, loans = 0, loan_defaults = 0,
               rehabilitated = 0;  ///< houses lost to fire or flood that programmes rebuilt
  Rupiah wages = 0;           ///< paid to households for work on the works
  double cleared_ha = 0.0;                  ///< RTs that fell below 16 points [ha]
  double relapsed_ha = 0.0;
};

/// Books of the city.
struct CityState {
  double reported_area = 0.0;               ///< [ha] published figure of the last December
  double previous_reported_area = 0.0;
  double admin_removed = 0.0;               ///< [ha] K accumulated
  double decree_added = 0.0;                ///< [ha] N of the last decree
  int next_decree_year = 0;
  int last_decree_month = -1;
  double ledger_figure = 0.0;               ///< [ha] ledger after the observation model, December
  double decree_figure = 0.0;               ///< [ha] decree after the observation model, December
  double baseline_area = 0.0;               ///< [ha] physical area at the baseline of Z3
  int years_above_path = 0;                 ///< in a row, published area over the official path
  YearCounts counts;
};

/// A wish of a household, collected by rare events and settled in the same month.
struct MoveWish {
  enum class Kind : std::uint8_t { leave, split, new_unit };
  Kind kind = Kind::leave;
  sim::EntityKey key = 0;
  std::uint32_t row = 0;  ///< as the wish was made
  std::uint32_t rt = 0;
};

/// When each definition of zero was first met.
struct ZeroState {
  std::array<int, n_zero_definitions> reached_month{};  ///< -1: not yet
  int held_z1_since = -1, held_z3_since = -1;           ///< months; -1: not held now
};

/// What the start looked like, MODEL.md 8.6; part of every result.
struct StartReport {
  double area_ha = 0.0, listed_not_slum_ha = 0.0;
  std::size_t n_rt = 0, n_listed_not_slum = 0, n_households = 0, n_persons = 0;
  double mean_score = 0.0, sd_score = 0.0, p10_score = 0.0, p90_score = 0.0;
  std::array<double, 4> class_share{};      ///< of RTs, by Slum
  std::array<double, n_criteria> mean_share{};
  std::size_t n_redrawn = 0;
  double households_on_official_list = 0.0, owner_unfit = 0.0;
};

struct World {
  World(const Scenario& scenario_in, const City& city_in, Future future_in)
      : scenario(&scenario_in), city(&city_in), future(std::move(future_in)) {
    households.keeps_dy_now = scenario_in.sampling.plain_evaluation;
  }

  const Scenario* scenario;
  const City* city;
  Future future;
  sim::Month month = 0;                     ///< of the current step

  Households households;
  Neighbourhoods rts;
  Sites sites;
  Money money;
  NeedLuck need_luck;
  Support support;
  std::vector<MoveWish> wishes;             ///< of this month
  Relocation relocation;
  CityState state;
  ZeroState zero;
  StartReport start;
  Notes notes;

  std::size_t n_sites() const { return sites.size(); }
  std::size_t n_rts() const { return rts.size(); }
  /// Living households of the city.
  std::size_t n_households() const;

  /// Appends a household row to an RT; its block moves to the end of the columns when it is full.
  /// Counters of the RT are not touched. Returns the row.
  std::size_t add_row(std::size_t rt, const HouseholdRow& household);
  /// Brings the blocks together again, in order of RTs, once moved blocks have left many gaps: rows
  /// change, their order inside an RT does not. Counters of the RTs are not touched.
  void close_ranks();
  /// Takes a row without a living household out of its RT; those behind it move up by one.
  void remove_row(std::size_t row);
  HouseholdRow row(std::size_t row) const;
  void set_row(std::size_t row, const HouseholdRow& household);
  /// The same without the failure ages, which stay with the dwelling.
  HouseholdRow household(std::size_t row) const;
  /// Asks for what `household` reads and set_household writes at a row, some rows ahead.
  void ask_for_household(std::size_t row) const;
  void set_household(std::size_t row, const HouseholdRow& household);

  /// Adds (+1) or takes away (-1) one living household from the counters of its RT: households,
  /// persons, deficits, groups, engaged.
  void count_household(std::size_t row, int sign);
  /// The same where the household at `row` has taken the place of one with the flags `before`,
  /// which was counted: the dwelling and its deficits stay.
  void count_successor(std::size_t row, std::uint32_t before);
  /// Changes flags of a living household and keeps the counters of its RT.
  void change_flags(std::size_t row, std::uint32_t set, std::uint32_t clear) {
    change_flags(row, households.record[row].rt, set, clear);
  }
  /// The same where its RT is known: the record of the row is not read.
  void change_flags(std::size_t row, std::size_t rt, std::uint32_t set, std::uint32_t clear);
  /// Notes that the household at `row` lost its house to fire or flood, if there is one.
  void note_loss(std::size_t row, sim::Month in_month);
  /// Recounts all counters of an RT from its rows; must equal the kept ones (property test).
  void recount(std::size_t rt);
};

}  // namespace musi::models
