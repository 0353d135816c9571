#include "models/population/visits.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include "models/draws.h"
#include "models/participation/influence.h"
#include "models/population/due.h"
#include "models/score/criteria.h"
#include "sim/core/ask_for.h"
#include "sim/core/best_level.h"
#include "sim/core/check.h"
#include "sim/core/distributions.h"
#include "sim/core/equal_bits.h"
#include "sim/core/four_columns.h"
#include "sim/core/parallel.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr std::size_t batch_rows = 128;
/// Records are asked for this many visits before they are read: every third is due, too far apart
/// for a processor to foresee.
constexpr std::size_t rows_ahead = 96;
constexpr float most_savings = Visits::most_savings;
constexpr float lacking_share = 0.25f;   ///< from here on an RT's works count as lacking; assumed
constexpr float n_needs = 6.0f;          ///< house, water, sanitation, path, drain, waste

constexpr int land_bit = std::countr_zero(flag::land_group);
constexpr int engaged_bit = std::countr_zero(flag::engaged);

/// Needs of a household that its own home leaves: house, water, sanitation.
MUSI_BODY float own_needs(std::uint32_t flags) {
  const std::uint32_t house = flags >> std::countr_zero(flag::lacks_house);
  const std::uint32_t water = flags >> std::countr_zero(flag::lacks_water) |
                              flags >> std::countr_zero(flag::low_water);
  const std::uint32_t sanitation = flags >> std::countr_zero(flag::lacks_toilet) |
                                   flags >> std::countr_zero(flag::lacks_tank);
  return static_cast<float>((house & 1u) + (water & 1u) + (sanitation & 1u));
}

/// Terms of some RTs; shares of two criteria of what they share, the larger of which counts.
struct RtColumns {
  static constexpr std::size_t most = 128;
  using Column = std::array<float, most>;

  std::array<Column, 3> lacking;
  Column per_need;           ///< at first the delivery ratio of the site
  Column of_river, of_land;  ///< at first the influence
};

MUSI_BODY void fill_terms(std::size_t n, float benefit, RtColumns& c) {
  for (std::size_t i = 0; i < n; ++i) {
    const float shared = (c.lacking[0][i] >= lacking_share ? 1.0f : 0.0f) +
                         (c.lacking[1][i] >= lacking_share ? 1.0f : 0.0f) +
                         (c.lacking[2][i] >= lacking_share ? 1.0f : 0.0f);
    const float per_need = benefit * c.per_need[i] / n_needs;
    c.per_need[i] = per_need;
    c.of_river[i] += per_need * shared;
    c.of_land[i] += per_need * shared;
  }
}

std::vector<RtTerms> rt_terms(const World& world, double benefit) {
  const Neighbourhoods& rts = world.rts;
  std::vector<RtTerms> terms(rts.size());
  RtColumns c;
  for (std::size_t first = 0; first < rts.size(); first += RtColumns::most) {
    const std::size_t n = std::min(RtColumns::most, rts.size() - first);
    const auto larger = [&](Criterion a, Criterion b, RtColumns::Column& column) {
      const float* const of_a = rts.physical[index(a)].data() + first;
      const float* const of_b = rts.physical[index(b)].data() + first;
      for (std::size_t i = 0; i < n; ++i) column[i] = of_a[i] > of_b[i] ? of_a[i] : of_b[i];
    };
    larger(Criterion::c2a, Criterion::c2b, c.lacking[0]);
    larger(Criterion::c4b, Criterion::c4c, c.lacking[1]);
    larger(Criterion::c6a, Criterion::c6b, c.lacking[2]);
    std::copy_n(rts.gamma[0].data() + first, n, c.of_river.begin());
    std::copy_n(rts.gamma[1].data() + first, n, c.of_land.begin());
    for (std::size_t i = 0; i < n; ++i) {
      c.per_need[i] = world.sites.delivery_ratio[rts.site[first + i]];
    }
    sim::at_best_level([&]() MUSI_LOOP { fill_terms(n, static_cast<float>(benefit), c); });
    for (std::size_t i = 0; i < n; ++i) {
      terms[first + i] = {{c.of_river[i], c.of_land[i]}, c.per_need[i]};
    }
  }
  return terms;
}

