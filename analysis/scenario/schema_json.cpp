#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/scenario/schema.h"
#include "analysis/scenario/tree.h"
#include "models/programmes/items.h"

namespace musi::analysis {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* name_pattern = "^[a-z0-9_-]{1,48}$";
constexpr const char* range_pattern = "^\\s*-?[0-9.e+-]+ to -?[0-9.e+-]+\\s*$";

Json number_schema(const KeySpec& key, bool whole) {
  Json json = {{"type", whole ? "integer" : "number"}};
  if (key.range.min) json[key.range.min_open ? "exclusiveMinimum" : "minimum"] = *key.range.min;
  if (key.range.max) json[key.range.max_open ? "exclusiveMaximum" : "maximum"] = *key.range.max;
  return json;
}

Json bilingual() {
  return {{"anyOf",
           {{{"type", "string"}},
            {{"type", "object"},
             {"properties", {{"en", {{"type", "string"}}}, {"id", {{"type", "string"}}}}},
             {"additionalProperties", false}}}}};
}

Json words(const std::vector<std::string>& choices) {
  Json all = Json::array();
  for (const std::string& word : choices) {
    all.push_back(word);
    // `ageing_phases: 3` is a number to editors.
    if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      all.push_back(std::stoi(word));
    }
  }
  return {{"enum", all}};
}

Json distribution() {
  Json json = {{"type", "object"}, {"required", {"dist"}}, {"additionalProperties", false}};
  json["properties"]["dist"] = words({"constant", "uniform", "triangular", "log_triangular",
                                      "beta_pert", "normal", "lognormal", "discrete"});
  for (const char* word : {"value", "min", "mode", "max", "mean", "sd", "p05", "p50", "p95"}) {
    json["properties"][word] = {{"type", "number"}};
  }
  for (const char* word : {"values", "weights_pct"}) {
    json["properties"][word] = {{"type", "array"}, {"items", {{"type", "number"}}}};
  }
  return json;
}

Json uncertain(const KeySpec& key) {
  const Json number = number_schema(key, key.whole_draws);
  const Json range = {{"type", "string"}, {"pattern", range_pattern}};
  Json story = {{"type", "object"}, {"required", {"value"}}, {"additionalProperties", false}};
  story["properties"]["value"] = {
      {"anyOf", {number, range, {{"$ref", "#/definitions/distribution"}}}}};
  std::vector<std::string> redraws;
  for (const models::Redraw r : key.redraws) redraws.emplace_back(models::word(r));
  story["properties"]["redraw"] = words(redraws);
  story["properties"]["source"] = {{"type", "string"}};
  story["properties"]["status"] = {{"$ref", "#/definitions/status"}};
  story["properties"]["note"] = {{"type", "string"}};
  return {{"anyOf", {number, range, story}}};
}

Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Json target_path_schema() {
  Json json = {{"type", "object"},
               {"minProperties", 1},
               {"maxProperties", 1},
               {"additionalProperties", false}};
  json["properties"] = {{"zero_by", {{"type", "integer"}, {"minimum", 2000}, {"maximum", 2150}}},
                        {"abs_ha_per_year", {{"type", "number"}, {"minimum", 0}}},
                        {"pct_of_base", {{"type", "number"}, {"minimum", 0}, {"maximum", 100}}},
                        {"pct_of_rest", {{"type", "number"}, {"minimum", 0}, {"maximum", 100}}}};
  return json;
}

Json menu_schema() {
  Json items = {{"type", "object"}, {"additionalProperties", false}};
  for (std::size_t i = 0; i < models::n_items; ++i) {
    items["properties"][std::string(models::word(static_cast<models::Item>(i)))] = {
        {"type", "number"}, {"minimum", 0}, {"maximum", 100}};
  }
  return {{"anyOf", {words({"C", "A"}), items}}};
}

Json value_schema(const KeySpec& key) {
  switch (key.type) {
    case KeyType::text:
    case KeyType::file_path:
      return {{"type", "string"}, {"minLength", 1}};
    case KeyType::bilingual:
      return bilingual();
    case KeyType::slug:
      return {{"type", "string"}, {"pattern", name_pattern}};
    case KeyType::date:
      return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
    case KeyType::toggle:
      return {{"type", "boolean"}};
    case KeyType::whole:
      return number_schema(key, true);
    case KeyType::number:
      return number_schema(key, false);
    case KeyType::choice:
      return words(key.choices);
    case KeyType::uncertain:
      return uncertain(key);
    case KeyType::uncertain_by_year:
      return {{"type", "object"},
              {"patternProperties", {{"^[0-9]{4}$", uncertain(key)}}},
              {"additionalProperties", false}};
    case KeyType::texts:
      return list_of({{"type", "string"}});
    case KeyType::choices:
      return list_of(words(key.choices));
    case KeyType::wholes:
      return list_of(number_schema(key, true));
    case KeyType::numbers:
      return list_of(number_schema(key, false));
    case KeyType::menu:
      return menu_schema();
    case KeyType::target_path:
      return target_path_schema();
    case KeyType::open:
      return Json::object();
  }
  return Json::object();
}

