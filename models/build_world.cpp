#include "models/build_world.h"

#include <algorithm>
#include <cmath>

#include "models/observation/books.h"
#include "models/participation/spin_up.h"
#include "models/population/rare_events.h"
#include "models/start/deficits.h"
#include "models/start/households.h"
#include "models/start/layout.h"
#include "models/stocks/refresh.h"

namespace musi::models {
namespace {

/// What the start looks like, MODEL.md 8.6.
void report_start(World& world) {
  StartReport& report = world.start;
  const Neighbourhoods& rts = world.rts;
  std::vector<double> scores;
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const double score = rts.physical_score[rt];
    scores.push_back(score);
    sum += score;
    squares += score * score;
    report.area_ha += double{rts.area[rt]};
    report.n_households += rts.n_households[rt];
    report.n_persons += rts.n_persons[rt];
    report.class_share[static_cast<std::size_t>(rts.physical_class[rt])] += 1.0;
    if (rts.physical_class[rt] == Slum::not_slum) {
      ++report.n_listed_not_slum;
      report.listed_not_slum_ha += double{rts.area[rt]};
    }
    for (std::size_t k = 0; k < n_criteria; ++k) {
      report.mean_share[k] += double{rts.physical[k][rt]};
    }
  }
  const double n = static_cast<double>(rts.size());
  report.n_rt = rts.size();
  report.mean_score = sum / n;
  report.sd_score = std::sqrt(std::max(0.0, squares / n - report.mean_score * report.mean_score));
  for (double& share : report.class_share) share /= n;
  for (double& share : report.mean_share) share /= n;
  std::sort(scores.begin(), scores.end());
  const auto quantile = [&](double u) {
    return scores[static_cast<std::size_t>(u * (n - 1.0) + 0.5)];
  };
  report.p10_score = quantile(0.1);
  report.p90_score = quantile(0.9);
}

}  // namespace

World build_world_without_spin_up(const Scenario& scenario, const City& city,
                                  std::uint64_t run_seed, std::span<const double> design) {
  World world(scenario, city, Future(scenario, city, run_seed, design));
  lay_out(world);
  draw_deficits(world);
  stock_up(world);
  people(world);
  refresh(world);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.rts.was_clear[rt] = world.rts.physical_class[rt] == Slum::not_slum;
    world.rts.in_ledger[rt] = world.rts.in_decree[rt] = 1;
  }
  world.zero.reached_month.fill(-1);
  initial_books(world);
  report_start(world);
  return world;
}

World build_world(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                  std::span<const double> design) {
  World world = build_world_without_spin_up(scenario, city, run_seed, design);
  spin_up(world);
  draw_first_rare(world);
  return world;
}

}  // namespace musi::models
