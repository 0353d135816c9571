#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "sim/io/file.h"

using namespace musi;
using namespace musi::analysis;

namespace {

const std::string root = MUSI_SOURCE_DIR;

std::string without_root(std::string text) {
  for (std::size_t at = text.find(root + "/"); at != std::string::npos;
       at = text.find(root + "/")) {
    text.erase(at, root.size() + 1);
  }
  return text;
}

std::string line_of(const sim::Problem& p) {
  std::string line = std::to_string(p.place.line) + ":" + std::to_string(p.place.column) + " " +
                     (p.severity == sim::Severity::error ? "error " : "warning ") + p.code + ": " +
                     p.message;
  if (!p.hint.empty()) line += " | " + p.hint;
  if (p.hint.empty() && !p.remark.empty()) line += " | " + p.remark;
  return without_root(line);
}

/// The comments at the top of a file: what the reader should say about it.
std::vector<std::string> expected_lines(const std::string& file) {
  std::vector<std::string> lines;
  const std::string text = sim::io::read_file(file);
  std::size_t begin = 0;
  while (text.compare(begin, 2, "# ") == 0) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin + 2, end - begin - 2));
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> invalid_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(root + "/tests/scenarios/invalid")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every invalid scenario says what is wrong, where, and what to do", "[messages]") {
  const std::vector<std::string> files = invalid_files();
  REQUIRE(files.size() >= 90);
  for (const std::string& file : files) {
    const ReadResult result = read_scenario(file);
    std::vector<std::string> found;
    bool has_errors = false;
    for (const sim::Problem& p : result.problems.all()) {
      if (p.severity == sim::Severity::note) continue;
      found.push_back(line_of(p));
      has_errors = has_errors || p.severity == sim::Severity::error;
      CHECK_FALSE(p.message_indonesian.empty());
    }
    INFO(file);
    CHECK(found == expected_lines(file));
    CHECK(found.size() == 1);
    CHECK(result.ok() == !has_errors);
    CHECK(result.variants.empty() == has_errors);
  }
}

TEST_CASE("problems have a code of the contract", "[messages]") {
  const std::set<std::string> codes = {
      "unknown_key",    "duplicate_key",    "missing_key",   "schema_version",   "wrong_unit",
      "unit_in_value",  "ambiguous_number", "bad_number",    "not_finite",       "wrong_type",
      "not_whole",      "out_of_range",     "likely_share",  "unknown_choice",   "empty_value",
      "duplicate_name", "bad_name",         "extends_cycle", "missing_file",     "needs_set",
      "unknown_path",   "overlapping_set",  "not_settable",  "bad_distribution", "bad_redraw",
      "unknown_source", "year_outside",     "year_unused",   "bad_horizon",      "target_outside",
      "bad_period",     "shares",           "no_effect",     "unknown_id",       "too_many_runs",
      "few_replicates", "not_available",    "bad_solve",        "bad_sweep",        "bad_stop",
      "bad_draws",      "draws_unused"};
  std::set<std::string> seen;
  for (const std::string& file : invalid_files()) {
    const ReadResult result = read_scenario(file);
    for (const sim::Problem& p : result.problems.all()) {
      if (p.severity == sim::Severity::note) continue;
      INFO(file);
      CHECK(codes.contains(p.code));
      seen.insert(p.code);
    }
  }
  CHECK(seen == codes);  // every code has a file
}

TEST_CASE("a missing file on the command line is no problem of a scenario", "[messages]") {
  CHECK_THROWS_AS(read_scenario(root + "/scenarios/palembang-base.yaml"), sim::IoError);
  CHECK_THROWS_AS(read_scenario(root + "/scenarios"), sim::IoError);
}

TEST_CASE("only a percentage can look like a share", "[messages]") {
  const auto codes = [](const std::string& key, const std::string& value) {
    ReadOptions options;
    options.sets = {"parameters." + key + "=" + value};
    const ReadResult read = read_scenario(root + "/tests/scenarios/small.yaml", options);
    std::vector<std::string> found;
    for (const sim::Problem& p : read.problems.all()) {
      if (p.severity == sim::Severity::error) found.push_back(p.code);
    }
    return found;
  };
  using Codes = std::vector<std::string>;
  CHECK(codes("elder_fee_idr_mn_per_site", "0.2") == Codes{});
  CHECK(codes("patrol_month_idr_mn_per_site_month", "0.5") == Codes{});
  CHECK(codes("construction_community_months", "0.5") == Codes{});
  CHECK(codes("initial_owner_share_pct", "0.5") == Codes{"likely_share"});
  CHECK(codes("upkeep_share_per_year_pct", "0.5") == Codes{});  // usual from 1 on: 0.5 may be meant
}
