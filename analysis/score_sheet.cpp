#include "analysis/score_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "analysis/score_sheet_columns.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using models::Criterion;
using models::Denominator;
using models::Share;
using sim::io::CsvTable;
using sim::io::Problems;
using sim::io::set_remark;
using sim::io::Text;

constexpr double agreement_pct = 0.05;  ///< [percentage points] volumes against percentage

/// One criterion of one RT as the sheet gives it.
struct Reading {
  Share share;
  bool has_volumes = false;
  double lacking = 0.0;  ///< numerator, clamped to 0 to `whole`
  double whole = 0.0;    ///< denominator
};

/// One RT as the sheet gives it.
struct SheetRow {
  std::vector<Reading> criteria;
  std::optional<double> area_ha;
  std::optional<double> persons_per_ha;
  std::optional<bool> strategic, potential;
  std::optional<bool> tenure_clear, fits_spatial_plan, building_permit;
};

/// Reads the criteria of a sheet cell by cell and reports what does not fit.
class SheetReader {
 public:
  SheetReader(const CsvTable& table, const SheetRules& rules, Problems& problems)
      : table_(table), rules_(rules), problems_(problems), columns_(table, rules.regulation) {}

  /// Each criterion needs a form; said once per column, not once per row.
  bool has_all_columns() {
    bool complete = true;
    for (const Criterion c : models::criteria_of(rules_.regulation)) {
      const SheetColumns::OfCriterion& at = columns_.of(c);
      const bool volumes = at.numerator && (at.denominator || at.row_denominator);
      if (volumes || (at.percentage && !rules_.by_site)) continue;
      complete = false;
      report_missing_form(c);
    }
    if (rules_.by_site && !table_.has_column("site_id")) {
      complete = false;
      problems_.error(
          "missing_column", header_line(),
          Text{"column 'site_id' is missing; '--by site' sums the rows of a site",
               "kolom 'site_id' tidak ada; '--by site' menjumlahkan baris satu lokasi"});
    }
    return complete;
  }

  SheetRow read(std::size_t row) {
    SheetRow out;
    for (const Criterion c : models::criteria_of(rules_.regulation)) {
      out.criteria.push_back(reading(row, c));
    }
    out.area_ha = number(row, columns_.area_ha);
    out.persons_per_ha = number(row, columns_.persons_per_ha);
    const std::optional<double> population = number(row, columns_.population);
    if (!out.persons_per_ha && population && out.area_ha) {
      out.persons_per_ha = *population / *out.area_ha;
    }
    out.strategic = answer(row, "strategic");
    out.potential = answer(row, "potential");
    out.tenure_clear = answer(row, "tenure_clear");
    out.fits_spatial_plan = answer(row, "fits_spatial_plan");
    out.building_permit = answer(row, "building_permit");
    if (rules_.by_site && table_.text(row, "site_id").empty()) {
      table_.error(row, "site_id", "empty_value",
                   Text{"'site_id' is empty; '--by site' needs it in every row",
                        "'site_id' kosong; '--by site' membutuhkannya di setiap baris"},
                   problems_);
    }
    return out;
  }

 private:
  sim::Place header_line() const { return {.file = table_.file(), .line = 1}; }
  std::optional<double> number(std::size_t row, std::optional<std::size_t> column) const {
    return column ? table_.number(row, *column) : std::nullopt;
  }
  bool is_filled(std::size_t row, std::optional<std::size_t> column) const {
    return column && !sim::io::trimmed(table_.text(row, *column)).empty();
  }
  std::optional<bool> answer(std::size_t row, std::string_view name) const {
    return table_.has_column(name) ? table_.flag(row, name) : std::nullopt;
  }

  void report_missing_form(Criterion c) {
    const std::string code(models::info(c).code);
    const std::string whole(row_denominator_column(models::info(c).denominator));
    const std::string volumes = fmt::format("num_{} with {} or den_{}", code, whole, code);
    const std::string volumes_id = fmt::format("num_{} dengan {} atau den_{}", code, whole, code);
    sim::Problem& problem = problems_.error(
        "missing_column", header_line(),
        Text{fmt::format("criterion {} has no usable column", code),
             fmt::format("kriteria {} tidak punya kolom yang dapat dipakai", code)});
    if (rules_.by_site) {
      set_remark(problem, {fmt::format("'--by site' sums volumes: give {}", volumes),
                           fmt::format("'--by site' menjumlahkan volume: isi {}", volumes_id)});
    } else {
      set_remark(problem, {fmt::format("give pct_{}, or {}", code, volumes),
                           fmt::format("isi pct_{}, atau {}", code, volumes_id)});
    }
  }

  /// Percentage cell as a fraction, not yet clamped. Read here and not with the table, because
  /// percentages beyond 0 to 100 are clamped, never refused.
  std::optional<double> percentage(std::size_t row, Criterion c) {
    const std::optional<std::size_t> column = columns_.of(c).percentage;
    if (!is_filled(row, column)) return std::nullopt;
    const std::string_view text = table_.text(row, *column);
    // Below 1000 the reading "thousands" of 87.273 is out of question.
    sim::io::NumberSpec spec;
    spec.min = -999.0;
    spec.max = 999.0;
    spec.decimal_comma = rules_.indonesian_locale;
    sim::io::NumberReading read = sim::io::read_number(text, spec);
    if (!read.value && read.fault.code == "out_of_range") {
      spec.min.reset();
      spec.max.reset();
      read = sim::io::read_number(text, spec);
    }
    if (read.value) return *read.value / 100.0;
    const std::string name = column_name("pct_", c);
    sim::io::report(read.fault, table_.place(row, name), table_.source_line(row), name, problems_);
    return std::nullopt;
  }

