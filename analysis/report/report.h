#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/report/page_data.h"
#include "analysis/results.h"

/// The page of INTERFACE.md section 8: one HTML file with data and program, and nothing loaded.
namespace musi::analysis {

/// What goes into the page's template. Texts are put in as they are, data are escaped.
struct PageParts {
  std::string lang = "en";
  std::string title;
  std::string policy;    ///< content of the policy element; empty: a server sends it as header
  std::string fallback;  ///< HTML that stands there until the program of the page runs
  std::string data;      ///< JSON of page_data(); empty: the page asks its server
  std::string inputs;    ///< JSON of page_inputs()
  std::string scenario;  ///< YAML
};

/// The built page with its parts. Throws ContractError if the template lacks a place.
std::string page_html(const PageParts& parts);

/// Policy of the page's own program and styles; nothing may be loaded. `for_server` adds what only
/// a header can say.
std::string page_policy(bool for_server);

struct ReportOptions {
  std::string lang = "both";  ///< en, id, or both: starts in `first_lang`, can be switched
  std::string first_lang = "en";
  bool brief = false;              ///< opens with the brief of one page
  std::vector<std::string> shown;  ///< options of the first view; empty: the first four
  double max_mib = 0.0;            ///< 0: 1.5 for one option, 2.5 for more
};

/// A report and what was left out to keep it small.
struct Report {
  std::string html;
  PageDetail detail;
  bool is_thinned = false;
  bool fits = true;  ///< false: above max_mib even without what can be left out
};

/// InputError `not_comparable`, `unknown_choice` for an option that no result has.
Report write_report(const std::vector<const Results*>& results, const ReportOptions& options);

/// The page of these results with exactly this detail, whatever its size.
std::string report_html(const std::vector<const Results*>& results, const ReportOptions& options,
                        const PageDetail& detail);

/// Headline, option table, assumptions and limits as plain HTML, for readers without the program of
/// the page. `lang`: en or id.
std::string fallback_html(const std::vector<const Results*>& results,
                          const std::vector<std::size_t>& shown, const std::string& lang);

/// Texts inside elements and attributes.
std::string escaped_html(std::string_view text);

}  // namespace musi::analysis
