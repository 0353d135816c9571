#pragma once

#include <span>

#include "analysis/embedded_files.h"

namespace musi::analysis {

/// The built page and its texts as they were when the program was built: `web/dist/page.html`,
/// `text/en.json`, `text/id.json`, relative to `analysis/`.
std::span<const EmbeddedFile> page_files();

}  // namespace musi::analysis
