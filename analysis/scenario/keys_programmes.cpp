#include <utility>

#include "analysis/scenario/keys.h"
#include "models/programmes/catalogue.h"
#include "models/programmes/strategies.h"

namespace musi::analysis {

using enum KeyType;
using enum models::Redraw;
using models::Uncertain;

namespace {

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const models::ProgrammeSpec& p : models::programme_catalogue()) names.push_back(p.type);
  return names;
}

/// Bit per chosen word.
std::uint8_t bits(const std::vector<std::size_t>& chosen) {
  unsigned all = 0;
  for (const std::size_t c : chosen) all |= 1u << c;
  return static_cast<std::uint8_t>(all);
}

std::vector<std::string> strategy_words() {
  std::vector<std::string> words;
  for (const models::StrategyInfo& s : models::strategies()) words.emplace_back(s.word);
  return words;
}

/// The own cost of a programme; asking for it makes an entry that is not set.
template <std::size_t param>
Uncertain& unit_cost(KeyTarget& t) {
  const models::ParamSpec& p = models::param_specs()[param];
  auto& costs = t.programme->unit_costs;
  const auto [cost, is_new] = costs.try_emplace(static_cast<models::Param>(param));
  if (is_new) {
    cost->second.path = "programmes." + t.programme->id + ".unit_costs." + p.scenario_key();
    cost->second.unit = std::string(p.unit);
    cost->second.is_set = false;
  }
  return cost->second;
}

/// One key for each unit cost of `parameters`.
template <std::size_t... params>
void add_unit_costs(KeyRows& rows, const std::string& group, std::index_sequence<params...>) {
  const auto add = [&](std::size_t param, Accessor accessor) {
    const models::ParamSpec& p = models::param_specs()[param];
    if (p.group != models::ParamGroup::costs || p.price_year == 0) return;
    rows.add(group + p.scenario_key(), uncertain)
        .from(0, 1e6)
        .in("IDR million")
        .redrawn({per_replicate, per_site})
        .default_is("parameters." + p.scenario_key())
        .means("own cost, in the price year of that parameter")
        .at(accessor);
  };
  (add(params, unit_cost<params>), ...);
}

void add_eligibility(KeyRows& rows, const std::string& group) {
  rows.add(group + "sites", texts)
      .default_is("all")
      .means("site ids that may be served")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->eligible_sites = v.texts; });
  rows.add(group + "exclude_sites", texts)
      .default_is("none")
      .means("site ids that are left out")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->excluded_sites = v.texts; });
  rows.add(group + "kecamatan", texts)
      .default_is("all")
      .means("subdistricts that may be served")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->eligible_kecamatan = v.texts; });
  rows.add(group + "class", choices)
      .one_of({"light", "medium", "heavy"})
      .default_is("by type")
      .means("slum classes that may be served")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->eligible_class.clear();
        for (const std::size_t c : v.choices) {
          t.programme->eligible_class.push_back(static_cast<int>(c) + 1);
        }
      });
  rows.add(group + "land_status", choices)
      .one_of({"clear", "disputed", "river_setback", "state_or_other"})
      .default_is("by type")
      .means("land of the neighbourhoods that may be served")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->eligible_land = bits(v.choices); });
  rows.add(group + "tenure", choices)
      .one_of({"title", "informal_own", "rent", "squat"})
      .default_is("by type")
      .means("tenure of the households")
      .sets(
          [](KeyTarget& t, const KeyValue& v) { t.programme->eligible_tenure = bits(v.choices); });
  rows.add(group + "group", choices)
      .one_of({"river", "land"})
      .default_is("by type")
      .means("culture group of the households")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->eligible_group = bits(v.choices); });
  rows.add(group + "income_max_idr_mn_per_month", number)
      .from(0, 1e6)
      .in("IDR million a month")
      .default_is("by type")
      .means("highest income of the households")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->income_max_idr_mn = v.number; });
}

