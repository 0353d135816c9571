#include <algorithm>
#include <utility>

#include "analysis/scenario/keys.h"
#include "models/finance/lines.h"
#include "models/uncertain.h"
#include "sim/io/number.h"

namespace musi::analysis {

using enum KeyType;
using enum models::Redraw;
using models::Uncertain;

namespace {

/// Keys of one budget line without slum effect (MODEL.md 14.4).
template <std::size_t l>
void add_line(KeyRows& rows) {
  const models::LineInfo& line = models::budget_lines()[l];
  const std::string group = "funding.lines." + std::string(line.word) + ".";
  rows.add(group + "share_pct", uncertain)
      .from(0, 1000)
      .in("%")
      .means(std::string(line.doc) + ": share of the crowded part of the office's money")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.funding.lines[l].share_pct; });
  if (!line.effect_doc.empty()) {
    rows.add(group + "effect", uncertain)
        .from(0, line.most)
        .in(std::string(line.effect_unit == "logit" || line.effect_unit == "log"
                            ? ""
                            : line.effect_unit))
        .means("declared effect of the line: " + std::string(line.effect_doc))
        .at([](KeyTarget& t) -> Uncertain& { return t.scenario.funding.lines[l].effect; });
  }
  if (line.lies_beside_sites) {
    rows.add(group + "sites", texts)
        .default_is("none")
        .means("site ids that it lies beside; without them it takes money only")
        .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.funding.lines[l].sites = v.texts; });
  }
}

template <std::size_t... l>
void add_lines(KeyRows& rows, std::index_sequence<l...>) {
  (add_line<l>(rows), ...);
}

}  // namespace

std::vector<KeySpec> funding_keys() {
  KeyRows rows("Funding");
  rows.add("funding.price_year", whole)
      .from(1990, 2150)
      .in("year")
      .default_is("city folder")
      .means("price year of all amounts in the file")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.funding.price_year = static_cast<int>(v.whole);
      });
  rows.add("funding.mode", choice)
      .one_of({"process", "scripted"})
      .by_default("process")
      .means("money by a random process around its level, or the rows of budgets.csv")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.funding.scripted = v.choice == 1; });
  rows.add("funding.scripted_until_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("none")
      .means("last year of the rows; later years follow the process")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.funding.scripted_until_year = static_cast<int>(v.whole);
      });
  rows.add("funding.total_idr_bn_per_year", uncertain)
      .from(0, 100'000)
      .in("IDR billion a year")
      .means("slum-effective money: level of the process")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.funding.total_idr_bn_per_year; });
  rows.add("funding.scale_pct", uncertain)
      .from(0, 10'000)
      .in("%")
      .means("multiplies all sources from forecast_from_year on")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.funding.scale_pct; });
  rows.add("funding.unlimited", toggle)
      .by_default("false")
      .means("money never binds; what is used is reported as the need")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.funding.unlimited = v.on; });
  rows.add("funding.department_budget_idr_bn", uncertain)
      .from(0, 100'000)
      .in("IDR billion a year")
      .redrawn({per_replicate, per_year})
      .default_is("follows from the city's part")
      .means(
          "the office's own ceiling: its lines take their part, the rest is city money for slums")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.funding.department_budget_idr_bn; });
  add_lines(rows, std::make_index_sequence<models::n_budget_lines>());
  const std::string source = "funding.sources.<source>.";
  rows.add(source + "kind", choice)
      .one_of({"state", "loan", "province", "city", "private", "community", "partner"})
      .needed("kind: city")
      .means("sets effective month, carry rule and authority")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.source->kind = static_cast<models::SourceKind>(v.choice);
      });
  rows.add(source + "share_pct", uncertain)
      .from(0, 100)
      .in("%")
      .default_is("none")
      .means("share of the total")
      .at([](KeyTarget& t) -> Uncertain& { return t.source->share_pct; });
  rows.add(source + "annual_idr_bn", uncertain)
      .from(0, 100'000)
      .in("IDR billion a year")
      .redrawn({per_replicate, per_year})
      .default_is("none")
      .means("own level instead of a share")
      .at([](KeyTarget& t) -> Uncertain& { return t.source->annual_idr_bn; });
  rows.add(source + "schedule", uncertain_by_year)
      .from(0, 100'000)
      .in("IDR billion")
      .redrawn({per_replicate, per_year})
      .default_is("none")
      .means("level in these years: {2027: 35}")
      .sets([](KeyTarget& t, const KeyValue& v) { t.source->schedule = v.by_year; });
  rows.add(source + "scale_pct", uncertain)
      .from(0, 10'000)
      .in("%")
      .redrawn({per_replicate, per_year})
      .default_is("100")
      .means("multiplies its money from forecast_from_year on, beside funding.scale_pct")
      .at([](KeyTarget& t) -> Uncertain& { return t.source->scale_pct; });
  rows.add(source + "start_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("horizon")
      .means("no money before")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.source->start_year = static_cast<int>(v.whole);
      });
  rows.add(source + "end_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("horizon")
      .means("no money after")
      .sets(
          [](KeyTarget& t, const KeyValue& v) { t.source->end_year = static_cast<int>(v.whole); });
  rows.add(source + "effective_month", uncertain)
      .from(0, 12)
      .in("month")
      .redrawn({per_replicate, per_year})
      .default_is("by kind")
      .means("when money can be committed")
      .at([](KeyTarget& t) -> Uncertain& { return t.source->effective_month; });
  rows.add(source + "carry_rule", choice)
      .one_of({"return", "carry_if_contracted", "split_years"})
      .default_is("by kind")
      .means("what happens at the end of the year")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.source->carry_rule = static_cast<models::CarryRule>(v.choice);
      });
  rows.add(source + "authority_min_ha", number)
      .from(0, 1e9)
      .in("ha")
      .default_is("by kind")
      .means("smallest site it answers for")
      .sets([](KeyTarget& t, const KeyValue& v) { t.source->authority_min_ha = v.number; });
  rows.add(source + "authority_max_ha", number)
      .from(0, 1e9)
      .in("ha")
      .default_is("by kind")
      .means("largest site it answers for")
      .sets([](KeyTarget& t, const KeyValue& v) { t.source->authority_max_ha = v.number; });
  return rows.keys();
}

