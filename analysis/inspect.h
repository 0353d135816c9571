#pragma once

#include <cstdint>
#include <string>

namespace musi::analysis {

/// What `musi inspect` prints.
enum class InspectPart : std::uint8_t {
  overview,     ///< what is in the file, who made it, with what
  scenario,     ///< as given
  resolved,
  assumptions,  ///< ledger: path, range over the futures, units, status, source
  variables,
  cite,
  checksum,     ///< recomputed hashes of the inputs and of the contents
};

struct InspectOptions {
  std::string path;
  InspectPart part = InspectPart::overview;
  bool plain = false;  ///< tab-separated, one header line
  bool json = false;   ///< one JSON object
};

struct Inspection {
  std::string text;        ///< for stdout
  bool is_intact = true;   ///< false: a recomputed hash differs (`checksum`)
};

/// Of a result file, or of a report; one after the other if a report shows several results.
/// IoError as open_results.
Inspection inspect(const InspectOptions& options);

}  // namespace musi::analysis
