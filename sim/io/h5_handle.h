#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

/// Owning handles over the HDF5 C API, for the files that include hdf5.h.
namespace musi::sim::io {

/// Closes an identifier of HDF5 when it goes out of scope.
class H5Handle {
 public:
  using Id = std::int64_t;  ///< hid_t
  using Closer = int (*)(Id);
  H5Handle() = default;
  H5Handle(Id id, Closer close) : id_(id), close_(close) {}
  H5Handle(H5Handle&& other) noexcept : id_(other.release()), close_(other.close_) {}
  H5Handle& operator=(H5Handle&& other) noexcept {
    if (this != &other) {
      reset();
      close_ = other.close_;
      id_ = other.release();
    }
    return *this;
  }
  ~H5Handle() { reset(); }

  Id id() const { return id_; }
  bool is_open() const { return id_ >= 0; }
  /// Closes now; negative if that failed.
  int reset() {
    const Id id = release();
    return id >= 0 ? close_(id) : 0;
  }

 private:
  Id release() {
    const Id id = id_;
    id_ = -1;
    return id;
  }
  Id id_ = -1;
  Closer close_ = nullptr;
};

/// Turns off the printing of HDF5's error stack in this thread.
void quieten_h5();

/// Deepest message of the error stack and the `errno` it names (0 if none).
struct H5Fault {
  std::string message;
  int error_number = 0;
};
H5Fault last_h5_fault();

/// Access to a file with a cache of fixed size for what describes its datasets, so that memory does
/// not grow with the chunks that are written or read.
H5Handle h5_file_access();

/// Type of a text: null-terminated UTF-8 of variable length, or of `size` bytes (the default is
/// HDF5's word for variable).
H5Handle h5_text_type(std::size_t size = std::numeric_limits<std::size_t>::max());

}  // namespace musi::sim::io
