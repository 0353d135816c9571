#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/result_file.h"
#include "sim/io/h5_file.h"

/// The parts of a result file, for result_file.cpp only.
namespace musi::analysis {

/// What all parts need: the open file, what is to be written, and how many futures.
struct ResultParts {
  sim::io::H5Writer& file;
  const ResultInput& input;
  const sim::RecordStore& records;
  std::size_t n_replicates;

  std::size_t n_options() const { return input.options.size(); }
  /// Names of the auxiliary coordinates of a dataset on these dimensions, or nothing.
  sim::io::H5Attributes coordinates(const std::vector<std::string>& dims) const;
  /// A dataset of texts on one dimension.
  void texts(const std::string& path, const std::string& dim,
             const std::vector<std::string>& values, const std::string& long_name) const;
  /// A dataset of float64 on one dimension.
  void numbers(const std::string& path, const std::string& dim, const std::vector<double>& values,
               const std::string& units, const std::string& long_name) const;
};

/// Futures that are written or read at a time, so that memory does not grow with futures:
/// whole chunks of the file. `row_bytes`: of one future.
std::size_t rows_at_a_time(std::size_t row_bytes);

void write_dimensions(const ResultParts& parts);
void write_options(const ResultParts& parts);
void write_input_table(const ResultParts& parts);
/// Groups that hold series, with their own dimensions.
void write_group_dimensions(const ResultParts& parts);
void write_series(const ResultParts& parts);
/// Series that are kept as mean over the futures.
void write_means(const ResultParts& parts);
/// The works programme of the futures whose rows were kept.
void write_works(const ResultParts& parts);
void write_sites(const ResultParts& parts);
void write_observations(const ResultParts& parts);
void write_summaries(const ResultParts& parts);
void write_rt_group(const ResultParts& parts);
void write_inputs(const ResultParts& parts);
void write_provenance(const ResultParts& parts);
void write_root_attributes(const ResultParts& parts);

/// Attributes of a dataset that stem from its series.
sim::io::H5Attributes attributes_of(const sim::SeriesInfo& info);

/// True for series that are stored future by future.
bool is_stored_whole(const ResultInput& input, const sim::SeriesInfo& info);

}  // namespace musi::analysis
