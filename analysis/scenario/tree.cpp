#include "analysis/scenario/tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/scenario/story.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

constexpr std::size_t longest_name = 48;

std::string joined_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

bool is_plain_word(std::string_view text) {
  return !text.empty() && text.find_first_of(" ,:{}[]#&*!|>'\"%@`\n\\") == std::string_view::npos &&
         text.front() != '?' &&
         (text.front() != '-' || (text.size() > 1 && text[1] >= '0' && text[1] <= '9'));
}

/// Same place, as the start of a mapping that was not written by anyone.
YamlNode map_like(const YamlNode& value) {
  YamlNode map = make_map(value.source);
  map.line = value.line;
  map.column = value.column;
  map.end_column = value.end_column;
  map.offset = value.offset;
  return map;
}

/// Ids that exist at `programmes` or `funding.sources`.
std::vector<std::string> known_ids(const YamlNode& tree, const SchemaNode& group) {
  std::vector<std::string> ids;
  if (const YamlNode* here = find_node(tree, group.pattern)) {
    for (const YamlEntry& entry : here->entries) ids.push_back(entry.key);
  }
  const YamlNode* catalogue = find_node(tree, "programme_catalogue");
  if (group.pattern == "programmes" && (catalogue == nullptr || catalogue->text != "none")) {
    for (const models::ProgrammeSpec& p : built_in_scenario().programmes) {
      if (std::find(ids.begin(), ids.end(), p.id) == ids.end()) ids.push_back(p.id);
    }
  }
  return ids;
}

void report_unknown_path(const YamlEntry& entry, const std::vector<std::string>& candidates,
                         const std::string& prefix, const std::string& searched,
                         Problems& problems) {
  const std::string behind =
      entry.key.substr((prefix.empty() ? 0 : prefix.size() + 1) + searched.size());
  auto& problem = entry.error(
      "unknown_path",
      {fmt::format("path '{}' does not exist below", sim::io::quoted_value(entry.key)),
       fmt::format("jalur '{}' tidak ada di bawahnya", sim::io::quoted_value(entry.key))},
      problems);
  if (const auto nearest = sim::io::nearest_name(searched, candidates)) {
    const std::string path = joined_path(prefix, *nearest) + behind;
    problem.suggestion = path;
    set_hint(problem,
             {fmt::format("did you mean '{}'?", path), fmt::format("maksud Anda '{}'?", path)});
  }
  problem.allowed = candidates;
  if (!candidates.empty()) {
    const std::string words = sim::io::joined(candidates);
    const std::string where = prefix.empty() ? "" : fmt::format(" in '{}'", prefix);
    set_remark(problem, {fmt::format("allowed{}: {}", where, words),
                         fmt::format("yang diizinkan{}: {}", where, words)});
  }
}

struct Found {
  const SchemaNode* node = nullptr;  ///< key of the table
  std::vector<std::string> rest;     ///< words behind it: inside its story
};

/// The key that a path names; nothing after a problem was reported.
std::optional<Found> resolve(const YamlNode& tree, const YamlEntry& entry, bool& adds_entry,
                             Problems& problems) {
  const SchemaNode* node = &schema().root();
  const std::vector<std::string> words = segments(entry.key);
  std::string prefix;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (node->key != nullptr && node->children.empty()) {
      return Found{node, {words.begin() + static_cast<std::ptrdiff_t>(i), words.end()}};
    }
    const SchemaNode* next = node->child(word);
    if (next != nullptr && next->stands_for_any() && next->segment != "<key>") {
      const std::vector<std::string> ids = known_ids(tree, *node);
      if (word.starts_with('+') && i + 1 == words.size()) {
        adds_entry = true;
        return Found{next, {}};
      }
      if (std::find(ids.begin(), ids.end(), word) == ids.end()) {
        report_unknown_path(entry, ids, prefix, word, problems);
        return std::nullopt;
      }
    }
    if (next == nullptr) {
      report_unknown_path(entry, node->names(), prefix, word, problems);
      return std::nullopt;
    }
    prefix = joined_path(prefix, word);
    node = next;
    if (node->key != nullptr && !node->key->not_available.empty()) break;
  }
  if (node->key == nullptr) {
    const std::vector<std::string> inside = node->names();
    auto& problem =
        entry.error("unknown_path",
                    {fmt::format("'{}' is a group of keys; name one of them", entry.key),
                     fmt::format("'{}' adalah kelompok kunci; sebutkan salah satunya", entry.key)},
                    problems);
    problem.allowed = inside;
    set_remark(problem, {"for example " + entry.key + "." + (inside.empty() ? "" : inside.front()),
                         "misalnya " + entry.key + "." + (inside.empty() ? "" : inside.front())});
    return std::nullopt;
  }
  return Found{node, {}};
}

