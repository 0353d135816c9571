#include "analysis/scenario/resolved.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/scenario/story.h"

namespace musi::analysis {
namespace {

std::string origin_of(const YamlNode& node) {
  const std::string file = node.place().file;
  if (file.empty() || file == "built in") return "built in";
  if (file == "command line" || file == "sweep" || file == "solved" || file == "point") return file;
  const std::size_t slash = file.rfind('/');
  return fmt::format("{}:{}", slash == std::string::npos ? file : file.substr(slash + 1),
                     node.line);
}

class Printer {
 public:
  Printer(const YamlNode& tree, const models::Scenario& scenario)
      : tree_(tree), scenario_(scenario) {}

  std::string print() {
    group(schema().root(), "", 0);
    return std::move(text_);
  }

 private:
  void line(int depth, const std::string& content, const std::string& origin) {
    const std::string indented(static_cast<std::size_t>(2 * depth), ' ');
    text_ += fmt::format("{:<70}  # {}\n", indented + content, origin);
  }

  /// The lines of a group; nothing if it would be empty.
  void group(const SchemaNode& at, const std::string& path, int depth) {
    for (const SchemaNode& child : at.children) {
      if (child.stands_for_any()) continue;
      const std::string here = path.empty() ? child.segment : path + "." + child.segment;
      if (child.key != nullptr) {
        key(*child.key, child.segment, here, depth);
      } else if (child.pattern == "programmes") {
        programmes(child, depth);
      } else if (child.pattern == "funding.sources") {
        sources(child, depth);
      } else if (child.is_open()) {
        references(here, child.segment, depth);
      } else {
        const std::size_t before = text_.size();
        text_ += std::string(static_cast<std::size_t>(2 * depth), ' ') + child.segment + ":\n";
        const std::size_t inside = text_.size();
        group(child, here, depth + 1);
        if (text_.size() == inside) text_.resize(before);
      }
    }
  }

  void key(const KeySpec& spec, const std::string& name, const std::string& path, int depth) {
    if (!spec.not_available.empty()) return;
    if (const YamlNode* node = find_node(tree_, path)) {
      line(depth, name + ": " + flow(*node), origin_of(*node));
    } else if (const auto built_in = built_in_node(path, spec)) {
      line(depth, name + ": " + flow(*built_in), "built in");
    } else if (!spec.default_value.empty() && path.find("programmes.") != 0) {
      line(depth, name + ": " + spec.default_value, "built in");
    }
  }

  void sources(const SchemaNode& at, int depth) {
    line(depth, "sources:", "shares and amounts by source");
    for (const models::SourceSpec& s : scenario_.funding.sources) {
      text_ += fmt::format("{:{}}{}:\n", "", 2 * depth + 2, s.id);
      group(at.children.front(), "funding.sources." + s.id, depth + 2);
    }
  }

  /// Programmes are a list in files; each is written with what the files say about it.
  void programmes(const SchemaNode& at, int depth) {
    line(depth, "programmes:", "shares that no file states fill up to 100 %");
    for (const models::ProgrammeSpec& p : scenario_.programmes) {
      const YamlNode* node = find_node(tree_, "programmes." + p.id);
      line(depth + 1, "- id: " + p.id, node == nullptr ? "built in" : origin_of(*node));
      if (p.type != p.id) line(depth + 2, "type: " + p.type, "as given");
      if (!p.enabled) {
        const YamlNode* enabled = find_node(tree_, "programmes." + p.id + ".enabled");
        line(depth + 2, "enabled: false", enabled == nullptr ? "built in" : origin_of(*enabled));
        continue;
      }
      keys_of_programme(at.children.front(), p, node, depth + 2);
    }
  }

  void keys_of_programme(const SchemaNode& any, const models::ProgrammeSpec& p,
                         const YamlNode* node, int depth) {
    const std::string path = "programmes." + p.id;
    if (find_node(tree_, path + ".share_pct") == nullptr && p.share_pct.is_set) {
      line(depth, "share_pct: " + flow(node_of(p.share_pct, built_in_origin())),
           "built in, filled up");
    }
    if (node == nullptr) return;
    for (const SchemaNode& child : any.children) {
      if (child.segment == "id" || child.segment == "type" || child.segment == "enabled") continue;
      if (child.key == nullptr) {
        if (!node->has(child.segment)) continue;
        text_ += fmt::format("{:{}}{}:\n", "", 2 * depth, child.segment);
        group(child, path + "." + child.segment, depth + 1);
      } else if (const YamlNode* value = node->find(child.segment)) {
        line(depth, child.segment + ": " + flow(*value), origin_of(*value));
      }
    }
  }

  void references(const std::string& path, const std::string& name, int depth) {
    const YamlNode* node = find_node(tree_, path);
    if (node != nullptr) line(depth, name + ": " + flow(*node), origin_of(*node));
  }

  const YamlNode& tree_;
  const models::Scenario& scenario_;
  std::string text_;
};

}  // namespace

std::string resolved_text(const YamlNode& tree, const models::Scenario& scenario) {
  return Printer(tree, scenario).print();
}

}  // namespace musi::analysis
