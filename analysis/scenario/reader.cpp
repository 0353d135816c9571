#include "analysis/scenario/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "analysis/scenario/fill.h"
#include "analysis/lever.h"
#include "analysis/scenario/plan.h"
#include "analysis/scenario/points.h"
#include "analysis/scenario/story.h"
#include "analysis/scenario/tree.h"
#include "analysis/scenario/variants.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

constexpr std::size_t longest_chain = 8;
constexpr std::uint64_t most_runs = 10'000'000;

/// Keys that the reader handles itself.
bool is_own(std::string_view key) {
  return key == "schema" || key == "extends" || key == "set" || key == "options" ||
         key == "levels" || key == "name";
}

/// One file of the chain of base files.
struct Layer {
  InputPath path;
  YamlNode root;
  const YamlNode* extends = nullptr;
};

std::string identity(const sim::Problem& p) {
  return fmt::format("{}:{}:{}:{}:{}:{}", p.place.file, p.place.line, p.place.column, p.code,
                     p.path, p.message);
}

class ScenarioReader {
 public:
  ScenarioReader(const std::string& path, const ReadOptions& options)
      : options_(options), path_(path) {}

  ReadResult read() {
    const auto file = find_file(path_, {});
    if (!file) report_missing_argument();
    result_.file = file->shown();
    parse_sets();
    load(*file);
    if (layers_.empty() || failed_) return finish();
    for (const Layer& layer : layers_) check_file(layer);
    if (!read_the_city()) return finish();
    build_base_tree();
    read_choices();
    read_variants();
    return finish();
  }

 private:
  [[noreturn]] void report_missing_argument() const {
    if (is_folder(path_)) {
      throw sim::IoError("cannot_open",
                         fmt::format("'{}' is a folder; name a scenario inside it", path_));
    }
    const auto nearest = nearest_file(path_, {});
    throw sim::IoError("cannot_open",
                       fmt::format("no file '{}'{}", path_,
                                   nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
  }

  ReadResult finish() {
    absorb(problems_);
    if (result_.problems.has_errors()) result_.variants.clear();
    drop_consequences(result_.problems);
    result_.problems.sort();
    return std::move(result_);
  }

  /// Takes over problems that were not reported before: options share most of their keys.
  void absorb(const Problems& problems) {
    for (const sim::Problem& p : problems.all()) {
      if (seen_.insert(identity(p)).second) result_.problems.add(p);
    }
  }

  // --- files --------------------------------------------------------------------------------

  void load(const InputPath& first) {
    InputPath path = first;
    while (true) {
      auto root = read_input_yaml(path, result_.inputs, problems_);
      if (!root) {
        failed_ = true;
        return;
      }
      layers_.push_back({path, std::move(*root), nullptr});
      Layer& layer = layers_.back();
      paths_[layer.path.shown()] = layer.path;
      layer.extends = layer.root.find("extends");
      if (layer.extends == nullptr) return;
      const auto written = layer.extends->as_text(problems_);
      if (!written) return;
      const auto base = find_file(*written, layer.path);
      if (!base) {
        report_missing_file(*layer.extends, layer.path);
        failed_ = true;
        return;
      }
      if (is_in_chain(*base) || layers_.size() == longest_chain) {
        report_cycle(*layer.extends, *base);
        failed_ = true;
        return;
      }
      path = *base;
    }
  }

  bool is_in_chain(const InputPath& path) const {
    return std::any_of(layers_.begin(), layers_.end(), [&](const Layer& layer) {
      return layer.path.name == path.name && layer.path.built_in == path.built_in;
    });
  }

  void report_cycle(const YamlNode& at, const InputPath& base) {
    std::string chain;
    for (const Layer& layer : layers_) {
      chain += fmt::format("{}:{} -> ", layer.path.shown(),
                           layer.root.find("extends") ? layer.root.find("extends")->line : 0);
    }
    chain += base.shown();
    const bool cycle = is_in_chain(base);
    auto& problem =
        at.error("extends_cycle",
                 {cycle ? fmt::format("'{}' extends itself", base.shown())
                        : fmt::format("more than {} files extend each other", longest_chain),
                  cycle ? fmt::format("'{}' memperluas dirinya sendiri", base.shown())
                        : fmt::format("lebih dari {} berkas saling memperluas", longest_chain)},
                 problems_);
    set_remark(problem, {"chain: " + chain, "rantai: " + chain});
  }

  void report_missing_file(const YamlNode& at, const InputPath& from) {
    const std::string looked_for = resolved_path(at.text, from);
    auto& problem = at.error(
        "missing_file",
        {fmt::format("'{}' is not there", looked_for), fmt::format("'{}' tidak ada", looked_for)},
        problems_);
    if (const auto nearest = nearest_file(at.text, from)) {
      problem.suggestion = *nearest;
      set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                         fmt::format("maksud Anda '{}'?", *nearest)});
    }
    set_remark(problem, {"paths inside a file are relative to that file",
                         "jalur di dalam berkas bersifat relatif terhadap berkas itu"});
  }

