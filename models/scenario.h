#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/city.h"
#include "models/programmes/items.h"
#include "models/uncertain.h"
#include "sim/core/clock.h"

/// What the user decided: valid if it exists. Numbers are in the units of the scenario keys
/// (percent, IDR billion); the model units are made by Future.
namespace musi::models {

enum class ZeroDefinition : std::uint8_t { Z1, Z2a, Z2b, Z3, Z3b, Z4, Z4a, Z5 };
inline constexpr std::size_t n_zero_definitions = 8;

enum class SourceKind : std::uint8_t { state, loan, province, city, private_, community, partner };
enum class CarryRule : std::uint8_t { return_, carry_if_contracted, split_years };
enum class Channel : std::uint8_t { community, household_group, contractor, relocation, service };
enum class Grain : std::uint8_t { city, site, rt, household };
enum class Gate : std::uint8_t { none, engaged_share, group, consent, land_clear };
enum class Guideline : std::uint8_t { ministry_works, ministry_housing, none };
enum class GuidelinePreset : std::uint8_t { early, central, late, very_late };
enum class AllocationRule : std::uint8_t {
  official,
  worst_first,
  cost_effect,
  readiness,
  equity,
  river_first,
  rotation,
  concentrate,
  douse,
  spread,
  lottery,
  fixed_order,
};
enum class RtOrder : std::uint8_t { score_desc, near_threshold, readiness, random };
enum class Composition : std::uint8_t { menu, score_per_rupiah, worst_criterion, scripted };
/// Strategies of the plan 2013-2018, MODEL.md 29.1; combined: all six.
enum class Strategy : std::uint8_t { none, T1, T2, T3, T4, T5, T6, combined };
/// Budget lines of the office without direct slum effect, MODEL.md 14.4.
enum class BudgetLine : std::uint8_t {
  cemetery,
  green_space,
  parks,
  strategic_planning,
  strategic_infrastructure,
  street_lighting,
  office_admin,
  apparatus_facilities,
  discipline,
  capacity_building,
  reporting_system,
  waterfront,
};
inline constexpr std::size_t n_budget_lines = 12;
enum class ReportingMode : std::uint8_t { ledger, measured, plan_driven, frozen };
enum class ParticipationTheory : std::uint8_t { sampled, logit_neighbours, independent, threshold };
enum class PrivateResponse : std::uint8_t { sampled, crowd_in, crowd_out };

/// One source of money.
struct SourceSpec {
  std::string id;
  SourceKind kind = SourceKind::city;
  Uncertain share_pct;                ///< of the total; not set if it has its own amount
  Uncertain annual_idr_bn;            ///< own level [IDR bn a year, prices of price_year]
  std::map<int, Uncertain> schedule;  ///< own level in these years
  Uncertain scale_pct;                ///< multiplies it from forecast_from_year on; not set: 100
  int start_year = 0, end_year = 9999;
  Uncertain effective_month;          ///< not set: by kind
  CarryRule carry_rule = CarryRule::return_;
  double authority_min_ha = 0.0, authority_max_ha = 1e9;
};

/// One budget line of the office's own money.
struct LineSpec {
  Uncertain share_pct;             ///< of the crowded part of the office's money
  Uncertain effect;                ///< declared effect, in the unit of the line; not set: none
  std::vector<std::string> sites;  ///< sites that green space or parks lie beside
};

/// One item of a menu.
struct MenuEntry {
  Item item{};
  double weight = 0.0;
};

/// One programme: when, for whom, by which channel, and what it delivers.
struct ProgrammeSpec {
  std::string id, type, title_en, title_id;
  bool enabled = true;
  Channel channel = Channel::contractor;
  Grain grain = Grain::rt;
  Gate gate = Gate::none;
  Guideline guideline = Guideline::none;
  Uncertain share_pct;                ///< of slum-effective money
  std::map<int, Uncertain> amount_idr_bn;
  std::vector<std::string> paid_by;   ///< source ids, drawn on in this order
  int start_year = 0, end_year = 9999;
  Uncertain gate_engaged_pct;         ///< not set: part_gate_works
  Uncertain guideline_month;          ///< not set: by preset
  std::vector<MenuEntry> menu;
  Uncertain min_package_idr_mn, max_package_idr_mn, staff_load_officer_months;
  Uncertain sites_per_year, units_per_year;  ///< not set: as allocation; no cap
  std::optional<AllocationRule> targeting;
  bool joins_package = false;         ///< works in the sites that the package of T3 takes
  bool facilitators_included = false;
  std::vector<std::string> csv_rows;  ///< programme words of budgets.csv that feed it
  std::vector<std::string> eligible_sites, excluded_sites, eligible_kecamatan;
  std::vector<int> eligible_class;    ///< 1 light, 2 medium, 3 heavy; empty: all
  std::uint8_t eligible_tenure = 0xF; ///< bit per Tenure
  std::uint8_t eligible_group = 0x3;  ///< bit 0 river, bit 1 land
  std::uint8_t eligible_land = 0xF;   ///< bit per LandStatus of the RTs that may be served
  double income_max_idr_mn = 1e9;     ///< [IDR mn a month]
  double wage_share = 0.0;            ///< of what is paid, to the poorest engaged of the RT [0-1]
  bool after_disasters = false;       ///< only for houses lost in 24 months; first claim on money
  std::map<Param, Uncertain> unit_costs;  ///< own costs, in the unit of the parameter
  std::optional<GuidelinePreset> guideline_preset;  ///< not set: of the scenario
  std::map<int, Uncertain> guideline_schedule;      ///< month of its guideline in these years
  /// The line whose money it spends besides its own; no other programme draws on that money.
  std::optional<BudgetLine> line;
};

/// A target path given by the scenario, else that of the city.
struct Targets {
  int headline_year = 2030;
  std::vector<int> years{2020, 2025, 2030, 2035, 2040, 2045};
  double chance_pct = 80.0;
  std::optional<TargetPath> path;
};

struct Scenario {
  std::string name, title_en, title_id, question_en, question_id, description;
  sim::Clock clock;
  int forecast_from_year = 2019;
  /// First month that is not replayed from works.csv; 0: nothing is. [months of the run]
  sim::Month replay_until = 0;
  bool replays = false;               ///< works.csv is delivered as given until then
  bool uncertainty = true;            ///< false: central values

