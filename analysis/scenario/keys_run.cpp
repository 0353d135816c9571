#include "analysis/scenario/keys.h"

namespace musi::analysis {

using enum KeyType;
using models::Scenario;

std::vector<KeySpec> file_keys() {
  KeyRows rows("File");
  rows.add("schema", whole)
      .of_file()
      .from(1, 1)
      .needed("schema: 1")
      .means("version of the scenario format");
  rows.add("name", slug)
      .of_file()
      .needed("name: my-plan")
      .means("name in files and tables")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.name = v.text; });
  rows.add("title", bilingual)
      .run_setting()
      .default_is("name")
      .means("shown in tables and reports")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.title_en = v.text;
        t.scenario.title_id = v.text_indonesian;
      });
  rows.add("question", bilingual)
      .run_setting()
      .default_is("none")
      .means("the question the file answers")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.question_en = v.text;
        t.scenario.question_id = v.text_indonesian;
      });
  rows.add("description", bilingual)
      .run_setting()
      .default_is("none")
      .means("what a reader should know")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.description = v.text; });
  rows.add("extends", file_path)
      .of_file()
      .default_is("none")
      .means("base file, relative to this file; its assumptions change only through `set`");
  rows.add("set", open).of_file().default_is("none").means("map of paths and their new values");
  rows.add("city", file_path)
      .run_setting()
      .needed("city: cities/palembang")
      .means("city folder, relative to this file");
  rows.add("provenance.authors", open)
      .run_setting()
      .default_is("none")
      .means("list of {name, orcid, affiliation}");
  rows.add("provenance.created", date)
      .run_setting()
      .default_is("none")
      .means("the only date in results");
  rows.add("provenance.licence", text).run_setting().default_is("none").means("SPDX licence word");
  rows.add("provenance.changed_because", text)
      .run_setting()
      .default_is("none")
      .means("why this file differs from its base");
  rows.add("provenance.study", open)
      .run_setting()
      .default_is("none")
      .means("{citation, doi, url} of the study it belongs to");
  rows.add("provenance.references.<key>", open)
      .run_setting()
      .default_is("none")
      .means(
          "{citation, address, year, accessed, n_experts, note}: what `source` names, besides "
          "the city's references.csv");
  return rows.keys();
}

