#pragma once

#include <stdexcept>
#include <string>

namespace musi::sim {

/// A caller broke a condition: our fault, never reachable by input. Exit code 1.
class ContractError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void contract_failed(const char* kind, const char* condition, const char* file,
                                  int line);

}  // namespace musi::sim

/// Precondition, checked in every build.
#define MUSI_EXPECT(condition)                                                      \
  ((condition) ? static_cast<void>(0)                                               \
               : ::musi::sim::contract_failed("expected", #condition, __FILE__, __LINE__))
/// Postcondition or invariant, checked in every build.
#define MUSI_ENSURE(condition)                                                      \
  ((condition) ? static_cast<void>(0)                                               \
               : ::musi::sim::contract_failed("ensured", #condition, __FILE__, __LINE__))
/// Per-household condition, checked in debug builds only.
#ifdef NDEBUG
#define MUSI_HOT_EXPECT(condition) static_cast<void>(0)
#else
#define MUSI_HOT_EXPECT(condition) MUSI_EXPECT(condition)
#endif
