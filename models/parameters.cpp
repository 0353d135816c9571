#include "models/parameters.h"

namespace musi::models {
namespace {

using enum Form;
using enum Redraw;
using enum Status;

constexpr ParamSpec specs[] = {
#define MUSI_PARAM(key, unit, scale, low, central, high, form, redraw, status, source, price_year, \
                   group, doc)                                                                     \
  ParamSpec{#key,   unit,       scale,             low, central, high, form, redraw, status,       \
            source, price_year, ParamGroup::group, doc},
#include "models/parameters.def"
};

}  // namespace

std::string ParamSpec::scenario_key() const {
  return unit.empty() ? std::string(key) : std::string(key) + "_" + std::string(unit);
}

std::span<const ParamSpec, n_params> param_specs() {
  return std::span<const ParamSpec, n_params>(specs);
}

const ParamSpec& spec(Param param) { return specs[static_cast<std::size_t>(param)]; }

std::string_view word(Form form) {
  constexpr std::string_view words[] = {"fixed", "triangular", "log_triangular", "triangular",
                                        "log_triangular"};
  return words[static_cast<std::size_t>(form)];
}

std::string_view word(Redraw redraw) {
  constexpr std::string_view words[] = {"per_replicate", "per_site", "per_rt", "per_year",
                                        "per_site_year"};
  return words[static_cast<std::size_t>(redraw)];
}

std::string_view word(Status status) {
  constexpr std::string_view words[] = {"measured",   "reported", "derived", "estimated",
                                        "calibrated", "expert",   "assumed", "synthetic"};
  return words[static_cast<std::size_t>(status)];
}

std::string_view word(ParamGroup group) {
  constexpr std::string_view words[] = {"start",       "people", "participation", "money",
                                        "procedure",   "costs",  "ageing",        "investment",
                                        "land_growth", "books",  "livelihoods"};
  return words[static_cast<std::size_t>(group)];
}

}  // namespace musi::models
