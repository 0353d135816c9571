#include "analysis/score_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "analysis/score_sheet_columns.h"
#include "analysis/score_sheet_reader.h"

namespace musi::analysis {
namespace {

using models::Criterion;
using models::Share;
using sim::io::CsvTable;
using sim::io::Problems;
using sim::io::Text;

/// What decides on priority and handling, of an RT or a site.
struct Circumstances {
  std::optional<double> persons_per_ha;
  std::optional<bool> strategic, potential;
  std::optional<bool> tenure_clear, fits_spatial_plan, building_permit;
};

/// Points, class and what follows from `row.shares`.
void judge(const SheetRules& rules, const Circumstances& given, ScoredRow& row) {
  std::vector<double> values;
  for (const Share& share : row.shares) {
    values.push_back(share.value);
    row.points.push_back(models::points(share.value, rules.cuts));
  }
  row.total = models::total(values, rules.cuts);
  row.slum_class = models::class_of(row.total, rules.regulation);
  row.sectoral_mean = models::sectoral_mean(values);
  row.kotaku_exit = models::leaves_slum(row.slum_class, models::served_shares(values),
                                        models::ExitRule::score_and_services);
  if (given.strategic && given.potential && given.persons_per_ha) {
    row.consideration_points = models::consideration_points(*given.strategic, *given.persons_per_ha,
                                                            *given.potential, rules.city_size);
  }
  const bool with_permit = rules.regulation == models::Regulation::permen_2016;
  if (given.tenure_clear && given.fits_spatial_plan && (given.building_permit || !with_permit)) {
    row.legality_points =
        models::legality_points(*given.tenure_clear, *given.fits_spatial_plan,
                                with_permit ? given.building_permit : std::nullopt);
  }
  if (!row.legality_points) return;
  const bool legal = models::is_legal(*row.legality_points);
  row.handling = models::handling_of(row.slum_class, legal, models::HandlingMode::letter_of_law);
  if (row.consideration_points) {
    row.priority = models::priority_code(
        row.slum_class, models::consideration_of(*row.consideration_points), legal);
  }
}

ScoredRow score_row(const CsvTable& table, std::size_t row, const SheetRules& rules,
                    const SheetRow& given) {
  ScoredRow out{.line = table.line(row),
                .site_id = std::string(table.text(row, "site_id")),
                .rt_id = std::string(table.text(row, rules.id_column))};
  for (const Reading& reading : given.criteria) out.shares.push_back(reading.share);
  judge(rules,
        {.persons_per_ha = given.persons_per_ha,
         .strategic = given.strategic,
         .potential = given.potential,
         .tenure_clear = given.tenure_clear,
         .fits_spatial_plan = given.fits_spatial_plan,
         .building_permit = given.building_permit},
        out);
  return out;
}

/// The answer that all rows give, if they do.
std::optional<bool> common_answer(const std::vector<SheetRow>& rows,
                                  const std::vector<std::size_t>& of_site,
                                  std::optional<bool> SheetRow::*answer) {
  for (const std::size_t row : of_site) {
    if (rows[row].*answer != rows[of_site.front()].*answer) return std::nullopt;
  }
  return rows[of_site.front()].*answer;
}

/// Persons over area, if both are known for every RT.
std::optional<double> site_density(const std::vector<SheetRow>& rows,
                                   const std::vector<std::size_t>& of_site) {
  double persons = 0.0;
  double area = 0.0;
  for (const std::size_t row : of_site) {
    if (!rows[row].area_ha || !rows[row].persons_per_ha) return std::nullopt;
    persons += *rows[row].persons_per_ha * *rows[row].area_ha;
    area += *rows[row].area_ha;
  }
  return persons / area;
}

/// Volumes are given in decimals; their sum must not show binary rounding.
double without_noise(double sum) {
  return std::fabs(sum) < 1e9 ? std::floor(sum * 1e6 + 0.5) / 1e6 : sum;
}

/// Sums the volumes of a site's RTs, criterion by criterion.
std::vector<Reading> summed_volumes(const std::vector<SheetRow>& rows,
                                    const std::vector<std::size_t>& of_site) {
  std::vector<Reading> sums(rows[of_site.front()].criteria.size());
  for (std::size_t k = 0; k < sums.size(); ++k) {
    Reading& sum = sums[k];
    bool low = false;
    bool high = false;
    for (const std::size_t row : of_site) {
      const Reading& reading = rows[row].criteria[k];
      sum.lacking += reading.lacking;
      sum.whole += reading.whole;
      low = low || reading.share.clamped_low;
      high = high || reading.share.clamped_high;
    }
    sum.lacking = without_noise(std::min(sum.lacking, sum.whole));
    sum.whole = without_noise(sum.whole);
    sum.share = models::share(sum.lacking, sum.whole);
    sum.share.clamped_low = low;
    sum.share.clamped_high = high;
  }
  return sums;
}

/// A cell of a copied column for a whole site: sums of volumes, else the value all RTs share.
std::string site_cell(const CsvTable& table, const std::string& name,
                      const std::vector<std::size_t>& of_site, const SheetRules& rules) {
  if (is_summed_column(name)) {
    double sum = 0.0;
    for (const std::size_t row : of_site) {
      const std::optional<double> value = table.number(row, *table.column(name));
      if (!value) return "";
      sum += *value;
    }
    return cell_number(without_noise(sum), rules);
  }
  const std::string_view first = table.text(of_site.front(), name);
  for (const std::size_t row : of_site) {
    if (table.text(row, name) != first) return "";
  }
  return std::string(first);
}

/// Rows of each site, sites in the order of their first RT.
std::vector<std::vector<std::size_t>> rows_by_site(const CsvTable& table) {
  std::vector<std::vector<std::size_t>> sites;
  std::map<std::string, std::size_t, std::less<>> known;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const auto [at, is_new] = known.emplace(table.text(row, "site_id"), sites.size());
    if (is_new) sites.emplace_back();
    sites[at->second].push_back(row);
  }
  return sites;
}

Circumstances site_circumstances(const std::vector<SheetRow>& rows,
                                 const std::vector<std::size_t>& of_site) {
  const auto common = [&](std::optional<bool> SheetRow::*answer) {
    return common_answer(rows, of_site, answer);
  };
  return {.persons_per_ha = site_density(rows, of_site),
          .strategic = common(&SheetRow::strategic),
          .potential = common(&SheetRow::potential),
          .tenure_clear = common(&SheetRow::tenure_clear),
          .fits_spatial_plan = common(&SheetRow::fits_spatial_plan),
          .building_permit = common(&SheetRow::building_permit)};
}

void report_empty_sums(const CsvTable& table, std::size_t first_row, const ScoredRow& site,
                       Problems& problems) {
  for (std::size_t k = 0; k < site.shares.size(); ++k) {
    if (!site.shares[k].no_denominator) continue;
    const std::string_view code = models::info(static_cast<Criterion>(k)).code;
    table.error(first_row, "site_id", "no_denominator",
                Text{fmt::format("criterion {} of site '{}' has denominator 0", code, site.site_id),
                     fmt::format("kriteria {} dari lokasi '{}' berpenyebut 0", code, site.site_id)},
                problems);
  }
}

/// Scores the sums of each site; the sheet then copies volumes and what holds for whole sites.
void score_sites(const CsvTable& table, const std::vector<SheetRow>& rows, Problems& problems,
                 ScoreSheet& sheet) {
  const SheetRules& rules = sheet.rules;
  const std::vector<std::string> others = site_columns(sheet.copied_columns, rules);
  sheet.copied_columns = volume_columns(rules.regulation);
  sheet.copied_columns.insert(sheet.copied_columns.end(), others.begin(), others.end());
  for (const std::vector<std::size_t>& of_site : rows_by_site(table)) {
    ScoredRow out{.line = table.line(of_site.front()),
                  .site_id = std::string(table.text(of_site.front(), "site_id")),
                  .n_rt = static_cast<int>(of_site.size())};
    for (const Reading& sum : summed_volumes(rows, of_site)) {
      out.shares.push_back(sum.share);
      out.copied.push_back(cell_number(sum.lacking, rules));
      out.copied.push_back(cell_number(sum.whole, rules));
    }
    const Circumstances given = site_circumstances(rows, of_site);
    judge(rules, given, out);
    const auto& density = given.persons_per_ha;
    for (const std::string& name : others) {
      if (name != "persons_per_ha") {
        out.copied.push_back(site_cell(table, name, of_site, rules));
      } else {
        out.copied.push_back(density ? cell_number(without_noise(*density), rules) : "");
      }
    }
    if (rules.strict) report_empty_sums(table, of_site.front(), out, problems);
    sheet.rows.push_back(std::move(out));
  }
}

}  // namespace

