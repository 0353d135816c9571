#include "models/score/criteria.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/core/check.h"

namespace musi::models {
namespace {

using enum Denominator;

constexpr std::array<CriterionInfo, n_criteria_2016> table{{
    {"1a", "Irregular buildings", "Ketidakteraturan bangunan", 1, buildings},
    {"1b", "Too high building density",
     "Tingkat kepadatan bangunan tinggi yang tidak sesuai dengan ketentuan rencana tata ruang", 1,
     verified_area},
    {"1c", "Building below technical requirements",
     "Ketidaksesuaian dengan persyaratan teknis bangunan", 1, buildings},
    {"2a", "Road coverage",
     "Jaringan jalan lingkungan tidak melayani seluruh lingkungan perumahan atau permukiman", 2,
     ideal_road},
    {"2b", "Poor road surface", "Kualitas permukaan jalan lingkungan buruk", 2, ideal_road},
    {"3a", "No safe drinking-water access", "Akses aman air minum tidak tersedia", 3, households},
    {"3b", "Minimum water need not met", "Kebutuhan air minum minimal tidak terpenuhi", 3,
     households},
    {"4a", "Drains cannot carry runoff",
     "Drainase lingkungan tidak mampu mengalirkan limpasan air hujan sehingga menimbulkan genangan",
     4, verified_area},
    {"4b", "No drain", "Ketidaktersediaan drainase", 4, ideal_drain},
    {"4c", "Poor drain construction", "Kualitas konstruksi drainase lingkungan buruk", 4,
     ideal_drain},
    {"5a", "Waste-water system below standard",
     "Sistem pengelolaan air limbah tidak memenuhi persyaratan teknis", 5, households},
    {"5b", "Waste-water facilities below requirement",
     "Prasarana dan sarana pengelolaan air limbah tidak memenuhi persyaratan teknis", 5,
     households},
    {"6a", "Solid-waste facilities below requirement",
     "Prasarana dan sarana persampahan tidak memenuhi persyaratan teknis", 6, households},
    {"6b", "Solid-waste system below standard",
     "Sistem pengelolaan persampahan tidak memenuhi persyaratan teknis", 6, households},
    {"7a", "No fire-protection infrastructure", "Ketidaktersediaan prasarana proteksi kebakaran",
     7, buildings},
    {"7b", "No fire-protection equipment", "Ketidaktersediaan sarana proteksi kebakaran", 7,
     buildings},
    {"4x", "Drain not connected to the city system",
     "Drainase lingkungan tidak terhubung dengan sistem drainase perkotaan", 4, ideal_drain},
    {"4y", "Drain not maintained", "Drainase lingkungan tidak terpelihara", 4, ideal_drain},
    {"6x", "Solid-waste facilities not maintained",
     "Sarana dan prasarana pengelolaan persampahan tidak terpelihara", 6, households},
}};

constexpr std::array<AspectInfo, n_aspects> aspects{{
    {"Building condition", "Kondisi bangunan gedung", false},
    {"Neighbourhood road", "Kondisi jalan lingkungan", true},
    {"Drinking water", "Kondisi penyediaan air minum", true},
    {"Drainage", "Kondisi drainase lingkungan", true},
    {"Waste water", "Kondisi pengelolaan air limbah", true},
    {"Solid waste", "Kondisi pengelolaan persampahan", true},
    {"Fire protection", "Kondisi proteksi kebakaran", false},
}};

constexpr std::array<Criterion, n_criteria_2016> all_criteria = [] {
  std::array<Criterion, n_criteria_2016> all{};
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = static_cast<Criterion>(k);
  return all;
}();

/// The multiple of 0.00001 that a quotient misses only by binary rounding, else the quotient.
double without_rounding(double quotient) {
  const double printed = std::floor(quotient * 1e5 + 0.5) / 1e5;
  return std::fabs(quotient - printed) <= 1e-12 ? printed : quotient;
}

}  // namespace

const CriterionInfo& info(Criterion criterion) {
  MUSI_EXPECT(index(criterion) < table.size());
  return table[index(criterion)];
}

const AspectInfo& aspect_info(int aspect) {
  MUSI_EXPECT(aspect >= 1 && aspect <= n_aspects);
  return aspects[static_cast<std::size_t>(aspect - 1)];
}

std::span<const Criterion> criteria_of(Regulation regulation) {
  return std::span(all_criteria).first(n_criteria_of(regulation));
}

std::optional<Criterion> criterion_from_code(std::string_view code) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const CriterionInfo& c) { return c.code == code; });
  if (found == table.end()) return std::nullopt;
  return static_cast<Criterion>(found - table.begin());
}

Share clamped_share(double fraction) {
  MUSI_EXPECT(std::isfinite(fraction));
  return {.value = std::clamp(fraction, 0.0, 1.0),
          .clamped_low = fraction < 0.0,
          .clamped_high = fraction > 1.0};
}

Share share(double numerator, double denominator) {
  MUSI_EXPECT(std::isfinite(numerator) && std::isfinite(denominator) && denominator >= 0.0);
  if (denominator == 0.0) return {.no_denominator = true};
  // The order is decided on the inputs: a quotient of extremes may overflow.
  if (numerator > denominator) return {.value = 1.0, .clamped_high = true};
  if (numerator < 0.0) return {.value = 0.0, .clamped_low = true};
  return {.value = without_rounding(numerator / denominator)};
}

}  // namespace musi::models
