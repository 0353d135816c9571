#include "analysis/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "analysis/embedded_files.h"
#include "analysis/provenance.h"
#include "sim/io/file.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// Words of a command line as a shell reads it: single quotes, and a backslash before a quote.
std::vector<std::string> shell_words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool is_open = false, is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_quoted) {
      if (c == '\'') {
        is_quoted = false;
      } else {
        word += c;
      }
    } else if (c == '\'') {
      is_quoted = is_open = true;
    } else if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
      is_open = true;
    } else if (c == ' ') {
      if (is_open) words.push_back(std::move(word));
      word.clear();
      is_open = false;
    } else {
      word += c;
      is_open = true;
    }
  }
  if (is_open) words.push_back(word);
  return words;
}

std::vector<std::pair<std::string, std::string>> hashes_of(const Results& results) {
  std::vector<std::pair<std::string, std::string>> hashes;
  const auto stated = ordered_json::parse(results.provenance_text("input_sha256"), nullptr, false);
  if (!stated.is_object()) return hashes;
  for (const auto& [name, hash] : stated.items()) {
    if (hash.is_string()) hashes.emplace_back(name, hash.get<std::string>());
  }
  return hashes;
}

/// Bytes of an input on this machine: in the working directory, below `scenarios/`, or compiled in.
std::optional<std::string> file_of_today(const std::string& name) {
  std::error_code failed;
  for (const std::string& path : {name, "scenarios/" + name}) {
    if (fs::is_regular_file(path, failed)) return sim::io::read_file(path);
  }
  const std::string built_in = name.starts_with("scenarios/") ? name.substr(10) : name;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == built_in) return std::string(file.bytes);
  }
  return std::nullopt;
}

void add_flags(Recipe& recipe, const std::string& text, const std::string& file) {
  const std::vector<std::string> words = shell_words(text);
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    const std::string& value = words[i + 1];
    if (words[i] == "--set") {
      recipe.sets.push_back(value);
    } else if (words[i] == "--option") {
      recipe.options.push_back(value);
    } else if (words[i] == "--replicates") {
      recipe.replicates = value;
    } else if (words[i] == "--seed") {
      recipe.seed = value;
    } else {
      throw sim::IoError("not_in_result",
                         fmt::format("'{}' was made with the flag {}, which this version does not "
                                     "know",
                                     file, words[i]));
    }
  }
}

std::vector<std::string> datasets(const Results& results) {
  std::vector<std::string> paths;
  for (const std::string& name : results.file().names()) {
    if (name == "provenance" || name == "inputs") continue;
    if (!results.file().is_group(name)) {
      paths.push_back(name);
      continue;
    }
    for (const std::string& member : results.file().names(name)) {
      if (!results.file().is_group(name + "/" + member)) paths.push_back(name + "/" + member);
    }
  }
  return paths;
}

class Comparer {
 public:
  Comparer(const Results& theirs, const Results& ours, double tolerance)
      : theirs_(theirs), ours_(ours), tolerance_(tolerance) {}

  ResultComparison compare() {
    for (const std::string& path : datasets(theirs_)) {
      if (!ours_.has(path)) {
        result_.missing.push_back(path);
        ++result_.different;
      } else if (is_fewer() && depends_on_all(path)) {
        result_.skipped.push_back(path);
      } else if (theirs_.file().type(path) == sim::io::H5Type::text) {
        compare_texts(path);
      } else {
        compare_numbers(path);
      }
    }
    for (const std::string& path : datasets(ours_)) {
      if (!theirs_.has(path)) result_.added.push_back(path);
    }
    return std::move(result_);
  }

 private:
  bool is_fewer() const { return ours_.n_replicates() < theirs_.n_replicates(); }

  /// Statistics over the futures: by option and more, but not by future; and works, which are
  /// chosen among all futures.
  bool depends_on_all(const std::string& path) const {
    const auto dims = theirs_.file().dims(path);
    if (path.find('/') != std::string::npos) return path.substr(0, 3) != "rt/" || dims.size() > 1;
    return dims.size() > 1 && dims[0] == "option" && dims[1] != "replicate";
  }

