#pragma once

#include <string>
#include <string_view>

/// Which program made a result.
namespace musi::analysis {

struct Program {
  std::string version;     ///< "0.1.0"
  std::string git_commit;  ///< 40 digits, "-dirty" behind if files differ; "unknown" outside git
  std::string compiler;    ///< "GNU 12.2.0"
  std::string hdf5;        ///< "1.10.8"
};
Program program();

/// Version of the result format that this program writes.
inline constexpr int result_format_major = 1;
inline constexpr int result_format_minor = 1;
std::string result_format_version();

/// SHA-256 as 64 hexadecimal digits. Source: FIPS 180-4.
std::string sha256(std::string_view bytes);
/// Of a whole file; IoError `cannot_open`.
std::string sha256_of_file(const std::string& file);

}  // namespace musi::analysis