  struct Start {
    Uncertain area_ha;                ///< not set: of the city for the start year
    bool redraw_site_areas = false;
    bool rt_count_from_table = false;
    std::vector<std::string> subset;  ///< kecamatan; empty: all
  } start;
  struct Zero {
    ZeroDefinition headline = ZeroDefinition::Z2a;
    int baseline_year = 2019;
    double tolerance_pct = 1.0;
    int sustained_months = 24;
  } zero;
  struct Score {
    bool law_cuts = false;
    bool exit_needs_services = false;
  } score;
  Targets targets;

  struct Funding {
    int price_year = 2019;
    bool scripted = false;            ///< rows of budgets.csv instead of the process
    int scripted_until_year = 0;      ///< 0: no; later years follow the process
    bool unlimited = false;
    Uncertain total_idr_bn_per_year, scale_pct;
    std::vector<SourceSpec> sources;
    /// The office's own ceiling [IDR bn a year]; not set: follows from the city's part.
    Uncertain department_budget_idr_bn;
    std::array<LineSpec, n_budget_lines> lines;
  } funding;
  Strategy strategy = Strategy::none;  ///< has multiplied the shares that no file states
  std::vector<ProgrammeSpec> programmes;

  struct Participation {
    bool fixed = false;
    Uncertain fixed_engaged_pct;
    Uncertain facilitators_number;    ///< not set: by money of `facilitation`
    int facilitators_start_year = 0, facilitators_end_year = 9999;
    bool department_only = false;
    int complaint_channel_start_year = 9999;
    bool elders_appointed = false;
  } participation;
  struct Allocation {
    AllocationRule rule = AllocationRule::official;
    std::vector<std::string> fixed_order;
    Uncertain sites_per_year;
    int max_sites_at_once = 0;        ///< 0: by rule
    RtOrder rt_order = RtOrder::score_desc;
    Composition composition = Composition::menu;
    bool strict_authority = false;
    bool adaptive = false;            ///< area above the path moves money to `concentrate`
  } allocation;
  struct Procedure {
    GuidelinePreset preset = GuidelinePreset::central;
    Uncertain guideline_month;        ///< not set: by preset
    std::map<int, Uncertain> guideline_schedule;  ///< month in these years
    bool pre_positioned_guideline = false;
    bool verbal_start = false;
    bool multi_year_contract = false;
    bool october_reallocation = true;
    bool audit = false;
    Uncertain officers;
  } procedure;
  struct Livelihoods {
    int places = 5, groups_per_place = 1;  ///< sites served a year; groups formed in each
    bool assessment = true;           ///< participatory assessment and action plan in August
  } livelihoods;
  struct Hazards {
    bool flood = true, fire = true;
  } hazards;
  bool letter_of_law = false;
  bool setback_tolerated = false;
  Uncertain prevention_effort_pct;
  ReportingMode reporting = ReportingMode::ledger;
  ParticipationTheory theory = ParticipationTheory::sampled;
  PrivateResponse private_response = PrivateResponse::sampled;
  int ageing_phases = 0;              ///< 1 to 4; 0: sampled

  std::array<Uncertain, n_params> parameters;  ///< in scenario units, indexed by Param

  struct Sampling {
    int replicates = 1000;
    std::uint64_t seed = 0;
    enum class Design : std::uint8_t { sobol, latin_hypercube, random } design = Design::sobol;
    bool plain_evaluation = false;    ///< households' trials and steps every month
    std::string draws;                ///< file whose rows stand for drawn inputs; empty: none
    int repeats_per_draw = 1;         ///< consecutive futures that share one draw of the inputs
  } sampling;
  struct Outputs {
    std::string file = "results/{name}.h5";
    bool per_site_all = false;
    bool quarterly = false;           ///< city series also by quarter
    enum class Works : std::uint8_t { representative, first_20, all, none };
    Works works = Works::representative;
    std::vector<double> quantiles_pct{5, 10, 25, 50, 75, 90, 95};
  } outputs;

  /// All numbers that are drawn once per future, in a fixed order: the dimensions of the design.
  std::vector<const Uncertain*> design_inputs() const;
  /// All numbers that are not constant, whatever their redraw, in the same order.
  std::vector<const Uncertain*> uncertain_inputs() const;
  /// The same, to be changed.
  std::vector<Uncertain*> mutable_uncertain_inputs();
};

/// The scenario with every default: parameters of parameters.def, sources and catalogue of
/// MODEL.md. `city` fills what it states.
Scenario default_scenario();

}  // namespace musi::models