  void check_file(const Layer& layer) {
    const YamlNode& root = layer.root;
    for (const char* needed : {"schema", "name"}) {
      const KeySpec& key = *schema().root().child(needed)->key;
      const YamlEntry* entry = root.find_entry(needed);
      if (entry == nullptr) {
        root.report_missing_key(needed, {key.meaning, key.meaning}, key.example, problems_);
      } else if (entry->value.is_null()) {
        root.report_empty_value(*entry, {}, problems_);
      }
    }
    if (const YamlNode* version = root.find("schema")) {
      const auto number = version->as_whole({}, problems_);
      if (number && *number != 1) {
        version->error(
            "schema_version",
            {fmt::format("scenario format {} is not known; this program reads 1", *number),
             fmt::format("format skenario {} tidak dikenal; program ini membaca 1", *number)},
            problems_);
      }
    }
    if (const YamlNode* name = root.find("name")) check_name(*name, problems_);
    for (const char* key : {"extends", "set", "options", "levels"}) {
      const YamlEntry* entry = root.find_entry(key);
      if (entry != nullptr && entry->value.is_null()) {
        root.report_empty_value(*entry, "none", problems_);
      }
    }
    if (layer.extends != nullptr) check_restated(root, schema().root(), "");
  }

  /// In a file that extends another, assumptions stand under `set` only.
  void check_restated(const YamlNode& node, const SchemaNode& at, const std::string& path) {
    for (const YamlEntry& entry : node.entries) {
      const SchemaNode* child = at.child(entry.key);
      if (child == nullptr) {
        node.report_unknown_key(entry, at.names(), problems_);
        continue;
      }
      if (path.empty() && is_own(entry.key)) continue;
      const std::string here = path.empty() ? entry.key : path + "." + entry.key;
      if (child->key != nullptr) {
        if (child->key->role == KeyRole::assumption) report_needs_set(entry, *child, here);
      } else if (child->pattern == "targets" && entry.value.is_map()) {
        check_restated(entry.value, *child, here);
      } else if (!is_run_group(*child)) {
        report_needs_set(entry, *child, here);
      }
    }
  }

  static bool is_run_group(const SchemaNode& group) {
    return group.pattern == "provenance" || group.pattern == "sampling" ||
           group.pattern == "outputs";
  }

  void report_needs_set(const YamlEntry& entry, const SchemaNode& at, const std::string& path) {
    std::vector<std::string> lines;
    collect_lines(entry.value, at, path, lines);
    auto& problem = entry.error(
        "needs_set",
        {fmt::format("'{}' is an assumption of the base file; change it under `set`", path),
         fmt::format("'{}' adalah asumsi berkas dasar; ubah di bawah `set`", path)},
        problems_);
    if (lines.empty()) return;
    const std::string first = lines.front();
    const std::string more =
        lines.size() > 1 ? fmt::format("  (and {} more)", lines.size() - 1) : "";
    set_remark(problem, {fmt::format("write under set:  {}{}", first, more),
                         fmt::format("tulis di bawah set:  {}{}", first, more)});
    problem.suggestion = first;
  }

