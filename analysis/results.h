#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/io/h5_file.h"

namespace musi::analysis {

/// A result file, opened and checked. IoError `cannot_open`, `foreign` (another kind of file),
/// `truncated`, `newer_format` (its major version is above ours).
class Results {
 public:
  explicit Results(const std::string& path);

  /// What a report holds of a result, in a file that only we know. `report`: path of the report,
  /// `data_sha256`: hash of its data.
  Results(const std::string& path, std::string report, std::string data_sha256);

  const std::string& path() const { return report_.empty() ? file_.file() : report_; }
  /// True if it was read from a report: statistics, and futures to six digits.
  bool is_from_report() const { return !report_.empty(); }
  const std::string& report_sha256() const { return report_sha256_; }
  std::string format_version() const { return format_version_; }
  bool is_complete() const { return complete_; }
  std::size_t replicates_planned() const { return replicates_planned_; }

  const std::vector<std::string>& options() const { return options_; }
  std::size_t n_replicates() const { return n_replicates_; }
  const std::vector<int>& years() const { return years_; }
  const std::vector<std::string>& definitions() const { return definitions_; }
  std::size_t option_index(const std::string& name) const;      ///< ContractError if unknown
  std::size_t definition_index(const std::string& name) const;  ///< ContractError if unknown
  std::string headline_definition() const;
  int headline_year() const;

  /// Whether a root dataset is there.
  bool has(const std::string& name) const { return file_.exists(name); }
  /// Rows of one option of a series. Shape: [replicate, ...]; NaN is missing.
  std::vector<double> series(const std::string& name, std::size_t option) const;
  /// The same of `count` replicates from `first` on.
  std::vector<double> series(const std::string& name, std::size_t option, std::size_t first,
                             std::size_t count) const;
  /// Year of zero of every future of an option; NaN = not by the end.
  std::vector<double> zero_years(std::size_t option, std::size_t definition) const;

  /// Scenario as given, resolved, flags, JSON of input hashes.
  std::string provenance_text(const std::string& name) const;
  std::string provenance_attribute(const std::string& name) const;

  const sim::io::H5Reader& file() const { return file_; }

 private:
  sim::io::H5Reader file_;
  std::string report_, report_sha256_;
  std::string format_version_;
  bool complete_ = true;
  std::size_t replicates_planned_ = 0, n_replicates_ = 0;
  std::vector<std::string> options_, definitions_;
  std::vector<int> years_;
};

}  // namespace musi::analysis
