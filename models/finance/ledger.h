#pragma once

#include "models/money.h"

/// The only functions that move money. Each keeps, for its source and year,
///     voted + carried_in = paid + returned + carried + committed + uncommitted
/// exactly. Amounts are at least 0; taking more than there is, is a ContractError.
namespace musi::models::ledger {

/// Empty books of a source over `n_years`.
void open(SourceState& source, std::size_t n_years);

/// New money of a year, free at first.
void vote(SourceState& source, std::size_t year, Rupiah amount);
/// Binds free money to a package.
void commit(SourceState& source, std::size_t year, Rupiah amount);
/// Frees bound money.
void release(SourceState& source, std::size_t year, Rupiah amount);
/// Pays bound money out.
void pay(SourceState& source, std::size_t year, Rupiah amount);
/// Gives bound money back to the treasury.
void give_back(SourceState& source, std::size_t year, Rupiah amount);
/// Takes bound money into the next year, where it stays bound. After the last year of the books
/// it is only carried.
void carry(SourceState& source, std::size_t year, Rupiah amount);
/// Gives all free money back: the end of the year.
void return_free(SourceState& source, std::size_t year);

/// True if the identity holds in this year and nothing is negative.
bool is_closed(const SourceState& source, std::size_t year);

}  // namespace musi::models::ledger
