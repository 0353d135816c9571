#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "analysis/report/report.h"
#include "analysis/reproduce.h"
#include "analysis/results.h"

/// Reports read back: their data, inputs and scenarios (INTERFACE.md 8.3).
namespace musi::analysis {

/// What a report holds, as JSON texts.
struct PageContent {
  std::string data;    ///< of page_data()
  std::string inputs;  ///< of page_inputs()
};

/// Whether a file is a page of HTML, or HDF5, by its first bytes; false if it cannot be read.
bool is_page_file(const std::string& path);
bool is_result_file(const std::string& path);

/// IoError `cannot_open`, `foreign` (another page), `truncated`, `newer_format`.
PageContent read_page(const std::string& path);
/// The same of the text of a page. `path`: for messages.
PageContent page_content(const std::string& html, const std::string& path);

/// A result file, or the results that a report was made from, as far as it holds them: options,
/// years, `zero_year`, `slum_area` of the headline year, `spent_idr_bn` (paid from the first to the
/// headline year), inputs with the range that was drawn, provenance; sites and observations of the
/// first. IoError as Results and read_page.
std::vector<std::unique_ptr<Results>> open_results(const std::string& path);

/// How a report was made, to make it again.
struct PageRecipe {
  ReportOptions options;
  PageDetail detail;
  std::vector<std::string> names;  ///< of the result files, in their order
};
PageRecipe page_recipe(const PageContent& page);

/// Compares the data of two pages, number by number and word by word, except what names program,
/// files and hashes. Paths as in "options[0].series.slum_area.p50[3]".
ResultComparison compare_pages(const PageContent& theirs, const PageContent& ours,
                               double tolerance);

}  // namespace musi::analysis
