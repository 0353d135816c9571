#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/scenario.h"
#include "sim/core/ids.h"

/// Money in the pipeline: integer rupiah, so that the books close exactly.
namespace musi::models {

using Rupiah = std::int64_t;
inline constexpr Rupiah million = 1'000'000;

constexpr Rupiah rupiah_of_million(double idr_mn) {
  return static_cast<Rupiah>(idr_mn * 1e6 + (idr_mn < 0 ? -0.5 : 0.5));
}

/// Books of one source, by year index. In every year
///     voted + carried_in = paid + returned + carried + committed + uncommitted
/// holds exactly, with carried_in[y] = carried[y-1]; committed and uncommitted are 0 after
/// December.
struct SourceState {
  std::string id;
  SourceKind kind = SourceKind::city;
  CarryRule carry_rule = CarryRule::return_;
  std::vector<Rupiah> planned, voted, carried_in, paid, returned, carried, committed, uncommitted;
  std::vector<double> effective_month;      ///< B, elapsed months, by year index
};

enum class Stage : std::uint8_t {
  listed,
  waiting_guideline,
  verification,
  procurement,
  works,
  complete,
  booked,
  carried,
  returned,
  cancelled,
};
inline constexpr std::size_t n_stages = 10;
enum class DelayCause : std::uint8_t {
  none,
  budget,
  guideline,
  staff,
  procurement,
  participation,
  land,
  window,
  rework,
};
inline constexpr std::size_t n_delay_causes = 9;

/// Units of one item in a package, for one RT.
struct PackageLine {
  std::uint32_t rt = 0;
  std::uint8_t item = 0;                    ///< Item of models/programmes/items.h
  float units_planned = 0, units_delivered = 0;
  Rupiah cost = 0;                          ///< planned cost of this line
  std::vector<sim::EntityKey> households;   ///< chosen households, in order of service
  float added_at = 0;                       ///< progress of the package when the line was added
};

/// Who put a package on the list of the year, MODEL.md 22 (P5).
enum class Proposer : std::uint8_t { city, subdistrict, kelurahan, board };
inline constexpr std::size_t n_proposers = 4;

/// What Minutes writes down about a package and asks every month; nothing in the model reads it.
struct PackageNote {
  bool is_known = false;                    ///< the note is kept since the announcement
  bool was_late = false;                    ///< waited for the guideline
  bool is_started = false, is_closed = false;
  bool is_settled = false;                  ///< closed and paid: nothing is left to be noted
  std::uint8_t planned_month = 12;          ///< 1-12: by then January's plan has it paid
};

/// What Minutes has seen of the works and the money of a package.
struct PackageSeen {
  std::uint16_t start_month = 0xFFFF;       ///< months of the run
  std::uint16_t end_month = 0xFFFF;         ///< of the last progress
  double progress = 0.0;
  Rupiah paid = 0;                          ///< of cost_paid, until the last month
  Rupiah due = 0, paid_in_year = 0;         ///< bound in January; paid since
};

inline constexpr std::size_t n_package_times = 3;

/// A work package, MODEL.md 4.2. Packages are read by the thousand each month: what is asked of all
/// of them lies in the first line of the cache, what works and payments need in the second, the
/// rest in the third.
struct alignas(64) Package {
  sim::EntityKey key = 0;
  std::vector<PackageLine> lines;
  std::uint16_t programme = 0;              ///< index in Money::programmes
  std::uint16_t source = 0;                 ///< index in Money::sources
  std::uint32_t site = 0;
  std::uint32_t rt = 0;                     ///< first RT
  int year = 0;                             ///< year index of the announcement
  Stage stage = Stage::listed;
  DelayCause cause = DelayCause::none;
  PackageNote note;
  Rupiah committed = 0;

