#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/io/problems.h"

namespace musi::sim::io {

/// Bytes of a whole file; `-` is standard input. IoError `cannot_open` if it is missing, a
/// directory or unreadable, with the nearest existing name. A file above `most_bytes` is reported
/// as `too_large`, with `way_out` as its hint, before it is read.
std::optional<std::string> read_file(const std::string& file, std::size_t most_bytes,
                                     Problems& problems, Text way_out = {});

/// The same without limit.
std::string read_file(const std::string& file);

/// Path of the existing file in the same folder whose name is nearest to that of `file`.
std::optional<std::string> nearest_file(const std::string& file);

/// Makes bytes of a user's file usable text: byte-order mark off, CRLF and CR to LF. False after
/// `not_text` (NUL or other control characters, with what the file seems to be) or `not_utf8`
/// (UTF-16, invalid bytes: line and byte offset) was reported.
bool clean_text(std::string& bytes, const std::string& file, Problems& problems);

enum class Existing { refuse, replace };

/// A file that appears under its name only when complete. Write to `temporary()` by any means, then
/// `commit()`: flushes to the disk and renames. Without commit the temporary is removed.
/// IoError `exists`, `cannot_write` or `disk_full`; the first two are found by the constructor,
/// that is before any work is done. A target that is a device or pipe is written directly; a link
/// is followed, and a replaced file keeps its permissions.
class AtomicFile {
 public:
  AtomicFile(std::string target, Existing existing);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::string& target() const { return target_; }
  /// Name beside the target; exists and is empty.
  const std::string& temporary() const { return temporary_; }
  void commit();

 private:
  std::string target_;
  std::string real_;  ///< the target with links followed
  std::string temporary_;
  Existing existing_;
  bool direct_ = false;  ///< device or pipe: no temporary
  bool done_ = false;
};

/// Writes a whole file through AtomicFile. Makes missing parent directories if `make_parents`.
void write_file(const std::string& target, std::string_view bytes,
                Existing existing = Existing::replace, bool make_parents = false);

}  // namespace musi::sim::io
