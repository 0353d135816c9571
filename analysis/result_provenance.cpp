#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "analysis/provenance.h"
#include "analysis/result_parts.h"

/// What made a result: attributes of the root, texts of the inputs, provenance.
namespace musi::analysis {
namespace {

constexpr std::size_t most_embedded_bytes = 2u << 20;

/// A dataset name for a path: no slashes, begins with a letter or digit, not used yet.
std::string dataset_name(const std::string& path, std::set<std::string>& used) {
  std::string name;
  for (const char c : path) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_plain || (!name.empty() && (c == '.' || c == '-' || c == '_'))) {
      name += c;
    } else if (!name.empty()) {
      name += '_';
    }
  }
  if (name.empty()) name = "input";
  const std::string wanted = name;
  for (int number = 2; !used.insert(name).second; ++number) {
    name = fmt::format("{}_{}", wanted, number);
  }
  return name;
}

std::string hash_of(const ResultFileText& file) {
  return file.sha256.empty() ? sha256(file.bytes) : file.sha256;
}

}  // namespace

void write_inputs(const ResultParts& parts) {
  if (parts.input.provenance.inputs.empty()) return;
  parts.file.group("inputs");
  std::set<std::string> used;
  for (const ResultFileText& file : parts.input.provenance.inputs) {
    if (file.bytes.empty() || file.bytes.size() > most_embedded_bytes) continue;
    parts.file.text("inputs/" + dataset_name(file.name, used), file.bytes,
                    {{"path", file.name}, {"sha256", hash_of(file)}});
  }
}

void write_provenance(const ResultParts& parts) {
  const ResultProvenance& made = parts.input.provenance;
  nlohmann::ordered_json hashes = nlohmann::ordered_json::object();
  for (const ResultFileText& file : made.inputs) hashes[file.name] = hash_of(file);
  parts.file.group("provenance");
  parts.file.text("provenance/scenario_yaml", made.scenario_yaml);
  parts.file.text("provenance/resolved_yaml", made.resolved_yaml);
  parts.file.text("provenance/input_sha256", hashes.dump());
  parts.file.text("provenance/flags", made.flags);
  if (!made.points.empty()) parts.file.text("provenance/points", made.points);
  const Program program = analysis::program();
  const bool is_complete = parts.n_replicates >= made.replicates_planned;
  const auto add = [&](const char* name, auto value) {
    parts.file.attribute("provenance", {name, std::move(value)});
  };
  add("musi_version", program.version);
  add("git_commit", program.git_commit);
  add("compiler", program.compiler);
  add("hdf5_version", program.hdf5);
  add("seed_hex", fmt::format("{:016x}", made.seed));
  add("design", made.design);
  if (!made.created.empty()) add("created", made.created);
  add("result_format_version", result_format_version());
  add("complete", std::int32_t{is_complete});
  add("replicates_planned", static_cast<std::int32_t>(made.replicates_planned));
}

void write_root_attributes(const ResultParts& parts) {
  const ResultInput& input = parts.input;
  const Program program = analysis::program();
  const auto add = [&](const char* name, auto value) {
    parts.file.attribute("/", {name, std::move(value)});
  };
  add("Conventions", std::string("CF-1.10 ACDD-1.3"));
  add("title", input.title);
  add("summary", input.summary);
  if (!input.question.empty()) add("question", input.question);
  add("source", fmt::format("musi {}, agent-based simulation of slum upgrading", program.version));
  add("history", fmt::format("musi run ({} options, {} futures each)", parts.n_options(),
                             parts.n_replicates));
  add("institution", std::string("not stated"));
  add("references", std::string("scenarios/SOURCES.md of musi"));
  add("license", std::string("as the input data; see references"));
  add("creator_name", std::string("not stated"));
  add("time_coverage_start", fmt::format("{}-01-01", input.years.front()));
  add("time_coverage_end", fmt::format("{}-12-31", input.years.back()));
  add("price_year", std::int32_t{input.price_year});
  add("headline_definition", input.headline_definition);
  add("headline_year", std::int32_t{input.headline_year});
  if (input.city_area_ha > 0.0) add("city_area_ha", input.city_area_ha);
}

}  // namespace musi::analysis