/// Mapping at a path, made where it is missing.
YamlNode& map_at(YamlNode& tree, const std::vector<std::string>& words, const YamlNode& value) {
  YamlNode* node = &tree;
  for (const std::string& word : words) {
    YamlEntry* entry = node->find_entry(word);
    if (entry == nullptr || !entry->value.is_map()) {
      YamlNode map = map_like(value);
      map.path = joined_path(node->path, word);
      put(*node, word, std::move(map));
      entry = node->find_entry(word);
    }
    node = &entry->value;
  }
  return *node;
}

void report_no_story(const YamlEntry& entry, const std::string& key, Problems& problems) {
  entry.error("unknown_path",
              {fmt::format("'{}' has no part '{}'", key, entry.key.substr(key.size() + 1)),
               fmt::format("'{}' tidak punya bagian '{}'", key, entry.key.substr(key.size() + 1))},
              problems);
}

/// Sets one part inside the value of a key: `....value.mode`, `....status`, `....schedule.2027`.
void set_inside(YamlNode& tree, const YamlEntry& entry, const Found& found, Problems& problems) {
  const std::vector<std::string> words = segments(entry.key);
  const std::size_t n_key = words.size() - found.rest.size();
  std::string key_path = words[0];
  for (std::size_t i = 1; i < n_key; ++i) key_path += "." + words[i];
  const KeySpec& key = *found.node->key;
  const bool has_parts = key.type == KeyType::uncertain || key.type == KeyType::uncertain_by_year ||
                         key.type == KeyType::bilingual || key.type == KeyType::menu;
  if (!has_parts) return report_no_story(entry, key_path, problems);
  YamlNode whole = make_map(entry.value.source);
  if (const YamlNode* present = find_node(tree, key_path)) {
    whole = *present;
  } else if (const auto built_in = built_in_node(key_path, key)) {
    whole = *built_in;
  }
  YamlNode* node = &whole;
  for (std::size_t i = 0; i < found.rest.size(); ++i) {
    const std::string& word = found.rest[i];
    const bool last = i + 1 == found.rest.size();
    if (!node->is_map()) {
      // A plain number or range gets a story around it; but a number has no `mode`.
      if (key.type == KeyType::bilingual || word == "value" ||
          !(word == "redraw" || word == "source" || word == "status" || word == "note")) {
        return report_no_story(entry, key_path, problems);
      }
      YamlNode story = map_like(*node);
      put(story, "value", *node);
      *node = std::move(story);
    }
    if (!last && node->find(word) == nullptr) return report_no_story(entry, key_path, problems);
    if (last) {
      put(*node, word, entry.value);
    } else {
      node = &node->find_entry(word)->value;
    }
  }
  repath(whole, key_path);
  const std::vector<std::string> above(words.begin(),
                                       words.begin() + static_cast<std::ptrdiff_t>(n_key) - 1);
  put(map_at(tree, above, entry.value), words[n_key - 1], std::move(whole));
}

}  // namespace

YamlNode make_map(const Origin& origin) {
  YamlNode node;
  node.kind = YamlNode::Kind::map;
  node.source = origin;
  return node;
}

YamlNode make_list(const Origin& origin) {
  YamlNode node;
  node.kind = YamlNode::Kind::list;
  node.source = origin;
  return node;
}

YamlNode make_scalar(std::string text, const Origin& origin, bool quoted) {
  YamlNode node;
  node.kind = YamlNode::Kind::scalar;
  node.text = std::move(text);
  node.quoted = quoted;
  node.source = origin;
  return node;
}

