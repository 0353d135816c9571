#include "analysis/exports/crate.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>

#include "analysis/exports/csv.h"
#include "analysis/exports/tables.h"
#include "analysis/provenance.h"
#include "analysis/report/report.h"
#include "sim/core/error.h"
#include "sim/io/file.h"
#include "sim/io/number.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* profile = "https://w3id.org/ro/wfrun/process/0.1";
constexpr const char* licence_of_program = "https://spdx.org/licenses/MIT";

std::string format_of(const std::string& name) {
  static const std::map<std::string, std::string> formats{
      {".csv", "text/csv"},       {".geojson", "application/geo+json"},
      {".h5", "application/x-hdf5"}, {".html", "text/html"},
      {".md", "text/markdown"},   {".yaml", "application/yaml"}};
  const auto found = formats.find(fs::path(name).extension().string());
  return found == formats.end() ? "application/octet-stream" : found->second;
}

Json reference(const std::string& id) { return {{"@id", id}}; }

/// Name of an input inside the crate: below `inputs/`, and never outside of it.
std::string place_of(const std::string& name) {
  std::string place = fs::path("/" + name).lexically_normal().generic_string();
  return "inputs" + place;
}

std::string date_of(const Results& results) {
  if (const char* given = std::getenv("SOURCE_DATE_EPOCH"); given != nullptr) {
    const auto seconds = sim::io::read_number(given, {}).value;
    if (seconds) return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<time_t>(*seconds)));
  }
  return results.provenance_attribute("created");
}

/// Gathers the files of a crate and what is said about them.
class Crate {
 public:
  Crate(const Results& results, std::string folder)
      : results_(results), folder_(std::move(folder)) {}

  void write() {
    const std::string result = fs::path(results_.path()).filename().string();
    add_bytes(result, sim::io::read_file(results_.path()), "result of musi, HDF5");
    add_inputs();
    add_bytes("resolved.yaml", results_.provenance_text("resolved_yaml"),
              "merged scenario with the origin of each value");
    add_tables();
    const std::string page = preview(result);
    add_bytes("ro-crate-preview.html", page, "what is in this crate");
    sim::io::write_file(path("ro-crate-metadata.json"), metadata(result).dump(2) + "\n");
  }

 private:
  std::string path(const std::string& name) const { return (fs::path(folder_) / name).string(); }

  void describe(const std::string& name, const std::string& bytes, const std::string& title) {
    files_.push_back({{"@id", name},
                      {"@type", "File"},
                      {"name", title},
                      {"encodingFormat", format_of(name)},
                      {"contentSize", fmt::format("{}", bytes.size())},
                      {"sha256", sha256(bytes)}});
  }

  void add_bytes(const std::string& name, const std::string& bytes, const std::string& title) {
    sim::io::write_file(path(name), bytes, sim::io::Existing::replace, true);
    describe(name, bytes, title);
  }

  void add_inputs() {
    std::map<std::string, std::string> bytes;
    if (results_.has("inputs")) {
      for (const std::string& name : results_.file().names("inputs")) {
        const std::string at = "inputs/" + name;
        bytes[results_.file().text_attribute(at, "path").value_or(name)] =
            results_.file().text(at);
      }
    }
    const Json hashes = Json::parse(results_.provenance_text("input_sha256"), nullptr, false);
    if (!hashes.is_object()) return;
    for (const auto& [name, hash] : hashes.items()) {
      if (const auto found = bytes.find(name); found != bytes.end()) {
        add_bytes(place_of(name), found->second, "input: " + name);
        inputs_.push_back(reference(place_of(name)));
      } else {  // known by its hash alone: no file of the crate
        others_.push_back({{"@id", "#" + name},
                           {"@type", "CreativeWork"},
                           {"name", "input, not in this crate: " + name},
                           {"sha256", hash}});
        inputs_.push_back(reference("#" + name));
      }
    }
  }

