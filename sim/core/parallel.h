#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace musi::sim {

/// What went wrong at one index of a parallel loop.
struct Failure {
  std::size_t index = 0;
  std::string message;  ///< begins with the place: "index 7: ..."
};

/// Some indices of a parallel loop failed; names the count and the first few. Exit code 1.
class ParallelError : public std::runtime_error {
 public:
  /// `failures` by ascending index, not empty.
  ParallelError(const std::string& what_failed, std::size_t n_indices,
                std::vector<Failure> failures);
  const std::vector<Failure>& failures() const { return failures_; }

 private:
  std::vector<Failure> failures_;
};

namespace detail {
void run_indices(std::size_t n, void* context, void (*call)(void*, std::size_t));
}

/// Calls `function(i)` for all i below n, on all cores of the current arena; returns when all are
/// done. An index must write nothing that another one reads or writes. Every index is tried even if
/// others fail; then one ParallelError is thrown, the same for any number of threads. A plain loop
/// when MUSI_NO_TBB is defined.
template <class Function>
void for_each_index(std::size_t n, Function&& function) {
  using Plain = std::remove_reference_t<Function>;
  detail::run_indices(n, const_cast<void*>(static_cast<const void*>(std::addressof(function))),
                      [](void* context, std::size_t i) { (*static_cast<Plain*>(context))(i); });
}

/// Terms of one block of `ordered_sum`.
inline constexpr std::size_t sum_block = 1024;

/// Sum of value(0) ... value(n-1) in fixed blocks and fixed order: the same bits on any machine and
/// for any way of computing the blocks.
template <class Value>
double ordered_sum(std::size_t n, Value&& value) {
  double total = 0.0;
  for (std::size_t begin = 0; begin < n; begin += sum_block) {
    const std::size_t end = std::min(begin + sum_block, n);
    double block = 0.0;
    for (std::size_t i = begin; i < end; ++i) block += static_cast<double>(value(i));
    total += block;
  }
  return total;
}

}  // namespace musi::sim
