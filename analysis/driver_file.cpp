#include "analysis/driver_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/levers.h"
#include "analysis/provenance.h"
#include "sim/core/error.h"
#include "sim/io/file.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
/// Rows of a page.
constexpr std::size_t page_rows = 20;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval(const std::optional<Estimate95>& e) {
  if (!e) return nullptr;
  return Json::array({number(e->estimate), number(e->low), number(e->high)});
}

Json row_json(const DriverRow& row) {
  return {{"path", row.path},
          {"unit", row.unit},
          {"low", number(row.low)},
          {"high", number(row.high)},
          {"effect", number(row.effect.estimate)},
          {"effect_low", number(row.effect.low)},
          {"effect_high", number(row.effect.high)},
          {"p_value", number(row.p_value)},
          {"stands_out", row.stands_out},
          {"screening", interval(row.screening)},
          {"spread", row.screening ? number(row.spread) : Json(nullptr)},
          {"first_order", interval(row.first_order)},
          {"total", interval(row.total)},
          {"tipping", row.tipping ? number(row.tipping->value) : Json(nullptr)},
          {"tipping_chance_pct", row.tipping ? number(row.tipping->chance_pct) : Json(nullptr)},
          {"twin", row.twin.empty() ? Json(nullptr) : Json(row.twin)}};
}

/// What the page can draw of a row: its size in a design, else low and high.
bool is_drawn(const Json& row) {
  return row["screening"].is_array() || row["total"].is_array() ||
         (row["low"].is_number() && row["high"].is_number());
}

/// What the page shows (protocol.ts).
Json page_json(const Json& file, std::size_t futures) {
  Json rows = Json::array();
  for (const Json& row : file["rows"]) {
    if (rows.size() == page_rows || !is_drawn(row)) continue;
    Json shown = row;
    const Json value = row["tipping"];
    shown["tipping"] = value.is_number()
                           ? Json{{"value", value}, {"chance_pct", row["tipping_chance_pct"]}}
                           : Json(nullptr);
    shown.erase("tipping_chance_pct");
    rows.push_back(std::move(shown));
  }
  return {{"of", file["of"]},         {"unit", file["unit"]}, {"method", file["method"]},
          {"option", file["option"]}, {"futures", futures},   {"rows", std::move(rows)}};
}

/// The file beside a result, if it is about this option with these assumptions.
std::optional<Json> file_beside(const Results& results, std::size_t option) {
  fs::path path(results.path());
  path.replace_filename(path.stem().string() + "-drivers.json");
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  const Json file = Json::parse(sim::io::read_file(path.string()), nullptr, false);
  if (!file.is_object() || file.value("drivers_format", 0) != drivers_format) return std::nullopt;
  const std::string method = file.value("method", "");
  if ((method != "sobol" && method != "morris") || !file.contains("rows")) return std::nullopt;
  if (file.value("option", "") != results.options()[option] ||
      file.value("assumptions_sha256", "") != assumption_hash(resolved_of(results, option))) {
    return std::nullopt;
  }
  return file;
}

}  // namespace

std::string driver_file_text(const DriverFile& file) {
  Json rows = Json::array();
  for (const DriverRow& row : file.rows) rows.push_back(row_json(row));
  const Json all = {{"drivers_format", drivers_format},
                    {"method", file.method},
                    {"of", file.metric.text},
                    {"unit", unit_of(file.metric)},
                    {"definition", file.definition},
                    {"scenario", file.scenario},
                    {"option", file.option},
                    {"assumptions_sha256", file.assumptions},
                    {"musi_version", program().version},
                    {"seed", file.seed},
                    {"n", file.n},
                    {"runs", file.runs},
                    {"mean", number(file.mean_outcome)},
                    {"rows", std::move(rows)}};
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string assumption_hash(const std::string& resolved) {
  std::string text;
  for (const auto& [path, value] : scenario_leaves(resolved)) {
    const std::string group = path.substr(0, path.find('.'));
    const auto is = [&](const char* word) { return group == word; };
    if (is("schema") || is("name") || is("title") || is("description") || is("question") ||
        is("provenance") || is("outputs") || is("sampling") || is("targets")) {
      continue;
    }
    text += path + "=" + value + "\n";
  }
  return sha256(text);
}

std::string page_drivers(const Results& results, std::size_t option, double wished_pct) {
  if (inputs_of(results, option).paths.empty()) return "";
  if (const auto file = file_beside(results, option)) {
    return page_json(*file, file->value("n", std::size_t{0})).dump();
  }
  DriverFile file;
  file.method = "regional";
  file.option = results.options()[option];
  const int year = results.headline_year();
  for (const char* metric : {"chance_by", "slum_area_ha"}) {
    file.metric = parse_metric(fmt::format("{}:{}", metric, year));
    const std::vector<double> outcome = metric_values(
        results, option, file.metric, results.years().front(), results.years().back());
    file.mean_outcome = mean(outcome);
    if (std::any_of(outcome.begin(), outcome.end(),
                    [&](double value) { return value != outcome.front(); })) {
      break;
    }
  }
  file.rows = regional_drivers(results, option, file.metric, wished_pct);
  return page_json(Json::parse(driver_file_text(file)), results.n_replicates()).dump();
}

}  // namespace musi::analysis
