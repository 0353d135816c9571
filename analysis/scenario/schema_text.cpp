#include <fmt/format.h>

#include "analysis/scenario/schema.h"
#include "models/parameters.h"
#include "sim/io/number.h"

namespace musi::analysis {
namespace {

std::string type_word(const KeySpec& key) {
  switch (key.type) {
    case KeyType::text:
      return "text";
    case KeyType::bilingual:
      return "text or {en, id}";
    case KeyType::slug:
      return "name";
    case KeyType::file_path:
      return "path";
    case KeyType::date:
      return "date";
    case KeyType::month:
      return "month";
    case KeyType::toggle:
      return "switch";
    case KeyType::whole:
      return "whole number";
    case KeyType::number:
      return "number";
    case KeyType::choice:
      return "choice";
    case KeyType::uncertain:
      return "uncertain";
    case KeyType::uncertain_by_year:
      return "year: uncertain";
    case KeyType::texts:
      return "list";
    case KeyType::choices:
      return "list of choices";
    case KeyType::wholes:
      return "list of whole numbers";
    case KeyType::numbers:
      return "list of numbers";
    case KeyType::menu:
      return "C, A or item: %";
    case KeyType::target_path:
      return "map";
    case KeyType::open:
      return "map or list";
  }
  return "";
}

std::string range_words(const KeySpec& key) {
  if (!key.choices.empty()) return fmt::format("{}", fmt::join(key.choices, ", "));
  if (!key.range.min || !key.range.max) return "";
  const auto text = [](double value) { return sim::io::number_in_words(value); };
  return fmt::format("{}{} to {}", key.range.min_open ? "above " : "", text(*key.range.min),
                     text(*key.range.max));
}

std::string default_words(const KeySpec& key) {
  return key.required ? "required" : key.default_text();
}

std::string redraw_words(const KeySpec& key) {
  std::vector<std::string> words;
  for (const models::Redraw r : key.redraws) words.emplace_back(models::word(r));
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Text inside a table cell.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string key_row(const KeySpec& key) {
  return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.path, type_word(key),
                     cell(key.unit), cell(default_words(key)), cell(range_words(key)),
                     cell(key.meaning));
}

std::string parameter_row(const KeySpec& key) {
  const std::string path = key.path.substr(std::string("parameters.").size());
  const models::ParamSpec& spec = models::param_specs()[static_cast<std::size_t>(key.param)];
  std::string source = key.source.empty() ? "–" : "";
  for (const char c : key.source) source += c == ';' ? std::string(", ") : std::string(1, c);
  return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", path, key.default_text(),
                     models::word(spec.redraw), key.status, source, cell(key.meaning));
}

}  // namespace

std::string markdown_key_list() {
  std::string text;
  std::string heading;
  std::vector<std::string> later;
  for (const KeySpec& key : schema().keys()) {
    if (!key.not_available.empty()) {
      later.push_back("`" + key.path + "`");
      continue;
    }
    const bool parameter = key.param >= 0;
    if (key.heading != heading) {
      heading = key.heading;
      text += "\n**" + heading + "**\n\n";
      text += parameter ? "Keys inside `parameters`; three numbers are minimum, mode, maximum.\n\n"
                          "| key | built in | redraw | status | source | meaning |\n"
                        : "| path | type | unit | default | range | meaning |\n";
      text += "|---|---|---|---|---|---|\n";
    }
    text += parameter ? parameter_row(key) : key_row(key);
  }
  text += fmt::format("\nRefused in this version: {}.\n", fmt::join(later, ", "));
  return text.substr(1);
}

std::optional<std::string> explain(std::string_view path) {
  const SchemaNode* node = schema().find(path);
  if (node == nullptr) return std::nullopt;
  if (node->key == nullptr) {
    return fmt::format("{}\n  a group of keys: {}\n", node->pattern,
                       fmt::join(node->names(), ", "));
  }
  const KeySpec& key = *node->key;
  std::string text = fmt::format("{}\n  {}\n", key.path, key.meaning);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, value);
  };
  if (!key.not_available.empty()) {
    add("refused", key.not_available);
    return text;
  }
  add("type", type_word(key));
  add("unit", key.unit);
  add("default", default_words(key));
  add(key.choices.empty() ? "range" : "one of", range_words(key));
  if (key.type == KeyType::uncertain || key.type == KeyType::uncertain_by_year) {
    add("redraw", redraw_words(key));
  }
  add("status", key.status);
  add("source", key.source);
  add("example", key.example);
  return text;
}

}  // namespace musi::analysis
