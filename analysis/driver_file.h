#pragma once

#include <optional>
#include <string>

#include "analysis/drivers.h"
#include "analysis/results.h"

/// Drivers of an answer as a JSON file beside the result, `results/NAME-drivers.json`. FORMAT.md
/// lists its fields.
namespace musi::analysis {

/// Version of the file; grows when a field changes its meaning.
inline constexpr int drivers_format = 1;

struct DriverFile {
  std::string method;  ///< regional, morris, sobol
  CompareMetric metric;
  std::string definition;  ///< of zero
  std::string scenario, option;
  std::string assumptions;  ///< assumption_hash
  std::uint64_t seed = 0;
  std::size_t n = 0;     ///< futures, trajectories or rows
  std::size_t runs = 0;  ///< 0: none of its own
  double mean_outcome = 0.0;
  std::vector<DriverRow> rows;  ///< ranked
};

std::string driver_file_text(const DriverFile& file);

/// SHA-256 of what a resolved scenario assumes: without names, texts, sampling and outputs.
std::string assumption_hash(const std::string& resolved);

/// `drivers` of the page data of a result (protocol.ts), as JSON text; empty if it has no uncertain
/// inputs. A design (Morris, Sobol) beside the result that was made from the same assumptions, else
/// low against high quarters: of the headline chance, or of the slum area where that is 0 or 100 %.
std::string page_drivers(const Results& results, std::size_t option, double wished_pct);

}  // namespace musi::analysis