void add_delivery(KeyRows& rows, const std::string& group) {
  rows.add(group + "channel", choice)
      .one_of({"community", "household_group", "contractor", "relocation", "service"})
      .default_is("by type")
      .means("who builds")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->channel = static_cast<models::Channel>(v.choice);
      });
  rows.add(group + "grain", choice)
      .one_of({"city", "site", "rt", "household"})
      .default_is("by type")
      .means("size of a package")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->grain = static_cast<models::Grain>(v.choice);
      });
  rows.add(group + "gate", choice)
      .one_of({"none", "engaged_share", "group", "consent", "land_clear"})
      .default_is("by type")
      .means("precondition")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->gate = static_cast<models::Gate>(v.choice);
      });
  rows.add(group + "gate_engaged_pct", uncertain)
      .from(0, 100)
      .in("%")
      .default_is("part_gate_works")
      .means("engaged share an RT needs")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->gate_engaged_pct; });
  rows.add(group + "guideline", choice)
      .one_of({"ministry_works", "ministry_housing", "none"})
      .default_is("by type")
      .means("whose guideline (juknis) it waits for")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->guideline = static_cast<models::Guideline>(v.choice);
      });
  rows.add(group + "guideline_month", uncertain)
      .from(0, 12)
      .in("month")
      .redrawn({per_replicate, per_year})
      .default_is("by preset")
      .means("own month of the guideline")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->guideline_month; });
  rows.add(group + "guideline_schedule", uncertain_by_year)
      .from(0, 12)
      .in("month")
      .redrawn({per_replicate, per_year})
      .default_is("none")
      .means("own month of the guideline in these years: {2027: 9}")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->guideline_schedule = v.by_year; });
  rows.add(group + "guideline_preset", choice)
      .one_of({"early", "central", "late", "very_late"})
      .default_is("procedure.guideline_preset")
      .means("own preset of the guideline month; precedes the months of the scenario")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->guideline_preset = static_cast<models::GuidelinePreset>(v.choice);
      });
  rows.add(group + "menu", menu)
      .from(0, 100)
      .in("%")
      .default_is("by type")
      .means("what a package may contain: C, A, or a map from items to percent")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->menu = v.menu; });
  rows.add(group + "min_package_idr_mn", uncertain)
      .from(0, 1e6)
      .in("IDR million")
      .default_is("by type")
      .means("smallest package")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->min_package_idr_mn; });
  rows.add(group + "max_package_idr_mn", uncertain)
      .from(0, 1e6)
      .in("IDR million")
      .default_is("by type")
      .means("largest package")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->max_package_idr_mn; });
  rows.add(group + "staff_load_officer_months", uncertain)
      .from(0, 1000)
      .in("months")
      .default_is("by type")
      .means("staff need of a package")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->staff_load_officer_months; });
}

}  // namespace

std::vector<KeySpec> programme_keys() {
  KeyRows rows("Programmes");
  rows.add("programme_catalogue", choice)
      .one_of({"all", "none"})
      .by_default("all")
      .means("entries are merged by id over the built-in catalogue, or stand alone");
  rows.add("programme_strategy", choice)
      .one_of(strategy_words())
      .by_default("none")
      .means("strategy of the plan 2013-2018: multiplies the shares that no file states")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.strategy = static_cast<models::Strategy>(v.choice);
      });
  const std::string group = "programmes.<programme>.";
  rows.add(group + "id", slug).of_file().needed("id: nusp").means("address of the programme");
  rows.add(group + "type", choice)
      .one_of(type_names())
      .default_is("id, if in the catalogue")
      .means("defaults and effect");
  rows.add(group + "title", bilingual)
      .default_is("by type")
      .means("name in tables and reports")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->title_en = v.text;
        t.programme->title_id = v.text_indonesian;
      });
  rows.add(group + "enabled", toggle)
      .by_default("true")
      .means("false switches it off")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->enabled = v.on; });
  rows.add(group + "share_pct", uncertain)
      .from(0, 100)
      .in("%")
      .default_is("by type")
      .means("share of slum-effective money; shares not given fill up in proportion")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->share_pct; });
  rows.add(group + "amount_idr_bn", uncertain_by_year)
      .from(0, 100'000)
      .in("IDR billion")
      .redrawn({per_replicate, per_year})
      .default_is("none")
      .means("amounts by year: {2027: 35}")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->amount_idr_bn = v.by_year; });
  rows.add(group + "paid_by", texts)
      .default_is("by type")
      .means("source ids, drawn on in this order")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->paid_by = v.texts; });
  rows.add(group + "start_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("horizon")
      .means("no works start before")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->start_year = static_cast<int>(v.whole);
      });
  rows.add(group + "end_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("horizon")
      .means("no works start after")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->end_year = static_cast<int>(v.whole);
      });
  add_delivery(rows, group);
  rows.add(group + "sites_per_year", uncertain)
      .from(1, 100'000)
      .in("sites a year")
      .counted()
      .default_is("allocation.sites_per_year")
      .means("own reach")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->sites_per_year; });
  rows.add(group + "units_per_year", uncertain)
      .from(1, 1e9)
      .in("units a year")
      .default_is("none")
      .means("cap of delivered units")
      .at([](KeyTarget& t) -> Uncertain& { return t.programme->units_per_year; });
  rows.add(group + "targeting", choice)
      .one_of({"official", "worst_first", "cost_effect", "readiness", "equity", "river_first",
               "rotation", "concentrate", "douse", "spread", "lottery", "fixed_order", "inherit"})
      .by_default("inherit")
      .means("own order of sites")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.programme->targeting.reset();
        if (v.choice < 12) t.programme->targeting = static_cast<models::AllocationRule>(v.choice);
      });
  add_unit_costs(rows, group + "unit_costs.", std::make_index_sequence<models::n_params>());
  rows.add(group + "facilitators_included", toggle)
      .default_is("by type")
      .means("brings facilitators")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->facilitators_included = v.on; });
  rows.add(group + "csv_rows", texts)
      .default_is("id")
      .means("programme words of budgets.csv that feed it")
      .sets([](KeyTarget& t, const KeyValue& v) { t.programme->csv_rows = v.texts; });
  add_eligibility(rows, group + "eligibility.");
  return rows.keys();
}

}  // namespace musi::analysis