void put(YamlNode& map, std::string_view key, YamlNode value) {
  if (YamlEntry* entry = map.find_entry(key)) {
    entry->line = value.line;
    entry->column = value.column;
    entry->end_column = value.end_column;
    entry->offset = value.offset;
    entry->value = std::move(value);
    return;
  }
  YamlEntry entry;
  entry.key = std::string(key);
  entry.line = value.line;
  entry.column = value.column;
  entry.end_column = value.end_column;
  entry.offset = value.offset;
  entry.value = std::move(value);
  map.entries.push_back(std::move(entry));
}

void repath(YamlNode& node, const std::string& path) {
  node.path = path;
  for (YamlEntry& entry : node.entries) repath(entry.value, joined_path(path, entry.key));
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    repath(node.items[i], fmt::format("{}[{}]", path, i + 1));
  }
}

const YamlNode* find_node(const YamlNode& root, std::string_view path) {
  const YamlNode* node = &root;
  for (const std::string& word : segments(path)) {
    node = node->find(word);
    if (node == nullptr) return nullptr;
  }
  return node;
}

YamlNode* find_node(YamlNode& root, std::string_view path) {
  YamlNode* node = &root;
  for (const std::string& word : segments(path)) {
    YamlEntry* entry = node->find_entry(word);
    if (entry == nullptr || entry->value.is_null()) return nullptr;
    node = &entry->value;
  }
  return node;
}

bool check_name(const YamlNode& name, Problems& problems) {
  const auto text = name.as_text(problems);
  if (!text) return false;
  const bool letters = std::all_of(text->begin(), text->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (letters && text->size() <= longest_name) return true;
  auto& problem =
      name.error("bad_name",
                 {fmt::format("'{}' cannot be a name", sim::io::quoted_value(*text)),
                  fmt::format("'{}' tidak dapat menjadi nama", sim::io::quoted_value(*text))},
                 problems);
  set_remark(problem,
             {"names have lower-case letters a-z, digits and hyphens, at most 48 characters",
              "nama terdiri atas huruf kecil a-z, angka dan tanda hubung, paling banyak 48 huruf"});
  return false;
}

YamlNode by_id(const YamlNode& list, std::string_view id_key, Problems& problems) {
  YamlNode map = map_like(list);
  map.path = list.path;
  const std::vector<YamlNode>* items = list.as_list(problems);
  if (items == nullptr) return map;
  for (const YamlNode& item : *items) {
    if (item.as_map(problems) == nullptr) continue;
    const YamlNode* id = item.find(id_key);
    if (id == nullptr) {
      item.report_missing_key(id_key, {"each entry has its own name", "setiap entri punya nama"},
                              fmt::format("{}: my-{}", id_key, id_key), problems);
      continue;
    }
    if (!check_name(*id, problems)) continue;
    if (const YamlEntry* first = map.find_entry(id->text)) {
      auto& problem = id->error("duplicate_name",
                                {fmt::format("'{}' appears twice in '{}'", id->text, list.path),
                                 fmt::format("'{}' muncul dua kali di '{}'", id->text, list.path)},
                                problems);
      set_hint(problem, {"second here; rename or delete one",
                         "yang kedua di sini; ganti nama atau hapus salah satu"});
      problem.related = first->value.find(id_key)->place();
      problem.related_line = first->value.find(id_key)->source_line();
      set_related_hint(problem, {"first here", "yang pertama di sini"});
      continue;
    }
    YamlNode value = item;
    repath(value, joined_path(list.path, id->text));
    put(map, id->text, std::move(value));
  }
  return map;
}

void merge(YamlNode& into, const YamlNode& from, const SchemaNode& at) {
  const bool whole = at.key != nullptr || at.pattern == "funding.sources";
  if (whole || !into.is_map() || !from.is_map()) {
    into = from;
    return;
  }
  for (const YamlEntry& entry : from.entries) {
    YamlEntry* below = into.find_entry(entry.key);
    const SchemaNode* child = at.child(entry.key);
    if (below == nullptr || child == nullptr) {
      if (below == nullptr) into.entries.push_back(entry);
      continue;
    }
    below->line = entry.line;
    below->column = entry.column;
    below->end_column = entry.end_column;
    below->offset = entry.offset;
    merge(below->value, entry.value, *child);
  }
}

void set_path(YamlNode& tree, const YamlEntry& entry, bool may_set_run_settings,
              Problems& problems) {
  bool adds_entry = false;
  const auto found = resolve(tree, entry, adds_entry, problems);
  if (!found) return;
  const std::vector<std::string> words = segments(entry.key);
  const std::vector<std::string> above(words.begin(), words.end() - 1);
  if (adds_entry) {
    const std::string id = words.back().substr(1);
    YamlNode value = entry.value;
    if (value.as_map(problems) == nullptr) return;
    YamlNode name = make_scalar(id, value.source);
    name.line = entry.line;
    name.column = entry.column;
    name.end_column = entry.end_column;
    name.offset = entry.offset;
    name.path = entry.key;
    if (!check_name(name, problems)) return;
    const std::vector<std::string> ids =
        known_ids(tree, above.front() == "programmes" ? *schema().find("programmes")
                                                      : *schema().find("funding.sources"));
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) {
      entry.error(
          "duplicate_name",
          {fmt::format(
               "'{}' exists below; change it with '{}'", id,
               joined_path(above.back() == "programmes" ? "programmes" : "funding.sources", id)),
           fmt::format("'{}' sudah ada di bawahnya", id)},
          problems);
      return;
    }
    YamlNode& group = map_at(tree, above, value);
    repath(value, joined_path(group.path, id));
    put(group, id, std::move(value));
    return;
  }
  const KeySpec& key = *found->node->key;
  if (!key.not_available.empty()) return report_not_available(entry, key, problems);
  if (key.role == KeyRole::file || (key.role == KeyRole::run_setting && !may_set_run_settings)) {
    auto& problem = entry.error("not_settable",
                                {fmt::format("'{}' cannot be changed by `set`", entry.key),
                                 fmt::format("'{}' tidak dapat diubah dengan `set`", entry.key)},
                                problems);
    set_hint(problem, {"only at the top level of the file", "hanya di tingkat teratas berkas"});
    return;
  }
  if (entry.value.is_null()) {
    return entry.value.report_empty_value(entry, key.default_text(), problems);
  }
  if (!found->rest.empty()) return set_inside(tree, entry, *found, problems);
  YamlNode value = entry.value;
  repath(value, entry.key);
  put(map_at(tree, above, value), words.back(), std::move(value));
}

