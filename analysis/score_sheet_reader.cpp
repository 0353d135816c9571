#include "analysis/score_sheet_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "sim/io/text.h"

namespace musi::analysis {

using models::Criterion;
using models::Share;
using sim::io::CsvTable;
using sim::io::Problems;
using sim::io::set_remark;
using sim::io::Text;

namespace {

constexpr double agreement_pct = 0.05;  ///< [percentage points] volumes against percentage

}  // namespace

SheetReader::SheetReader(const CsvTable& table, const SheetRules& rules, Problems& problems)
    : table_(table), rules_(rules), problems_(problems), columns_(table, rules.regulation) {}

bool SheetReader::has_all_columns() {
  const std::size_t before = problems_.n_errors();
  if (!table_.has_column(rules_.id_column)) {
    sim::Problem& problem =
        problems_.error("missing_column", header_line(),
                        Text{fmt::format("column '{}' is missing", rules_.id_column),
                             fmt::format("kolom '{}' tidak ada", rules_.id_column)});
    set_remark(problem, {"it names the RT; '--id COLUMN' takes another column of the file",
                         "kolom ini menamai RT; '--id KOLOM' memakai kolom lain dari berkas"});
  }
  if (rules_.by_site && !table_.has_column("site_id")) {
    problems_.error("missing_column", header_line(),
                    Text{"column 'site_id' is missing; '--by site' sums the rows of a site",
                         "kolom 'site_id' tidak ada; '--by site' menjumlahkan baris satu lokasi"});
  }
  std::vector<std::string> without;
  for (const Criterion c : models::criteria_of(rules_.regulation)) {
    const SheetColumns::OfCriterion& at = columns_.of(c);
    const bool volumes = at.numerator && (at.denominator || at.row_denominator);
    if (!volumes && !(at.percentage && !rules_.by_site)) without.emplace_back(models::info(c).code);
  }
  if (!without.empty()) report_missing_forms(without);
  return problems_.n_errors() == before;
}

SheetRow SheetReader::read(std::size_t row) {
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

std::optional<double> SheetReader::number(std::size_t row, Position column) const {
  return column ? table_.number(row, *column) : std::nullopt;
}

bool SheetReader::is_filled(std::size_t row, Position column) const {
  return column && !sim::io::trimmed(table_.text(row, *column)).empty();
}

std::optional<bool> SheetReader::answer(std::size_t row, std::string_view name) const {
  return table_.has_column(name) ? table_.flag(row, name) : std::nullopt;
}

void SheetReader::report_missing_forms(const std::vector<std::string>& codes) {
  const std::string list = sim::io::joined(codes, models::n_criteria_2016);
  const std::string& first = codes.front();
  const std::string whole(
      row_denominator_column(models::info(*models::criterion_from_code(first)).denominator));
  sim::Problem& problem = problems_.error(
      "missing_column", header_line(),
      Text{fmt::format("no usable column for {} {}", codes.size() == 1 ? "criterion" : "criteria",
                       list),
           fmt::format("tidak ada kolom yang dapat dipakai untuk kriteria {}", list)});
  const std::string volumes = fmt::format("num_{} with {} or den_{}", first, whole, first);
  const std::string volumes_id = fmt::format("num_{} dengan {} atau den_{}", first, whole, first);
  if (rules_.by_site) {
    set_remark(problem, {fmt::format("'--by site' sums volumes: give {}", volumes),
                         fmt::format("'--by site' menjumlahkan volume: isi {}", volumes_id)});
  } else {
    set_remark(problem, {fmt::format("give pct_{}, or {}", first, volumes),
                         fmt::format("isi pct_{}, atau {}", first, volumes_id)});
  }
}

std::optional<double> SheetReader::percentage(std::size_t row, Criterion c) {
  const Position column = columns_.of(c).percentage;
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

Reading SheetReader::reading(std::size_t row, Criterion c) {
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

bool SheetReader::was_reported(std::size_t row, const SheetColumns::OfCriterion& at) const {
  const auto is_bad = [&](Position column) {
    return is_filled(row, column) && !table_.number(row, *column);
  };
  return is_bad(at.numerator) || is_bad(at.denominator) ||
         (!is_filled(row, at.denominator) && is_bad(at.row_denominator));
}

std::string SheetReader::cell_of(std::size_t row, Criterion c) const {
  const SheetColumns::OfCriterion& at = columns_.of(c);
  if (is_filled(row, at.numerator) || !at.percentage) return column_name("num_", c);
  return column_name("pct_", c);
}

void SheetReader::report_no_form(std::size_t row, Criterion c, bool has_numerator) {
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

void SheetReader::require_agreement(std::size_t row, Criterion c, const Share& volumes,
                                    const Share& percent) {
  const double by_volume = 100.0 * volumes.value;
  const double as_given = 100.0 * percent.value;
  if (std::fabs(by_volume - as_given) <= agreement_pct + 1e-9) return;
  const std::string code(models::info(c).code);
  const std::string rt(table_.text(row, rules_.id_column));
  sim::Problem& problem = table_.error(
      row, column_name("pct_", c), "criterion",
      Text{fmt::format("criterion {} of RT '{}': the volumes give {:.2f} %, pct_{} says {:.2f} %",
                       code, rt, by_volume, code, as_given),
           fmt::format("kriteria {} dari RT '{}': volume memberi {:.2f} %, pct_{} berisi {:.2f} %",
                       code, rt, by_volume, code, as_given)},
      problems_);
  set_remark(problem, {"correct one of them or leave one empty; they may differ by 0.05",
                       "perbaiki atau kosongkan salah satu; selisih paling besar 0,05"});
}

void SheetReader::report_flags(std::size_t row, Criterion c, const Reading& reading) {
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

}  // namespace musi::analysis
