#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.h"
#include "sim/io/number.h"

/// The one table of scenario keys. Reader, JSON Schema, key list and help come from it.
namespace musi::analysis {

enum class KeyType : std::uint8_t {
  text,
  bilingual,  ///< text, or a mapping {en, id}
  slug,       ///< lower-case letters, digits and hyphens
  file_path,
  date,    ///< YYYY-MM-DD, kept as text
  month,   ///< YYYY-MM; `whole` is year * 12 + month - 1
  toggle,  ///< true or false
  whole,
  number,
  choice,
  uncertain,          ///< number, range text, or {value, redraw, source, status, note}
  uncertain_by_year,  ///< mapping from years to such values
  texts,
  choices,
  wholes,
  numbers,
  menu,  ///< C, A, or a mapping from items to percent
  target_path,
  open,  ///< read elsewhere (set, options, levels) or kept as it is
};

/// Who may state a key where, INTERFACE 4.3.
enum class KeyRole : std::uint8_t {
  file,         ///< of one file, never inherited: schema, name, extends, set
  run_setting,  ///< restated directly by a file that extends another
  assumption,   ///< changes only through `set`
};

/// A value after reading; the member that belongs to the type of the key is filled.
struct KeyValue {
  double number = 0.0;
  std::int64_t whole = 0;
  bool on = false;
  std::size_t choice = 0;
  std::string text;  ///< English of a bilingual text
  std::string text_indonesian;
  std::vector<std::string> texts;
  std::vector<std::size_t> choices;
  std::vector<double> numbers;
  std::vector<std::int64_t> wholes;
  models::Uncertain uncertain;
  std::map<int, models::Uncertain> by_year;
  std::vector<models::MenuEntry> menu;
  models::TargetPath target_path;
};

/// Where the value of a key goes.
struct KeyTarget {
  models::Scenario& scenario;
  models::SourceSpec* source = nullptr;        ///< inside funding.sources.<source>
  models::ProgrammeSpec* programme = nullptr;  ///< inside programmes.<programme>
};

struct KeySpec {
  std::string path;  ///< pattern; `<source>`, `<programme>`, `<year>`, `<key>` stand for names
  KeyType type = KeyType::text;
  KeyRole role = KeyRole::assumption;
  bool required = false;
  std::string unit;
  sim::io::NumberSpec range;
  bool whole_draws = false;  ///< an uncertain count
  std::vector<models::Redraw> redraws = {};
  std::vector<std::string> choices = {};
  std::vector<std::string> choices_to_come = {};
  std::string default_value;  ///< as it would be written; empty if there is none
  std::string default_words;  ///< where it is no fixed value: "by kind"
  std::string meaning;
  std::string example;        ///< line for a missing key
  std::string not_available;  ///< why this version refuses the key; empty if it is read
  std::string source;         ///< of a parameter's built-in value
  std::string status;
  std::string heading;  ///< of the key list
  void (*fill)(KeyTarget&, const KeyValue&) = nullptr;
  models::Uncertain& (*uncertain)(KeyTarget&) = nullptr;  ///< of an uncertain key
  int param = -1;  ///< index of the parameter it sets; -1 if none

  bool is_uncertain() const { return type == KeyType::uncertain; }
  /// The number of the scenario that the key sets; null for keys that are not uncertain.
  models::Uncertain* find(KeyTarget& target) const;
  std::string default_text() const { return default_value.empty() ? default_words : default_value; }
};

/// A part of the key tree: a group, or a key.
struct SchemaNode {
  std::string segment;           ///< one word of the path
  std::string pattern;           ///< whole path
  const KeySpec* key = nullptr;  ///< null for a group
  std::vector<SchemaNode> children;

  /// Child with this name, else the one that stands for any name; null if there is neither.
  const SchemaNode* child(std::string_view name) const;
  bool stands_for_any() const { return !segment.empty() && segment.front() == '<'; }
  /// Names that may be written here; none where any name may.
  std::vector<std::string> names() const;
  bool is_open() const;  ///< its children are named freely
};

class Schema {
 public:
  Schema();
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  const std::vector<KeySpec>& keys() const { return keys_; }
  const SchemaNode& root() const { return root_; }
  /// Key or group of a dotted path (`programmes.nusp.start_year`); null if there is none.
  const SchemaNode* find(std::string_view path) const;
  /// Paths of all keys that are read, for suggestions.
  std::vector<std::string> paths() const;

 private:
  std::vector<KeySpec> keys_;
  SchemaNode root_;
};

/// The table; made once.
const Schema& schema();

/// The words of a dotted path.
std::vector<std::string> segments(std::string_view path);

/// JSON Schema (draft 7) of scenario files, for editors.
std::string json_schema();
/// The key list of `scenarios/README.md`.
std::string markdown_key_list();
/// What one key means, as `schema --key` prints it; nothing if there is no such key.
std::optional<std::string> explain(std::string_view path);

}  // namespace musi::analysis
