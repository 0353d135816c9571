#pragma once

#include <string>
#include <vector>

namespace musi::cli {

/// Nothing if `changes` is empty; else InputError `cannot_resume` that names them. `folder`: of the
/// kept runs. `asks`: the runs are kept for a question too, which may be what has changed.
void refuse_changes(const std::string& folder, const std::vector<std::string>& changes,
                    bool asks = false);

}  // namespace musi::cli
