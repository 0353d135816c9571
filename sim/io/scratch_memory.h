#pragma once

#include <memory>
#include <string>

#include "sim/core/record_store.h"

namespace musi::sim::io {

/// Bytes in a file without a name beside `path`, which is gone with the process however it ends.
/// Its space is taken at once: IoError `disk_full` or `cannot_write` now, never later.
std::unique_ptr<RecordMemory> make_scratch_memory(const std::string& path, std::size_t bytes);

}  // namespace musi::sim::io