  Rupiah cost_planned = 0, cost_paid = 0;
  double start = 0.0;                       ///< S, elapsed months of its year
  double span = 0.0;                        ///< [months]
  double progress = 0.0, progress_allowed = 1.0;
  double progress_final = 1.0;              ///< share that is ever built; the rest was returned
  float rounding_luck = -1.0f;              ///< rounds whole units; below 0: not drawn yet
  std::uint8_t gate_tests = 0;              ///< months in which the gate was tested
  bool gate_passed = false;
  bool verbal_start = false, reworked = false;

  double ready = 0.0;                       ///< elapsed months of its year when the stage ends
  PackageSeen seen;
  /// How much longer than usual its times take, drawn when it is announced. [sd], by PackageTime
  std::array<float, n_package_times> time_luck{};
  bool has_time_luck = false;
};
static_assert(sizeof(Package) == 192);

/// A package under a place where it is looked for.
struct PlacedPackage {
  std::uint32_t row = 0;                    ///< of Money::packages
  std::uint32_t turn = 0;                   ///< the later placed, the larger
  std::uint16_t programme = 0;
  bool has_other_rts = false;               ///< it may have lines in other RTs of the site
  bool has_lines = false;                   ///< false: it has none yet
};

/// Open packages of the pipeline by place, so that what is planned somewhere is found at once.
struct PlacesOfPackages {
  std::vector<std::vector<PlacedPackage>> of_rt;          ///< by first RT
  std::vector<std::vector<PlacedPackage>> wide_of_site;   ///< those with other RTs, by site
  std::uint32_t next_turn = 0;
};

struct ProgrammeState {
  std::vector<Rupiah> planned, voted, paid; ///< by year index
  std::vector<Rupiah> plan_by_source;       ///< planned money of this year, by source
  std::vector<Rupiah> left_by_source;       ///< voted money of this year bound to no package
  std::vector<std::uint32_t> site_order;    ///< sites of this year, first served first
  std::vector<double> guideline_month;      ///< J, elapsed months, by year index
};

/// What the lines without slum effect do this year, MODEL.md 14.4. The defaults do nothing.
struct LineEffects {
  double officer_factor = 1.0;       ///< on officer_rate
  double verification_factor = 1.0;  ///< on verification_months
  double booking_factor = 1.0;       ///< on the chance of booking as planned
  double lead_months = 0.0;          ///< of strategic infrastructure [months]
  double lighting = 0.0;             ///< engagement index in lit RTs [logit]
  double lit_consent = 0.0;          ///< consent in lit RTs [0-1]
  double lit_share = 0.0;            ///< of RTs [0-1]
  double park_value = 0.0;           ///< value index beside parks [log]
  double green_relief = 0.0;         ///< flooded share that green space takes off [0-1]
};

struct Money {
  std::vector<SourceState> sources;         ///< as scenario.funding.sources
  std::vector<ProgrammeState> programmes;   ///< as scenario.programmes
  std::vector<Package> packages;            ///< in the pipeline
  PlacesOfPackages places;                  ///< of `packages`
  double log_level = 0.0;                   ///< ln of the process money [IDR bn]
  double cost_per_hectare = 400.0;          ///< running [IDR million per ha cleared]
  std::vector<Rupiah> unmet;                ///< need left without money, by year index
  std::vector<double> officer_load;         ///< packages / capacity, by year index
  /// The office's own money by year index: department = effective + the lines, to the rupiah.
  std::vector<Rupiah> department, effective;
  std::array<std::vector<Rupiah>, n_budget_lines> lines;
  LineEffects line_effects;
  std::vector<double> target_ha;            ///< cut that the official path asks, by year index
  std::vector<double> target_need;          ///< its cost [IDR million], by year index
  std::vector<Rupiah> self_help;            ///< value that residents added, by year index
  std::vector<double> ceiling;              ///< provisional, by year index [IDR million]
  double desk_share = 0.0;                  ///< paid part of the complaint desk's year [0-1]
  std::vector<Rupiah> wasted;               ///< paid for units that met no deficit, by year index
};

}  // namespace musi::models
