#include "analysis/serve/answers.h"

#include <nlohmann/json.hpp>

#include "analysis/scenario/schema.h"
#include "analysis/serve/ahead.h"

namespace musi::analysis::serve {
namespace {

using Json = nlohmann::ordered_json;

const char* word(KeyType type) {
  switch (type) {
    case KeyType::text: return "text";
    case KeyType::bilingual: return "bilingual";
    case KeyType::slug: return "slug";
    case KeyType::file_path: return "file_path";
    case KeyType::date: return "date";
    case KeyType::month: return "month";
    case KeyType::toggle: return "toggle";
    case KeyType::whole: return "whole";
    case KeyType::number: return "number";
    case KeyType::choice: return "choice";
    case KeyType::uncertain: return "uncertain";
    case KeyType::uncertain_by_year: return "uncertain_by_year";
    case KeyType::texts: return "texts";
    case KeyType::choices: return "choices";
    case KeyType::wholes: return "wholes";
    case KeyType::numbers: return "numbers";
    case KeyType::menu: return "menu";
    case KeyType::target_path: return "target_path";
    case KeyType::open: return "open";
  }
  return "open";
}

const char* word(KeyRole role) {
  switch (role) {
    case KeyRole::file: return "file";
    case KeyRole::run_setting: return "run_setting";
    case KeyRole::assumption: return "assumption";
  }
  return "file";
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Numbers and switches as such, words as texts.
Json anchors_json() {
  Json all = Json::object();
  for (const auto& [path, values] : anchors()) {
    for (const std::string& value : values) {
      Json parsed = Json::parse(value, nullptr, false);
      all[path].push_back(parsed.is_discarded() ? Json(value) : std::move(parsed));
    }
  }
  return all;
}

}  // namespace

std::string schema_body() {
  Json keys = Json::array();
  for (const KeySpec& key : schema().keys()) {
    const bool is_changeable = key.role == KeyRole::assumption && key.not_available.empty() &&
                               key.type != KeyType::file_path;
    keys.push_back({{"path", key.path},
                    {"type", word(key.type)},
                    {"role", word(key.role)},
                    {"unit", key.unit},
                    {"min", number_or_null(key.range.min)},
                    {"max", number_or_null(key.range.max)},
                    {"min_open", key.range.min_open},
                    {"max_open", key.range.max_open},
                    {"whole", key.type == KeyType::whole || key.whole_draws},
                    {"choices", key.choices},
                    {"default", key.default_text()},
                    {"meaning", key.meaning},
                    {"source", key.source},
                    {"status", key.status},
                    {"heading", key.heading},
                    {"refused", !is_changeable},
                    {"refused_because", key.not_available}});
  }
  return Json{{"keys", std::move(keys)}}.dump(-1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

std::string scenario_body(const Study& study) {
  const ReadResult& base = study.base();
  Json options = Json::array();
  for (const Variant& v : base.variants) {
    options.push_back({{"name", v.name},
                       {"option", v.option},
                       {"level", v.level},
                       {"title", {{"en", v.title_en}, {"id", v.title_id}}},
                       {"values", study.settings(v.name)},
                       {"resolved", v.resolved}});
  }
  Json fixed = Json::array();
  for (const std::string& set : study.sets()) fixed.push_back(set.substr(0, set.find('=')));
  const models::Scenario& first = base.variants.front().scenario;
  const Experiment experiment(base, {base.variants.front().name}, "");
  const HeadlineQuestion q = experiment.question();
  const Json body = {{"file", base.file},
                     {"name", base.name},
                     {"title", {{"en", base.title_en}, {"id", base.title_id}}},
                     {"question", {{"en", base.question_en}, {"id", base.question_id}}},
                     {"replicates", first.sampling.replicates},
                     {"definition", q.definition},
                     {"start_year", q.start_year},
                     {"end_year", q.end_year},
                     {"forecast_from_year", first.forecast_from_year},
                     {"headline_year", q.headline_year},
                     {"chance_pct", q.chance_pct},
                     {"target_years", q.years},
                     {"has_result", study.is_result()},
                     {"preview_futures", 8},
                     {"fixed", std::move(fixed)},
                     {"anchors", anchors_json()},
                     {"options", std::move(options)}};
  std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();
  return text;
}

}  // namespace musi::analysis::serve
