#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "sim/io/number.h"
#include "sim/io/problems.h"
#include "sim/io/text.h"

namespace musi::sim::io {

/// Limits of INTERFACE 3.2.
struct YamlLimits {
  std::size_t bytes = 2u << 20;
  int depth = 24;
  std::size_t nodes = 100'000;
};

struct YamlEntry;

/// One value of a YAML file and where it stands. A plain value type: copy, change and merge it
/// freely, it keeps the place it came from. All readers report to `problems` and return nothing if
/// the value is not legal; they never throw for user input.
///
///     const auto root = read_yaml("plan.yaml", problems);
///     if (!root) return;                                  // syntax: nothing else was checked
///     root->check_keys({"schema", "name", "funding"}, problems);      // K1, K5, K16
///     if (const YamlNode* funding = root->find("funding")) {
///       if (const YamlNode* year = funding->find("price_year")) {
///         std::optional<std::int64_t> y = year->as_whole({.min = 1990, .max = 2100}, problems);
///       }
///     }
///
/// Order of entries is the order of the file. Paths are dotted; entries of a list are addressed by
/// their `id` or `name` (`programmes.nusp.start_year`), else by their number from 1 (`years[2]`).
class YamlNode {
 public:
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string text;             ///< of a scalar, as written (quotes and escapes resolved)
  bool quoted = false;          ///< scalar in quotes or a block: text, never a number or a switch
  std::vector<YamlNode> items;  ///< of a list
  std::vector<YamlEntry> entries;  ///< of a map
  std::string path;                ///< empty for the top level
  int line = 0;                    ///< from 1; of a value that is missing: that of its key
  int column = 0;                  ///< in characters, from 1
  int end_column = 0;              ///< one past the span on its first line
  std::size_t offset = 0;          ///< byte of the source at which the span begins
  std::shared_ptr<const SourceText> source;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }

  Place place() const;
  std::string source_line() const;
  /// "'abc'", "the text 'abc' in quotes", "a list", "a mapping", "nothing": for messages.
  Text description() const;

  /// Entry of a map, also one without value; null if there is none or this is no map.
  const YamlEntry* find_entry(std::string_view key) const;
  YamlEntry* find_entry(std::string_view key);
  /// Value of an entry; null if there is none or it has no value.
  const YamlNode* find(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }

  /// A number by the strict rules of INTERFACE 4.2.
  std::optional<double> as_number(const NumberSpec& spec, Problems& problems) const;
  /// A count or year: `spec.whole` is implied; below 2^53 in size.
  std::optional<std::int64_t> as_whole(const NumberSpec& spec, Problems& problems) const;
  /// Any scalar as it is written (`012`, `no`); not empty.
  std::optional<std::string> as_text(Problems& problems) const;
  /// Only `true` and `false`, not in quotes.
  std::optional<bool> as_bool(Problems& problems) const;
  /// One of `choices`, else `unknown_choice` with the nearest.
  std::optional<std::string> as_choice(std::span<const std::string> choices,
                                       Problems& problems) const;
  /// The items, or null after `wrong_type` was reported.
  const std::vector<YamlNode>* as_list(Problems& problems) const;
  /// The entries, or null after `wrong_type` was reported.
  const std::vector<YamlEntry>* as_map(Problems& problems) const;

  /// Keys that are not allowed (`unknown_key` with the nearest, or `wrong_unit` if the key is a
  /// known one with another unit or without it) and keys without value (`empty_value`). True if all
  /// is well.
  bool check_keys(std::span<const std::string> allowed, Problems& problems) const;
  bool check_keys(std::initializer_list<const char*> allowed, Problems& problems) const;
  /// Only the first half, or one key of it: for readers with open maps.
  void report_unknown_key(const YamlEntry& entry, std::span<const std::string> allowed,
                          Problems& problems) const;
  /// `empty_value`; `default_text` is shown if given ("delete it to use the default, 25").
  void report_empty_value(const YamlEntry& entry, std::string_view default_text,
                          Problems& problems) const;
  /// `missing_key` at this mapping, with an example line: `missing key 'seed' in 'sampling'`.
  void report_missing_key(std::string_view key, Text meaning, std::string_view example,
                          Problems& problems) const;

  /// Any error at this value, with its place, source line and path filled in.
  Problem& error(std::string code, Text message, Problems& problems) const;
  Problem& wrong_type(Text expected, Problems& problems) const;
};

/// `key: value`. The place of the key is kept apart from that of the value.
struct YamlEntry {
  std::string key;
  int line = 0;
  int column = 0;
  int end_column = 0;
  std::size_t offset = 0;
  YamlNode value;

  Place key_place() const;
  /// Any error at the key, with its place, source line and path filled in.
  Problem& error(std::string code, Text message, Problems& problems) const;
};

/// Reads a scenario-like file (`-` = standard input): a mapping at the top. IoError `cannot_open`
/// if it cannot be read. Nothing if the text cannot be used (Y1-Y9: yaml_syntax, yaml_empty,
/// yaml_documents, yaml_alias, yaml_tag, bad_key, yaml_depth, too_large, not_text, not_utf8); a
/// file with duplicate keys (both places reported) gives a tree with the first of each.
std::optional<YamlNode> read_yaml(const std::string& file, Problems& problems,
                                  const YamlLimits& limits = {});

/// The same from memory; `file` is only the name shown in messages.
std::optional<YamlNode> parse_yaml(std::string bytes, const std::string& file, Problems& problems,
                                   const YamlLimits& limits = {});

/// A single value of any kind, as behind `--set PATH=`; `origin` is "command line".
std::optional<YamlNode> parse_yaml_value(std::string bytes, const std::string& origin,
                                         Problems& problems, const YamlLimits& limits = {});

/// `annual_idr_mn` for a known `annual_idr_bn`: the known key, and how the value converts ("40,000
/// juta = 40"), empty if the unit of the wrong key is not known.
struct UnitSlip {
  std::string key;
  Text conversion;
};
std::optional<UnitSlip> find_unit_slip(std::string_view key, std::span<const std::string> allowed,
                                       std::optional<double> value);

}  // namespace musi::sim::io
