#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace musi::analysis {

/// The sentences that users read, from `analysis/text/en.json` and `id.json`; the page has the
/// same.
class Texts {
 public:
  /// `lang`: en or id.
  explicit Texts(const std::string& lang);

  const std::string& lang() const { return lang_; }
  /// Text of a key with `{name}` replaced. ContractError for an unknown key.
  std::string operator()(const std::string& key,
                         const std::vector<std::pair<std::string, std::string>>& values = {}) const;
  bool has(const std::string& key) const { return texts_.contains(key); }

 private:
  std::string lang_;
  std::map<std::string, std::string> texts_;
};

}  // namespace musi::analysis