std::vector<KeySpec> participation_keys() {
  KeyRows rows("Participation");
  rows.add("participation.mode", choice)
      .one_of({"simulated", "fixed"})
      .by_default("simulated")
      .means("households decide, or an engaged share is imposed")
      .sets(
          [](KeyTarget& t, const KeyValue& v) { t.scenario.participation.fixed = v.choice == 1; });
  rows.add("participation.fixed_engaged_pct", uncertain)
      .from(0, 100)
      .in("%")
      .redrawn({per_replicate, per_site, per_year, per_site_year})
      .default_is("none; needed if fixed")
      .means("engaged share that is imposed")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.participation.fixed_engaged_pct; });
  rows.add("participation.facilitators.number", uncertain)
      .from(0, 5000)
      .in("persons")
      .redrawn({per_replicate, per_year})
      .default_is("by money of `facilitation`")
      .means("facilitators that are paid first")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.participation.facilitators_number; });
  rows.add("participation.facilitators.start_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("horizon")
      .means("first year of that number")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.participation.facilitators_start_year = static_cast<int>(v.whole);
      });
  rows.add("participation.facilitators.end_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("horizon")
      .means("last year of that number")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.participation.facilitators_end_year = static_cast<int>(v.whole);
      });
  rows.add("participation.facilitators.department_only", toggle)
      .by_default("false")
      .means("office staff instead of trained facilitators")
      .sets(
          [](KeyTarget& t, const KeyValue& v) { t.scenario.participation.department_only = v.on; });
  rows.add("participation.complaint_channel.start_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("none")
      .means("direct complaints besides RT heads, from this year")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.participation.complaint_channel_start_year = static_cast<int>(v.whole);
      });
  rows.add("participation.elders_appointed", toggle)
      .by_default("false")
      .means("elders as figures of the community boards")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.participation.elders_appointed = v.on;
      });
  return rows.keys();
}

