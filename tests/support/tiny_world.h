#pragma once

#include <string>

#include "models/build_world.h"
#include "models/city.h"
#include "models/scenario.h"

/// Small worlds for tests.
namespace musi::tests {

/// A city of `n_sites` sites of 10 ha, two kecamatan, half of the sites on the river; deficits like
/// those of the baseline city; no correlation between criteria.
inline models::City tiny_city(int n_sites = 4) {
  models::City city;
  city.name = "tiny";
  city.key = sim::mix(1, 1);
  city.city_area_ha = 1000.0;
  city.start_area_ha[2019] = 10.0 * n_sites;
  for (int year = 2011; year <= 2030; ++year) city.price_index[year] = 100.0;
  for (int i = 0; i < n_sites; ++i) {
    models::SiteFacts s;
    s.site_id = "T-" + std::to_string(i);
    s.kelurahan = "Kelurahan " + std::to_string(i);
    s.kecamatan = i % 2 == 0 ? "East" : "West";
    s.key = sim::mix(city.key, i);
    s.river_frontage = i % 2 == 0;
    s.river_group_share = i % 2 == 0 ? 0.6 : 0.1;
    s.distance_to_centre_km = 1.0 + i;
    s.kelurahan_area_ha = 100.0;
    s.area_ha = 10.0;
    s.n_rt = 8;
    s.persons_per_ha = 120.0;
    s.unclear_land_share = 0.16;
    s.is_ulu = i % 2 == 0;
    city.sites.push_back(s);
  }
  struct Row {
    double mean, zero, one, sd, shift_low, shift, shift_high;
  };
  const Row rows[models::n_criteria] = {{0.409, 0.398, 0.252, 0.300, 0.00, 0.05, 0.15},
                                        {0.014, 0.986, 0.014, 0.0, 0.00, 0.00, 0.05},
                                        {0.209, 0.301, 0.012, 0.200, 0.05, 0.15, 0.30},
                                        {0.055, 0.745, 0.000, 0.126, 0.00, 0.05, 0.15},
                                        {0.365, 0.282, 0.095, 0.224, 0.05, 0.10, 0.25},
                                        {0.173, 0.644, 0.053, 0.256, 0.05, 0.16, 0.25},
                                        {0.025, 0.947, 0.014, 0.264, 0.00, 0.03, 0.10},
                                        {0.580, 0.269, 0.097, 0.177, 0.05, 0.12, 0.25},
                                        {0.368, 0.322, 0.139, 0.181, 0.00, 0.05, 0.15},
                                        {0.393, 0.345, 0.144, 0.203, 0.00, 0.05, 0.15},
                                        {0.212, 0.579, 0.081, 0.248, 0.10, 0.20, 0.35},
                                        {0.182, 0.662, 0.104, 0.224, 0.05, 0.15, 0.30},
                                        {0.493, 0.507, 0.493, 0.0, -0.10, 0.00, 0.20},
                                        {0.397, 0.468, 0.289, 0.285, -0.10, 0.05, 0.25},
                                        {0.470, 0.530, 0.470, 0.0, -0.10, 0.05, 0.25},
                                        {0.630, 0.370, 0.630, 0.0, -0.10, 0.00, 0.20}};
  for (const Row& r : rows) {
    city.deficits.push_back(
        {r.mean, r.zero, r.one, r.sd, r.shift_low, r.shift, r.shift_high});
  }
  city.deficit_correlations.assign(models::n_criteria, std::vector<double>(models::n_criteria));
  for (std::size_t k = 0; k < models::n_criteria; ++k) city.deficit_correlations[k][k] = 1.0;
  city.prepare();
  return city;
}

/// The default scenario at central values, 2019 to 2028.
inline models::Scenario tiny_scenario() {
  models::Scenario s = models::default_scenario();
  s.name = "tiny";
  s.uncertainty = false;
  s.clock = {2019, 2028};
  s.sampling.seed = 1;
  s.theory = models::ParticipationTheory::logit_neighbours;
  s.private_response = models::PrivateResponse::crowd_in;
  s.ageing_phases = 3;
  return s;
}

/// Sets a parameter of a scenario for certain, in scenario units.
inline void fix(models::Scenario& s, models::Param param, double value) {
  s.parameters[static_cast<std::size_t>(param)].value = models::constant(value);
}

}  // namespace musi::tests
