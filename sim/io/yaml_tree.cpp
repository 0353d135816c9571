#include "sim/io/yaml_tree.h"

#include <fmt/format.h>

#include <algorithm>

namespace musi::sim::io {
namespace {

constexpr std::string_view yes_words[] = {"yes", "Yes", "YES", "on",   "On",   "ON",
                                          "y",   "Y",   "1",   "True", "TRUE", "ya"};
constexpr std::string_view no_words[] = {"no", "No", "NO", "off",   "Off",   "OFF",
                                         "n",  "N",  "0",  "False", "FALSE", "tidak"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Text inside(std::string_view path) {
  if (path.empty()) return {};
  return {fmt::format(" in '{}'", path), fmt::format(" di '{}'", path)};
}

Text allowed_remark(std::vector<std::string> allowed) {
  std::sort(allowed.begin(), allowed.end());
  const std::string words = joined(allowed);
  return {"allowed here: " + words, "yang diizinkan: " + words};
}

}  // namespace

Place YamlNode::place() const {
  return {source ? source->file() : std::string(), line, column, end_column};
}

std::string YamlNode::source_line() const {
  return source ? std::string(source->line(line)) : std::string();
}

Text YamlNode::description() const {
  if (is_null()) return {"nothing", "kosong"};
  if (is_list()) return {"a list", "daftar"};
  if (is_map()) return {"a mapping", "pemetaan"};
  const std::string shown = fmt::format("'{}'", quoted_value(text));
  if (quoted)
    return {fmt::format("the text {} in quotes", shown),
            fmt::format("teks {} dalam tanda kutip", shown)};
  return {shown, shown};
}

const YamlEntry* YamlNode::find_entry(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [key](const YamlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

YamlEntry* YamlNode::find_entry(std::string_view key) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [key](const YamlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  const YamlEntry* entry = find_entry(key);
  return entry == nullptr || entry->value.is_null() ? nullptr : &entry->value;
}

Problem& YamlNode::error(std::string code, Text message, Problems& problems) const {
  Problem& problem = problems.error(std::move(code), place(), std::move(message));
  problem.path = path;
  if (source && !problems.full()) quote_source(problem, *source, offset);
  return problem;
}

Problem& YamlNode::wrong_type(Text expected, Problems& problems) const {
  if (is_null()) {
    return error(
        "empty_value",
        {fmt::format("'{}' has no value", path), fmt::format("'{}' tidak berisi nilai", path)},
        problems);
  }
  const Text found = description();
  return error("wrong_type",
               {fmt::format("expected {}, found {}", expected.english, found.english),
                fmt::format("harus {}, ditemukan {}", expected.indonesian, found.indonesian)},
               problems);
}

std::optional<double> YamlNode::as_number(const NumberSpec& spec, Problems& problems) const {
  if (!is_scalar()) {
    wrong_type({"a number", "bilangan"}, problems);
    return std::nullopt;
  }
  const NumberReading reading = read_number(text, spec);
  if (quoted) {
    Problem& problem = wrong_type({"a number", "bilangan"}, problems);
    if (reading.value) {
      set_hint(problem, {fmt::format("write {} without quotes", text),
                         fmt::format("tulis {} tanpa tanda kutip", text)});
      problem.suggestion = text;
    }
    return std::nullopt;
  }
  if (reading.value) return reading.value;
  Problem& problem = error(reading.fault.code, reading.fault.message, problems);
  set_hint(problem, reading.fault.hint);
  set_remark(problem, reading.fault.remark);
  problem.suggestion = reading.fault.suggestion;
  return std::nullopt;
}

std::optional<std::int64_t> YamlNode::as_whole(const NumberSpec& spec, Problems& problems) const {
  NumberSpec whole = spec;
  whole.whole = true;
  const std::optional<double> value = as_number(whole, problems);
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<std::string> YamlNode::as_text(Problems& problems) const {
  if (!is_scalar()) {
    wrong_type({"a text", "teks"}, problems);
    return std::nullopt;
  }
  if (trimmed(text).empty()) {
    error(
        "empty_value",
        {fmt::format("'{}' is an empty text", path), fmt::format("'{}' adalah teks kosong", path)},
        problems);
    return std::nullopt;
  }
  return text;
}

std::optional<bool> YamlNode::as_bool(Problems& problems) const {
  if (is_scalar() && !quoted && text == "true") return true;
  if (is_scalar() && !quoted && text == "false") return false;
  Problem& problem = wrong_type({"true or false", "true atau false"}, problems);
  if (!is_scalar()) return std::nullopt;
  if (contains(yes_words, text) || text == "true") problem.suggestion = "true";
  if (contains(no_words, text) || text == "false") problem.suggestion = "false";
  if (problem.suggestion.empty()) {
    set_hint(problem, {"write true or false", "tulis true atau false"});
  } else {
    const std::string quotes =
        quoted && (text == "true" || text == "false") ? " without quotes" : "";
    const std::string kutip = quotes.empty() ? "" : " tanpa tanda kutip";
    set_hint(problem, {fmt::format("write {}{}", problem.suggestion, quotes),
                       fmt::format("tulis {}{}", problem.suggestion, kutip)});
  }
  return std::nullopt;
}

std::optional<std::string> YamlNode::as_choice(std::span<const std::string> choices,
                                               Problems& problems) const {
  const std::vector<std::string> all(choices.begin(), choices.end());
  const std::string words = joined(all, all.size());
  if (!is_scalar()) {
    Problem& problem = wrong_type({"a word", "satu kata"}, problems);
    problem.allowed = all;
    set_remark(problem, {"one of: " + words, "salah satu dari: " + words});
    return std::nullopt;
  }
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return text;
  const std::string shown = quoted_value(text);
  Problem& problem = error("unknown_choice",
                           {fmt::format("unknown word '{}' for '{}'", shown, path),
                            fmt::format("kata '{}' tidak dikenal untuk '{}'", shown, path)},
                           problems);
  problem.allowed = all;
  if (const auto nearest = nearest_name(text, choices)) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                       fmt::format("maksud Anda '{}'?", *nearest)});
  }
  set_remark(problem, {"one of: " + words, "salah satu dari: " + words});
  return std::nullopt;
}

const std::vector<YamlNode>* YamlNode::as_list(Problems& problems) const {
  if (is_list()) return &items;
  Problem& problem = wrong_type({"a list", "daftar"}, problems);
  if (is_scalar()) {
    set_hint(problem, {fmt::format("write [{}]", quoted_value(text)),
                       fmt::format("tulis [{}]", quoted_value(text))});
  }
  return nullptr;
}

const std::vector<YamlEntry>* YamlNode::as_map(Problems& problems) const {
  if (is_map()) return &entries;
  wrong_type({"a mapping ('key: value')", "pemetaan ('kunci: nilai')"}, problems);
  return nullptr;
}

bool YamlNode::check_keys(std::span<const std::string> allowed, Problems& problems) const {
  bool good = true;
  for (const YamlEntry& entry : entries) {
    if (std::find(allowed.begin(), allowed.end(), entry.key) == allowed.end()) {
      report_unknown_key(entry, allowed, problems);
      good = false;
    } else if (entry.value.is_null()) {
      report_empty_value(entry, {}, problems);
      good = false;
    }
  }
  return good;
}

bool YamlNode::check_keys(std::initializer_list<const char*> allowed, Problems& problems) const {
  const std::vector<std::string> words(allowed.begin(), allowed.end());
  return check_keys(std::span<const std::string>(words), problems);
}

void YamlNode::report_unknown_key(const YamlEntry& entry, std::span<const std::string> allowed,
                                  Problems& problems) const {
  if (problems.full()) return;
  const std::string shown = quoted_value(entry.key);
  std::optional<double> value;
  if (entry.value.is_scalar() && !entry.value.quoted)
    value = read_number(entry.value.text, {}).value;
  if (const auto slip = find_unit_slip(entry.key, allowed, value)) {
    Problem& problem = entry.error("wrong_unit",
                                   {fmt::format("key '{}' does not carry the right unit", shown),
                                    fmt::format("satuan pada kunci '{}' tidak tepat", shown)},
                                   problems);
    problem.suggestion = slip->key;
    problem.allowed.assign(allowed.begin(), allowed.end());
    const bool converts = !slip->conversion.english.empty();
    set_hint(problem, {fmt::format("this key is '{}'{}", slip->key,
                                   converts ? "; " + slip->conversion.english : ""),
                       fmt::format("kuncinya '{}'{}", slip->key,
                                   converts ? "; " + slip->conversion.indonesian : "")});
    return;
  }
  const Text where = inside(path);
  const auto nearest = nearest_name(entry.key, allowed);
  const std::string meant = nearest ? fmt::format("; maksud Anda '{}'?", *nearest) : "";
  Problem& problem =
      entry.error("unknown_key",
                  {fmt::format("unknown key '{}'{}", shown, where.english),
                   fmt::format("kunci '{}' tidak dikenal{}{}", shown, where.indonesian, meant)},
                  problems);
  problem.allowed.assign(allowed.begin(), allowed.end());
  if (nearest) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest), {}});
  }
  if (!allowed.empty()) set_remark(problem, allowed_remark(problem.allowed));
}

