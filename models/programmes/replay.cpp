#include "models/programmes/replay.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/allocation/rule.h"
#include "models/finance/ledger.h"
#include "models/indicators/groups.h"
#include "models/observation/books.h"
#include "models/programmes/delivery.h"
#include "models/programmes/detection.h"
#include "models/programmes/households.h"
#include "models/programmes/packages.h"

namespace musi::models {
namespace {

constexpr double almost = 1e-9;

/// Delivers one row of works.csv.
class Deliverer {
 public:
  Deliverer(World& world, const WorksRow& row, std::size_t number, const sim::Step& step)
      : world_(world), row_(row), step_(step), programme_(*programme_of(*world.scenario, row)) {
    package_.key = sim::mix(sim::fnv1a(row.source.data(), row.source.size()),
                            static_cast<std::uint64_t>(number), row.year, row.month);
    package_.programme = static_cast<std::uint16_t>(programme_);
    package_.source = static_cast<std::uint16_t>(*source_of(*world.scenario, row));
  }

  void deliver(std::size_t site, const std::vector<std::uint32_t>& rts) {
    package_.site = static_cast<std::uint32_t>(site);
    package_.rt = rts.front();
    left_ = row_.units;
    for (const std::uint32_t rt : rts) {
      if (left_ <= almost) break;
      give(rt);
    }
    pay();
    finish();
  }

 private:
  void give(std::uint32_t rt) {
    const double given = facts(row_.item).lacks != 0 ? serve_households(rt) : build_in(rt);
    if (!(given > 0.0)) return;
    left_ -= given;
    PackageLine line;
    line.rt = rt;
    line.item = static_cast<std::uint8_t>(row_.item);
    line.units_planned = line.units_delivered = static_cast<float>(given);
    line.households = std::move(served_);
    served_.clear();
    package_.lines.push_back(std::move(line));
  }

  double build_in(std::uint32_t rt) {
    if (is_works(row_.item)) {
      return add_works(world_, rt, row_.item, left_, 0.0, step_.month);
    }
    Neighbourhoods& r = world_.rts;
    switch (row_.item) {
      case Item::legalisation:
        if (r.land_status[rt] == LandStatus::clear) return 0.0;
        if (r.land_status[rt] == LandStatus::river_setback) return 0.0;
        r.land_status[rt] = LandStatus::clear;
        ++world_.state.counts.legalised;
        return std::min(1.0, left_);
      case Item::upkeep_fund:
        r.upkeep_paid_until[rt] = static_cast<std::uint16_t>(step_.month + 12);
        return std::min(1.0, left_);
      case Item::facilitator_month: return support(left_);
      case Item::patrol_month: return patrol(left_);
      default: return left_;
    }
  }

  double support(double months) {
    double households = 0.0;
    for (const std::uint32_t rt : world_.sites.rts[package_.site]) {
      households += world_.rts.n_households[rt];
    }
    if (!(households > 0.0)) return 0.0;
    world_.sites.facilitator_months[package_.site] +=
        static_cast<float>(months * 1000.0 / households);
    return months;
  }

  double patrol(double months) {
    float& effort = world_.sites.prevention[package_.site];
    effort = std::min(1.0f, effort + static_cast<float>(months / 12.0));
    return months;
  }

  /// Known eligible households in their order, then other eligible ones: whoever was served had
  /// the right to it.
  double serve_households(std::uint32_t rt) {
    const ProgrammeSpec& programme = world_.scenario->programmes[programme_];
    const double each =
        row_.item == Item::shared_sanitation ? households_per_system(world_) : 1.0;
    const auto wanted = static_cast<std::size_t>(std::floor(left_ * each + almost));
    std::vector<std::uint32_t> rows =
        households_to_serve(world_, rt, programme, row_.item, step_);
    put_in_order(world_, row_.item, rows);
    if (rows.size() < wanted) add_unknown(rt, programme, rows);
    double n = 0.0;
    for (const std::uint32_t row : rows) {
      if (served_.size() >= wanted) break;
      if (!serve_household(world_, row, row_.item, false, step_.month)) continue;
      served_.push_back(world_.households.record[row].key);
      n += 1.0;
    }
    return n / each;
  }

  void add_unknown(std::uint32_t rt, const ProgrammeSpec& programme,
                   std::vector<std::uint32_t>& rows) const {
    std::vector<std::uint32_t> others;
    const std::uint32_t first = world_.rts.first_row[rt];
    for (std::uint32_t row = first; row < first + world_.rts.n_rows[rt]; ++row) {
      if (!is_eligible(world_, row, programme, row_.item, step_.month)) continue;
      if (std::find(rows.begin(), rows.end(), row) == rows.end()) others.push_back(row);
    }
    put_in_order(world_, row_.item, others);
    rows.insert(rows.end(), others.begin(), others.end());
  }