/// Columns of some visited households, so that the arithmetic vectorises. They end in whole
/// vectors: what stands behind the last household is worked at and never read.
struct Batch {
  template <class T>
  using Column = std::array<T, batch_rows>;

  Column<sim::EntityKey> key;
  Column<std::uint32_t> rt;
  Column<float> mu, dy, savings, c0;           ///< HouseholdRecord
  Column<float> of_river, of_land, per_need;   ///< RtTerms
  Column<float> factor, sd, gain;              ///< VisitGap
  Column<std::uint32_t> wait, u, z_engaged, z_income;  ///< words of the block
  Column<float> normal_income, normal_engaged;
  Column<std::uint32_t> flags;
  Column<std::uint32_t> joins;   ///< change of the engaged count: 1, 0 or -1
  Column<std::uint32_t> builds;  ///< deficits it can pay for and may end
};

static_assert(offsetof(HouseholdRecord, mu) == 12 && offsetof(HouseholdRecord, dy) == 16 &&
                  offsetof(HouseholdRecord, savings) == 20 && offsetof(HouseholdRecord, c0) == 24,
              "read_four knows where they lie");
static_assert(offsetof(RtTerms, per_need) == 8 && offsetof(VisitGap, gain) == 8,
              "read_four knows where they lie");

/// Where visits read.
struct Sources {
  const HouseholdRecord* record;
  const std::uint32_t* flags;
  const RtTerms* of_rt;
  const VisitGap* gap_since;
};

/// Puts four households at i, i + 1... of the batch: their records are turned into columns in
/// registers.
MUSI_BODY void read_four(const Sources from, const std::array<std::uint32_t, 4>& row,
                         std::size_t i, Batch& b) {
  std::array<sim::Four, 4> low, high, rt, gap;
  for (std::size_t k = 0; k < 4; ++k) {
    const HouseholdRecord& r = from.record[row[k]];
    b.key[i + k] = r.key;
    b.flags[i + k] = from.flags[row[k]];
    low[k] = sim::four_at(&r.key);
    high[k] = sim::four_at(&r.dy);
    rt[k] = sim::four_at(&from.of_rt[r.rt]);
    gap[k] = sim::four_at(&from.gap_since[r.last_visit]);
  }
  const auto put = [i](const sim::Four& column, std::array<float, batch_rows>& to) {
    sim::put_four(column, to.data() + i);
  };
  const auto [key, more_key, of_rt, mu] = sim::columns_of(low);
  std::memcpy(b.rt.data() + i, &of_rt, sizeof of_rt);
  put(mu, b.mu);
  const auto [dy, savings, c0, months] = sim::columns_of(high);
  put(dy, b.dy);
  put(savings, b.savings);
  put(c0, b.c0);
  const auto [of_river, of_land, per_need, none] = sim::columns_of(rt);
  put(of_river, b.of_river);
  put(of_land, b.of_land);
  put(per_need, b.per_need);
  const auto [factor, sd, gain, nothing] = sim::columns_of(gap);
  put(factor, b.factor);
  put(sd, b.sd);
  put(gain, b.gain);
}

struct Kernel {
  float savings_rate, over_median, cost, helped, passing_sd, fixed_share;
  std::array<float, 3> least;  ///< savings from which SelfBuild::What is tried
  std::uint32_t tries_of_256;  ///< SelfBuild::tries_of_256
};

/// Standard normals of a batch. Words in the tails, one in 300, take another polynomial: they are
/// done apart, so that the loop over the others is short. `n` as in visit_body.
MUSI_BODY void normals(const std::array<std::uint32_t, batch_rows>& words, std::size_t n,
                       std::array<float, batch_rows>& z) {
  for (std::size_t i = 0; i < n; ++i) {
    z[i] = portable::central_normal_quantile(sim::uniform24(words[i]));
  }
  for (std::size_t i = 0; i < n; ++i) {
    const float u = sim::uniform24(words[i]);
    if (u < portable::normal_tail || u > 1.0f - portable::normal_tail) {
      z[i] = portable::normal_quantile(u);
    }
  }
}