void YamlNode::report_empty_value(const YamlEntry& entry, std::string_view default_text,
                                  Problems& problems) const {
  Problem& problem =
      entry.error("empty_value",
                  {fmt::format("key '{}' has no value", quoted_value(entry.key)),
                   fmt::format("kunci '{}' tidak berisi nilai", quoted_value(entry.key))},
                  problems);
  const std::string shown = default_text.empty() ? "" : fmt::format(", {}", default_text);
  set_hint(problem, {fmt::format("delete it to use the default{}", shown),
                     fmt::format("hapus untuk memakai nilai bawaan{}", shown)});
}

void YamlNode::report_missing_key(std::string_view key, Text meaning, std::string_view example,
                                  Problems& problems) const {
  const Text where = inside(path);
  // The whole file, or the first line of the mapping: there is no span to underline.
  Place at = place();
  at.column = 0;
  at.end_column = 0;
  if (path.empty()) at.line = 0;
  Problem& problem =
      problems.error("missing_key", at,
                     Text{fmt::format("missing key '{}'{}", key, where.english),
                          fmt::format("kunci '{}' tidak ada{}", key, where.indonesian)});
  problem.path = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  set_hint(problem, std::move(meaning));
  if (!example.empty()) {
    set_remark(problem, {fmt::format("example: {}", example), fmt::format("contoh: {}", example)});
  }
}

Place YamlEntry::key_place() const {
  return {value.source ? value.source->file() : std::string(), line, column, end_column};
}

Problem& YamlEntry::error(std::string code, Text message, Problems& problems) const {
  Problem& problem = problems.error(std::move(code), key_place(), std::move(message));
  problem.path = value.path;
  if (value.source && !problems.full()) quote_source(problem, *value.source, offset);
  return problem;
}

}  // namespace musi::sim::io
