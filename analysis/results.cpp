#include "analysis/results.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "analysis/provenance.h"
#include "sim/core/check.h"
#include "sim/core/error.h"

namespace musi::analysis {
namespace {

int major_of(const std::string& version) {
  int major = -1;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

[[noreturn]] void foreign(const std::string& path, const std::string& why) {
  throw sim::IoError("foreign", fmt::format("'{}' is no result of musi: {}", path, why));
}

std::string words(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 6; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.empty() ? "nothing" : names.size() > 6 ? text + ", ..." : text;
}

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw sim::ContractError(fmt::format("there is no '{}'", name));
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

Results::Results(const std::string& path) : file_(path) {
  const auto version = file_.exists("provenance")
                           ? file_.text_attribute("provenance", "result_format_version")
                           : std::nullopt;
  if (!version) foreign(path, fmt::format("it holds {}", words(file_.names())));
  format_version_ = *version;
  const int major = major_of(format_version_);
  if (major > result_format_major) {
    throw sim::IoError("newer_format",
                       fmt::format("'{}' has result format {}; this is musi {}, which reads up to "
                                   "{}",
                                   path, format_version_, program().version,
                                   result_format_version()));
  }
  if (major < 1) foreign(path, fmt::format("its format version is '{}'", format_version_));
  for (const char* name : {"option", "year"}) {
    if (!file_.exists(name)) foreign(path, fmt::format("it has no '{}'", name));
  }
  complete_ = file_.number_attribute("provenance", "complete").value_or(1.0) != 0.0;
  replicates_planned_ = static_cast<std::size_t>(
      file_.number_attribute("provenance", "replicates_planned").value_or(0.0));
  options_ = file_.texts("option");
  if (file_.exists("definition")) definitions_ = file_.texts("definition");
  if (file_.exists("replicate")) n_replicates_ = file_.shape("replicate").at(0);
  for (const double year : file_.numbers("year")) years_.push_back(static_cast<int>(year));
}

Results::Results(const std::string& path, std::string report, std::string data_sha256)
    : Results(path) {
  report_ = std::move(report);
  report_sha256_ = std::move(data_sha256);
}

std::size_t Results::option_index(const std::string& name) const {
  return index_of(options_, name);
}

std::size_t Results::definition_index(const std::string& name) const {
  return index_of(definitions_, name);
}

std::string Results::headline_definition() const {
  return file_.text_attribute("/", "headline_definition").value_or("");
}

int Results::headline_year() const {
  return static_cast<int>(file_.number_attribute("/", "headline_year").value_or(0.0));
}

std::vector<double> Results::series(const std::string& name, std::size_t option) const {
  return file_.row(name, option);
}

std::vector<double> Results::series(const std::string& name, std::size_t option,
                                    std::size_t first, std::size_t count) const {
  return file_.rows(name, option, first, count);
}

std::vector<double> Results::zero_years(std::size_t option, std::size_t definition) const {
  MUSI_EXPECT(definition < definitions_.size());
  const std::vector<double> all = series("zero_year", option);
  std::vector<double> years;
  for (std::size_t i = definition; i < all.size(); i += definitions_.size()) {
    years.push_back(all[i]);
  }
  return years;
}

std::string Results::provenance_text(const std::string& name) const {
  return file_.text("provenance/" + name);
}

std::string Results::provenance_attribute(const std::string& name) const {
  return file_.text_attribute("provenance", name).value_or("");
}

}  // namespace musi::analysis
