#pragma once

#include <string>
#include <vector>

namespace musi::analysis {

/// A browser that can draw charts without a window: MUSI_BROWSER, else Chromium or Chrome on the
/// path; empty if there is none.
std::string find_browser();

/// A program that makes pictures of drawings: rsvg-convert on the path; empty if there is none.
std::string find_converter();

struct FigureFile {
  std::string name;  ///< "palembang-baseline-A-chance-en.svg"
  std::string bytes;
};

/// All charts of a report, drawn by `browser`. `stem`: what names begin with; `langs`: en, id;
/// `formats`: svg, csv, and png if there is a converter. IoError `no_figures` if nothing is drawn.
std::vector<FigureFile> draw_figures(const std::string& browser, const std::string& html,
                                     const std::string& stem, const std::vector<std::string>& langs,
                                     const std::vector<std::string>& formats);

}  // namespace musi::analysis
