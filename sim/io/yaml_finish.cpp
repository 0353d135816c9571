#include "sim/io/yaml_finish.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace musi::sim::io {
namespace {

/// Gives every value its path, and takes out keys that come again after reporting both places.
class Finisher {
 public:
  Finisher(const SourceText& source, Problems& problems) : source_(source), problems_(problems) {}

  void finish(YamlNode& node) {
    if (node.is_list()) finish_items(node);
    if (node.is_map()) finish_entries(node);
  }

 private:
  static std::string name_of(const YamlNode& item, std::size_t index) {
    for (const std::string_view key : {"id", "name"}) {
      const YamlNode* name = item.find(key);
      if (name != nullptr && name->is_scalar() && name->text.size() <= 60) return "." + name->text;
    }
    return fmt::format("[{}]", index + 1);
  }

  void finish_items(YamlNode& list) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      list.items[i].path = list.path + name_of(list.items[i], i);
      finish(list.items[i]);
    }
  }

  void finish_entries(YamlNode& map) {
    std::map<std::string_view, std::size_t> first;
    std::vector<bool> again(map.entries.size(), false);
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      YamlEntry& entry = map.entries[i];
      entry.value.path = map.path.empty() ? entry.key : map.path + "." + entry.key;
      const auto [earlier, is_new] = first.emplace(entry.key, i);
      again[i] = !is_new;
      if (!is_new) report_twice(map, map.entries[earlier->second], entry);
      finish(entry.value);
    }
    if (first.size() == map.entries.size()) return;
    std::vector<YamlEntry> kept;
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      if (!again[i]) kept.push_back(std::move(map.entries[i]));
    }
    map.entries = std::move(kept);
  }

  void report_twice(const YamlNode& map, const YamlEntry& first, const YamlEntry& second) {
    const std::string shown = quoted_value(second.key);
    Text message{fmt::format("key '{}' appears twice in '{}'", shown, map.path),
                 fmt::format("kunci '{}' muncul dua kali di '{}'", shown, map.path)};
    if (map.path.empty()) {
      message = {fmt::format("key '{}' appears twice at the top level", shown),
                 fmt::format("kunci '{}' muncul dua kali di tingkat teratas", shown)};
    }
    Problem& problem = second.error("duplicate_key", std::move(message), problems_);
    set_hint(problem, {"second here; delete one", "yang kedua di sini; hapus salah satu"});
    problem.related = first.key_place();
    if (!problems_.full()) quote_related(problem, source_, first.offset);
    set_related_hint(problem, {"first here", "yang pertama di sini"});
  }

  const SourceText& source_;
  Problems& problems_;
};

}  // namespace

void finish_tree(YamlNode& root, const SourceText& source, Problems& problems) {
  Finisher(source, problems).finish(root);
}

}  // namespace musi::sim::io
