#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/city_reader.h"
#include "analysis/scenario/draws.h"
#include "analysis/scenario/reader.h"
#include "analysis/scenario/story.h"
#include "analysis/scenario/tree.h"

/// Options and levels of a file that was read, and the scenarios that can be made from them: as the
/// file states them, and with further values laid over (sweep, solved lever, points of a search).
namespace musi::analysis {

/// A named option or level.
struct Choice {
  std::string name, title_en, title_id, description;
  YamlNode set;
  std::optional<SolveFor> solve = {};  ///< of an option
};

/// The merged scenario before option, level and command line, kept so that variants can be made at
/// any time. Precedence, lowest first: base, level, option, values, --set (INTERFACE 4.1).
class VariantMaker {
 public:
  VariantMaker(YamlNode tree, std::vector<Choice> options, std::vector<Choice> levels,
               std::vector<YamlEntry> sets, ReferenceKeys references, bool names_options,
               std::optional<InputDraws> draws = {});

  const YamlNode& tree() const { return tree_; }
  const std::vector<Choice>& options() const { return options_; }
  const std::vector<Choice>& levels() const { return levels_; }
  /// Options with their levels, in the order of the file.
  std::vector<std::string> names() const;

  /// The variant of an option at a level (null: no levels). Its scenario is valid only if no error
  /// was added to `problems`; nothing is thrown for what a file or a value says.
  Variant make(const Choice& option, const Choice* level, const std::vector<Override>& values,
               const CityData& city, Problems& problems) const;
  /// The variant named `name` ("current+supported"; empty: the first) with values laid over.
  /// ContractError if there is no such name.
  Variant make(std::string_view name, const std::vector<Override>& values, const CityData& city,
               Problems& problems) const;

 private:
  YamlNode tree_;
  std::vector<Choice> options_, levels_;
  std::vector<YamlEntry> sets_;
  ReferenceKeys references_;
  bool names_options_ = true;
  std::optional<InputDraws> draws_;  ///< of sampling.draws
};

/// Name of an option at a level; the first level bears the plain name.
std::string variant_name(const Choice& option, const Choice* level, bool is_first_level);

/// The entries of `set` over a tree.
void apply_set(YamlNode& tree, const YamlNode& set, Problems& problems);

/// PATH=VALUE of a command line, a sweep or a search as an entry of `set`; nothing after a problem.
/// `origin`: "command line", "sweep", "solved": the place in messages and resolved scenarios.
std::optional<YamlEntry> parse_override(const Override& value, Problems& problems);

}  // namespace musi::analysis
