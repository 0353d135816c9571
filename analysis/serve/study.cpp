#include "analysis/serve/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <set>

#include "analysis/provenance.h"
#include "analysis/reproduce.h"
#include "analysis/report/report.h"
#include "analysis/scenario/tree.h"
#include "analysis/scenario/variants.h"
#include "sim/core/check.h"
#include "sim/io/file.h"
#include "sim/io/text.h"

namespace musi::analysis::serve {
namespace {

namespace fs = std::filesystem;

/// Futures of old questions are kept up to here; the oldest go first.
constexpr std::size_t most_bytes = 512u << 20;

bool is_result_file(const std::string& path) {
  std::FILE* const file = path == "-" ? nullptr : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  char magic[4] = {};
  const std::size_t n = std::fread(magic, 1, sizeof magic, file);
  std::fclose(file);
  return n == sizeof magic && std::string_view(magic, 4) == "\x89HDF";
}

/// A word as a shell reads it.
std::string quoted_for_shell(const std::string& word) {
  constexpr const char* safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+%@";
  if (!word.empty() && word.find_first_not_of(safe) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// A text as YAML in double quotes.
std::string quoted_for_yaml(const std::string& text) { return json_string(text); }

std::vector<std::string> paths_of(const models::Scenario& scenario) {
  std::vector<std::string> paths;
  for (const models::Uncertain* input : scenario.design_inputs()) paths.push_back(input->path);
  return paths;
}

/// Path -> value of everything that a scenario states; an uncertain key by its value alone.
void collect_leaves(const sim::io::YamlNode& node, std::map<std::string, std::string>& leaves) {
  if (node.is_scalar()) {
    leaves[node.path] = node.text;
    constexpr std::string_view story = ".value";
    if (node.path.ends_with(story)) {
      leaves[node.path.substr(0, node.path.size() - story.size())] = node.text;
    }
  }
  for (const sim::io::YamlEntry& entry : node.entries) collect_leaves(entry.value, leaves);
  for (const sim::io::YamlNode& item : node.items) collect_leaves(item, leaves);
}

sim::InputError unknown_option(const std::string& name, const std::vector<std::string>& names) {
  sim::Problem problem;
  problem.code = "unknown_choice";
  problem.place.file = "request";
  problem.path = "options";
  problem.message = fmt::format("there is no option '{}'", sim::io::quoted_value(name));
  problem.message_indonesian = fmt::format("tidak ada opsi '{}'", sim::io::quoted_value(name));
  problem.allowed = names;
  if (const auto nearest = sim::io::nearest_name(name, names)) problem.suggestion = *nearest;
  return sim::InputError({problem});
}

}  // namespace

Study::Study(const std::string& path, std::vector<std::string> sets)
    : path_(path), sets_(std::move(sets)) {
  std::string scenario = path;
  std::vector<std::string> all_sets = sets_;
  if (is_result_file(path)) {
    results_ = std::make_unique<Results>(path);
    Recipe recipe = recipe_of(*results_);
    if (const auto damaged = damaged_inputs(recipe); !damaged.empty()) {
      throw sim::IoError("damaged", fmt::format("'{}' was changed after it was written: its "
                                                "embedded input '{}' does not have the hash that "
                                                "the file states",
                                                path, sim::io::joined(damaged, 20)));
    }
    scenario = recipe.scenario;
    if (outdated_inputs(recipe).empty()) {
      const std::string& bytes = recipe.inputs.files.at(scenario);
      for (const std::string& place : {scenario, "scenarios/" + scenario}) {
        std::error_code failed;
        if (!fs::is_regular_file(place, failed) || sim::io::read_file(place) != bytes) continue;
        on_disk_ = place;
        break;
      }
    }
    archive_ = std::move(recipe.inputs);
    reading_.emplace(archive_);
    // What the result was run with comes first; what is said now wins.
    std::vector<std::string> before = recipe.sets;
    if (!recipe.seed.empty()) before.push_back("sampling.seed=" + recipe.seed);
    if (!recipe.replicates.empty()) {
      before.push_back("sampling.replicates=" + recipe.replicates);
    }
    before.insert(before.end(), all_sets.begin(), all_sets.end());
    all_sets = sets_ = std::move(before);
  }
  base_ = read_scenario(scenario, {.sets = all_sets,
                                   .options = {},
                                   .allow_large = false,
                                   .with_sweep = false});
  if (!is_result() && path != "-") on_disk_ = path;
  for (const Variant& v : base_.variants) {
    sim::io::Problems unseen;
    if (const auto tree = sim::io::parse_yaml(v.resolved, "resolved", unseen)) {
      collect_leaves(*tree, settings_[v.name]);
    }
  }
}

std::string Study::result_data() const {
  MUSI_EXPECT(results_ != nullptr);
  std::vector<std::size_t> shown;
  const auto kinds = results_->file().texts("option_kind");
  for (std::size_t o = 0; o < kinds.size() && shown.size() < 4; ++o) {
    if (kinds[o] != "sweep") shown.push_back(o);
  }
  if (shown.empty()) shown.push_back(0);
  return page_data({results_.get()}, shown, PageDetail{});
}

// --- questions ----------------------------------------------------------------------------------

/// The asked options with the changes over them. InputError for what is refused.
std::vector<Variant> Study::variants(const Question& question) const {
  const std::vector<std::string> names = base_.maker->names();
  std::vector<std::string> wanted = question.options;
  if (wanted.empty()) wanted.push_back(base_.variants.front().name);
  std::vector<Variant> variants;
  sim::io::Problems problems;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (std::find(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(i), wanted[i]) !=
        wanted.begin() + static_cast<std::ptrdiff_t>(i)) {
      continue;
    }
    if (std::find(names.begin(), names.end(), wanted[i]) == names.end()) {
      throw unknown_option(wanted[i], names);
    }
    variants.push_back(base_.maker->make(wanted[i], question.set, *base_.city, problems));
    variants.back().scenario.sampling.replicates = static_cast<int>(question.replicates);
  }
  problems.throw_if_errors();
  return variants;
}

/// Equal keys, equal futures.
std::string Study::key(const std::vector<Variant>& variants, std::size_t replicates) const {
  using Design = models::Scenario::Sampling::Design;
  std::string all;
  for (const Variant& v : variants) all += v.name + "\n" + v.resolved;
  // The points of a latin hypercube depend on their number, and so does how many keep their works.
  const bool is_stable = variants.front().scenario.sampling.design != Design::latin_hypercube;
  return fmt::format("{} {}", sha256(all),
                     is_stable ? std::min(replicates, works_futures) : replicates);
}

/// Those of a key, moved to the front; the oldest of others go when there are too many.
std::shared_ptr<Futures> Study::futures(const std::string& key, std::size_t n_options) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(futures_.begin(), futures_.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  if (found != futures_.end()) {
    futures_.splice(futures_.begin(), futures_, found);
    return futures_.front().second;
  }
  futures_.emplace_front(key, std::make_shared<Futures>(n_options));
  std::size_t bytes = 0;
  for (auto at = futures_.begin(); at != futures_.end();) {
    bytes += at->second->n_bytes();
    at = bytes <= most_bytes ? std::next(at) : futures_.erase(at);
  }
  return futures_.front().second;
}

std::shared_ptr<Setup> Study::setup(const Question& question) {
  const std::shared_lock reading(archive_mutex_);
  std::vector<Variant> changed = variants(question);
  auto futures = this->futures(key(changed, question.replicates), changed.size());
  ReadResult read = base_;
  read.variants.front().scenario.sampling.replicates = static_cast<int>(question.replicates);
  for (const Variant& v : changed) read.variants.push_back(v);
  CommonLuck luck(read);
  read.variants = std::move(changed);
  std::string flags;
  for (const std::string& set : sets_) flags += "--set " + quoted_for_shell(set) + " ";
  for (const Override& o : question.set) {
    flags += "--set " + quoted_for_shell(o.path + "=" + o.value) + " ";
  }
  for (const Variant& v : read.variants) flags += "--option " + quoted_for_shell(v.name) + " ";
  flags += fmt::format("--replicates {}", question.replicates);
  return std::make_shared<Setup>(std::move(read), std::move(flags), std::move(luck),
                                 std::move(futures));
}

/// The command line draws the same luck if no change makes a number certain or uncertain.
std::string Study::command(const Setup& setup, const Question& question) const {
  for (std::size_t o = 0; o < setup.n_options(); ++o) {
    const Variant& now = *setup.experiment().variants()[o];
    const auto base = std::find_if(base_.variants.begin(), base_.variants.end(),
                                   [&](const Variant& v) { return v.name == now.name; });
    if (base == base_.variants.end()) return "";
    if (paths_of(base->scenario) != paths_of(now.scenario)) return "";
  }
  std::string text = "musi run " + quoted_for_shell(base_.file);
  for (const std::string& set : sets_) {
    if (set.starts_with("sampling.replicates=")) continue;
    text += " --set " + quoted_for_shell(set);
  }
  for (const Override& o : question.set) {
    text += " --set " + quoted_for_shell(o.path + "=" + o.value);
  }
  if (base_.maker->names().size() > 1) {
    for (std::size_t o = 0; o < setup.n_options(); ++o) {
      text += " --option " + quoted_for_shell(setup.option_name(o));
    }
  }
  return text + fmt::format(" --replicates {}", question.replicates);
}

// --- saving -------------------------------------------------------------------------------------

namespace {

std::string set_yaml(const sim::io::YamlNode& set, const std::vector<Override>& over,
                     const std::string& indent) {
  std::string text;
  for (const sim::io::YamlEntry& entry : set.entries) {
    const bool is_replaced = std::any_of(over.begin(), over.end(),
                                         [&](const Override& o) { return o.path == entry.key; });
    if (!is_replaced) text += fmt::format("{}{}: {}\n", indent, entry.key, flow(entry.value));
  }
  for (const Override& o : over) {
    sim::io::Problems problems;
    const auto value = sim::io::parse_yaml_value(o.value, "request", problems);
    MUSI_EXPECT(value.has_value());
    text += fmt::format("{}{}: {}\n", indent, o.path, flow(*value));
  }
  return text;
}

std::string title_yaml(const std::string& en, const std::string& id) {
  return fmt::format("{{en: {}, id: {}}}", quoted_for_yaml(en), quoted_for_yaml(id));
}

}  // namespace

/// Names, in the saved scenario, of the asked options: `changed`, or `OPTION-changed`, with the
/// level behind. Those of the file, if nothing is changed.
std::vector<std::string> Study::saved_options(const Question& question) const {
  std::vector<std::string> wanted = question.options;
  if (wanted.empty()) wanted.push_back(base_.variants.front().name);
  if (question.set.empty()) return wanted;
  for (std::string& name : wanted) {
    const std::size_t plus = name.find('+');
    const std::string option = name.substr(0, plus);
    const std::string level = plus == std::string::npos ? "" : name.substr(plus);
    name = (base_.maker->options().size() == 1 ? "changed" : option + "-changed") + level;
  }
  return wanted;
}

std::string Study::scenario_yaml(const std::string& name, const Question& question) const {
  std::error_code failed;
  if (on_disk_.empty() || !fs::exists(on_disk_, failed)) {
    throw sim::IoError("not_savable",
                       fmt::format("'{}' is not on this disk as it was, so that no scenario can "
                                   "extend it; serve the scenario itself",
                                   base_.file));
  }
  const std::string base =
      fs::absolute(on_disk_).lexically_relative(fs::absolute("results")).generic_string();
  const Choice& first = base_.maker->options().front();
  std::string text = "# Saved by musi serve\nschema: 1\n";
  text += fmt::format("name: {}\nextends: {}\ntitle: {}\nsampling: {{replicates: {}}}\n", name,
                      quoted_for_yaml(base), title_yaml(base_.title_en, base_.title_id),
                      question.replicates);
  if (question.set.empty()) return text;
  text += "# The scenario as it was, and with what was changed; future 17 has the same luck in "
          "both\noptions:\n";
  const bool is_single = base_.maker->options().size() == 1;
  for (const Choice& option : base_.maker->options()) {
    text += fmt::format("  - name: {}\n    title: {}\n", is_single ? "unchanged" : option.name,
                        title_yaml(option.title_en.empty() ? "As it was" : option.title_en,
                                   option.title_id.empty() ? "Seperti semula" : option.title_id));
    const std::string set = set_yaml(option.set, {}, "      ");
    if (!set.empty()) text += "    set:\n" + set;
  }
  std::set<std::string> asked;
  for (const std::string& wanted : question.options) {
    asked.insert(wanted.substr(0, wanted.find('+')));
  }
  if (asked.empty()) asked.insert(first.name);
  for (const Choice& option : base_.maker->options()) {
    if (!asked.contains(option.name)) continue;
    text += fmt::format("  - name: {}\n    title: {}\n    set:\n",
                        is_single ? "changed" : option.name + "-changed",
                        title_yaml((is_single ? "" : option.title_en + ", ") +
                                       std::string(is_single ? "Changed" : "changed"),
                                   (is_single ? "" : option.title_id + ", ") +
                                       std::string(is_single ? "Diubah" : "diubah")));
    text += set_yaml(option.set, question.set, "      ");
  }
  return text;
}

/// The number of futures stands in the saved scenario.
std::vector<std::string> Study::sets_to_save() const {
  std::vector<std::string> sets = sets_;
  std::erase_if(sets, [](const std::string& s) { return s.starts_with("sampling.replicates="); });
  return sets;
}

/// Reads a file of the disk, also while a result is served.
ReadResult Study::read_from_disk(const std::string& path) {
  const std::unique_lock alone(archive_mutex_);
  reading_.reset();
  std::exception_ptr failure;
  ReadResult read;
  try {
    read = read_scenario(path, {.sets = sets_to_save(),
                                .options = {},
                                .allow_large = false,
                                .with_sweep = false});
  } catch (...) {
    failure = std::current_exception();
  }
  if (is_result()) reading_.emplace(archive_);
  if (failure) std::rethrow_exception(failure);
  return read;
}

Study::Saved Study::save(const SaveRequest& request) {
  const Question& question = request.question;
  const std::string yaml = scenario_yaml(request.name, question);
  const std::string yaml_path = "results/" + request.name + ".yaml";
  std::error_code failed;
  const bool is_there = fs::exists(yaml_path, failed) && sim::io::read_file(yaml_path) == yaml;
  Saved saved;
  saved.command = "musi run " + yaml_path;
  const std::vector<std::string> sets = sets_to_save();
  for (const std::string& set : sets) saved.command += " --set " + quoted_for_shell(set);
  const std::vector<std::string> options = saved_options(question);
  if (base_.maker->names().size() > 1 || !question.set.empty()) {
    for (const std::string& option : options) {
      saved.command += " --option " + quoted_for_shell(option);
    }
  }
  if (request.kind == SaveKind::yaml) {
    variants(question);  // refuses what cannot be run
    sim::io::write_file(yaml_path, yaml, sim::io::Existing::refuse, true);
    saved.path = yaml_path;
    saved.kind = "scenario";
    saved.bytes = yaml.size();
    saved.sha256 = sha256(yaml);
    return saved;
  }
  const auto setup = this->setup(question);
  if (setup->n_complete() < question.replicates) {
    throw sim::IoError("not_computed", "these futures are not computed yet; run them first");
  }
  const bool is_page = request.kind == SaveKind::html;
  saved.path = "results/" + request.name + (is_page ? ".html" : ".h5");
  saved.kind = is_page ? "report" : "result";
  if (fs::exists(saved.path, failed)) {
    throw sim::IoError("exists", fmt::format("'{}' exists; choose another name", saved.path));
  }
  if (!is_there) sim::io::write_file(yaml_path, yaml, sim::io::Existing::refuse, true);
  // The result is that of the saved scenario, so that anybody can compute it again.
  const ReadResult read = read_from_disk(yaml_path);
  if (!read.ok()) throw sim::InputError(read.problems.all());
  std::string flags;
  for (const std::string& set : sets) {
    flags += (flags.empty() ? "--set " : " --set ") + quoted_for_shell(set);
  }
  const bool names_options = base_.maker->names().size() > 1 || !question.set.empty();
  if (names_options) {
    for (const std::string& option : options) {
      flags += (flags.empty() ? "--option " : " --option ") + quoted_for_shell(option);
    }
  }
  const Experiment experiment(read, names_options ? options : std::vector<std::string>(), flags);
  bool is_same = experiment.n_replicates() == question.replicates &&
                 experiment.variants().size() == setup->n_options();
  for (std::size_t o = 0; is_same && o < setup->n_options(); ++o) {
    const models::Scenario& a = experiment.variants()[o]->scenario;
    const models::Scenario& b = setup->experiment().variants()[o]->scenario;
    is_same = paths_of(a) == paths_of(b) && experiment.luck().dimensions(a) ==
                                                setup->experiment().luck().dimensions(b);
  }
  if (!is_same) {
    throw sim::IoError("not_savable",
                       fmt::format("'{}' is saved, but its futures have other numbers than those "
                                   "here: compute it with {}",
                                   yaml_path, saved.command));
  }
  const sim::RecordStore records = setup->records(experiment, question.replicates);
  const std::string target = is_page ? scratch().file(request.name + ".h5") : saved.path;
  write_result(target, experiment.result_input(), records);
  if (is_page) {
    const Results results(target);
    const Report report = write_report({&results}, ReportOptions{});
    sim::io::write_file(saved.path, report.html, sim::io::Existing::refuse, true);
    fs::remove_all(fs::path(target).parent_path(), failed);
  }
  saved.bytes = static_cast<std::size_t>(fs::file_size(saved.path, failed));
  saved.sha256 = sha256_of_file(saved.path);
  return saved;
}

}  // namespace musi::analysis::serve
