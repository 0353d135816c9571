#pragma once

#include <cstddef>
#include <memory>

namespace musi::sim {

/// Numbers that are all written before one is read: no zeros are laid out first.
template <class T>
class UnsetArray {
 public:
  explicit UnsetArray(std::size_t n) : data_(std::make_unique_for_overwrite<T[]>(n)), n_(n) {}

  std::size_t size() const { return n_; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T* begin() { return data(); }
  T* end() { return data() + n_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + n_; }

 private:
  std::unique_ptr<T[]> data_;
  std::size_t n_;
};

}  // namespace musi::sim