  /// Numbers of a block of equal length; `first`: place of its first number in their dataset.
  void compare_block(const std::string& path, const std::vector<double>& a,
                     const std::vector<double>& b, std::size_t first) {
    const std::size_t n = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < n; ++i) compare_number(path, first + i, a[i], b[i]);
  }

  void compare_number(const std::string& path, std::size_t index, double a, double b) {
    ++result_.compared;
    if (a == b || (std::isnan(a) && std::isnan(b))) return;
    const double size = std::max(std::abs(a), std::abs(b));
    const bool is_missing = std::isnan(a) || std::isnan(b);
    const double relative = is_missing ? 1.0 : std::abs(a - b) / size;
    if (!is_missing && relative <= tolerance_) return;
    ++result_.different;
    if (!result_.largest || relative > result_.largest->relative) {
      result_.largest = NumberDifference{path, index, a, b, relative};
    }
  }

  /// Datasets by option are read one option at a time, so that large results fit the memory.
  void compare_numbers(const std::string& path) {
    const auto shape = theirs_.file().shape(path), other = ours_.file().shape(path);
    const auto dims = theirs_.file().dims(path);
    const bool by_replicate = std::find(dims.begin(), dims.end(), "replicate") != dims.end();
    auto expected = shape;
    for (std::size_t d = 0; d < dims.size(); ++d) {
      if (dims[d] == "replicate" || path == "replicate") expected[d] = ours_.n_replicates();
    }
    if (expected != other) {
      ++result_.compared;
      ++result_.different;
      result_.missing.push_back(path + " (another shape)");
      return;
    }
    if (!by_replicate || dims[0] != "option") {
      compare_block(path, theirs_.file().numbers(path), ours_.file().numbers(path), 0);
      return;
    }
    for (std::size_t o = 0; o < shape[0]; ++o) {
      const std::vector<double> a = theirs_.file().row(path, o), b = ours_.file().row(path, o);
      compare_block(path, a, b, o * a.size());
    }
  }

  void compare_texts(const std::string& path) {
    const auto a = theirs_.file().texts(path), b = ours_.file().texts(path);
    result_.compared += std::max(a.size(), b.size());
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
      ++result_.different;
      if (std::find(result_.missing.begin(), result_.missing.end(), path) ==
          result_.missing.end()) {
        result_.missing.push_back(path);
      }
    }
  }

  const Results& theirs_;
  const Results& ours_;
  double tolerance_;
  ResultComparison result_;
};

std::string folder_of_city(const Recipe& recipe) {
  for (const auto& [name, bytes] : recipe.inputs.files) {
    if (name == "city.yaml") return "";
    if (name.ends_with("/city.yaml")) return name.substr(0, name.size() - 9);
  }
  return "";
}

}  // namespace

Recipe recipe_of(const Results& results) {
  Recipe recipe;
  recipe.hashes = hashes_of(results);
  if (recipe.hashes.empty()) {
    throw sim::IoError("not_in_result",
                       fmt::format("'{}' does not name its inputs", results.path()));
  }
  recipe.scenario = recipe.hashes.front().first;
  if (results.has("inputs")) {
    for (const std::string& name : results.file().names("inputs")) {
      const std::string path = "inputs/" + name;
      recipe.inputs.files[results.file().text_attribute(path, "path").value_or(name)] =
          results.file().text(path);
    }
  }
  for (const auto& [name, hash] : recipe.hashes) {
    if (recipe.inputs.files.contains(name)) continue;
    // The very same bytes may lie here.
    auto today = file_of_today(name);
    if (today && sha256(*today) == hash) {
      recipe.inputs.files[name] = std::move(*today);
      continue;
    }
    throw sim::IoError("not_in_result",
                       fmt::format("'{}' keeps its input '{}' by its hash only, and no file of "
                                   "that hash is here, so it cannot be computed again",
                                   results.path(), name));
  }
  add_flags(recipe, results.provenance_text("flags"), results.path());
  return recipe;
}

void use_city(Recipe& recipe, const std::string& folder) {
  std::error_code failed;
  if (!fs::is_regular_file(fs::path(folder) / "city.yaml", failed)) {
    throw sim::IoError("cannot_open",
                       fmt::format("--city '{}' is no city folder: it has no city.yaml", folder));
  }
  const std::string place = folder_of_city(recipe);
  auto& files = recipe.inputs.files;
  for (auto at = files.begin(); at != files.end();) {
    const bool is_of_city = !place.empty() && at->first.starts_with(place);
    at = is_of_city || (place.empty() && at->first == "city.yaml") ? files.erase(at) : ++at;
  }
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!entry.is_regular_file(failed)) continue;
    files[place + entry.path().filename().string()] = sim::io::read_file(entry.path().string());
  }
}

std::vector<std::string> damaged_inputs(const Recipe& recipe) {
  std::vector<std::string> names;
  for (const auto& [name, hash] : recipe.hashes) {
    const auto found = recipe.inputs.files.find(name);
    if (found != recipe.inputs.files.end() && sha256(found->second) != hash) names.push_back(name);
  }
  return names;
}

sim::IoError damaged_result(const std::string& path, const std::vector<std::string>& inputs) {
  return {"damaged", fmt::format("'{}' was changed after it was written: its embedded input '{}' "
                                 "does not have the hash that the file states",
                                 path, sim::io::joined(inputs, 20))};
}

std::vector<std::string> changed_inputs(const Results& theirs, const Results& ours) {
  const auto a = hashes_of(theirs), b = hashes_of(ours);
  std::vector<std::string> names;
  const auto find = [](const auto& list, const std::string& name) {
    return std::find_if(list.begin(), list.end(), [&](const auto& e) { return e.first == name; });
  };
  for (const auto& [name, hash] : a) {
    const auto other = find(b, name);
    if (other == b.end() || other->second != hash) names.push_back(name);
  }
  for (const auto& [name, hash] : b) {
    if (find(a, name) == a.end()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> outdated_inputs(const Recipe& recipe) {
  std::vector<std::string> names;
  for (const auto& [name, hash] : recipe.hashes) {
    const auto today = file_of_today(name);
    if (today && sha256(*today) != hash) names.push_back(name);
  }
  return names;
}

ResultComparison compare_results(const Results& theirs, const Results& ours, double tolerance) {
  return Comparer(theirs, ours, tolerance).compare();
}

}  // namespace musi::analysis