  Reading reading(std::size_t row, Criterion c) {
    const SheetColumns::OfCriterion& at = columns_.of(c);
    const std::optional<double> lacking = number(row, at.numerator);
    const std::optional<double> whole = is_filled(row, at.denominator)
                                            ? number(row, at.denominator)
                                            : number(row, at.row_denominator);
    const std::size_t errors_before = problems_.n_errors();
    const std::optional<double> percent = percentage(row, c);
    Reading out;
    if (lacking && whole) {
      out = {.share = models::share(*lacking, *whole),
             .has_volumes = true,
             .lacking = std::clamp(*lacking, 0.0, *whole),
             .whole = *whole};
      // What a site's sum loses must show: a numerator without denominator counts as cut off.
      if (rules_.by_site && *whole == 0.0) out.share.clamped_high = *lacking > 0.0;
      if (percent) require_agreement(row, c, out.share, models::clamped_share(*percent));
    } else if (percent) {
      out.share = models::clamped_share(*percent);
    } else if (problems_.n_errors() == errors_before && !was_reported(row, at)) {
      report_no_form(row, c, lacking.has_value());
    }
    if (rules_.by_site && !out.has_volumes && percent) report_no_form(row, c, lacking.has_value());
    if (rules_.strict) report_flags(row, c, out);
    return out;
  }

  /// A filled cell without a number was reported with the table.
  bool was_reported(std::size_t row, const SheetColumns::OfCriterion& at) const {
    const auto is_bad = [&](std::optional<std::size_t> column) {
      return is_filled(row, column) && !table_.number(row, *column);
    };
    return is_bad(at.numerator) || is_bad(at.denominator) ||
           (!is_filled(row, at.denominator) && is_bad(at.row_denominator));
  }

  /// Column to point at when a criterion is wrong.
  std::string cell_of(std::size_t row, Criterion c) const {
    const SheetColumns::OfCriterion& at = columns_.of(c);
    if (is_filled(row, at.numerator) || !at.percentage) return column_name("num_", c);
    return column_name("pct_", c);
  }

  void report_no_form(std::size_t row, Criterion c, bool has_numerator) {
    const std::string code(models::info(c).code);
    const std::string rt(table_.text(row, rules_.id_column));
    const std::string whole(row_denominator_column(models::info(c).denominator));
    Text message{fmt::format("criterion {} of RT '{}' is empty", code, rt),
                 fmt::format("kriteria {} dari RT '{}' kosong", code, rt)};
    Text remark{fmt::format("fill num_{} (or pct_{})", code, code),
                fmt::format("isi num_{} (atau pct_{})", code, code)};
    if (has_numerator) {
      message = {fmt::format("num_{} of RT '{}' has no denominator", code, rt),
                 fmt::format("num_{} dari RT '{}' tidak punya penyebut", code, rt)};
      remark = {fmt::format("fill {} or den_{}; 0 if there is none", whole, code),
                fmt::format("isi {} atau den_{}; 0 jika tidak ada", whole, code)};
    } else if (rules_.by_site) {
      message = {fmt::format("criterion {} of RT '{}' has no volumes", code, rt),
                 fmt::format("kriteria {} dari RT '{}' tidak punya volume", code, rt)};
      remark = {fmt::format("'--by site' sums volumes: fill num_{} and {}", code, whole),
                fmt::format("'--by site' menjumlahkan volume: isi num_{} dan {}", code, whole)};
    }
    set_remark(table_.error(row, cell_of(row, c), "criterion", std::move(message), problems_),
               std::move(remark));
  }

  void require_agreement(std::size_t row, Criterion c, const Share& volumes, const Share& percent) {
    const double by_volume = 100.0 * volumes.value;
    const double as_given = 100.0 * percent.value;
    if (std::fabs(by_volume - as_given) <= agreement_pct + 1e-9) return;
    const std::string code(models::info(c).code);
    const std::string rt(table_.text(row, rules_.id_column));
    sim::Problem& problem = table_.error(
        row, column_name("pct_", c), "criterion",
        Text{
            fmt::format("criterion {} of RT '{}': the volumes give {:.2f} %, pct_{} says {:.2f} %",
                        code, rt, by_volume, code, as_given),
            fmt::format("kriteria {} dari RT '{}': volume memberi {:.2f} %, pct_{} berisi {:.2f} %",
                        code, rt, by_volume, code, as_given)},
        problems_);
    set_remark(problem, {"correct one of them or leave one empty; they may differ by 0.05",
                         "perbaiki atau kosongkan salah satu; selisih paling besar 0,05"});
  }

  void report_flags(std::size_t row, Criterion c, const Reading& reading) {
    const std::string code(models::info(c).code);
    const auto add = [&](std::string kind, const char* english, const char* indonesian) {
      const std::string rt(table_.text(row, rules_.id_column));
      table_.error(row, cell_of(row, c), std::move(kind),
                   Text{fmt::format("criterion {} of RT '{}' {}", code, rt, english),
                        fmt::format("kriteria {} dari RT '{}' {}", code, rt, indonesian)},
                   problems_);
    };
    if (reading.share.clamped_low) add("clamped", "is below 0 %", "di bawah 0 %");
    if (reading.share.clamped_high) add("clamped", "is above 100 %", "di atas 100 %");
    // One RT without drains is no fault of its site.
    const bool none = reading.share.no_denominator && !rules_.by_site;
    if (none) add("no_denominator", "has denominator 0", "berpenyebut 0");
  }

  const CsvTable& table_;
  const SheetRules& rules_;
  Problems& problems_;
  SheetColumns columns_;
};

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
