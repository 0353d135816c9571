#include "analysis/scenario/variants.h"

#include "analysis/scenario/checks.h"
#include "analysis/scenario/fill.h"
#include "analysis/scenario/resolved.h"
#include "sim/core/check.h"

namespace musi::analysis {

VariantMaker::VariantMaker(YamlNode tree, std::vector<Choice> options, std::vector<Choice> levels,
                           std::vector<YamlEntry> sets, ReferenceKeys references,
                           bool names_options, std::optional<InputDraws> draws)
    : tree_(std::move(tree)),
      options_(std::move(options)),
      levels_(std::move(levels)),
      sets_(std::move(sets)),
      references_(std::move(references)),
      names_options_(names_options),
      draws_(std::move(draws)) {
  MUSI_EXPECT(!options_.empty());
}

std::vector<std::string> VariantMaker::names() const {
  std::vector<std::string> names;
  for (const Choice& option : options_) {
    if (levels_.empty()) names.push_back(option.name);
    for (std::size_t l = 0; l < levels_.size(); ++l) {
      names.push_back(variant_name(option, &levels_[l], l == 0));
    }
  }
  return names;
}

Variant VariantMaker::make(const Choice& option, const Choice* level,
                           const std::vector<Override>& values, const CityData& city,
                           Problems& problems) const {
  const bool is_first_level = level == nullptr || level == &levels_.front();
  Variant v;
  v.option = option.name;
  v.level = level == nullptr ? "" : level->name;
  v.name = variant_name(option, level, is_first_level);
  YamlNode tree = tree_;
  if (level != nullptr) apply_set(tree, level->set, problems);
  apply_set(tree, option.set, problems);
  for (const Override& value : values) {
    if (const auto entry = parse_override(value, problems)) {
      set_path(tree, *entry, false, problems);
    }
  }
  for (const YamlEntry& entry : sets_) set_path(tree, entry, true, problems);
  v.scenario = fill_scenario(tree, references_, city.city->price_year, problems);
  check_scenario(tree, city, v.scenario, problems);
  if (draws_ && !problems.has_errors()) apply_draws(*draws_, v.scenario, problems);
  v.title_en = names_options_ ? option.title_en : v.scenario.title_en;
  v.title_id = names_options_ ? option.title_id : v.scenario.title_id;
  if (!is_first_level) {
    v.title_en += ", " + level->title_en;
    v.title_id += ", " + level->title_id;
  }
  v.description = option.description;
  v.values = values;
  v.solve = option.solve;
  if (!problems.has_errors()) v.resolved = resolved_text(tree, v.scenario);
  return v;
}

Variant VariantMaker::make(std::string_view name, const std::vector<Override>& values,
                           const CityData& city, Problems& problems) const {
  for (const Choice& option : options_) {
    if (levels_.empty() && (name.empty() || option.name == name)) {
      return make(option, nullptr, values, city, problems);
    }
    for (std::size_t l = 0; l < levels_.size(); ++l) {
      if (!name.empty() && variant_name(option, &levels_[l], l == 0) != name) continue;
      return make(option, &levels_[l], values, city, problems);
    }
  }
  throw sim::ContractError("no variant is called '" + std::string(name) + "'");
}

std::string variant_name(const Choice& option, const Choice* level, bool is_first_level) {
  return level == nullptr || is_first_level ? option.name : option.name + "+" + level->name;
}

void apply_set(YamlNode& tree, const YamlNode& set, Problems& problems) {
  if (set.as_map(problems) == nullptr) return;
  check_overlaps(set, problems);
  for (const YamlEntry& entry : set.entries) set_path(tree, entry, false, problems);
}

std::optional<YamlEntry> parse_override(const Override& given, Problems& problems) {
  auto value = sim::io::parse_yaml_value(given.value, given.origin, problems);
  if (!value) return std::nullopt;
  YamlEntry entry;
  entry.key = given.path;
  entry.value = std::move(*value);
  repath(entry.value, entry.key);
  entry.line = entry.value.line;
  entry.column = entry.value.column;
  entry.end_column = entry.value.end_column;
  return entry;
}

}  // namespace musi::analysis
