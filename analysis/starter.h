#pragma once

#include <optional>
#include <string>
#include <vector>

/// Starter studies of `musi init`, from files that are compiled in.
namespace musi::analysis {

struct StarterFile {
  std::string path;  ///< relative to the folder of the study
  std::string bytes;
};

/// Names of the templates: baseline, four-options, study, city.
const std::vector<std::string>& starter_templates();

/// All files of a study. `city_name` only for the template `city`.
std::vector<StarterFile> starter_files(const std::string& name, const std::string& city_name);

}  // namespace musi::analysis