  void collect_lines(const YamlNode& node, const SchemaNode& at, const std::string& path,
                     std::vector<std::string>& lines) {
    if (at.key != nullptr) {
      lines.push_back(path + ": " + flow(node));
      return;
    }
    for (const YamlEntry& entry : node.entries) {
      const SchemaNode* child = at.child(entry.key);
      if (child != nullptr) collect_lines(entry.value, *child, path + "." + entry.key, lines);
    }
    for (const YamlNode& item : node.items) {
      const YamlNode* id = item.find("id");
      if (id == nullptr || at.children.empty()) continue;
      for (const YamlEntry& entry : item.entries) {
        if (entry.key == "id") continue;
        lines.push_back(fmt::format("{}.{}.{}: {}", path, id->text, entry.key, flow(entry.value)));
      }
    }
  }

  // --- command line -------------------------------------------------------------------------

  void parse_sets() {
    for (const std::string& text : options_.sets) {
      const std::size_t at = text.find('=');
      if (at == std::string::npos || at == 0) {
        sim::Place place;
        place.file = "command line";
        auto& problem = problems_.error(
            "usage", place,
            Text{fmt::format("--set '{}' has no value", sim::io::quoted_value(text)),
                 fmt::format("--set '{}' tanpa nilai", sim::io::quoted_value(text))});
        set_remark(problem, {"write --set PATH=VALUE", "tulis --set JALUR=NILAI"});
        continue;
      }
      auto entry = parse_override({text.substr(0, at), text.substr(at + 1), "command line"},
                                  problems_);
      if (entry) sets_.push_back(std::move(*entry));
    }
  }

  // --- city ---------------------------------------------------------------------------------

  /// The value of `city` that counts, and the file that paths in it are relative to.
  std::pair<const YamlNode*, InputPath> stated_city() const {
    for (const YamlEntry& entry : sets_) {
      if (entry.key == "city") return {&entry.value, {}};
    }
    for (const Layer& layer : layers_) {
      if (const YamlNode* city = layer.root.find("city")) return {city, layer.path};
    }
    return {nullptr, {}};
  }

  bool read_the_city() {
    const auto [node, from] = stated_city();
    if (node == nullptr) {
      const KeySpec& key = *schema().root().child("city")->key;
      layers_.back().root.report_missing_key("city", {key.meaning, key.meaning}, key.example,
                                             problems_);
      return false;
    }
    const auto written = node->as_text(problems_);
    if (!written) return false;
    const auto folder = find_folder(*written, from);
    if (!folder) {
      report_missing_file(*node, from);
      return false;
    }
    result_.city = read_city(*folder, result_.inputs, problems_);
    if (!result_.city) return false;
    result_.plan.n_sites = result_.city->city->sites.size();
    result_.plan.n_synthetic_areas = result_.city->n_synthetic_areas;
    return true;
  }

  // --- merging ------------------------------------------------------------------------------

  /// What a file states itself, without its own keys, programmes as a mapping by id.
  YamlNode body_of(const Layer& layer, bool only_run_settings) {
    YamlNode body = layer.root;
    std::erase_if(body.entries, [&](const YamlEntry& entry) {
      if (is_own(entry.key) || entry.value.is_null()) return is_own(entry.key);
      if (!only_run_settings) return false;
      const SchemaNode* at = schema().root().child(entry.key);
      if (at == nullptr) return true;
      return at->key != nullptr ? at->key->role == KeyRole::assumption
                                : !is_run_group(*at) && at->pattern != "targets";
    });
    if (only_run_settings) {
      if (YamlEntry* targets = body.find_entry("targets")) {
        std::erase_if(targets->value.entries,
                      [](const YamlEntry& entry) { return entry.key == "path"; });
      }
    }
    if (YamlEntry* programmes = body.find_entry("programmes")) {
      if (!programmes->value.is_null()) {
        programmes->value = by_id(programmes->value, "id", problems_);
      }
    }
    return body;
  }

