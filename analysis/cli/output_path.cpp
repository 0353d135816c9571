#include "analysis/cli/output_path.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "sim/core/error.h"
#include "sim/io/text.h"

namespace musi::cli {

namespace fs = std::filesystem;

void refuse_folder(const std::string& path) {
  if (path == "-" || !analysis::is_folder(path)) return;
  std::vector<std::string> inside;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(path, failed)) {
    if (entry.path().extension() == ".yaml") inside.push_back(entry.path().string());
  }
  std::sort(inside.begin(), inside.end());
  throw sim::IoError("cannot_open", inside.empty()
                                        ? fmt::format("'{}' is a folder without scenarios", path)
                                        : fmt::format("'{}' is a folder; scenarios inside: {}",
                                                      path, sim::io::joined(inside, 6)));
}

void check_output(const std::string& output, const analysis::InputFiles& inputs) {
  std::error_code failed;
  const auto refuse = [&](const std::string& why) {
    throw sim::IoError("cannot_write", fmt::format("cannot write '{}': {}", output, why));
  };
  if (fs::is_directory(output, failed)) refuse("it is a folder");
  if (fs::exists(output, failed) && !fs::is_regular_file(output, failed)) {
    refuse("it is no regular file, and a result needs one");
  }
  for (const analysis::InputFile& input : inputs.all()) {
    if (input.built_in || input.name == "-" || !fs::equivalent(input.name, output, failed))
      continue;
    throw sim::IoError(
        "overwrites_input",
        fmt::format("'{}' is an input of this run; write to another file with -o", output));
  }
  fs::path parent = fs::path(output).parent_path();
  if (parent.empty()) parent = ".";
  fs::create_directories(parent, failed);
  if (failed) refuse(failed.message());
  if (::access(parent.c_str(), W_OK | X_OK) != 0) {
    refuse(std::error_code(errno, std::generic_category()).message());
  }
}

}  // namespace musi::cli
