#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace musi::sim {

/// Columns from so many bytes on ask for large pages, which are four times as large.
inline constexpr std::size_t bytes_of_long_column = std::size_t{512} << 10;

/// Memory for `bytes`, given back with free_column. Long columns come in whole large pages, where
/// the system has any: rows in random order then need few of the addresses that a processor
/// remembers. Throws std::bad_alloc.
void* memory_of_column(std::size_t bytes);
void free_column(void* memory);

/// Allocator of columns that are read in random order.
template <class T>
struct ColumnAllocator {
  using value_type = T;

  ColumnAllocator() = default;
  template <class U>
  ColumnAllocator(const ColumnAllocator<U>&) {}

  T* allocate(std::size_t n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(memory_of_column(n * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t) { free_column(memory); }

  bool operator==(const ColumnAllocator&) const = default;
};

template <class T>
using Column = std::vector<T, ColumnAllocator<T>>;

}  // namespace musi::sim
