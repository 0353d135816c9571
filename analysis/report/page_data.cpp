#include "analysis/report/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/driver_file.h"
#include "analysis/outcomes.h"
#include "analysis/report/page_json.h"
#include "analysis/report/question.h"
#include "sim/core/check.h"
#include "sim/core/error.h"

namespace musi::analysis {
namespace {

std::string stem_of(const Results& results) {
  return std::filesystem::path(results.path()).stem().string();
}

void demand_equal(const Results& a, const Results& b, const std::string& left,
                  const std::string& right, const char* what, const char* what_id,
                  std::vector<sim::Problem>& problems) {
  if (left == right) return;
  sim::Problem problem;
  problem.code = "not_comparable";
  problem.place.file = b.path();
  problem.message = fmt::format("{} is '{}', but '{}' in {}", what, right, left, a.path());
  problem.message_indonesian =
      fmt::format("{} adalah '{}', tetapi '{}' di {}", what_id, right, left, a.path());
  problem.remark = "one page holds one question; write a report of each";
  problem.remark_indonesian = "satu halaman memuat satu pertanyaan; buat laporan masing-masing";
  problems.push_back(problem);
}

/// What differs between the resolved scenarios of the options, path by path.
void collect_leaves(const sim::io::YamlNode& node, std::map<std::string, std::string>& leaves) {
  if (node.is_scalar()) leaves[node.path] = node.text;
  for (const sim::io::YamlEntry& entry : node.entries) collect_leaves(entry.value, leaves);
  for (const sim::io::YamlNode& item : node.items) collect_leaves(item, leaves);
}

/// Paths that differ between options with their values, as written; missing ones are null.
Json differences_json(const std::vector<std::optional<sim::io::YamlNode>>& trees) {
  std::vector<std::map<std::string, std::string>> leaves;
  std::set<std::string> paths;
  for (const auto& tree : trees) {
    leaves.emplace_back();
    if (tree) collect_leaves(*tree, leaves.back());
    for (const auto& [path, text] : leaves.back()) paths.insert(path);
  }
  static const std::set<std::string> no_assumption{"name",     "description", "title.en",
                                                   "title.id", "question.en", "question.id"};
  Json rows = Json::array();
  for (const std::string& path : paths) {
    if (no_assumption.contains(path) || path.starts_with("provenance.")) continue;
    Json values = Json::array();
    bool differs = false;
    for (const auto& option : leaves) {
      const auto found = option.find(path);
      values.push_back(found == option.end() ? Json(nullptr) : Json(found->second));
      differs = differs || values.back() != values.front();
    }
    if (differs) rows.push_back({{"path", path}, {"values", std::move(values)}});
  }
  return rows;
}

Json sites_json(const Results& results) {
  if (!results.has("site")) return Json::array();
  const auto ids = results.file().texts("site");
  const auto texts = [&](const char* name) {
    return results.has(name) ? results.file().texts(name) : std::vector<std::string>(ids.size());
  };
  const auto numbers = [&](const char* name) {
    return results.has(name) ? results.file().numbers(name) : std::vector<double>(ids.size());
  };
  const auto names = texts("site_name"), kecamatan = texts("site_kecamatan"),
             status = texts("site_area_status");
  const auto latitude = numbers("site_latitude"), longitude = numbers("site_longitude"),
             area = numbers("site_area_initial");
  Json sites = Json::array();
  for (std::size_t s = 0; s < ids.size(); ++s) {
    sites.push_back({{"id", ids[s]},
                     {"name", names[s]},
                     {"kecamatan", kecamatan[s]},
                     {"status", status[s]},
                     {"latitude", number_json(latitude[s])},
                     {"longitude", number_json(longitude[s])},
                     {"area", number_json(area[s])}});
  }
  return sites;
}

Json levers_json(const Results& results) {
  Json levers = Json::array();
  for (const std::string& name : results.file().names()) {
    if (!name.starts_with("lever_")) continue;
    levers.push_back({{"path", results.file().text_attribute(name, "path").value_or(name)},
                      {"unit", results.file().text_attribute(name, "units").value_or("")},
                      {"values", numbers_json(results.file().numbers(name))}});
  }
  return levers;
}

Json question_json(const HeadlineQuestion& q) {
  return {{"city", q.city},
          {"definition", q.definition},
          {"start_year", q.start_year},
          {"end_year", q.end_year},
          {"headline_year", q.headline_year},
          {"target_years", q.years},
          {"chance_pct", q.chance_pct},
          {"spent_from", q.spent_from},
          {"spent_to", q.spent_to},
          {"uncertain_inputs", q.uncertain_inputs},
          {"without_source", q.without_source},
          {"sites", q.sites},
          {"synthetic_sites", q.synthetic_sites},
          {"price_year", q.price_year},
          {"planned", q.planned_replicates},
          {"complete", q.is_complete}};
}

/// What the answer of the first option in view depends on, for chart G. Null where too few futures
/// are there to say anything.
Json drivers_json(const Results& results, std::size_t option, const HeadlineQuestion& q) {
  constexpr std::size_t fewest_futures = 20;
  if (!results.has("input_value") || results.n_replicates() < fewest_futures ||
      q.headline_year > results.years().back()) {
    return nullptr;
  }
  const std::string text = page_drivers(results, option, q.chance_pct);
  Json drivers = text.empty() ? Json(nullptr) : Json::parse(text);
  return drivers.is_null() || drivers["rows"].empty() ? Json(nullptr) : drivers;
}

/// What the futures of two results must share to be compared future by future.
std::string pairing_key(const Results& results) {
  std::string inputs;
  const auto hashes = Json::parse(results.provenance_text("input_sha256"), nullptr, false);
  if (hashes.is_object()) {
    for (const auto& [name, hash] : hashes.items()) {
      if (name.find("cities/") != std::string::npos) inputs += hash.dump();
    }
  }
  return results.provenance_attribute("seed_hex") + results.provenance_attribute("design") +
         fmt::format("{}", results.n_replicates()) + inputs;
}

/// A text that repeats most of its lines, as resolved options do: each line once, and where it
/// stands as runs of lines, first and last. `unpacked_lines` of page_reader.cpp reads it.
Json packed_lines(const std::string& text) {
  std::map<std::string, std::size_t> known;
  Json lines = Json::array(), runs = Json::array();
  std::size_t first = 0, last = 0;
  bool is_open = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const auto [at, is_new] = known.emplace(line, known.size());
    if (is_new) lines.push_back(line);
    if (is_open && at->second == last + 1) {
      ++last;
    } else {
      if (is_open) runs.insert(runs.end(), {Json(first), Json(last)});
      first = last = at->second;
      is_open = true;
    }
    begin = end + 1;
  }
  if (is_open) runs.insert(runs.end(), {Json(first), Json(last)});
  return {{"lines", std::move(lines)}, {"runs", std::move(runs)}};
}

/// `targets.official` of the scenario; results of versions without it show them.
bool shows_targets(const std::optional<sim::io::YamlNode>& resolved) {
  return !resolved || resolved_word(*resolved, "targets.official") != "false";
}

std::vector<std::string> texts_of(const Results& results, const char* name) {
  return results.has(name) ? results.file().texts(name) : std::vector<std::string>();
}

/// What no lever changes, and what a page that is open may keep during previews.
void add_static_parts(Json& page, const std::vector<const Results*>& results,
                      const OptionSource& main) {
  const Results& first = *results.front();
  page["sites"] = sites_json(first);
  page["observations"] = observations_json(first);
  page["targets"] = shows_targets(main.resolved) ? targets_json(first) : Json::array();
  page["ledger"] = ledger_json(main);
  page["references"] = references_json(results);
  page["series_words"] = series_words(first);
}

}  // namespace