/// Income, savings and engagement of one batch. Free of branches; the kernel's numbers come by
/// value, because a reference might alias the columns and keep the loop from being vectorised.
template <Visits::Rule rule>
MUSI_BODY void visit_body(const Kernel k, std::size_t n_visits, Batch& b) {
  const std::size_t n = sim::in_whole_vectors(n_visits);
  normals(b.z_income, n, b.normal_income);
  if (rule != Visits::Rule::fixed && k.passing_sd > 0.0f) {
    normals(b.z_engaged, n, b.normal_engaged);
  } else {
    b.normal_engaged.fill(0.0f);
  }
  constexpr std::uint32_t none = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const float dy = b.factor[i] * b.dy[i] + b.sd[i] * b.normal_income[i];
    const float lasting = portable::exp(b.mu[i]);
    const float sum = b.savings[i] + k.savings_rate * lasting * b.gain[i];
    const float savings = sum < most_savings ? sum : most_savings;
    const std::uint32_t was = b.flags[i];
    std::uint32_t engaged = none;
    if constexpr (rule == Visits::Rule::fixed) {
      engaged = sim::uniform24(b.u[i]) < k.fixed_share ? flag::engaged : none;
    } else {
      const float poverty = 1.0f - lasting * portable::exp(dy) * k.over_median;
      const float of_river = b.of_river[i], of_land = b.of_land[i];
      const float common = (was & flag::land_group) != 0 ? of_land : of_river;
      const float index = b.c0[i] + common + b.per_need[i] * own_needs(was) +
                          ((was & flag::helped) != 0 ? k.helped : 0.0f);
      const float x = index - k.cost * (poverty > 0.0f ? poverty : 0.0f) +
                      k.passing_sd * b.normal_engaged[i];
      if constexpr (rule == Visits::Rule::threshold) {
        engaged = x > 0.0f ? flag::engaged : none;
      } else {
        engaged = sim::uniform24(b.u[i]) * (1.0f + portable::exp(-x)) < 1.0f ? flag::engaged : none;
      }
    }
    const std::uint32_t payable =
        (savings >= k.least[SelfBuild::house] ? SelfBuild::lacks[SelfBuild::house] : none) |
        (savings >= k.least[SelfBuild::water] ? SelfBuild::lacks[SelfBuild::water] : none) |
        (savings >= k.least[SelfBuild::sanitation] ? SelfBuild::lacks[SelfBuild::sanitation]
                                                   : none);
    constexpr std::uint32_t byte = 0xFF;
    const std::uint32_t tried =
        ((b.wait[i] & byte) < k.tries_of_256 ? SelfBuild::lacks[SelfBuild::house] : none) |
        ((b.u[i] & byte) < k.tries_of_256 ? SelfBuild::lacks[SelfBuild::water] : none) |
        ((b.z_income[i] & byte) < k.tries_of_256 ? SelfBuild::lacks[SelfBuild::sanitation] : none);
    b.dy[i] = dy;
    b.savings[i] = savings;
    b.joins[i] = (engaged >> engaged_bit) - ((was >> engaged_bit) & 1u);  // -1 wraps
    b.flags[i] = (was & ~flag::engaged) | engaged;
    b.builds[i] = was & payable & tried;
  }
}