  void add_tables() {
    const auto options = export_options(results_, {});
    std::error_code ignored;  // what fails here fails to be written below
    fs::create_directories(path("tables"), ignored);
    for (const std::string& name : export_table_names()) {
      if (!has_export_table(results_, name)) continue;
      const std::string file = "tables/" + name + ".csv";
      write_csv(export_table(results_, name, options), false, path(file));
      describe(file, sim::io::read_file(path(file)), "table: " + name);
    }
  }

  std::string root_text(const char* name) const {
    return results_.file().text_attribute("/", name).value_or("");
  }

  std::string preview(const std::string& result) const {
    std::string rows;
    for (const Json& file : files_) {
      const std::string id = escaped_html(file["@id"].get<std::string>());
      rows += fmt::format("<li><a href=\"{}\">{}</a> {}</li>\n", id, id,
                          escaped_html(file["name"].get<std::string>()));
    }
    const std::string title = escaped_html(root_text("title"));
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title></head>"
        "<body>\n<h1>{}</h1>\n<p>{}</p>\n<p>Made by musi {} ({}), seed 0x{}. To compute it again: "
        "<code>musi reproduce {}</code></p>\n<ul>\n{}</ul>\n</body></html>\n",
        title, title, escaped_html(root_text("summary")),
        escaped_html(results_.provenance_attribute("musi_version")),
        escaped_html(results_.provenance_attribute("git_commit")),
        escaped_html(results_.provenance_attribute("seed_hex")), escaped_html(result), rows);
  }

  Json root() const {
    Json parts = Json::array();
    for (const Json& file : files_) parts.push_back(reference(file["@id"]));
    Json root = {{"@id", "./"},
                 {"@type", "Dataset"},
                 {"name", root_text("title")},
                 {"description", root_text("summary").empty() ? root_text("title")
                                                              : root_text("summary")},
                 {"license", root_text("license")},
                 {"conformsTo", reference(profile)},
                 {"hasPart", parts},
                 {"mentions", reference("#run")}};
    if (const std::string date = date_of(results_); !date.empty()) root["datePublished"] = date;
    return root;
  }

  Json metadata(const std::string& result) const {
    const std::string version = results_.provenance_attribute("musi_version");
    const std::string flags = results_.provenance_text("flags");
    Json graph = Json::array();
    graph.push_back({{"@id", "ro-crate-metadata.json"},
                     {"@type", "CreativeWork"},
                     {"conformsTo", reference("https://w3id.org/ro/crate/1.1")},
                     {"about", reference("./")}});
    graph.push_back(root());
    graph.push_back({{"@id", profile},
                     {"@type", "CreativeWork"},
                     {"name", "Process Run Crate"},
                     {"version", "0.1"}});
    for (const Json& file : files_) graph.push_back(file);
    for (const Json& other : others_) graph.push_back(other);
    graph.push_back({{"@id", "#musi"},
                     {"@type", "SoftwareApplication"},
                     {"name", "musi"},
                     {"softwareVersion", version},
                     {"version", results_.provenance_attribute("git_commit")},
                     {"license", reference(licence_of_program)}});
    graph.push_back({{"@id", licence_of_program},
                     {"@type", "CreativeWork"},
                     {"name", "MIT License"}});
    graph.push_back({{"@id", "#run"},
                     {"@type", "CreateAction"},
                     {"name", fmt::format("musi run{}{}", flags.empty() ? "" : " ", flags)},
                     {"instrument", reference("#musi")},
                     {"object", inputs_},
                     {"result", Json::array({reference(result)})}});
    const Json terms = {{"sha256", "https://schema.org/sha256"}};
    return {{"@context", Json::array({"https://w3id.org/ro/crate/1.1/context", terms})},
            {"@graph", graph}};
  }

  const Results& results_;
  std::string folder_;
  Json files_ = Json::array(), others_ = Json::array(), inputs_ = Json::array();
};

}  // namespace

void write_crate(const Results& results, const std::string& folder) {
  Crate(results, folder).write();
}

}  // namespace musi::analysis
