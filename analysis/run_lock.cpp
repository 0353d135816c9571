#include "analysis/run_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "sim/core/error.h"

namespace musi::analysis {
namespace {

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return text.data();
}

std::string first_line(int descriptor) {
  std::array<char, 128> text{};
  const ssize_t n = ::pread(descriptor, text.data(), text.size() - 1, 0);
  const std::string all(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  return all.substr(0, all.find('\n'));
}

}  // namespace

RunLock::RunLock(const std::string& output) : path_(output + ".lock") {
  while (true) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
      throw sim::IoError("cannot_write",
                         fmt::format("cannot write '{}': {}", path_, std::strerror(errno)));
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const std::string holder = first_line(descriptor_);
      ::close(descriptor_);
      throw sim::IoError("locked", fmt::format("another run writes to '{}' ({}); wait for it or "
                                               "choose another output with -o",
                                               output, holder.empty() ? "starting" : holder));
    }
    // The former holder may have removed the file between opening and locking it.
    struct stat mine {
    }, there{};
    if (::fstat(descriptor_, &mine) == 0 && ::stat(path_.c_str(), &there) == 0 &&
        mine.st_ino == there.st_ino && mine.st_dev == there.st_dev) {
      break;
    }
    ::close(descriptor_);
  }
  const std::string text = fmt::format("process {}, started {}\n", ::getpid(), local_time());
  // What is written here only words a message; the lock itself holds without it.
  if (::ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t n = ::pwrite(descriptor_, text.data(), text.size(), 0);
  }
}

RunLock::~RunLock() {
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace musi::analysis
