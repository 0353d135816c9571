#include <algorithm>

#include "models/draws.h"
#include "models/livelihoods/aid_purse.h"
#include "models/livelihoods/candidates.h"
#include "models/livelihoods/livelihoods.h"

/// Loans of banks and of the boards' revolving funds. MODEL.md 16.2.
namespace musi::models {

void Livelihoods::grant(World& world, std::size_t row, double amount, std::uint32_t fund,
                        const sim::Step& step) const {
  Households& h = world.households;
  Loan loan{.who = {.key = h.record[row].key,
                    .rt = h.record[row].rt,
                    .row = static_cast<std::uint32_t>(row)},
            .part = static_cast<float>(amount / loan_months),
            .granted = static_cast<std::uint16_t>(step.month),
            .fund = fund};
  const sim::Block words = step.chance(Draw::loan_default).block(h.record[row].key);
  if (sim::fine_uniform_of(words[0], words[1]) < params_.default_share) {
    const double u = static_cast<double>(sim::uniform24(words[2]));
    loan.defaults = static_cast<std::uint16_t>(step.month + 1 + static_cast<int>(u * loan_months));
  }
  h.record[row].savings += static_cast<float>(amount);
  h.flags[row] |= flag::has_loan;
  world.support.loans.push_back(loan);
  ++world.state.counts.loans;
}

void Livelihoods::lend(World& world, std::size_t p, const sim::Step& step) const {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  const double amount = city_cost(world, Param::loan_amount, step);
  AidPurse purse(world, p, Aid::loan, step);
  if (purse.affordable(amount) == 0) return;
  const bool is_board = programme.channel == Channel::community;
  const auto sites = sites_helped(world, p, step);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    // Equal parts, so that one site does not take all; a part below a loan still gives one.
    const std::size_t part = purse.affordable(amount, sites.size() - i);
    const std::size_t most = std::max(part, std::min<std::size_t>(1, purse.affordable(amount)));
    const auto rows = borrowers(world, sites[i], programme, most, step);
    if (!purse.buy(rows.size(), amount)) return;
    for (const std::uint32_t row : rows) {
      grant(world, row, amount, is_board ? sites[i] : no_fund, step);
    }
  }
}

/// Boards meet once a quarter: what borrowers have paid back is lent to others of the site.
void Livelihoods::lend_again(World& world, const sim::Step& step) const {
  const Scenario& s = *world.scenario;
  const double amount = city_cost(world, Param::loan_amount, step);
  const Rupiah price = rupiah_of_million(amount);
  const auto board =
      std::find_if(s.programmes.begin(), s.programmes.end(), [](const ProgrammeSpec& p) {
        return p.channel == Channel::community && offers(p, Aid::loan);
      });
  if (board == s.programmes.end()) return;
  for (std::size_t site = 0; site < world.support.fund.size(); ++site) {
    Rupiah& fund = world.support.fund[site];
    if (fund < price) continue;
    const auto most = static_cast<std::size_t>(fund / price);
    for (const std::uint32_t row : borrowers(world, site, *board, most, step)) {
      fund -= price;
      grant(world, row, amount, static_cast<std::uint32_t>(site), step);
    }
  }
}

/// Borrowers pay a thirty-sixth a month out of what they have; who has less pays the rest out of
/// daily spending, which is not followed.
void Livelihoods::collect(World& world, const sim::Step& step) const {
  const std::vector<Loan>& loans = world.support.loans;
  constexpr std::size_t ahead = 16;  // borrowers live anywhere: asks for their records in time
  std::size_t next = ahead;
  std::erase_if(world.support.loans, [&](Loan& loan) {
    if (next < loans.size()) {
      __builtin_prefetch(world.households.record.data() + loans[next++].who.row);
    }
    const std::size_t row = find_row(world, loan.who);
    if (row == world.households.size_rows()) return true;  // left the slums
    const auto close = [&] {
      world.households.flags[row] &= ~flag::has_loan;
      return true;
    };
    if (step.month >= loan.defaults) {
      world.rts.credit_closed_until[loan.who.rt] =
          static_cast<std::uint16_t>(step.month + closed_months);
      ++world.state.counts.loan_defaults;
      return close();
    }
    if (step.month <= loan.granted) return false;
    savings_.take(world, row, double{loan.part}, step.month);
    if (loan.fund != no_fund) {
      world.support.fund[loan.fund] += rupiah_of_million(double{loan.part});
    }
    return step.month >= loan.granted + loan_months ? close() : false;
  });
}

}  // namespace musi::models