std::vector<PageOption> page_options(const std::vector<const Results*>& results) {
  std::map<std::string, int> times;
  for (const Results* r : results) {
    for (const std::string& name : r->options()) ++times[name];
  }
  std::vector<PageOption> options;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (std::size_t o = 0; o < results[i]->options().size(); ++o) {
      const std::string& name = results[i]->options()[o];
      options.push_back({i, o, times[name] > 1 ? stem_of(*results[i]) + ": " + name : name});
    }
  }
  return options;
}

void check_same_question(const std::vector<const Results*>& results) {
  std::vector<sim::Problem> problems;
  const Results& a = *results.front();
  const auto price_year = [](const Results& r) {
    return fmt::format("{:.0f}", r.file().number_attribute("/", "price_year").value_or(0.0));
  };
  const auto years = [](const Results& r) {
    return fmt::format("{}-{}", r.years().front(), r.years().back());
  };
  for (std::size_t i = 1; i < results.size(); ++i) {
    const Results& b = *results[i];
    demand_equal(a, b, price_year(a), price_year(b), "the price year", "tahun harga", problems);
    demand_equal(a, b, a.headline_definition(), b.headline_definition(), "the definition of zero",
                 "definisi nol", problems);
    demand_equal(a, b, years(a), years(b), "the horizon", "rentang tahun", problems);
    const bool has_same_sites = texts_of(a, "site") == texts_of(b, "site");
    demand_equal(a, b, question_of(a, {}).city,
                 has_same_sites ? question_of(b, {}).city : "another list of sites", "the city",
                 "kota", problems);
  }
  if (!problems.empty()) throw sim::InputError(std::move(problems));
}

