#include "models/programmes/catalogue.h"

#include <algorithm>
#include <string>

#include "models/programmes/need.h"

namespace musi::models {
namespace {

using enum Item;
using Payers = std::vector<std::string>;

Uncertain share_of(const std::string& id, double percent) {
  Uncertain u;
  u.path = "programmes." + id + ".share_pct";
  u.unit = "%";
  u.value = constant(percent);
  u.status = Status::assumed;
  return u;
}

ProgrammeSpec programme(const std::string& id, const char* title_en, const char* title_id,
                        Channel channel, Grain grain, Gate gate, double share_pct, Payers paid_by,
                        std::vector<MenuEntry> menu) {
  ProgrammeSpec p;
  p.id = p.type = id;
  p.title_en = title_en;
  p.title_id = title_id;
  p.channel = channel;
  p.grain = grain;
  p.gate = gate;
  p.share_pct = share_of(id, share_pct);
  p.paid_by = std::move(paid_by);
  p.menu = std::move(menu);
  p.csv_rows = {id};
  const auto optional_input = [&](Uncertain& u, const char* key, const char* unit) {
    u.path = "programmes." + id + "." + key;
    u.unit = unit;
    u.is_set = false;
  };
  optional_input(p.gate_engaged_pct, "gate_engaged_pct", "%");
  optional_input(p.guideline_month, "guideline_month", "month");
  optional_input(p.min_package_idr_mn, "min_package_idr_mn", "IDR million");
  optional_input(p.max_package_idr_mn, "max_package_idr_mn", "IDR million");
  optional_input(p.staff_load_officer_months, "staff_load_officer_months", "months");
  optional_input(p.sites_per_year, "sites_per_year", "sites a year");
  optional_input(p.units_per_year, "units_per_year", "units a year");
  p.staff_load_officer_months.value = constant(grain == Grain::site ? 6.0 : 1.0);
  p.staff_load_officer_months.is_set = true;
  return p;
}

/// Small works, loans of a revolving fund and training, MODEL.md 14.2.
std::vector<MenuEntry> menu_with_loans(std::vector<MenuEntry> works) {
  for (MenuEntry& entry : works) entry.weight *= 0.7;
  works.push_back({loan, 0.2});
  works.push_back({training_month, 0.1});
  return works;
}

void set_package(ProgrammeSpec& p, double low_idr_mn, double high_idr_mn) {
  p.min_package_idr_mn.value = constant(low_idr_mn);
  p.max_package_idr_mn.value = constant(high_idr_mn);
  p.min_package_idr_mn.is_set = p.max_package_idr_mn.is_set = true;
}

/// Bits of LandStatus: disputed, river set-back, state or other.
constexpr std::uint8_t not_clear_land = 0xE;

std::uint8_t tenures(std::initializer_list<int> list) {
  int bits = 0;
  for (const int t : list) bits |= 1 << t;
  return static_cast<std::uint8_t>(bits);
}

}  // namespace

std::vector<MenuEntry> named_menu(std::string_view name) {
  if (name == "C") {
    return {{road_surface, 0.17}, {road_new, 0.05},         {drain_new, 0.10},
            {drain_rehab, 0.08},  {water_connection, 0.17}, {toilet_tank, 0.17},
            {waste_kit, 0.16},    {fire_access, 0.05},      {fire_equipment, 0.05}};
  }
  if (name == "A") {
    return {{road_surface, 0.15},      {road_new, 0.05},         {drain_new, 0.11},
            {drain_rehab, 0.09},       {water_connection, 0.10}, {toilet_tank, 0.12},
            {waste_kit, 0.12},         {fire_access, 0.05},      {fire_equipment, 0.05},
            {house_repair_city, 0.08}, {flood_works, 0.04},      {realignment, 0.04}};
  }
  return {};
}

std::vector<ProgrammeSpec> programme_catalogue() {
  using enum Channel;
  std::vector<ProgrammeSpec> all;
  const auto add = [&](ProgrammeSpec p) -> ProgrammeSpec& {
    all.push_back(std::move(p));
    return all.back();
  };
  const auto menu_c = named_menu("C");

  ProgrammeSpec& nusp =
      add(programme("nusp", "Neighbourhood upgrading (NUSP)", "NUSP", community, Grain::rt,
                    Gate::engaged_share, 14, {"loan_nusp", "kotaku"}, menu_c));
  nusp.guideline = Guideline::ministry_works;
  nusp.facilitators_included = true;
  set_package(nusp, 500, 500);
  ProgrammeSpec& kotaku =
      add(programme("kotaku_community", "Kelurahan grant (KOTAKU)", "Bantuan KOTAKU", community,
                    Grain::rt, Gate::engaged_share, 15, {"kotaku", "apbn"}, menu_c));
  kotaku.guideline = Guideline::ministry_works;
  kotaku.facilitators_included = true;
  set_package(kotaku, 500, 1280);
  ProgrammeSpec& wages =
      add(programme("cash_for_work", "Cash for work", "Padat karya", community, Grain::rt,
                    Gate::none, 1, {"apbn"}, menu_c));
  wages.wage_share = 0.5;
  wages.guideline = Guideline::ministry_works;
  set_package(wages, 1000, 1440);
  ProgrammeSpec& sanimas =
      add(programme("sanimas", "Community sanitation (Sanimas)", "Sanimas", community, Grain::rt,
                    Gate::engaged_share, 8, {"kotaku", "apbn"}, {{shared_sanitation, 1.0}}));
  sanimas.guideline = Guideline::ministry_works;
  ProgrammeSpec& p2kp =
      add(programme("p2kp", "Urban poverty project (P2KP)", "P2KP", community, Grain::rt,
                    Gate::engaged_share, 2, {"apbn"}, menu_with_loans(menu_c)));
  p2kp.guideline = Guideline::ministry_works;
  p2kp.facilitators_included = true;
  set_package(p2kp, 200, 500);

  ProgrammeSpec& bsps =
      add(programme("bsps", "State house repair grant (BSPS)", "BSPS", household_group,
                    Grain::household, Gate::group, 9, {"apbn"}, {{house_repair_grant, 1.0}}));
  bsps.guideline = Guideline::ministry_housing;
  bsps.eligible_tenure = tenures({0, 1});
  bsps.income_max_idr_mn = 4.0;
  ProgrammeSpec& bedah =
      add(programme("bedah_rumah", "City house repair", "Bedah rumah", household_group,
                    Grain::household, Gate::group, 9, {"apbd_city"},
                    {{house_repair_city, 1.0}}));
  bedah.guideline = Guideline::ministry_housing;
  bedah.eligible_tenure = tenures({0, 1});
  ProgrammeSpec& fresh =
      add(programme("new_house", "New house grant", "Pembangunan baru", household_group,
                    Grain::household, Gate::group, 2, {"apbn"}, {{house_new, 1.0}}));
  fresh.guideline = Guideline::ministry_housing;
  fresh.eligible_tenure = tenures({0, 1});

  ProgrammeSpec& roads =
      add(programme("neighbourhood_roads", "Neighbourhood roads", "Jalan lingkungan", contractor,
                    Grain::rt, Gate::none, 11, {"apbd_city", "apbd_province"},
                    {{road_surface, 0.75}, {road_new, 0.25}}));
  set_package(roads, 150, 260);
  add(programme("drainage_flood", "Drainage and flood relief", "Drainase dan banjir", contractor,
                Grain::rt, Gate::none, 5, {"apbd_city", "apbd_province"},
                {{drain_new, 0.35},
                 {drain_rehab, 0.30},
                 {flood_works, 0.25},
                 {river_wall, 0.05},
                 {drain_cleaning, 0.05}}))
      .csv_rows = {"drainage_flood", "slum_infrastructure"};
  ProgrammeSpec& area =
      add(programme("kotaku_area", "Area-scale works (KOTAKU)", "KOTAKU skala kawasan", contractor,
                    Grain::site, Gate::none, 7, {"apbn", "kotaku"}, named_menu("A")));
  area.guideline = Guideline::ministry_works;
  set_package(area, 4000, 13000);
  add(programme("water_connections", "Water connections (MBR)", "Sambungan air MBR", contractor,
                Grain::household, Gate::none, 2, {"apbd_city"}, {{water_connection, 1.0}}));
  add(programme("waste", "Waste kits and collection", "Persampahan", service, Grain::rt,
                Gate::none, 1, {"apbd_city"}, {{waste_kit, 0.5}, {waste_service, 0.5}}));
  add(programme("fire", "Fire protection", "Proteksi kebakaran", contractor, Grain::rt, Gate::none,
                1, {"apbd_city"}, {{fire_access, 0.5}, {fire_equipment, 0.5}}));

  add(programme("sewer_connection", "House connections to the city sewer",
                "Sambungan air limbah kota", contractor, Grain::household, Gate::none, 2,
                {"apbd_city"}, {{sewer_connection, 1.0}}));
  all.back().csv_rows = {"sewer_connection", "sewerage"};
  all.back().enabled = false;  // needs a trunk sewer: who switches it on says there is one

  ProgrammeSpec& homes =
      add(programme("low_income_housing", "Low-income housing at the river (MBR)",
                    "Rumah MBR tepi sungai", relocation, Grain::household, Gate::consent, 2,
                    {"apbd_city", "private"}, {{low_income_house, 1.0}}));
  homes.eligible_land = not_clear_land;
  set_package(homes, 500, 5000);
  ProgrammeSpec& places =
      add(programme("low_income_housing_roads", "Roads and connections of low-income housing",
                    "Jalan dan sambungan rumah MBR", contractor, Grain::site, Gate::none, 1,
                    {"apbd_city"}, {{estate_service, 1.0}}));
  set_package(places, 100, 5000);
  ProgrammeSpec& land =
      add(programme("land_compensation", "Yearly land compensation", "Ganti rugi lahan tahunan",
                    relocation, Grain::site, Gate::consent, 1, {"apbd_city"},
                    {{land_m2, 1.0}}));
  land.eligible_land = not_clear_land;
  set_package(land, 200, 5000);
  ProgrammeSpec& flats =
      add(programme("rusunawa", "Rental flats (Rusunawa)", "Rusunawa", relocation,
                    Grain::household, Gate::consent, 2, {"apbn"}, {{rental_flat, 1.0}}));
  flats.guideline = Guideline::ministry_housing;
  flats.income_max_idr_mn = 4.0;
  set_package(flats, 1000, 20000);

  add(programme("facilitation", "Facilitators and elders", "Fasilitator dan tokoh", service,
                Grain::site, Gate::none, 3, {"loan_nusp", "kotaku", "apbd_city"},
                {{facilitator_month, 1.0}}));
  add(programme("upkeep", "Upkeep by users' groups (KPP)", "Pemeliharaan KPP", service, Grain::rt,
                Gate::none, 2, {"apbd_city"}, {{upkeep_fund, 0.8}, {drain_cleaning, 0.2}}));
  add(programme("legalise", "Land legalisation", "Legalisasi lahan", service, Grain::rt,
                Gate::none, 1, {"apbd_city", "partner"}, {{legalisation, 1.0}}));
  add(programme("prevention", "Supervision of new building", "Pengawasan bangunan", service,
                Grain::site, Gate::none, 0.2, {"apbd_city"}, {{patrol_month, 1.0}}));
  add(programme("complaints", "Complaint website and desk", "Kanal pengaduan", service,
                Grain::city, Gate::none, 0.1, {"apbd_city"}, {{complaint_desk, 1.0}}));
  ProgrammeSpec& groups =
      add(programme("livelihoods", "Livelihood groups", "Kelompok usaha keluarga miskin", service,
                    Grain::household, Gate::none, 0.3, {"apbd_city", "partner"},
                    {{livelihood_member, 1.0}}));
  groups.targeting = AllocationRule::douse;
  add(programme("training", "Training of the poor", "Pelatihan keterampilan", service,
                Grain::household, Gate::none, 0.2, {"apbd_city"}, {{training_month, 1.0}}));
  add(programme("bank_credit", "Bank credit for informal workers", "Kredit bank pekerja informal",
                service, Grain::household, Gate::none, 0.1, {"private"}, {{loan, 1.0}}));
  ProgrammeSpec& rebuilt =
      add(programme("disaster_rehab", "Rehabilitation after fire and flood",
                    "Rehabilitasi rumah pascabencana", household_group, Grain::household,
                    Gate::none, 0.1, {"apbd_city"}, {{house_repair_city, 1.0}}));
  rebuilt.after_disasters = true;

  ProgrammeSpec& strategic = add(programme(
      "strategic_infrastructure", "Strategic areas: works inside sites",
      "Kawasan strategis: pekerjaan di lokasi", contractor, Grain::rt, Gate::none, 0,
      {"apbd_city"}, {{road_new, 0.5}, {drain_new, 0.5}}));
  strategic.line = BudgetLine::strategic_infrastructure;
  ProgrammeSpec& front =
      add(programme("waterfront", "Waterfront, river tourism", "Tepian sungai, wisata sungai",
                    contractor, Grain::rt, Gate::none, 0, {"apbd_city"},
                    {{road_new, 0.5}, {river_wall, 0.5}}));
  front.line = BudgetLine::waterfront;
  front.csv_rows = {"waterfront", "river_restoration"};
  return all;
}

bool has_item(const ProgrammeSpec& programme, Item item) {
  return std::any_of(programme.menu.begin(), programme.menu.end(),
                     [&](const MenuEntry& entry) { return entry.item == item; });
}

double menu_share(const ProgrammeSpec& programme, Item item) {
  double weight = 0.0, total = 0.0;
  for (const MenuEntry& entry : programme.menu) {
    total += entry.weight;
    if (entry.item == item) weight += entry.weight;
  }
  return total > 0 ? weight / total : 0.0;
}

double works_share(const ProgrammeSpec& programme) {
  // A sum of weights, not 1 less the others: a menu without them gives 1 exactly.
  double works = 0.0, total = 0.0;
  for (const MenuEntry& entry : programme.menu) {
    total += entry.weight;
    if (!is_aid(entry.item)) works += entry.weight;
  }
  return total > 0 ? works / total : 0.0;
}

}  // namespace musi::models
