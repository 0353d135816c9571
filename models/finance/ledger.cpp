#include "models/finance/ledger.h"

#include "sim/core/check.h"

namespace musi::models::ledger {
namespace {

/// Moves an amount from one column to another.
void move(std::vector<Rupiah>& from, std::vector<Rupiah>& to, std::size_t year, Rupiah amount) {
  MUSI_EXPECT(amount >= 0);
  MUSI_EXPECT(from[year] >= amount);
  from[year] -= amount;
  to[year] += amount;
}

}  // namespace

void open(SourceState& source, std::size_t n_years) {
  for (auto* column : {&source.planned, &source.voted, &source.carried_in, &source.paid,
                       &source.returned, &source.carried, &source.committed,
                       &source.uncommitted}) {
    column->assign(n_years, 0);
  }
  source.effective_month.assign(n_years, 0.0);
}

void vote(SourceState& source, std::size_t year, Rupiah amount) {
  MUSI_EXPECT(amount >= 0);
  source.voted[year] += amount;
  source.uncommitted[year] += amount;
}

void commit(SourceState& source, std::size_t year, Rupiah amount) {
  move(source.uncommitted, source.committed, year, amount);
}

void release(SourceState& source, std::size_t year, Rupiah amount) {
  move(source.committed, source.uncommitted, year, amount);
}

void pay(SourceState& source, std::size_t year, Rupiah amount) {
  move(source.committed, source.paid, year, amount);
}

void give_back(SourceState& source, std::size_t year, Rupiah amount) {
  move(source.committed, source.returned, year, amount);
}

void carry(SourceState& source, std::size_t year, Rupiah amount) {
  move(source.committed, source.carried, year, amount);
  if (year + 1 < source.carried_in.size()) {
    source.carried_in[year + 1] += amount;
    source.committed[year + 1] += amount;
  }
}

void return_free(SourceState& source, std::size_t year) {
  move(source.uncommitted, source.returned, year, source.uncommitted[year]);
}

bool is_closed(const SourceState& source, std::size_t year) {
  const Rupiah in = source.voted[year] + source.carried_in[year];
  const Rupiah out = source.paid[year] + source.returned[year] + source.carried[year] +
                     source.committed[year] + source.uncommitted[year];
  return in == out && source.voted[year] >= 0 && source.paid[year] >= 0 &&
         source.returned[year] >= 0 && source.carried[year] >= 0 &&
         source.committed[year] >= 0 && source.uncommitted[year] >= 0;
}

}  // namespace musi::models::ledger
