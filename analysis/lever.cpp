#include "analysis/lever.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/scenario/schema.h"
#include "sim/core/check.h"

namespace musi::analysis {

double Lever::step() const { return std::pow(10.0, -decimals); }

std::string Lever::text(double value) const {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const std::size_t point = text.find('.');
  if (point != std::string::npos) {
    const std::size_t last = text.find_last_not_of('0');
    text.resize(last == point ? point : last + 1);
    // Three decimals could be read as thousands.
    if (text.size() == point + 4) text += '0';
  }
  return text == "-0" ? "0" : text;
}

Override Lever::at(double value, const char* origin) const {
  return {.path = path, .value = text(value), .origin = origin};
}

int decimals_between(double low, double high) {
  MUSI_EXPECT(low < high);
  int decimals = std::max(0, 3 - static_cast<int>(std::floor(std::log10(high - low))));
  for (const double end : {low, high}) {
    const auto is_written = [&] {
      const double scale = std::pow(10.0, decimals);
      return std::abs(end - std::round(end * scale) / scale) <= 1e-12 * std::abs(end);
    };
    while (decimals < 12 && !is_written()) ++decimals;
  }
  return decimals;
}

bool is_lever(const std::string& path) {
  const SchemaNode* node = schema().find(path);
  const KeySpec* key = node == nullptr ? nullptr : node->key;
  if (key == nullptr || !key->not_available.empty() || key->role != KeyRole::assumption) {
    return false;
  }
  return key->type == KeyType::number || key->type == KeyType::whole ||
         key->type == KeyType::uncertain;
}

Lever lever_of(const std::string& path, double low, double high) {
  MUSI_EXPECT(is_lever(path));
  const KeySpec& key = *schema().find(path)->key;
  Lever lever{.path = path, .unit = key.unit, .low = low, .high = high};
  lever.whole = key.type == KeyType::whole || key.whole_draws || key.range.whole;
  lever.decimals = lever.whole ? 0 : decimals_between(low, high);
  return lever;
}

}  // namespace musi::analysis