std::string page_data(const std::vector<const Results*>& results,
                      const std::vector<std::size_t>& shown, const PageDetail& detail) {
  MUSI_EXPECT(!results.empty());
  const Results& first = *results.front();
  const std::vector<PageOption> options = page_options(results);
  std::vector<std::optional<sim::io::YamlNode>> all_trees;
  Json option_rows = Json::array(), files = Json::array();
  HeadlineQuestion question;
  for (std::size_t i = 0; i < results.size(); ++i) {
    auto trees = resolved_options(*results[i]);
    const HeadlineQuestion q = question_of(*results[i], trees.front());
    if (i == 0) question = q;
    const auto outcomes = outcomes_of(*results[i], q);
    for (const PageOption& option : options) {
      if (option.result != i) continue;
      Json row = {{"name", option.name}, {"file", i}};
      row.update(option_json(
          {*results[i], option.option, q, outcomes[option.option], trees[option.option]}, detail));
      option_rows.push_back(std::move(row));
    }
    Json file = provenance_json(*results[i]);
    file["pairing"] = pairing_key(*results[i]);
    files.push_back(std::move(file));
    for (auto& tree : trees) all_trees.push_back(std::move(tree));
  }
  const OptionOutcome no_outcome;
  const OptionSource main{first, 0, question, no_outcome, all_trees.front()};
  Json page = {{"page_format", page_format},
               {"title", first.file().text_attribute("/", "title").value_or("")},
               {"summary", first.file().text_attribute("/", "summary").value_or("")},
               {"question_text", first.file().text_attribute("/", "question").value_or("")},
               {"question", question_json(question)},
               {"city_area_ha",
                number_json(first.file().number_attribute("/", "city_area_ha").value_or(0.0))},
               {"years", first.years()},
               {"definitions", first.definitions()},
               {"funds", texts_of(first, "funds")},
               {"programmes", texts_of(first, "programme")},
               {"items", items_json(first)},
               {"measures", measures_json(first)},
               {"criteria", texts_of(first, "criterion")},
               {"shown", shown},
               {"options", std::move(option_rows)},
               {"differences", differences_json(all_trees)},
               {"levers", levers_json(first)},
               {"files", std::move(files)},
               {"thinned",
                {{"paths", detail.n_paths},
                 {"works", detail.n_works},
                 {"site_years", detail.with_site_years},
                 {"inputs", detail.with_inputs}}}};
  if (detail.with_static_parts) add_static_parts(page, results, main);
  const PageOption& shown_first = options[shown.empty() ? 0 : shown.front()];
  Json drivers = drivers_json(*results[shown_first.result], shown_first.option, question);
  if (!drivers.is_null()) page["drivers"] = std::move(drivers);
  return page.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string page_inputs(const std::vector<const Results*>& results, const PageDetail& detail) {
  Json files = Json::array();
  for (const Results* r : results) {
    Json file = {{"scenario", r->provenance_text("scenario_yaml")},
                 {"flags", r->provenance_text("flags")},
                 {"resolved", packed_lines(r->provenance_text("resolved_yaml"))}};
    if (r->has("provenance/points")) file["points"] = r->provenance_text("points");
    if (detail.with_inputs && r->has("inputs")) {
      Json inputs = Json::object();
      for (const std::string& name : r->file().names("inputs")) {
        const std::string path = "inputs/" + name;
        inputs[r->file().text_attribute(path, "path").value_or(name)] = r->file().text(path);
      }
      file["inputs"] = std::move(inputs);
    }
    files.push_back(std::move(file));
  }
  return files.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace musi::analysis