void check_overlaps(const YamlNode& set, Problems& problems) {
  for (std::size_t i = 0; i < set.entries.size(); ++i) {
    for (std::size_t j = 0; j < set.entries.size(); ++j) {
      const YamlEntry& outer = set.entries[j];
      const YamlEntry& inner = set.entries[i];
      if (!inner.key.starts_with(outer.key + ".")) continue;
      auto& problem = inner.error(
          "overlapping_set",
          {fmt::format("'{}' lies inside '{}', which is set as well", inner.key, outer.key),
           fmt::format("'{}' berada di dalam '{}' yang juga diubah", inner.key, outer.key)},
          problems);
      set_hint(problem, {"set one of them", "ubah salah satu saja"});
      problem.related = outer.key_place();
      set_related_hint(problem, {"the other is here", "yang lain di sini"});
    }
  }
}

std::string flow(const YamlNode& node) {
  if (node.is_scalar()) {
    if (!node.quoted && is_plain_word(node.text)) return node.text;
    std::string text = "\"";
    for (const char c : node.text) {
      if (c == '"' || c == '\\') text += '\\';
      if (c == '\n') {
        text += "\\n";
      } else {
        text += c;
      }
    }
    return text + "\"";
  }
  std::vector<std::string> parts;
  for (const YamlNode& item : node.items) parts.push_back(flow(item));
  for (const YamlEntry& entry : node.entries) {
    const std::string key = is_plain_word(entry.key) ? entry.key : '"' + entry.key + '"';
    parts.push_back(key + ": " + flow(entry.value));
  }
  const std::string inside = fmt::format("{}", fmt::join(parts, ", "));
  return node.is_list() ? "[" + inside + "]" : node.is_map() ? "{" + inside + "}" : "null";
}

}  // namespace musi::analysis
