#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/results.h"

/// The data of the page of INTERFACE.md section 8, as JSON text. `analysis/web/src/protocol.ts`
/// has the same shapes; `report` embeds it, and a server sends it.
namespace musi::analysis {

/// Version of the page data; grows when a field changes its meaning.
inline constexpr int page_format = 1;

/// How much of a result goes into a page.
struct PageDetail {
  std::size_t n_paths = 20;     ///< futures per option whose paths are drawn
  bool with_site_years = true;  ///< chance and area by site and year, not only by the end
  std::size_t n_works = 20;     ///< futures per option whose works programme is listed
  bool with_inputs = true;      ///< the input files, so that the report can be computed again
  bool with_static_parts = true;  ///< what no lever changes; a page that is open has it already
};

/// Number and title of an option in a page of several results.
struct PageOption {
  std::size_t result = 0;  ///< index of the result it is from
  std::size_t option = 0;  ///< index in that result
  std::string name;        ///< unique in the page
};

/// All options of all results, in their order. Names that occur in two results get the name of
/// their file in front ("today: current").
std::vector<PageOption> page_options(const std::vector<const Results*>& results);

/// InputError `not_comparable` if results differ in price year, definition, city or years.
void check_same_question(const std::vector<const Results*>& results);

/// `shown`: indices into page_options() of the up to four options that the page shows first.
std::string page_data(const std::vector<const Results*>& results,
                      const std::vector<std::size_t>& shown, const PageDetail& detail);

/// Input files of the results, path to text, for computing a report again; "{}" without them.
std::string page_inputs(const std::vector<const Results*>& results, const PageDetail& detail);

}  // namespace musi::analysis
