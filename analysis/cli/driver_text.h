#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/drivers.h"

/// What `musi drivers` says.
namespace musi::cli {

enum class DriverMethod { regional, morris, sobol };

/// The ranked table and the sentences below it, for people or tab-separated.
struct DriverReport {
  DriverMethod method = DriverMethod::regional;
  analysis::CompareMetric metric;
  std::string definition;  ///< of zero
  std::string option;
  std::size_t n_futures = 0;              ///< regional: futures; designs: runs
  double mean_outcome = 0.0;              ///< of all of them
  bool is_constant = false;               ///< the same outcome everywhere
  std::vector<analysis::DriverRow> rows;  ///< ranked
  std::size_t top = 10;
};

std::string driver_text(const DriverReport& report, const std::string& lang, bool plain);
/// Fields of the JSON event `result` of one row, without braces.
std::string driver_json(const analysis::DriverRow& row);

}  // namespace musi::cli