/// Calls use(i) for the first n numbers that are not 0, in order.
template <class Use>
void for_each_nonzero(const std::array<std::uint32_t, batch_rows>& numbers, std::size_t n,
                      Use&& use) {
  constexpr std::size_t together = 64;
  for (std::size_t first = 0; first < n; first += together) {
    std::uint64_t bits = sim::nonzero_bits(numbers.data() + first);
    if (n - first < together) bits &= (std::uint64_t{1} << (n - first)) - 1;
    for (; bits != 0; bits &= bits - 1) {
      use(first + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
}

/// for_each_due of visits, with the first records of each tile asked for in time.
template <class Visit>
void for_each_visited(const Households& h, std::size_t begin, std::size_t end, int now,
                      Visit&& visit) {
  const auto coming = [&](std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows.first(std::min(rows_ahead, rows.size()))) {
      sim::ask_for(&h.record[row]);
    }
  };
  for_each_due(h.next_revision, begin, end, static_cast<std::uint16_t>(now), coming, visit);
}

}  // namespace

GeometricWait::GeometricWait(double p) : p_(p) {
  MUSI_EXPECT(p > 0.0 && p <= 1.0);
  for (std::uint32_t i = 0; i < table_.size(); ++i) {
    const int low = exact(i << 20);
    const int high = exact((i << 20) | 0xFFFFFu);
    table_[i] = low == high && low <= 0xFF ? static_cast<std::uint8_t>(low) : std::uint8_t{0};
  }
}

int GeometricWait::exact(std::uint32_t word) const {
  return sim::geometric_wait(static_cast<double>(sim::uniform24(word)), p_, never - 1);
}

Visits::Params Visits::params_of(const World& world) {
  const Future& f = world.future;
  const Scenario::Participation& plan = world.scenario->participation;
  Params p{.revision = f[Param::part_revision_rate],
           .benefit = f[Param::part_benefit_weight],
           .cost = f[Param::part_cost_weight],
           .helped = f[Param::logit_received_help],
           .passing_sd = f[Param::part_household_sd] *
                         std::sqrt(1.0 - f[Param::part_systematic_household]),
           .savings_rate = f[Param::savings_rate],
           .income_median = f[Param::income_median],
           .income = IncomeProcess::of(f),
           .n_months = world.scenario->clock.n_months()};
  if (f.theory() == ParticipationTheory::threshold) p.rule = Rule::threshold;
  if (plan.fixed) {
    p.rule = Rule::fixed;
    p.fixed_share = 0.01 * f.value(plan.fixed_engaged_pct);
  }
  return p;
}

Visits::Visits(const World& world) : Visits(world, params_of(world)) {}

Visits::Visits(const World& world, const Params& params)
    : params_(params),
      tables_(params.income, params.n_months),
      wait_(params.revision),
      self_build_(world) {}

void Visits::step(World& world, const sim::Step& step) {
  const MonthTerms terms = terms_of(world, step);
  const sim::Chance chance = step.chance(Draw::revision);
  const std::vector<std::size_t> blocks = row_blocks(world.households.record);
  std::vector<std::vector<SelfBuild::Investment>> investments(blocks.size() - 1);
  sim::for_each_index(investments.size(), [&](std::size_t b) {
    const auto visit = [&](std::span<const std::uint32_t> rows) {
      std::array<SelfBuild::Candidate, tile_of_due_rows> candidates;
      const std::size_t n = visit_rows(world, step, 0, terms, chance, rows, candidates.data());
      self_build_.decide(world, step, std::span(candidates).first(n), investments[b]);
    };
    for_each_visited(world.households, blocks[b], blocks[b + 1], step.month, visit);
  });
  for (const auto& of_block : investments) self_build_.carry_out(world, step, of_block);
}

void Visits::spin_up_step(World& world, const sim::Step& step) const {
  const MonthTerms terms = terms_of(world, step);
  const sim::Chance chance = step.chance(Draw::revision);
  const std::vector<std::size_t> blocks = row_blocks(world.households.record);
  sim::for_each_index(blocks.size() - 1, [&](std::size_t b) {
    const auto visit = [&](std::span<const std::uint32_t> rows) {
      std::array<SelfBuild::Candidate, tile_of_due_rows> nobody;
      visit_rows(world, step, visit_offset, terms, chance, rows, nobody.data());
    };
    for_each_visited(world.households, blocks[b], blocks[b + 1], step.month + visit_offset, visit);
  });
}

Visits::MonthTerms Visits::terms_of(const World& world, const sim::Step& step) const {
  MonthTerms terms{rt_terms(world, params_.benefit), {}};
  tables_.fill(step.month, terms.gaps);
  return terms;
}

int Visits::first_wait(const World& world, sim::EntityKey key, sim::Month month) {
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::revision), month);
  return sim::geometric_wait(static_cast<double>(chance.uniform(key)),
                             world.future[Param::part_revision_rate], never - 1);
}

sim::GeometricLaw Visits::law_of_waits(const Future& future) {
  return sim::GeometricLaw(future[Param::part_revision_rate], never - 1);
}

