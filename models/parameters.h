#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The model parameters: what they are, where they come from, and their values in one future.
namespace musi::models {

/// Name of one model parameter, in the order of parameters.def. The address of its random number
/// is its key, so the order may change.
enum class Param : std::uint16_t {
#define MUSI_PARAM(key, unit, scale, low, central, high, form, redraw, status, source, price_year, \
                   group, doc)                                                                     \
  key,
#include "models/parameters.def"
};

inline constexpr std::size_t n_params = 0
#define MUSI_PARAM(key, unit, scale, low, central, high, form, redraw, status, source, price_year, \
                   group, doc)                                                                     \
  +1
#include "models/parameters.def"
    ;

enum class Form : std::uint8_t {
  fixed,
  triangular,
  log_triangular,
  triangular_whole,      ///< rounded to a whole number
  log_triangular_whole,  ///< rounded to a whole number
};
enum class Redraw : std::uint8_t { per_replicate, per_site, per_rt, per_year, per_site_year };
/// How well a number is known; the words of INTERFACE 4.2.
enum class Status : std::uint8_t {
  measured,
  reported,
  derived,
  estimated,
  calibrated,
  expert,
  assumed,
  synthetic,
};
/// Headings under which parameters are documented.
enum class ParamGroup : std::uint8_t {
  start,
  people,
  participation,
  money,
  procedure,
  costs,
  ageing,
  investment,
  land_growth,
  books,
  livelihoods,
};

/// Description of one parameter. Low, central and high are in the unit of the scenario key.
struct ParamSpec {
  std::string_view key;     ///< as in MODEL.md
  std::string_view unit;    ///< as it ends the scenario key; empty if the key names it
  double scale;             ///< model unit = scale times scenario unit
  double low, central, high;
  Form form;
  Redraw redraw;
  Status status;
  std::string_view source;  ///< keys of references.csv separated by ';'; empty if assumed
  int price_year;           ///< of costs; 0 if no money
  ParamGroup group;
  std::string_view doc;

  /// Key inside `parameters:` of a scenario, e.g. part_revision_rate_pct_per_month.
  std::string scenario_key() const;
};

/// All parameters, indexed by Param.
std::span<const ParamSpec, n_params> param_specs();
const ParamSpec& spec(Param param);
std::string_view word(Form form);
std::string_view word(Redraw redraw);
std::string_view word(Status status);
std::string_view word(ParamGroup group);

/// Values of all parameters in model units (fractions 0 to 1, money in 2019 prices).
class ParamValues {
 public:
  double operator[](Param param) const { return values_[static_cast<std::size_t>(param)]; }
  double& operator[](Param param) { return values_[static_cast<std::size_t>(param)]; }

 private:
  std::array<double, n_params> values_{};
};

}  // namespace musi::models
