#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/programmes/items.h"
#include "models/score/criteria.h"
#include "sim/core/ids.h"

/// Static facts of a city, read once and shared by all replicates.
namespace musi::models {

enum class SizeClass : std::uint8_t { metropolitan, large, medium, small };
enum class LandStatus : std::uint8_t { clear, disputed, river_setback, state_or_other };

/// What the members of a livelihood group do, MODEL.md 16.3.
enum class Business : std::uint8_t { herbal_drinks, gas_retail, cakes, vegetables, other };
inline constexpr std::size_t n_businesses = 5;
inline constexpr std::array<const char*, n_businesses> business_words{
    "herbal_drinks", "gas_retail", "cakes", "vegetables", "other"};

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
  std::optional<Business> business;  ///< that suits its people; empty: drawn
  std::string status, source, notes;
};

/// One surveyed RT, a row of rt.csv; negative numbers mean "not given". MODEL.md 25.2.
struct SurveyedRt {
  std::string rt_id, site_id;
  double area_ha = 0.0;
  double buildings = 0.0;
  int households = 0;                  ///< at least fewest_surveyed_households
  int population = -1;                 ///< [persons]
  double ideal_road = 0.0, ideal_drain = 0.0;  ///< [m]
  std::array<double, n_criteria> numerator{}, denominator{};
  std::optional<LandStatus> land_status;
  double share_river = -1.0;           ///< [0-1]
  int score_total = -1;                ///< as the sheet says, for checks
  std::string survey_date, status, source;

  /// The sixteen shares as the sheet states them, clamped to 0 to 1.
  std::array<double, n_criteria> shares() const;
};
/// With fewer households not every score of a household criterion can be told by whole households.
inline constexpr int fewest_surveyed_households = 3;
inline constexpr int largest_household = 12;  ///< [persons]

/// Works as they were or are to be delivered, a row of works.csv. MODEL.md 25.2.
struct WorksRow {
  int year = 0, month = 1;             ///< calendar year, 1 to 12
  std::string site_id, rt_id;          ///< rt_id empty: the whole site
  std::string programme, funding_source, source;
  Item item = Item::road_surface;
  double units = 0.0;
  double cost_idr_mn = 0.0;            ///< nominal
  bool is_realised = false;
};

/// One row of budgets.csv with use_in_total = 1.
struct BudgetRow {
  int year = 0;
  std::string funding_source, programme;
  double amount_idr_bn = 0.0;        ///< nominal
  bool is_planned = false;           ///< false: allocated in a budget or contract, or realised
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
  /// Surveyed RTs; a site with at least one is covered by them alone, in this order.
  std::vector<SurveyedRt> surveyed;
  std::vector<WorksRow> works;
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

  /// Rows of `surveyed` by site_id; made by prepare().
  std::map<std::string, std::vector<std::size_t>> surveyed_sites;

  /// Computes the tables; whoever builds a City calls it last.
  void prepare();

  /// Rows of `surveyed` of a site, by ordinal of its RTs; empty if it was not surveyed.
  const std::vector<std::size_t>& survey_of(const std::string& site_id) const;

  /// Price level of a year against 2019 = 1, interpolated; held constant outside the table.
  double price_level(int year) const;
};

}  // namespace musi::models
