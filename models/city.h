#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/core/ids.h"

/// Static facts of a city, read once and shared by all replicates.
namespace musi::models {

enum class SizeClass : std::uint8_t { metropolitan, large, medium, small };

/// One slum site as the city folder states it; negative numbers mean "not given".
struct SiteFacts {
  std::string site_id, kelurahan, kecamatan, kecamatan_since_2018, kelurahan_code;
  sim::EntityKey key = 0;            ///< mix(city, site_id)
  double latitude = -999.0, longitude = -999.0;
  bool river_frontage = false;
  double river_group_share = 0.0;    ///< [0-1]
  double distance_to_centre_km = -1.0;
  double kelurahan_area_ha = -1.0;   ///< cap of the slum area
  double area_ha = -1.0;
  bool area_is_reported = false;     ///< false: synthetic
  int n_rt = -1;
  double persons_per_ha = -1.0;
  bool density_is_reported = false;
  int households = -1;               ///< check only
  bool heavy_class_reported = false;
  bool named_as_slum = false;
  double unclear_land_share = -1.0;  ///< [0-1]
  int strategic = -1;                ///< 0, 1 or -1 computed
  int tenure_item = 0, plan_item = 0;  ///< -1, 1 or 0 computed
  bool is_ulu = false;               ///< south bank (certificates differ)
  std::string status, source, notes;
};

/// One row of budgets.csv with use_in_total = 1.
struct BudgetRow {
  int year = 0;
  std::string funding_source, programme;
  double amount_idr_bn = 0.0;        ///< nominal
  bool is_realised = false;          ///< false: planned or allocated
  double units = -1.0;
};

struct RotationRow {
  int year = 0;
  std::string kecamatan, programme;
};

/// Official path of the slum area.
struct TargetPath {
  enum class Kind : std::uint8_t { none, zero_by, abs_ha_per_year, pct_of_base, pct_of_rest };
  Kind kind = Kind::none;
  double value = 0.0;                ///< year, ha a year or percent a year
};

struct City {
  std::string name, title_en, title_id, folder;
  sim::EntityKey key = 0;
  SizeClass size_class = SizeClass::metropolitan;
  double city_area_ha = 0.0;
  std::map<int, double> start_area_ha;   ///< by start year [ha]
  int price_year = 2019;
  std::map<int, double> price_index;     ///< construction prices, any base
  std::vector<SiteFacts> sites;
  std::vector<BudgetRow> budgets;
  std::vector<RotationRow> rotation;
  std::vector<int> decree_years, event_years;
  TargetPath target_path;
  /// Houses on the official list of unfit houses (RTLH) of the whole city; negative: not given.
  double official_unfit_houses = -1.0;
  /// Mean deficits of the baseline city and their shift (data/method/initial_rt_*.csv).
  struct DeficitRow {
    double mean = 0.0, share_zero = 0.0, share_one = 0.0, sd = 0.0;
    double shift_low = 0.0, shift = 0.0, shift_high = 0.0;
  };
  std::vector<DeficitRow> deficits;                       ///< [16]
  std::vector<std::vector<double>> deficit_correlations;  ///< [16][16]

  /// Tables that follow from `deficits` and `deficit_correlations`; made once by prepare().
  struct DeficitTable {
    std::vector<float> quantiles;                ///< of the Beta part, at u = i / (n - 1)
    double mass_at_zero = 0.0, mass_at_one = 0.0;
  };
  std::vector<DeficitTable> deficit_tables;              ///< [16]
  std::vector<std::vector<double>> deficit_cholesky;     ///< [16][16] lower triangle

  /// Computes the tables; whoever builds a City calls it last.
  void prepare();

  /// Price level of a year against 2019 = 1, interpolated; held constant outside the table.
  double price_level(int year) const;
};

}  // namespace musi::models