  void build_base_tree() {
    tree_ = make_map(layers_.back().root.source);
    YamlNode funding = make_map(built_in_origin());
    funding.path = "funding";
    put(funding, "sources", built_in_sources());
    put(tree_, "funding", std::move(funding));
    if (result_.city->defaults) apply_set(tree_, *result_.city->defaults, problems_);
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
      const bool has_base = layer->extends != nullptr;
      merge(tree_, body_of(*layer, has_base), schema().root());
      if (const YamlNode* set = layer->root.find("set")) apply_set(tree_, *set, problems_);
    }
    for (const char* own : {"schema", "name"}) {
      if (const YamlNode* node = layers_.front().root.find(own)) put(tree_, own, *node);
    }
    tree_.source = layers_.front().root.source;
    check_required();
  }

  void check_required() {
    YamlNode with_sets = tree_;
    Problems unseen;
    for (const YamlEntry& entry : sets_) set_path(with_sets, entry, true, unseen);
    std::set<std::string> reported;
    for (const KeySpec& key : schema().keys()) {
      if (!key.required || key.path.find('<') != std::string::npos || is_own(key.path)) continue;
      if (key.path == "city" || find_node(with_sets, key.path) != nullptr) continue;
      const std::size_t dot = key.path.find('.');
      const std::string group = key.path.substr(0, dot);
      const YamlEntry* entry = tree_.find_entry(group);
      if (entry != nullptr && entry->value.is_map() && !entry->value.entries.empty()) {
        const YamlEntry* present = entry->value.find_entry(key.path.substr(dot + 1));
        if (present != nullptr) continue;  // without value: reported as such
        entry->value.report_missing_key(key.path.substr(dot + 1), {key.meaning, key.meaning},
                                        key.example, problems_);
      } else if (reported.insert(group).second && (entry == nullptr || entry->value.is_map())) {
        layers_.front().root.report_missing_key(group, {key.meaning, key.meaning}, key.example,
                                                problems_);
      }
    }
  }

  // --- options and levels -------------------------------------------------------------------

  void read_choices() {
    option_list_ = read_list("options");
    levels_ = read_list("levels");
  }

  /// Options or levels of the nearest file that has them.
  std::vector<Choice> read_list(const char* key) {
    std::vector<Choice> choices;
    for (const Layer& layer : layers_) {
      const YamlNode* list = layer.root.find(key);
      if (list == nullptr) continue;
      named_lists_.push_back(by_id(*list, "name", problems_));
      for (const YamlEntry& entry : named_lists_.back().entries) {
        choices.push_back(choice_of(entry.value, key));
      }
      return choices;
    }
    return choices;
  }

  Choice choice_of(const YamlNode& node, std::string_view kind) {
    Choice choice;
    choice.name = node.find("name")->text;
    if (kind == "options") {
      node.check_keys({"name", "title", "description", "set", "solve_for"}, problems_);
    } else {
      node.check_keys({"name", "title", "description", "set"}, problems_);
    }
    choice.title_en = choice.title_id = choice.name;
    if (const YamlNode* title = node.find("title")) {
      read_bilingual(*title, choice.title_en, choice.title_id);
    }
    if (const YamlNode* text = node.find("description")) {
      std::string indonesian;
      read_bilingual(*text, choice.description, indonesian);
    }
    choice.set = make_map(node.source);
    if (const YamlNode* set = node.find("set")) choice.set = *set;
    const YamlNode* solve = node.find("solve_for");
    if (solve != nullptr && kind == "options") {
      choice.solve = read_solve_for(*solve, choice.set, problems_);
      if (choice.solve) solve_nodes_.emplace_back(choice.name, solve);
    }
    return choice;
  }

  void read_bilingual(const YamlNode& node, std::string& english, std::string& indonesian) {
    if (!node.is_map()) {
      english = indonesian = node.as_text(problems_).value_or(english);
      return;
    }
    node.check_keys({"en", "id"}, problems_);
    const YamlNode* en = node.find("en");
    const YamlNode* id = node.find("id");
    if (en == nullptr) en = id;
    if (id == nullptr) id = en;
    if (en != nullptr) english = en->as_text(problems_).value_or(english);
    if (id != nullptr) indonesian = id->as_text(problems_).value_or(indonesian);
  }

  /// The one option of a file without options.
  Choice plain_choice() const {
    Choice choice;
    choice.name = layers_.front().root.find("name") ? layers_.front().root.find("name")->text : "";
    choice.set = make_map(tree_.source);
    return choice;
  }

  bool keep(const std::string& option, const std::string& name) const {
    const auto& wanted = options_.options;
    if (wanted.empty()) return true;
    return std::find(wanted.begin(), wanted.end(), option) != wanted.end() ||
           std::find(wanted.begin(), wanted.end(), name) != wanted.end();
  }

  void check_wanted(const std::vector<std::string>& names) {
    for (const std::string& wanted : options_.options) {
      if (std::find(names.begin(), names.end(), wanted) != names.end()) continue;
      sim::Place place;
      place.file = "command line";
      auto& problem = problems_.error(
          "unknown_choice", place,
          Text{fmt::format("--option '{}' is not in the file", sim::io::quoted_value(wanted)),
               fmt::format("--option '{}' tidak ada di berkas", sim::io::quoted_value(wanted))});
      if (const auto nearest = sim::io::nearest_name(wanted, names)) {
        problem.suggestion = *nearest;
      }
      problem.allowed = names;
      const std::string words = sim::io::joined(names, 20);
      set_remark(problem, {"options: " + words, "opsi: " + words});
    }
  }

  // --- variants -----------------------------------------------------------------------------

  void read_variants() {
    const bool no_options = option_list_.empty();
    if (no_options) option_list_.push_back(plain_choice());
    const std::optional<InputDraws> draws = read_the_draws();
    const auto maker =
        std::make_shared<const VariantMaker>(tree_, option_list_, levels_, sets_, reference_keys(),
                                             !no_options, draws);
    std::vector<std::string> names;
    for (const Choice& option : maker->options()) {
      names.push_back(option.name);
      if (levels_.empty()) add_variant(*maker, option, nullptr);
      for (std::size_t l = 0; l < levels_.size(); ++l) {
        const Choice& level = maker->levels()[l];
        if (l > 0) names.push_back(variant_name(option, &level, false));
        add_variant(*maker, option, &level);
      }
    }
    check_wanted(names);
    check_solved(*maker);
    add_sweep(*maker);
    if (draws) check_draws(*draws);
    result_.maker = maker;
    read_about();
    read_stop();
    make_plan();
  }

  /// The value of `sampling.draws` that counts, and the file that its path is relative to.
  std::pair<const YamlNode*, InputPath> stated_draws() const {
    for (const YamlEntry& entry : sets_) {
      if (entry.key == "sampling.draws") return {&entry.value, {}};
    }
    for (const Layer& layer : layers_) {
      if (const YamlNode* draws = find_node(layer.root, "sampling.draws")) {
        return {draws, layer.path};
      }
    }
    return {nullptr, {}};
  }

  std::optional<InputDraws> read_the_draws() {
    const auto [node, from] = stated_draws();
    if (node == nullptr || node->is_null()) return std::nullopt;
    Problems unseen;  // a wrong type is reported with the other keys
    const auto written = node->as_text(unseen);
    if (!written) return std::nullopt;
    const auto file = find_file(*written, from);
    if (file) return read_draws(*node, *file, result_.inputs, problems_);
    report_missing_file(*node, from);
    return std::nullopt;
  }

  void check_draws(const InputDraws& draws) {
    std::vector<const models::Scenario*> scenarios;
    for (const Variant& v : result_.variants) scenarios.push_back(&v.scenario);
    if (!scenarios.empty()) check_draws_used(draws, scenarios, problems_);
  }

  /// sampling.stop_early, --set included.
  void read_stop() {
    YamlNode with_sets = tree_;
    Problems unseen;
    for (const YamlEntry& entry : sets_) set_path(with_sets, entry, true, unseen);
    const YamlNode* node = find_node(with_sets, "sampling.stop_early.half_width_pct");
    if (node == nullptr || result_.variants.empty()) return;
    result_.stop_half_width_pct = node->as_number({}, unseen);
    if (result_.variants.front().scenario.sampling.design !=
        models::Scenario::Sampling::Design::latin_hypercube) {
      return;
    }
    auto& problem = node->error(
        "bad_stop",
        {"a latin hypercube cannot stop early: its futures depend on their number",
         "hiperkubus latin tidak dapat berhenti dini: kemungkinannya bergantung pada jumlahnya"},
        problems_);
    set_hint(problem, {"use sampling.design: sobol", "pakai sampling.design: sobol"});
  }

  void add_variant(const VariantMaker& maker, const Choice& option, const Choice* level) {
    Problems problems;
    Variant v = maker.make(option, level, {}, *result_.city, problems);
    absorb(problems);
    if (keep(option.name, v.name) && !problems.has_errors()) {
      result_.variants.push_back(std::move(v));
    }
  }

  /// Both bounds of a solved lever must be legal, and its year inside the horizon.
  void check_solved(const VariantMaker& maker) {
    for (const auto& [name, node] : solve_nodes_) {
      const auto option = std::find_if(maker.options().begin(), maker.options().end(),
                                       [&](const Choice& o) { return o.name == name; });
      const SolveFor& solve = *option->solve;
      const Lever lever = lever_of(solve.path, solve.low, solve.high);
      for (const double bound : {solve.low, solve.high}) {
        Problems problems;
        const Variant v = maker.make(*option, levels_.empty() ? nullptr : &maker.levels().front(),
                                     {lever.at(bound, "solved")}, *result_.city, problems);
        if (!problems.has_errors()) {
          check_solve_year(*node, solve, v.scenario.clock);
          continue;
        }
        for (const sim::Problem& p : problems.all()) {
          if (p.severity != sim::Severity::error || p.place.file != "solved") continue;
          node->error("bad_solve", {p.message, p.message_indonesian}, problems_);
          break;
        }
      }
    }
  }

  void check_solve_year(const YamlNode& node, const SolveFor& solve, const sim::Clock& clock) {
    if (solve.by_year >= clock.start_year && solve.by_year <= clock.end_year) return;
    Problems problems;
    node.error("target_outside",
               {fmt::format("{} is outside {} to {}", solve.by_year, clock.start_year,
                            clock.end_year),
                fmt::format("{} di luar {} sampai {}", solve.by_year, clock.start_year,
                            clock.end_year)},
               problems);
    absorb(problems);
  }

  const YamlNode* sweep_node() const {
    for (const Layer& layer : layers_) {
      if (const YamlNode* node = layer.root.find("sweep")) return node;
    }
    return nullptr;
  }

  void add_sweep(const VariantMaker& maker) {
    const YamlNode* node = sweep_node();
    if (node == nullptr) return;
    std::vector<std::string> options;
    for (const Choice& option : maker.options()) options.push_back(option.name);
    const std::uint64_t seed =
        result_.variants.empty() ? 0 : result_.variants.front().scenario.sampling.seed;
    const auto sweep = read_sweep(*node, options, seed, problems_);
    if (!sweep || result_.variants.empty() || !options_.with_sweep) return;
    const std::uint64_t replicates =
        static_cast<std::uint64_t>(result_.variants.front().scenario.sampling.replicates);
    const std::uint64_t n = sweep->points.size() * sweep->around.size();
    if (n * replicates > most_runs && !options_.allow_large) return report_too_many_runs(*node, n);
    std::size_t number = 0;
    for (const std::string& around : sweep->around) {
      if (!keep(around, around)) continue;
      for (const auto& point : sweep->points) {
        Problems problems;
        Variant v = maker.make(around, point, *result_.city, problems);
        absorb_errors(problems, *node);
        if (problems.has_errors()) return;
        v.name = fmt::format("grid-{:04}", ++number);
        v.is_sweep_point = true;
        v.solve.reset();
        add_point_title(v, point);
        result_.variants.push_back(std::move(v));
        ++result_.plan.n_sweep_points;
      }
    }
  }

  /// A mistake in the value of a point is shown at the sweep.
  void absorb_errors(const Problems& found, const YamlNode& node) {
    for (const sim::Problem& p : found.all()) {
      if (p.severity != sim::Severity::error) continue;
      Problems problems;
      node.error(p.place.file == "sweep" ? "bad_sweep" : p.code,
                 {p.message, p.message_indonesian}, problems);
      absorb(problems);
    }
  }

  static void add_point_title(Variant& v, const std::vector<Override>& point) {
    std::string values;
    for (const Override& value : point) {
      values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", value.path, value.value);
    }
    v.title_en += ": " + values;
    v.title_id += ": " + values;
  }

  const ReferenceKeys& reference_keys() {
    if (!references_.empty()) return references_;
    references_ = result_.city->reference_keys;
    if (const YamlNode* own = find_node(tree_, "provenance.references")) {
      for (const YamlEntry& entry : own->entries) references_.insert(entry.key);
    }
    return references_;
  }

  void read_about() {
    const auto text = [&](const char* path) {
      const YamlNode* node = find_node(tree_, path);
      return node == nullptr ? std::string() : node->text;
    };
    result_.created = text("provenance.created");
    result_.licence = text("provenance.licence");
    result_.changed_because = text("provenance.changed_because");
    for (std::size_t i = 1; i < layers_.size(); ++i) {
      result_.extends.push_back(layers_[i].path.shown());
    }
    if (result_.variants.empty()) return;
    const models::Scenario& s = result_.variants.front().scenario;
    result_.name = s.name;
    result_.title_en = s.title_en;
    result_.title_id = s.title_id;
    result_.question_en = s.question_en;
    result_.question_id = s.question_id;
    result_.description = s.description;
  }

  void make_plan() {
    result_.plan.n_options = option_list_.size();
    result_.plan.n_levels = levels_.size();
    count_inputs(result_.variants, result_.plan);
    if (result_.plan.runs <= most_runs || options_.allow_large) return;
    const YamlNode* at = find_node(tree_, "sampling.replicates");
    report_too_many_runs(at == nullptr ? tree_ : *at, result_.variants.size());
  }

  void report_too_many_runs(const YamlNode& at, std::uint64_t n) {
    const auto words = [](std::uint64_t count) {
      return sim::io::number_in_words(static_cast<double>(count));
    };
    const auto replicates =
        static_cast<std::uint64_t>(result_.variants.front().scenario.sampling.replicates);
    const std::string runs = words(n * replicates);
    const std::string futures = words(replicates);
    auto& problem =
        at.error("too_many_runs",
                 {fmt::format("{} runs; at most 10,000,000 without --allow-large", runs),
                  fmt::format("{} kali jalan; paling banyak 10.000.000 tanpa --allow-large", runs)},
                 problems_);
    set_remark(problem, {fmt::format("{} results of {} futures each", n, futures),
                         fmt::format("{} hasil, masing-masing {} kemungkinan", n, futures)});
  }

  const ReadOptions& options_;
  std::string path_;
  ReadResult result_;
  Problems problems_;
  std::set<std::string> seen_;
  std::vector<Layer> layers_;  ///< the file itself first
  std::map<std::string, InputPath> paths_;
  std::vector<YamlEntry> sets_;
  YamlNode tree_;
  std::vector<Choice> option_list_, levels_;
  std::deque<YamlNode> named_lists_;  ///< options and levels; their nodes stay where they are
  std::vector<std::pair<std::string, const YamlNode*>> solve_nodes_;  ///< option, its solve_for
  ReferenceKeys references_;
  bool failed_ = false;
};

}  // namespace

ReadResult read_scenario(const std::string& path, const ReadOptions& options) {
  return ScenarioReader(path, options).read();
}

}  // namespace musi::analysis