  /// The cost is paid whatever was of use; lines share it by their units.
  void pay() {
    const auto year = static_cast<std::size_t>(sim::Clock::year_index(step_.month));
    const double real = row_.cost_idr_mn / world_.city->price_level(row_.year);
    const Rupiah cost = rupiah_of_million(real);
    for (PackageLine& line : package_.lines) {
      line.cost = static_cast<Rupiah>(static_cast<double>(cost) *
                                      static_cast<double>(line.units_delivered) / row_.units);
    }
    const double used = row_.units > 0.0 ? 1.0 - std::max(0.0, left_) / row_.units : 0.0;
    world_.money.wasted[year] += static_cast<Rupiah>(static_cast<double>(cost) * (1.0 - used));
    SourceState& source = world_.money.sources[package_.source];
    ProgrammeState& programme = world_.money.programmes[programme_];
    source.planned[year] += cost;
    programme.planned[year] += cost;
    programme.voted[year] += cost;
    programme.plan_by_source[package_.source] += cost;  // deducted when the own budget starts
    ledger::vote(source, year, cost);
    ledger::commit(source, year, cost);
    package_.cost_planned = package_.committed = cost;
    pay_package(world_, package_, cost, step_);
  }

  void finish() {
    package_.year = sim::Clock::year_index(step_.month);
    package_.progress = 1.0;
    package_.gate_passed = true;
    package_.stage = Stage::booked;
    book(world_, package_, step_);
    for (const PackageLine& line : package_.lines) {
      world_.rts.year_marks[line.rt] |= mark::had_package;
    }
    ++world_.sites.promised[package_.site];
    ++world_.sites.delivered[package_.site];
    auto& since = world_.sites.served_since[package_.site];
    since = std::min(since, static_cast<std::uint16_t>(step_.month));
    world_.money.packages.push_back(std::move(package_));
  }

  World& world_;
  const WorksRow& row_;
  const sim::Step& step_;
  std::size_t programme_;
  Package package_;
  double left_ = 0.0;
  std::vector<sim::EntityKey> served_;
};

/// Row of the world's sites for a site of the table; none if it is outside the run.
std::optional<std::size_t> site_of(const World& world, const std::string& site_id) {
  std::size_t site = 0;
  for (const SiteFacts& facts_of_site : world.city->sites) {
    if (site >= world.n_sites()) break;
    if (world.sites.key[site] != facts_of_site.key) continue;
    if (facts_of_site.site_id == site_id) return site;
    ++site;
  }
  return std::nullopt;
}

/// RTs that a row is for: its own, or those of its site in the order of service.
std::vector<std::uint32_t> rts_of(const World& world, const WorksRow& row, std::size_t site,
                                  const sim::Step& step) {
  std::vector<std::uint32_t> rts;
  if (row.rt_id.empty()) {
    rts = order_rts(world, site, world.scenario->allocation.rt_order, step);
    for (const std::uint32_t rt : world.sites.rts[site]) {  // then those that are slum no more
      if (std::find(rts.begin(), rts.end(), rt) == rts.end()) rts.push_back(rt);
    }
    return rts;
  }
  for_each_surveyed_rt(world, [&](std::size_t surveyed, std::size_t rt) {
    if (world.city->surveyed[surveyed].rt_id == row.rt_id) {
      rts.push_back(static_cast<std::uint32_t>(rt));
    }
  });
  return rts;
}

}  // namespace

bool is_replayed(const World& world, sim::Month month) {
  return world.scenario->replays && month < world.scenario->replay_until;
}

std::optional<std::size_t> programme_of(const Scenario& scenario, const WorksRow& row) {
  for (std::size_t p = 0; p < scenario.programmes.size(); ++p) {
    const ProgrammeSpec& programme = scenario.programmes[p];
    const auto& words = programme.csv_rows;
    if (programme.id == row.programme ||
        std::find(words.begin(), words.end(), row.programme) != words.end()) {
      return p;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> source_of(const Scenario& scenario, const WorksRow& row) {
  for (std::size_t f = 0; f < scenario.funding.sources.size(); ++f) {
    if (scenario.funding.sources[f].id == row.funding_source) return f;
  }
  return std::nullopt;
}

bool is_replayable(Item item) {
  if (facts(item).is_relocation) return false;
  switch (item) {
    case Item::legalisation:
    case Item::upkeep_fund:
    case Item::facilitator_month:
    case Item::patrol_month:
    case Item::complaint_desk: return true;
    default: return is_works(item);
  }
}

void Replay::step(World& world, const sim::Step& step) {
  if (!is_replayed(world, step.month)) return;
  const int year = world.scenario->clock.year(step.month);
  const int month = sim::Clock::month_of_year(step.month);
  for (std::size_t i = 0; i < world.city->works.size(); ++i) {
    const WorksRow& row = world.city->works[i];
    if (row.year != year || row.month != month) continue;
    const auto site = site_of(world, row.site_id);
    if (!site || !programme_of(*world.scenario, row) || !source_of(*world.scenario, row)) continue;
    const auto rts = rts_of(world, row, *site, step);
    if (!rts.empty()) Deliverer(world, row, i, step).deliver(*site, rts);
  }
}

}  // namespace musi::models