ScoreSheet score_sheet(const CsvTable& table, const SheetRules& rules, Problems& problems) {
  ScoreSheet sheet{.rules = rules, .rows = {}, .copied_columns = copied_columns(table, rules)};
  SheetReader reader(table, rules, problems);
  if (!reader.has_all_columns()) return sheet;
  std::vector<std::size_t> copied;
  for (const std::string& name : sheet.copied_columns) copied.push_back(*table.column(name));
  std::vector<SheetRow> of_sites;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    SheetRow given = reader.read(row);
    if (rules.by_site) {
      of_sites.push_back(std::move(given));
      continue;
    }
    sheet.rows.push_back(score_row(table, row, rules, given));
    for (const std::size_t column : copied) {
      sheet.rows.back().copied.emplace_back(table.text(row, column));
    }
  }
  if (rules.by_site && !problems.has_errors()) score_sites(table, of_sites, problems, sheet);
  return sheet;
}

ScoreSheet read_score_sheet(const std::string& file, const SheetRules& rules) {
  Problems problems;
  ScoreSheet sheet;
  if (const auto table = sim::io::read_csv(file, sheet_spec(rules), problems)) {
    sheet = score_sheet(*table, rules, problems);
  }
  problems.throw_if_errors();
  return sheet;
}

}  // namespace musi::analysis
