#include "sim/core/large_pages.h"

#include <sys/mman.h>

#include <cstdlib>
#include <limits>

namespace musi::sim {
namespace {

constexpr std::size_t line_of_cache = 64;
constexpr std::size_t large_page = std::size_t{2} << 20;

}  // namespace

void* memory_of_column(std::size_t bytes) {
  const bool is_long = bytes >= bytes_of_long_column;
  const std::size_t unit = is_long ? large_page : line_of_cache;
  if (bytes > std::numeric_limits<std::size_t>::max() - unit) throw std::bad_alloc();
  const std::size_t whole = (bytes + unit - 1) / unit * unit;
  void* const memory = std::aligned_alloc(unit, whole);
  if (memory == nullptr) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
  if (is_long) madvise(memory, whole, MADV_HUGEPAGE);  // where it is refused nothing is lost
#endif
  return memory;
}

void free_column(void* memory) { std::free(memory); }

}  // namespace musi::sim
