#include "analysis/starter.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "analysis/embedded_files.h"
#include "analysis/rt_table.h"
#include "analysis/scenario/schema.h"
#include "sim/core/check.h"

namespace musi::analysis {
namespace {

std::string embedded(std::string_view name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == name) return std::string(file.bytes);
  }
  MUSI_EXPECT(false && "template names a file that is not compiled in");
  return {};
}

/// Scenarios of a template with their base files, the one to run first.
std::vector<std::string> scenarios_of(const std::string& name) {
  if (name == "baseline") return {"palembang-baseline.yaml"};
  if (name == "four-options") return {"palembang-four-options.yaml", "palembang-baseline.yaml"};
  return {"palembang-hindcast.yaml", "palembang-official-plan.yaml", "palembang-baseline.yaml"};
}

std::string readme_of_study(const std::vector<std::string>& scenarios) {
  std::string text =
      "# A study with musi\n\n"
      "Change what stands under `set:` in a scenario; base files stay as they are. Editors that "
      "know\n"
      "YAML schemas complete keys and show their meaning, because of the first line of each "
      "file.\n\n"
      "```sh\n";
  for (const std::string& file : scenarios) text += fmt::format("musi check {}\n", file);
  text += fmt::format("musi run {}\n```\n\n", scenarios.front());
  return text +
         "Results go to `results/` below the folder from which musi is called.\n"
         "`musi schema --key PATH` explains a key, `musi run --help` lists all flags.\n\n"
         "`cities/palembang/` holds the facts of the city; its `NOTES.md` says where each number\n"
         "comes from, and which are synthetic.\n";
}

std::vector<StarterFile> study(const std::string& name) {
  const std::vector<std::string> scenarios = scenarios_of(name);
  std::vector<StarterFile> files;
  for (const std::string& scenario : scenarios) files.push_back({scenario, embedded(scenario)});
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with("cities/palembang/")) continue;
    files.push_back({std::string(file.name), std::string(file.bytes)});
  }
  files.push_back({"scenario.schema.json", json_schema()});
  files.push_back({"README.md", readme_of_study(scenarios)});
  return files;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n') + 1); }

std::string city_yaml(const std::string& name) {
  return fmt::format(
      "# Facts of the city that are no table. Say in NOTES.md where each number comes from.\n"
      "schema: 1\n"
      "name: {0}\n"
      "title: {{en: \"{0}\", id: \"{0}\"}}\n"
      "country: ID\n"
      "language: id\n"
      "size_class: medium            # metropolitan, large, medium or small: limits of the score\n"
      "expected_sites: 1             # rows of sites.csv, as a check\n"
      "city_area_ha: 10000           # denominator of slum coverage\n"
      "start_area_ha: {{2019: 100}}    # total slum area by start year; the sites are scaled to "
      "it\n"
      "price_year: 2019\n"
      "price_index: {{2019: 100}}      # construction prices by year\n"
      "decree_years: [2019]          # years in which a decision lists the slum areas\n"
      "target_path: {{zero_by: 2030}}  # the official goal\n",
      name);
}

std::string city_notes(const std::string& name) {
  return fmt::format(
      "# {}: where each number comes from\n\n"
      "One heading per file. Say source, year, licence and what is missing; write `synthetic` "
      "where a\n"
      "gap was filled, `assumed` where there is no source.\n\n"
      "## city.yaml\n\n"
      "## sites.csv\n\n"
      "One row per slum site. Needed: `site_id` (never reused), `kelurahan`, `kecamatan`, "
      "`status`,\n"
      "`source` (a key of references.csv). All other cells may be empty: they are then drawn or\n"
      "computed.\n\n"
      "## observed.csv\n\n"
      "What was published or measured. Results are compared with it; no part of the model reads "
      "it.\n"
      "May have no rows.\n\n"
      "## rt.csv\n\n"
      "One row per surveyed neighbourhood (RT), volumes as on the official sheets. A site with "
      "rows here is\n"
      "run with these RTs alone; without rows the table does nothing.\n\n"
      "## works.csv\n\n"
      "Works as they were delivered; `horizon.replay_until` of a scenario replays them.\n\n"
      "## references.csv\n\n"
      "What `source` names: key, citation, address, year, accessed, confidence.\n",
      name);
}

std::vector<StarterFile> city(const std::string& name) {
  const std::string folder = "cities/" + name + "/";
  const std::string scenario = fmt::format(
      "# yaml-language-server: $schema=./scenario.schema.json\n"
      "schema: 1\n"
      "name: {0}-baseline\n"
      "city: cities/{0}\n"
      "horizon: {{start_year: 2019, end_year: 2045}}\n"
      "sampling: {{replicates: 200, seed: 1}}\n",
      name);
  const std::string readme = fmt::format(
      "# A new city for musi\n\n"
      "1. Put one row per slum site into `cities/{0}/sites.csv`, references into "
      "`references.csv`.\n"
      "2. Fill in `cities/{0}/city.yaml` and say in `NOTES.md` where each number comes from.\n"
      "3. Check the folder until nothing is reported, then the scenario, then run it:\n\n"
      "```sh\n"
      "musi check cities/{0}\n"
      "musi check {0}-baseline.yaml\n"
      "musi run {0}-baseline.yaml\n"
      "```\n",
      name);
  return {{name + "-baseline.yaml", scenario},
          {folder + "city.yaml", city_yaml(name)},
          {folder + "sites.csv", first_line(embedded("cities/palembang/sites.csv"))},
          {folder + "observed.csv", first_line(embedded("cities/palembang/observed.csv"))},
          {folder + "rt.csv", rt_csv_header()},
          {folder + "works.csv", works_csv_header()},
          {folder + "references.csv", first_line(embedded("cities/palembang/references.csv"))},
          {folder + "NOTES.md", city_notes(name)},
          {"scenario.schema.json", json_schema()},
          {"README.md", readme}};
}

}  // namespace

const std::vector<std::string>& starter_templates() {
  static const std::vector<std::string> names{"baseline", "four-options", "study", "city"};
  return names;
}

std::vector<StarterFile> starter_files(const std::string& name, const std::string& city_name) {
  return name == "city" ? city(city_name) : study(name);
}

}  // namespace musi::analysis
