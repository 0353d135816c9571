#include "models/indicators/catalogue.h"
#include "models/indicators/implementation/evaluate.h"

/// Hunger and Wheelen: programme, budget, procedure, MODEL.md 22.
namespace musi::models {
namespace {

void write(const std::vector<implementation::Measures>& rows, std::span<double> out) {
  std::size_t k = 0;
  for (const implementation::Measures& row : rows) {
    for (const double value : row) out[k++] = value;
  }
}

Indicator table(const char* dim, const char* name, const char* long_name, Measure measure) {
  Indicator i = yearly_by(dim, name, "1", long_name,
                          "units and definitions: implementation/measure_*", measure);
  i.info.dims.emplace_back("measure");
  i.info.source = "seed_1";
  return only_mean(std::move(i));
}

}  // namespace

void add_implementation_indicators(Indicators& list) {
  list.push_back(table("kecamatan", "implementation/value",
                       "Indicators of implementation by place; the first is the city",
                       [](const Observation& at, std::span<double> out) {
                         write(implementation::by_place(at.world, at.year_index, *at.past,
                                                        at.people->with_sanitation),
                               out);
                       }));
  list.push_back(table("programme", "implementation/by_programme",
                       "Indicators of implementation by programme",
                       [](const Observation& at, std::span<double> out) {
                         write(implementation::by_programme(at.world, at.year_index,
                                                            *at.past),
                               out);
                       }));
}

}  // namespace musi::models
