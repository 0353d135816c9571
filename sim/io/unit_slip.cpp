#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/io/yaml_tree.h"

namespace musi::sim::io {
namespace {

/// A unit as it ends a key: what it measures, its size in the smallest unit, its word in a
/// sentence.
struct Unit {
  std::string_view suffix;
  char measures;
  double size;
  std::string_view english;
  std::string_view indonesian;
};

constexpr std::array<Unit, 22> units{{
    {"idr_tn", 'r', 1e12, "triliun", "triliun"},
    {"idr_bn", 'r', 1e9, "miliar", "miliar"},
    {"idr_mn", 'r', 1e6, "juta", "juta"},
    {"idr", 'r', 1.0, "rupiah", "rupiah"},
    {"rp", 'r', 1.0, "rupiah", "rupiah"},
    {"miliar", 'r', 1e9, "miliar", "miliar"},
    {"juta", 'r', 1e6, "juta", "juta"},
    {"km2", 'a', 1e6, "km2", "km2"},
    {"ha", 'a', 1e4, "ha", "ha"},
    {"m2", 'a', 1.0, "m2", "m2"},
    {"km", 'l', 1e3, "km", "km"},
    {"m", 'l', 1.0, "m", "m"},
    {"pct", 's', 1.0, "%", "%"},
    {"percent", 's', 1.0, "%", "%"},
    {"share", 's', 100.0, "as a share", "sebagai pecahan"},
    {"fraction", 's', 100.0, "as a fraction", "sebagai pecahan"},
    {"years", 't', 12.0, "years", "tahun"},
    {"months", 't', 1.0, "months", "bulan"},
    // Points in time do not convert into each other, nor do bare factors.
    {"year", 'y', 1.0, "", ""},
    {"month", 'n', 1.0, "", ""},
    {"factor", 'f', 1.0, "", ""},
    {"days", 'd', 1.0, "", ""},
}};

/// A key taken apart: `annual` `idr_bn` `per_year`.
struct Parts {
  std::string_view stem;
  const Unit* unit = nullptr;
  std::string_view per;  ///< with its underscore
};

Parts take_apart(std::string_view key) {
  Parts parts{key, nullptr, {}};
  const std::size_t per = key.find("_per_");
  if (per != std::string_view::npos && per > 0) {
    parts.per = key.substr(per);
    parts.stem = key.substr(0, per);
  }
  for (const Unit& unit : units) {
    const std::string_view stem = parts.stem;
    if (stem.size() <= unit.suffix.size() + 1 || !stem.ends_with(unit.suffix)) continue;
    const std::size_t cut = stem.size() - unit.suffix.size() - 1;
    if (stem[cut] != '_') continue;
    parts.unit = &unit;
    parts.stem = stem.substr(0, cut);
    break;
  }
  return parts;
}

Text conversion(const Parts& from, const Parts& to, std::optional<double> value) {
  if (!value || from.unit == nullptr || to.unit == nullptr) return {};
  if (from.unit->measures != to.unit->measures || from.per != to.per) return {};
  if (from.unit->english.empty()) return {};
  // Both sizes are whole, so dividing last keeps 40,000 juta = 40 exact.
  const double converted = *value * from.unit->size / to.unit->size;
  return {fmt::format("{} {} = {}", number_in_words(*value), from.unit->english,
                      number_text(converted)),
          fmt::format("{} {} = {}", number_in_words(*value, Language::indonesian),
                      from.unit->indonesian, number_text(converted))};
}

}  // namespace

std::optional<UnitSlip> find_unit_slip(std::string_view key, std::span<const std::string> allowed,
                                       std::optional<double> value) {
  const Parts found = take_apart(key);
  const std::string* known = nullptr;
  for (const std::string& candidate : allowed) {
    if (candidate == key || take_apart(candidate).stem != found.stem) continue;
    if (known != nullptr) return std::nullopt;
    known = &candidate;
  }
  if (known == nullptr) return std::nullopt;
  return UnitSlip{*known, conversion(found, take_apart(*known), value)};
}

}  // namespace musi::sim::io
