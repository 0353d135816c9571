#include <fmt/core.h>

#include <exception>

#include "analysis/result_file.h"
#include "tests/support/sample_result.h"

/// Writes the sample result that the readers of other languages open.
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    musi::analysis::ResultInput input = musi::tests::sample_input(100);
    input.write_site_area = true;
    musi::analysis::write_result(argv[1], input, musi::tests::sample_records(input, 100),
                                 musi::sim::io::Existing::replace);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
