#include <array>
#include <cmath>
#include <string_view>

#include "models/build_world.h"
#include "models/score/classes.h"
#include "tests/models/score/tables.h"
#include "tests/support/moments.h"
#include "tests/support/tiny_world.h"
#include "tests/validation/evidence.h"
#include "tests/validation/palembang.h"

/// MODEL.md section 26, targets 1 to 6 and 21: what a run starts with.

namespace musi::tests {

using namespace musi::models;

namespace {

constexpr std::size_t n_futures = 8;  ///< for the ranges in print

/// The start without spin-up: months of visits change no deficit.
World start(const Scenario& s, std::uint64_t seed = 1) {
  return build_world_without_spin_up(s, palembang().city, seed);
}

template <class Value>
double total(const std::vector<Value>& column) {
  double sum = 0.0;
  for (const Value v : column) sum += static_cast<double>(v);
  return sum;
}

double served_percent(const World& world, std::uint32_t lacks) {
  double served = 0.0, households = 0.0;
  for (const std::uint32_t f : world.households.flags) {
    if ((f & flag::alive) == 0) continue;
    households += 1.0;
    served += (f & lacks) == 0 ? 1.0 : 0.0;
  }
  return 100.0 * served / households;
}

/// Share of the other sites whose mean score lies below that of three subdistricts together.
double rank_of_worst_subdistricts(const World& world) {
  std::vector<double> others;
  double sum = 0.0, area = 0.0;
  for (std::size_t s = 0; s < world.n_sites(); ++s) {
    double score = 0.0, ha = 0.0;
    for (const std::uint32_t rt : world.sites.rts[s]) {
      const double a = static_cast<double>(world.rts.area[rt]);
      score += a * world.rts.physical_score[rt];
      ha += a;
    }
    const std::string& kecamatan = palembang().city.sites[s].kecamatan;
    if (kecamatan == "Kertapati" || kecamatan.starts_with("Seberang Ulu")) {
      sum += score;
      area += ha;
    } else {
      others.push_back(score / ha);
    }
  }
  double below = 0.0;
  for (const double score : others) below += score < sum / area ? 1.0 : 0.0;
  return below / static_cast<double>(others.size());
}

/// What one start shows.
struct Start {
  StartReport report;
  double light = 0.0, water = 0.0, sanitation = 0.0, households = 0.0, houses_per_ha = 0.0;
  double worst_rank = 0.0;
};

Start look_at(const World& world) {
  return {.report = world.start,
          .light = world.start.class_share[static_cast<std::size_t>(Slum::light)],
          .water = served_percent(world, flag::lacks_water),
          .sanitation = served_percent(world, flag::lacks_toilet | flag::lacks_tank),
          .households = static_cast<double>(world.start.n_households),
          .houses_per_ha = total(world.rts.buildings) / world.start.area_ha,
          .worst_rank = rank_of_worst_subdistricts(world)};
}

std::vector<Start> starts(const Scenario& s, std::size_t n) {
  return side_by_side<Start>(n, [&](std::size_t i) { return look_at(start(s, i + 1)); });
}

/// One number of all starts: luck moves a single one by some points.
template <class Measure>
std::vector<double> each(const std::vector<Start>& all, Measure measure) {
  std::vector<double> values;
  for (const Start& one : all) values.push_back(measure(one));
  return values;
}

template <class Measure>
double mean_of(const std::vector<Start>& all, Measure measure) {
  return moments(each(all, measure)).mean;
}

/// Sites of the world are those of the city, in another order if the run is a subset.
std::size_t site_named(const World& world, std::string_view kelurahan) {
  for (const SiteFacts& facts : palembang().city.sites) {
    if (facts.kelurahan != kelurahan) continue;
    for (std::size_t s = 0; s < world.n_sites(); ++s) {
      if (world.sites.key[s] == facts.key) return s;
    }
  }
  throw std::runtime_error("no such site");
}

/// Points that the eight published sheets miss: one for each that differs, of sheets or criteria.
double sheet_errors() {
  double errors = 0.0;
  const auto sheets = method_table("score_sheets.csv");
  errors += std::abs(static_cast<double>(sheets.size()) - 8.0);
  for (const auto& sheet : sheets) {
    std::vector<double> shares;
    for (std::size_t k = 0; k < n_criteria; ++k) {
      const std::string code(info(static_cast<Criterion>(k)).code);
      shares.push_back(std::stod(sheet.at("pct_" + code)) / 100.0);
    }
    errors += std::abs(models::total(shares, CutRule::operational) -
                       std::stoi(sheet.at("total_points")));
  }
  return errors;
}

std::vector<Target> score_sheets() {
  return {{.number = "1",
           .pattern = "eight sheets: points that differ",
           .value = sheet_errors(),
           .unit = "points"}};
}

std::vector<Target> reported_start() {
  double worst_total = 0.0, worst_site = 0.0, worst_rts = 0.0, worst_density = 0.0;
  double uncounted = 0.0, households = 0.0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const World world = start(palembang().uncertain, seed);
    const std::size_t site = site_named(world, "Kemang Agung");
    double area = 0.0;
    for (const std::uint32_t rt : world.sites.rts[site]) {
      area += static_cast<double>(world.rts.area[rt]);
    }
    const auto worse = [](double& worst, double error) {
      worst = std::max(worst, std::abs(error));
    };
    worse(worst_total, total(world.rts.area) - 1729.84);
    worse(worst_site, area - 34.31);
    worse(worst_rts, static_cast<double>(world.sites.rts[site].size()) - 21.0);
    std::size_t below = 0;
    for (const std::uint8_t score : world.rts.physical_score) below += score < 16 ? 1 : 0;
    worse(uncounted, static_cast<double>(below) -
                         static_cast<double>(world.start.n_listed_not_slum));
    worse(households, total(world.rts.n_households) -
                          static_cast<double>(world.start.n_households));
  }
  const World central = start(palembang().central);
  double persons = 0.0;
  for (const std::uint32_t rt : central.sites.rts[site_named(central, "Kemang Agung")]) {
    persons += central.rts.n_persons[rt];
  }
  worst_density = persons / 34.31;
  return {{.number = "2a", .pattern = "total area: largest error of 20 futures",
           .value = worst_total, .high = 0.005, .unit = "ha"},
          {.number = "2b", .pattern = "Kemang Agung 34.31 ha: largest error of 20 futures",
           .value = worst_site, .high = 0.005, .unit = "ha"},
          {.number = "2c", .pattern = "Kemang Agung 21 RTs: largest error of 20 futures",
           .value = worst_rts, .unit = "RT"},
          around({.number = "2d", .pattern = "Kemang Agung 298 persons a hectare, central",
                         .value = worst_density, .unit = "1/ha",
                         .likely_reason = "sizes of households are drawn"},
                        298.0, 298.0, 0.05),
          {.number = "2e", .pattern = "RTs below 16 points that are not counted as listed-not-slum",
           .value = uncounted, .unit = "RT"},
          {.number = "2f", .pattern = "households: sum over RTs against the report of the start",
           .value = households, .unit = "households"}};
}

std::vector<Target> baseline_scores(std::size_t n_starts) {
  Scenario s = palembang().central;
  fix(s, Param::initial_shift_scale, 0.0);
  const auto all = starts(s, n_starts);
  const auto mean = [&](double StartReport::*what) {
    return mean_of(all, [&](const Start& one) { return one.report.*what; });
  };
  const std::string accept =
      "RTs below 16 points are drawn again until one in ten stays (initial_not_slum_accept)";
  const std::string spread = "site and RT effects add to the table's spread";
  const auto score = [&](const char* number, const char* what, double value, double wanted_value,
                         double margin, const std::string& reason) {
    return Target{.number = number, .pattern = std::string(what) + ", no shift", .value = value,
                  .low = wanted_value - margin, .high = wanted_value + margin, .unit = "points",
                  .use = Use::calibration, .likely_reason = reason};
  };
  return {score("3a", "mean score", mean(&StartReport::mean_score), 22.9, 2.0, accept),
          score("3b", "sd of scores", mean(&StartReport::sd_score), 5.4, 1.5, spread),
          score("3c", "p10 of scores", mean(&StartReport::p10_score), 17.0, 2.0, accept),
          score("3d", "p90 of scores", mean(&StartReport::p90_score), 30.0, 2.0, spread)};
}

std::vector<Target> palembang_start(std::size_t n_starts) {
  const auto central = starts(palembang().central, n_starts);
  const auto futures = starts(palembang().uncertain, n_futures);
  const auto row = [&](Target t, auto measure) {
    t.use = Use::calibration;
    t.value = mean_of(central, measure);
    t.spread = range_of(each(futures, measure));
    return t;
  };
  const std::string shift = "the assumed shift between the cities";
  Target rank =
      row({.number = "21", .pattern = "sites better than Kertapati, Seberang Ulu I and II",
           .low = 0.5, .high = 1.0, .unit = "of the others",
           .likely_reason = "a label is never an input of a score: the synthetic sites differ by "
                            "density and river share alone"},
          [](const Start& s) { return s.worst_rank; });
  rank.use = Use::prediction;
  return {row({.number = "4a", .pattern = "mean score of Palembang", .low = 22, .high = 42,
               .unit = "points", .likely_reason = shift},
              [](const Start& s) { return s.report.mean_score; }),
          row({.number = "4b", .pattern = "share of light RTs", .low = 0.7, .high = 1.0,
               .unit = "", .likely_reason = "the assumed shift lifts RTs to medium"},
              [](const Start& s) { return s.light; }),
          row({.number = "5a", .pattern = "households with safe water", .high = 67, .unit = "%",
               .likely_reason = shift},
              [](const Start& s) { return s.water; }),
          row({.number = "5b", .pattern = "households with toilet and tank", .high = 59,
               .unit = "%", .likely_reason = shift},
              [](const Start& s) { return s.sanitation; }),
          row({.number = "6a", .pattern = "households in the slums", .low = 45000, .high = 60000,
               .unit = "households",
               .likely_reason = "site densities are reported for one site only"},
              [](const Start& s) { return s.households; }),
          row(around({.number = "6b", .pattern = "houses a hectare", .unit = "1/ha",
                      .likely_reason = "site densities and households per building"},
                     31, 31, 0.35),
              [](const Start& s) { return s.houses_per_ha; }),
          rank};
}

}  // namespace

std::vector<Target> start_targets(const Effort& effort) {
  std::vector<Target> all;
  for (const auto& part : {score_sheets(), reported_start(), baseline_scores(effort.starts),
                           palembang_start(effort.starts)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace musi::tests