std::size_t Visits::visit_rows(World& world, const sim::Step& step, int shift,
                               const MonthTerms& terms, const sim::Chance& chance,
                               std::span<const std::uint32_t> rows,
                               SelfBuild::Candidate* candidates) const {
  switch (params_.rule) {
    case Rule::threshold:
      return visit_rows<Rule::threshold>(world, step, shift, terms, chance, rows, candidates);
    case Rule::fixed:
      return visit_rows<Rule::fixed>(world, step, shift, terms, chance, rows, candidates);
    case Rule::logit: break;
  }
  return visit_rows<Rule::logit>(world, step, shift, terms, chance, rows, candidates);
}

template <Visits::Rule rule>
std::size_t Visits::visit_rows(World& world, const sim::Step& step, int shift,
                               const MonthTerms& terms, const sim::Chance& chance,
                               std::span<const std::uint32_t> rows,
                               SelfBuild::Candidate* candidates) const {
  Households& h = world.households;
  const int now = step.month + shift;
  MUSI_EXPECT(now >= 0 && now < never - 1);
  const int visit_mark = step.month + visit_offset;
  SelfBuild::Candidate* candidate = candidates;
  const Kernel kernel{.savings_rate = static_cast<float>(params_.savings_rate),
                      .over_median = static_cast<float>(1.0 / params_.income_median),
                      .cost = static_cast<float>(params_.cost),
                      .helped = static_cast<float>(params_.helped),
                      .passing_sd = static_cast<float>(params_.passing_sd),
                      .fixed_share = static_cast<float>(params_.fixed_share),
                      .least = self_build_.least_savings(),
                      .tries_of_256 = self_build_.tries_of_256()};
  const std::array<std::uint32_t*, n_groups> n_engaged{world.rts.n_engaged[0].data(),
                                                       world.rts.n_engaged[1].data()};
  // Plain pointers: the columns do not move, and stores to one do not touch the others' vectors.
  HouseholdRecord* const record = h.record.data();
  std::uint32_t* const flags_of = h.flags.data();
  std::uint16_t* const next_revision = h.next_revision.data();
  const Sources from{record, flags_of, terms.of_rt.data(), terms.gaps.data()};
  Batch b;
  for (std::size_t first = 0; first < rows.size(); first += batch_rows) {
    const std::size_t n = std::min(batch_rows, rows.size() - first);
    const std::uint32_t* const row_of = rows.data() + first;
    const std::size_t left = rows.size() - first;
    const auto four_rows = [&](std::size_t i) {
      return std::array{row_of[i], row_of[i + 1], row_of[i + 2], row_of[i + 3]};
    };
    std::size_t i = 0;
    for (; i + 4 <= n && i + 4 + rows_ahead <= left; i += 4) {
      for (const std::uint32_t row : four_rows(i + rows_ahead)) sim::ask_for(&record[row]);
      read_four(from, four_rows(i), i, b);
    }
    const std::size_t whole = sim::in_whole_vectors(n);
    for (; i < whole; i += 4) {
      const auto or_last = [&](std::size_t k) { return row_of[std::min(k, n - 1)]; };
      read_four(from, {or_last(i), or_last(i + 1), or_last(i + 2), or_last(i + 3)}, i, b);
    }
    chance.blocks(std::span(b.key).first(whole), b.wait, b.u, b.z_engaged, b.z_income);
    sim::at_best_level([&]() MUSI_LOOP { visit_body<rule>(kernel, n, b); });
    for (i = 0; i < n; ++i) {
      const std::size_t row = row_of[i];
      HouseholdRecord& r = record[row];
      flags_of[row] = b.flags[i];
      n_engaged[(b.flags[i] >> land_bit) & 1u][b.rt[i]] += b.joins[i];
      r.dy = b.dy[i];
      r.savings = b.savings[i];
      r.last_visit = static_cast<std::uint16_t>(visit_mark);
      next_revision[row] = static_cast<std::uint16_t>(std::min(now + wait_(b.wait[i]), never - 1));
    }
    for_each_nonzero(b.builds, n, [&](std::size_t at) {
      *candidate++ = {row_of[at], b.builds[at]};
    });
  }
  return static_cast<std::size_t>(candidate - candidates);
}

}  // namespace musi::models
