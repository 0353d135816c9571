#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/headline.h"
#include "analysis/report/page_data.h"
#include "analysis/results.h"
#include "sim/io/yaml_tree.h"

/// The parts of the page data, for the sources of analysis/report only.
namespace musi::analysis {

using Json = nlohmann::ordered_json;

/// A number as the page reads it: six digits, null for a missing one.
Json number_json(double value);
Json numbers_json(std::span<const double> values);

/// An option of a result, and what its scenario says.
struct OptionSource {
  const Results& results;
  std::size_t option;
  const HeadlineQuestion& question;
  const OptionOutcome& outcome;
  const std::optional<sim::io::YamlNode>& resolved;
};

/// Everything of one option that charts draw.
Json option_json(const OptionSource& source, const PageDetail& detail);
/// Years of zero of all futures by definition: base64, one byte a future, 0 = not by the end,
/// else the year - start year + 1.
Json zero_json(const OptionSource& source);
Json sites_of_option(const OptionSource& source, const PageDetail& detail);
/// Packages of an option, one list a column; null without a works programme.
Json works_json(const Results& results, std::size_t option, const PageDetail& detail);
/// Code and unit of what is built.
Json items_json(const Results& results);
/// Code, titles and unit of the indicators of implementation; empty without them.
Json measures_json(const Results& results);
/// Indicators of the city by year; null without them. Shape: [year][measure].
Json implementation_json(const Results& results, std::size_t option);
/// Unit, name and meaning of every series that is in the page.
Json series_words(const Results& results);

/// Uncertain inputs with range, unit, status, source and note.
Json ledger_json(const OptionSource& source);
Json observations_json(const Results& results);
/// Official targets of the city's table.
Json targets_json(const Results& results);
/// Citation of every source key that the page names.
Json references_json(const std::vector<const Results*>& results);
/// Program, seed, command and hashes.
Json provenance_json(const Results& results);

}  // namespace musi::analysis
