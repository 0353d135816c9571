#include "models/population/plain_visits.h"

#include <algorithm>

#include "models/draws.h"
#include "sim/core/check.h"
#include "sim/core/portable_math.h"

namespace musi::models {

PlainVisits::PlainVisits(const World& world, const Visits::Params& params)
    : params_(params), visits_(world, params) {}

void PlainVisits::step(World& world, const sim::Step& step) {
  std::vector<SelfBuild::Candidate> candidates;
  month(world, step, 0, candidates);
  std::vector<SelfBuild::Investment> investments;
  visits_.self_build().decide(world, step, candidates, investments);
  visits_.self_build().carry_out(world, step, investments);
}

void PlainVisits::spin_up_step(World& world, const sim::Step& step) const {
  std::vector<SelfBuild::Candidate> nobody;
  month(world, step, visit_offset, nobody);
}

void PlainVisits::month(World& world, const sim::Step& step, int shift,
                        std::vector<SelfBuild::Candidate>& candidates) const {
  Households& h = world.households;
  MUSI_EXPECT(h.keeps_dy_now);
  const sim::Chance chance = step.chance(Draw::plain_month);
  const int now = step.month + visit_offset;
  const double phi = params_.income.phi;
  const double sigma = params_.income.sd_after(1);
  // Income of the month that has passed.
  const double saved = params_.savings_rate * params_.income.level(step.month - 1);
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) == 0) continue;
    const sim::Block words = chance.block(h.record[row].key);
    if (h.record[row].last_visit < now) {  // not in the first month of the spin-up
      MUSI_EXPECT(h.record[row].last_visit + 1 == now);
      const double z = double{sim::portable::normal_quantile(sim::uniform24(words[1]))};
      h.dy_now[row] = static_cast<float>(phi * double{h.dy_now[row]} + sigma * z);
      const double sum =
          double{h.record[row].savings} + saved * sim::portable::exp(double{h.record[row].mu});
      h.record[row].savings = static_cast<float>(std::min(double{Visits::most_savings}, sum));
      h.record[row].last_visit = static_cast<std::uint16_t>(now);
    }
    if (double{sim::uniform24(words[0])} >= params_.revision) continue;
    h.record[row].dy = h.dy_now[row];
    rows.push_back(static_cast<std::uint32_t>(row));
  }
  // No month has passed since the step above, so that the visit leaves income and savings alone.
  candidates.resize(rows.size());
  candidates.resize(visits_.visit_rows(world, step, shift, visits_.terms_of(world, step),
                                      step.chance(Draw::plain_revision), rows, candidates.data()));
}

}  // namespace musi::models