std::vector<KeySpec> procedure_keys() {
  KeyRows rows("Allocation, procedure");
  rows.add("allocation.rule", choice)
      .one_of({"official", "worst_first", "cost_effect", "readiness", "equity", "river_first",
               "rotation", "concentrate", "douse", "spread", "lottery", "fixed_order"})
      .by_default("official")
      .means("order of sites")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.allocation.rule = static_cast<models::AllocationRule>(v.choice);
      });
  rows.add("allocation.fixed_order", texts)
      .default_is("none")
      .means("site ids in order; the others follow by priority")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.allocation.fixed_order = v.texts; });
  rows.add("allocation.sites_per_year", uncertain)
      .from(1, 100'000)
      .in("sites a year")
      .counted()
      .means("sites taken up in a year")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.allocation.sites_per_year; });
  rows.add("allocation.max_sites_at_once", whole)
      .from(1, 100'000)
      .in("sites")
      .default_is("by rule")
      .means("sites open at once")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.allocation.max_sites_at_once = static_cast<int>(v.whole);
      });
  rows.add("allocation.rt_order", choice)
      .one_of({"score_desc", "near_threshold", "readiness", "random"})
      .by_default("score_desc")
      .means("order of RTs inside a site")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.allocation.rt_order = static_cast<models::RtOrder>(v.choice);
      });
  rows.add("allocation.composition", choice)
      .one_of({"menu", "score_per_rupiah", "worst_criterion", "scripted"})
      .by_default("menu")
      .means(
          "content of a package: by chance and weight, cheapest points, worst criterion, or the "
          "menu's weights as fixed shares of the money")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.allocation.composition = static_cast<models::Composition>(v.choice);
      });
  rows.add("allocation.authority", choice)
      .one_of({"advisory", "strict"})
      .by_default("advisory")
      .means("whether sources pay only for sites of their size")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.allocation.strict_authority = v.choice == 1;
      });
  rows.add("allocation.adaptive", toggle)
      .by_default("false")
      .means(
          "published area above the official path for two years moves 20 % of the money that is "
          "spread to `concentrate`")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.allocation.adaptive = v.on; });
  rows.add("procedure.guideline_preset", choice)
      .one_of({"early", "central", "late", "very_late"})
      .by_default("central")
      .means(
          "month of the national guideline (juknis), drawn per year: 1~2~3, 2~4~7, 5~7~9, 8~9~10")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.procedure.preset = static_cast<models::GuidelinePreset>(v.choice);
      });
  rows.add("procedure.guideline_month", uncertain)
      .from(0, 12)
      .in("month")
      .redrawn({per_replicate, per_year})
      .default_is("by preset")
      .means("overrides the preset")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.procedure.guideline_month; });
  rows.add("procedure.guideline_schedule", uncertain_by_year)
      .from(0, 12)
      .in("month")
      .redrawn({per_replicate, per_year})
      .default_is("none")
      .means("month of the guideline in these years: {2027: 9}; other years as above")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.procedure.guideline_schedule = v.by_year;
      });
  rows.add("procedure.pre_positioned_guideline", toggle)
      .by_default("false")
      .means("the guideline is ready in month 1")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.procedure.pre_positioned_guideline = v.on;
      });
  rows.add("procedure.verbal_start", toggle)
      .by_default("false")
      .means("works start before the guideline")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.procedure.verbal_start = v.on; });
  rows.add("procedure.multi_year_contract", toggle)
      .by_default("false")
      .means("works cross the end of the year")
      .sets(
          [](KeyTarget& t, const KeyValue& v) { t.scenario.procedure.multi_year_contract = v.on; });
  rows.add("procedure.october_reallocation", toggle)
      .by_default("true")
      .means("in October money moves to packages that are ready")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.procedure.october_reallocation = v.on;
      });
  rows.add("procedure.audit", toggle)
      .by_default("false")
      .means("audits cut missing spending")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.procedure.audit = v.on; });
  rows.add("procedure.officers", uncertain)
      .from(0, 10'000)
      .in("persons")
      .means("staff capacity")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.procedure.officers; });
  return rows.keys();
}

std::vector<KeySpec> structure_keys() {
  KeyRows rows("Land, growth, livelihoods, hazards, reporting, structure");
  rows.add("land.handling", choice)
      .one_of({"practice", "letter_of_law"})
      .by_default("practice")
      .means("works in place, or resettlement where the land is not legal")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.letter_of_law = v.choice == 1; });
  rows.add("land.setback_tolerated", toggle)
      .by_default("false")
      .means("works in the river set-back")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.setback_tolerated = v.on; });
  rows.add("growth.prevention_effort_pct", uncertain)
      .from(0, 100)
      .in("%")
      .redrawn({per_replicate, per_year})
      .means("control of new informal building")
      .at([](KeyTarget& t) -> Uncertain& { return t.scenario.prevention_effort_pct; });
  rows.add("livelihoods.places", whole)
      .from(0, 100'000)
      .in("sites")
      .by_default("5")
      .means("sites in which livelihood groups are formed each year, first in the order of sites")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.livelihoods.places = static_cast<int>(v.whole);
      });
  rows.add("livelihoods.groups_per_place", whole)
      .from(0, 1000)
      .in("groups")
      .by_default("1")
      .means("groups of ten formed in each of them a year")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.livelihoods.groups_per_place = static_cast<int>(v.whole);
      });
  rows.add("livelihoods.assessment", toggle)
      .by_default("true")
      .means("needs are assessed together in August, before the capital; groups last longer")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.livelihoods.assessment = v.on; });
  rows.add("hazards.flood", toggle)
      .by_default("true")
      .means("floods that age what stands in the RT")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.hazards.flood = v.on; });
  rows.add("hazards.fire", toggle)
      .by_default("true")
      .means("fires that start in wooden houses")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.hazards.fire = v.on; });
  rows.add("reporting.mode", choice)
      .one_of({"ledger", "measured", "plan_driven", "frozen"})
      .by_default("ledger")
      .means("book behind the published area")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.reporting = static_cast<models::ReportingMode>(v.choice);
      });
  rows.add("structure.participation_theory", choice)
      .one_of({"sampled", "logit_neighbours", "independent", "threshold"})
      .by_default("sampled")
      .means("rival theories of participation; sampled: with equal weight")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.theory = static_cast<models::ParticipationTheory>(v.choice);
      });
  rows.add("structure.private_response", choice)
      .one_of({"sampled", "crowd_in", "crowd_out"})
      .by_default("sampled")
      .means("public works raise or lower own investment")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.private_response = static_cast<models::PrivateResponse>(v.choice);
      });
  rows.add("structure.ageing_phases", choice)
      .one_of({"sampled", "1", "2", "3", "4"})
      .by_default("sampled")
      .means("phases in which things age: more phases, sharper lives")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.ageing_phases = static_cast<int>(v.choice);
      });
  return rows.keys();
}

