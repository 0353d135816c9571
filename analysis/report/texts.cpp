#include "analysis/report/texts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analysis/report/page_files.h"
#include "sim/core/check.h"

namespace musi::analysis {

Texts::Texts(const std::string& lang) : lang_(lang) {
  const std::string name = "text/" + lang + ".json";
  for (const EmbeddedFile& file : page_files()) {
    if (file.name != name) continue;
    const auto texts = nlohmann::json::parse(file.bytes);
    for (const auto& [key, text] : texts.items()) texts_[key] = text.get<std::string>();
  }
  if (texts_.empty()) throw sim::ContractError(fmt::format("no texts of language '{}'", lang));
}

std::string Texts::operator()(
    const std::string& key, const std::vector<std::pair<std::string, std::string>>& values) const {
  const auto found = texts_.find(key);
  if (found == texts_.end()) throw sim::ContractError(fmt::format("no text '{}'", key));
  std::string text = found->second;
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

}  // namespace musi::analysis