std::string description(const KeySpec& key) {
  std::string text = key.meaning;
  if (!key.unit.empty()) text += " [" + key.unit + "]";
  if (!key.default_text().empty()) text += "; default: " + key.default_text();
  return text;
}

bool is_read(const KeySpec& key) { return key.not_available.empty(); }

class Writer {
 public:
  Json write() {
    Json root = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "musi scenario"}};
    Json body = group(schema().root());
    for (auto& [name, value] : body.items()) root[name] = value;
    Json& properties = root["properties"];
    properties["set"] = set_schema();
    properties["options"] = named_list(true);
    properties["levels"] = named_list(false);
    properties["sweep"] = sweep();
    root["required"] = {"schema", "name"};
    root["anyOf"] = {{{"required", {"extends"}}}, {{"required", {"city", "horizon", "sampling"}}}};
    root["definitions"] = definitions_;
    root["definitions"]["distribution"] = distribution();
    root["definitions"]["status"] = words({"measured", "reported", "derived", "estimated",
                                           "calibrated", "expert", "assumed", "synthetic"});
    return root;
  }

 private:
  /// A key is defined once and named wherever it may stand.
  Json reference(const KeySpec& key) {
    std::string name;
    for (const char c : key.path) name += c == '<' || c == '>' ? '_' : c;
    if (!definitions_.contains(name)) {
      Json json = value_schema(key);
      json["description"] = description(key);
      definitions_[name] = std::move(json);
    }
    return {{"$ref", "#/definitions/" + name}};
  }

  Json group(const SchemaNode& at) {
    Json json = {{"type", "object"}, {"additionalProperties", false}};
    for (const SchemaNode& child : at.children) {
      if (child.key != nullptr && !is_read(*child.key)) continue;
      Json value = child.key != nullptr            ? reference(*child.key)
                   : child.pattern == "programmes" ? list_of(entry(child.children.front(), "id"))
                                                   : group(child);
      if (child.stands_for_any()) {
        json["additionalProperties"] = std::move(value);
      } else if (child.key != nullptr || has_keys(child)) {
        json["properties"][child.segment] = std::move(value);
      }
    }
    return json;
  }

  static bool has_keys(const SchemaNode& at) {
    return std::any_of(at.children.begin(), at.children.end(), [](const SchemaNode& child) {
      return child.key != nullptr ? is_read(*child.key) : has_keys(child);
    });
  }

  Json entry(const SchemaNode& at, const char* name) {
    Json json = group(at);
    json["required"] = {name};
    return json;
  }

  /// `set` with all its paths, so that editors complete them; stories inside keys are open.
  Json set_schema() {
    Json json = {{"type", "object"}};
    for (const KeySpec& key : schema().keys()) {
      if (!is_read(key) || key.role != KeyRole::assumption) continue;
      if (key.path.find('<') == std::string::npos) {
        json["properties"][key.path] = reference(key);
        continue;
      }
      std::string pattern = "^";
      for (const std::string& word : segments(key.path)) {
        if (pattern.size() > 1) pattern += "\\.";
        pattern += word.front() == '<' ? "[a-z0-9_-]+" : word;
      }
      json["patternProperties"][pattern + "$"] = reference(key);
    }
    return json;
  }

  static Json object_of(Json properties) {
    return {{"type", "object"}, {"additionalProperties", false},
            {"properties", std::move(properties)}};
  }

  static Json sweep() {
    const Json number = {{"type", "number"}};
    const Json range = object_of({{"from", number}, {"to", number}, {"step", number}});
    Json axis = {{"anyOf", {{{"type", "array"}, {"minItems", 2}, {"maxItems", 1000}}, range}}};
    Json json = object_of({{"around", list_of({{"type", "string"}})},
                           {"mode", words({"grid", "list", "latin_hypercube"})},
                           {"points", {{"type", "integer"}, {"minimum", 2}, {"maximum", 100000}}}});
    json["properties"]["axes"] = {{"type", "object"}, {"additionalProperties", axis}};
    json["required"] = {"axes"};
    return json;
  }

  static Json solve_for() {
    const Json number = {{"type", "number"}}, year = {{"type", "integer"}};
    Json until = object_of(
        {{"chance_of_zero", object_of({{"by_year", year}, {"at_least_pct", number}})},
         {"slum_area", object_of({{"by_year", year}, {"at_most_pct_of_start", number}})}});
    Json json = object_of({{"vary", {{"type", "string"}}},
                           {"between", {{"type", "array"},
                                        {"items", number},
                                        {"minItems", 2},
                                        {"maxItems", 2}}},
                           {"until", until}});
    json["required"] = {"vary", "between", "until"};
    return json;
  }

  static Json named_list(bool is_option) {
    Json one = {{"type", "object"}, {"required", {"name"}}, {"additionalProperties", false}};
    one["properties"]["name"] = {{"type", "string"}, {"pattern", name_pattern}};
    one["properties"]["title"] = bilingual();
    one["properties"]["description"] = bilingual();
    one["properties"]["set"] = {{"$ref", "#/properties/set"}};
    if (is_option) one["properties"]["solve_for"] = solve_for();
    return list_of(one);
  }

  Json definitions_ = Json::object();
};

}  // namespace

std::string json_schema() { return Writer().write().dump(1) + "\n"; }

}  // namespace musi::analysis