namespace {

/// Legal range of a parameter, by its unit (INTERFACE 4.4); costs are positive.
sim::io::NumberSpec range_of(const models::ParamSpec& p) {
  const std::string key = p.scenario_key();
  const auto ends_in = [&](std::string_view end) { return key.ends_with(end); };
  sim::io::NumberSpec range;
  const auto set = [&](double min, double max) {
    range.min = min;
    range.max = max;
  };
  if (p.price_year != 0 || key.find("_idr_") != std::string::npos) {
    set(0, 1e6);
    range.min_open = true;
  } else if (key.find("_pct") != std::string::npos) {
    set(p.low < 0 ? -50 : 0, 100);
    range.usual_min = p.low;  // 0.6 for a percentage; rupiah or months below 1 are no shares
  } else if (ends_in("_logit")) {
    set(-10, 10);
  } else if (ends_in("_factor")) {
    set(0, 20);
  } else if (ends_in("_month")) {
    set(0, 12);
  } else if (ends_in("_months")) {
    set(0, 60);
  } else if (ends_in("_years")) {
    set(p.low < 0.1 ? 0 : 0.1, 100);
  } else if (ends_in("_sd")) {
    set(0, 10);
  } else if (ends_in("_correlation") || key.starts_with("corr_") ||
             key.find("rank_correlation") != std::string::npos) {
    set(-0.99, 0.99);
  } else if (p.low < 0 || key.starts_with("logit_")) {
    set(-10, 10);
  } else if (key == "fire_houses_lost") {
    set(1, 20);
  } else if (key == "fire_rate_per_1000_houses_year") {
    set(0, 1000);
  } else {
    set(0, 1e6);
    // Sizes and counts cannot be zero unless their usual range begins there.
    range.min_open = p.low > 0;
  }
  return range;
}

/// The unit of a parameter in words: "% a year", "IDR million per m".
std::string unit_words(std::string_view unit) {
  if (unit == "pct") return "%";
  if (unit == "pct_per_year") return "% a year";
  if (unit == "pct_per_month") return "% a month";
  if (unit == "log_sd" || unit == "logit" || unit == "log" || unit == "factor") return "";
  std::string words(unit);
  if (words.starts_with("idr_mn")) words = "IDR million" + words.substr(6);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

}  // namespace

std::vector<KeySpec> parameter_keys() {
  KeyRows rows("Model parameters");
  for (std::size_t i = 0; i < models::n_params; ++i) {
    const models::ParamSpec& p = models::param_specs()[i];
    KeySpec& key = rows.add("parameters." + p.scenario_key(), uncertain).spec();
    key.param = static_cast<int>(i);
    key.range = range_of(p);
    key.unit = unit_words(p.unit);
    key.meaning = std::string(p.doc);
    key.source = std::string(p.source);
    key.status = std::string(word(p.status));
    key.whole_draws =
        p.form == models::Form::triangular_whole || p.form == models::Form::log_triangular_whole;
    key.redraws = {per_replicate};
    if (p.redraw != per_replicate) key.redraws.push_back(p.redraw);
  }
  rows.add("parameters.flood_month_chance_pct_per_month", open)
      .not_yet("write flood_month_chance_low_pct_per_month, flood_month_chance_mid_pct_per_month "
               "or flood_month_chance_high_pct_per_month, one for each class of flooded area")
      .means("chance of a flood in a wet month");
  return rows.keys();
}

}  // namespace musi::analysis
