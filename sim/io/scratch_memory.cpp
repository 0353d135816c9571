#include "sim/io/scratch_memory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/core/error.h"

namespace musi::sim::io {
namespace {

class ScratchMemory final : public RecordMemory {
 public:
  ScratchMemory(const std::string& path, std::size_t bytes)
      : size_(std::max<std::size_t>(bytes, 1)) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) fail(path, errno);
    ::unlink(path.c_str());
    // Without its blocks, a full disk would show as a signal when a page is touched.
    const int error = ::posix_fallocate(file, 0, static_cast<off_t>(size_));
    if (error == 0) {
      data_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    const int mapping_error = errno;
    ::close(file);
    if (error != 0) fail(path, error);
    if (data_ == MAP_FAILED) fail(path, mapping_error);
  }
  ~ScratchMemory() override { ::munmap(data_, size_); }
  ScratchMemory(const ScratchMemory&) = delete;
  ScratchMemory& operator=(const ScratchMemory&) = delete;

  std::byte* data() override { return static_cast<std::byte*>(data_); }
  /// Pages of a shared mapping go back to the file.
  void forget() override { ::madvise(data_, size_, MADV_DONTNEED); }

 private:
  [[noreturn]] void fail(const std::string& path, int error) const {
    const bool is_full = error == ENOSPC || error == EFBIG || error == EDQUOT;
    throw IoError(is_full ? "disk_full" : "cannot_write",
                  fmt::format("cannot keep {} MiB of runs in '{}': {}", size_ >> 20u, path,
                              std::strerror(error)));
  }

  std::size_t size_;
  void* data_ = MAP_FAILED;
};

}  // namespace

std::unique_ptr<RecordMemory> make_scratch_memory(const std::string& path, std::size_t bytes) {
  return std::make_unique<ScratchMemory>(path, bytes);
}

}  // namespace musi::sim::io