std::vector<KeySpec> horizon_keys() {
  KeyRows rows("Horizon, start, zero, targets");
  rows.add("horizon.start_year", whole)
      .from(2000, 2150)
      .in("year")
      .needed("horizon: {start_year: 2019, end_year: 2045}")
      .means("runs begin in January of this year")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.clock.start_year = static_cast<int>(v.whole);
      });
  rows.add("horizon.end_year", whole)
      .from(2000, 2150)
      .in("year")
      .needed("horizon: {start_year: 2019, end_year: 2045}")
      .means("runs end in December of this year; what comes later is \"not by\"")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.clock.end_year = static_cast<int>(v.whole);
      });
  rows.add("horizon.forecast_from_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("start year")
      .means("line \"today\"; funding.scale_pct acts from here")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.forecast_from_year = static_cast<int>(v.whole);
      });
  rows.add("horizon.replay_until", month)
      .default_is("none")
      .means("before this month works.csv is delivered as given; from it on the model's own "
             "budget runs")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.replays = true;  // the month of the run follows when the horizon is known
        t.scenario.replay_until = static_cast<int>(v.whole);
      });
  rows.add("start.area_ha", uncertain)
      .from(1, 100'000)
      .in("ha")
      .default_is("city folder, of the start year")
      .means("total that the sites must sum to")
      .at([](KeyTarget& t) -> models::Uncertain& { return t.scenario.start.area_ha; });
  rows.add("start.site_areas", choice)
      .one_of({"table", "redrawn"})
      .by_default("table")
      .means("site areas of the table, or synthetic ones drawn anew in each future")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.start.redraw_site_areas = v.choice == 1;
      });
  rows.add("start.rt_count", choice)
      .one_of({"drawn", "table"})
      .by_default("drawn")
      .means("number of RTs in a site: drawn, or n_rt of the table")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.start.rt_count_from_table = v.choice == 1;
      });
  rows.add("start.subset", texts)
      .default_is("all")
      .means("kecamatan to which the city is restricted")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.start.subset = v.texts; });
  rows.add("zero.definition", choice)
      .one_of({"Z1", "Z2a", "Z2b", "Z3", "Z3b", "Z4", "Z4a", "Z5"})
      .by_default("Z2a")
      .means(
          "headline meaning of 0 %: Z1 physical, Z2a ledger, Z2b decree, Z3 and Z3b tolerance, "
          "Z4 and Z4a sustained, Z5 household; all are computed")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.zero.headline = static_cast<models::ZeroDefinition>(v.choice);
      });
  rows.add("zero.baseline_year", whole)
      .from(2000, 2150)
      .in("year")
      .default_is("start year")
      .means("year whose area is 100 % for Z3")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.zero.baseline_year = static_cast<int>(v.whole);
      });
  rows.add("zero.tolerance_pct", number)
      .from(0, 20)
      .in("%")
      .by_default("1")
      .means("Z3: physical area at most this share of the baseline")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.zero.tolerance_pct = v.number; });
  rows.add("zero.sustained_months", whole)
      .from(1, 120)
      .in("months")
      .by_default("24")
      .means("Z4: Z3 held for this long")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.zero.sustained_months = static_cast<int>(v.whole);
      });
  rows.add("score.cuts", choice)
      .one_of({"operational", "law"})
      .by_default("operational")
      .means("cut points of the criteria: 24.995, 50.995, 75.995 %, or 25, 51, 76 %")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.score.law_cuts = v.choice == 1; });
  rows.add("score.exit_rule", choice)
      .one_of({"score", "score_and_services"})
      .by_default("score")
      .means("an RT leaves the list below 16 points, or also needs five services at 80 %")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.score.exit_needs_services = v.choice == 1;
      });
  rows.add("targets.headline_year", whole)
      .run_setting()
      .from(2000, 2150)
      .in("year")
      .by_default("2030")
      .means("\"chance of 0 % by ...\"")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.targets.headline_year = static_cast<int>(v.whole);
      });
  rows.add("targets.years", wholes)
      .run_setting()
      .from(2000, 2150)
      .in("year")
      .by_default("[2020, 2025, 2030, 2035, 2040, 2045]")
      .means("years of the tables")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.targets.years.assign(v.wholes.begin(), v.wholes.end());
      });
  rows.add("targets.chance_pct", number)
      .run_setting()
      .from(50, 99)
      .in("%")
      .by_default("80")
      .means("the \"8 in 10\" column")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.targets.chance_pct = v.number; });
  rows.add("targets.path", target_path)
      .default_is("city folder")
      .means(
          "official path of the area: {zero_by: YEAR}, {abs_ha_per_year: HA}, "
          "{pct_of_base: PCT} or {pct_of_rest: PCT}")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.targets.path = v.target_path; });
  rows.add("targets.official", toggle)
      .run_setting()
      .by_default("true")
      .means("the report draws the official targets of targets.csv; no number depends on it")
      .sets([](KeyTarget&, const KeyValue&) {});  // the report asks the resolved scenario
  return rows.keys();
}

