#pragma once

#include <string>

namespace musi::analysis {

/// Guards an output against a second run into it: `<output>.lock`, held until this object goes. The
/// system lets go of it when a process dies, however it dies, so locks of the dead hold nobody up.
/// IoError `locked` with the process id and start time of the holder; `cannot_write`.
class RunLock {
 public:
  explicit RunLock(const std::string& output);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace musi::analysis