std::vector<KeySpec> sampling_keys() {
  KeyRows rows("Sampling, outputs");
  rows.add("sampling.replicates", whole)
      .run_setting()
      .from(1, 1e9)
      .in("futures")
      .by_default("1000")
      .means("futures of each option")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.sampling.replicates = static_cast<int>(v.whole);
      });
  rows.add("sampling.seed", whole)
      .run_setting()
      .from(0, 9007199254740991.0)
      .needed("sampling: {seed: 20261122}")
      .means("names the luck of all futures")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.sampling.seed = static_cast<std::uint64_t>(v.whole);
      });
  rows.add("sampling.design", choice)
      .run_setting()
      .one_of({"sobol", "latin_hypercube", "random"})
      .by_default("sobol")
      .means(
          "how the uncertain inputs are spread over the futures; sobol is scrambled and may grow")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.sampling.design = static_cast<Scenario::Sampling::Design>(v.choice);
      });
  rows.add("sampling.uncertainty", choice)
      .run_setting()
      .one_of({"on", "off"})
      .by_default("on")
      .means("off: central values of all inputs")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.uncertainty = v.choice == 0; });
  rows.add("sampling.evaluation", choice)
      .run_setting()
      .one_of({"lazy", "plain"})
      .by_default("lazy")
      .means("how households are stepped; plain: every trial each month, slow, for comparison")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.sampling.plain_evaluation = v.choice == 1;
      });
  rows.add("sampling.household_fraction_pct", number)
      .run_setting()
      .not_yet("a sample of one neighbourhood in ten spends 29 % less of its money and clears as "
               "much less: fewer futures of the whole city are the better draft")
      .means("households simulated");
  rows.add("sampling.draws", file_path)
      .run_setting()
      .default_is("none: inputs are drawn from their distributions")
      .means("table of draws, made by `musi calibrate`: row i gives future i the inputs named by "
             "its columns")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.sampling.draws = v.text; });
  rows.add("sampling.repeats_per_draw", whole)
      .run_setting()
      .from(1, 1000)
      .in("futures")
      .by_default("1")
      .means("consecutive futures that share one draw of the inputs: splits what is not known from "
             "chance")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.sampling.repeats_per_draw = static_cast<int>(v.whole);
      });
  rows.add("sampling.stop_early.half_width_pct", number)
      .run_setting()
      .from(0.1, 20)
      .in("percentage points")
      .default_is("none: all futures are run")
      .means("stops all options when every headline chance has this half-width");
  rows.add("outputs.file", file_path)
      .run_setting()
      .by_default("results/{name}.h5")
      .means("result file, below the working directory")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.outputs.file = v.text; });
  rows.add("outputs.per_site", choice)
      .run_setting()
      .one_of({"quantiles", "all"})
      .later({"none"})
      .by_default("quantiles")
      .means("detail of the site results")
      .sets(
          [](KeyTarget& t, const KeyValue& v) { t.scenario.outputs.per_site_all = v.choice == 1; });
  rows.add("outputs.per_rt", choice)
      .run_setting()
      .one_of({"final"})
      .later({"none", "yearly"})
      .by_default("final")
      .means("detail of the RT results");
  rows.add("outputs.step", choice)
      .run_setting()
      .one_of({"year", "quarter"})
      .by_default("year")
      .means("step of the city series; quarter adds the group /quarterly")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.outputs.quarterly = v.choice == 1; });
  rows.add("outputs.works", choice)
      .run_setting()
      .one_of({"representative", "first_20", "all", "none"})
      .by_default("representative")
      .means("works programme of the future nearest the median among the first 20, of all these, "
             "of all futures, or none")
      .sets([](KeyTarget& t, const KeyValue& v) {
        t.scenario.outputs.works = static_cast<models::Scenario::Outputs::Works>(v.choice);
      });
  rows.add("outputs.quantiles_pct", numbers)
      .run_setting()
      .from(0, 100)
      .in("%")
      .by_default("[5, 10, 25, 50, 75, 90, 95]")
      .means("quantiles that are stored, rising")
      .sets([](KeyTarget& t, const KeyValue& v) { t.scenario.outputs.quantiles_pct = v.numbers; });
  return rows.keys();
}

std::vector<KeySpec> option_keys() {
  KeyRows rows("Options, levels, sweep");
  rows.add("options", open)
      .run_setting()
      .default_is("one option, named after the file")
      .means("list of {name, title, description, set}: named alternatives");
  rows.add("levels", open)
      .run_setting()
      .default_is("none")
      .means("list of {name, title, set}, crossed with every option");
  rows.add("options.<option>.solve_for", open)
      .run_setting()
      .default_is("none")
      .means(
          "{vary: PATH, between: [A, B], until: {chance_of_zero: {by_year, at_least_pct}}} or "
          "{slum_area: {by_year, at_most_pct_of_start}}: the lever that the program finds");
  rows.add("sweep", open)
      .run_setting()
      .default_is("none")
      .means(
          "{around: [OPTION], mode: grid, list or latin_hypercube, points, axes: {PATH: [...] or "
          "{from, to, step}}}: points around options; --no-sweep leaves them out");
  return rows.keys();
}

}  // namespace musi::analysis
