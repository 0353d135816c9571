#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "analysis/score_sheet.h"
#include "analysis/score_sheet_columns.h"

namespace musi::analysis {
namespace {

using models::CutRule;
using models::Share;

constexpr double steps = 1e6;  ///< of a share, one per 0.0001 %

/// Percentage with four decimals. Where rounding up would reach a cut it is rounded down, so that
/// the written table earns the same points when it is read again.
std::string percent_cell(double share, bool indonesian_locale) {
  double step = std::floor(share * steps + 0.5);
  for (const CutRule rule : {CutRule::operational, CutRule::law}) {
    if (models::points(step / steps, rule) > models::points(share, rule)) step -= 1.0;
  }
  const auto whole = static_cast<long>(step);
  return fmt::format("{}{}{:04}", whole / 10'000, indonesian_locale ? ',' : '.', whole % 10'000);
}

std::string flags_cell(const ScoredRow& row) {
  std::string flags;
  for (std::size_t k = 0; k < row.shares.size(); ++k) {
    const std::string_view code = models::info(static_cast<models::Criterion>(k)).code;
    const auto add = [&](bool is_set, std::string_view name) {
      if (is_set) flags += fmt::format("{}{}:{}", flags.empty() ? "" : " ", name, code);
    };
    add(row.shares[k].clamped_low, "clamped_low");
    add(row.shares[k].clamped_high, "clamped_high");
    add(row.shares[k].no_denominator, "no_denominator");
  }
  return flags;
}

std::string yes_no(bool yes) { return yes ? "yes" : "no"; }

/// Cells behind the points: what is not known stays empty.
void add_judgement(const ScoredRow& row, bool indonesian_locale, std::vector<std::string>& cells) {
  cells.push_back(std::to_string(row.total));
  cells.emplace_back(models::name_en(row.slum_class));
  cells.emplace_back(models::name_id(row.slum_class));
  cells.push_back(percent_cell(row.sectoral_mean, indonesian_locale));
  cells.push_back(yes_no(row.kotaku_exit));
  const auto& considered = row.consideration_points;
  cells.push_back(considered ? std::to_string(*considered) : "");
  cells.emplace_back(considered ? models::name_en(models::consideration_of(*considered)) : "");
  const auto& legality = row.legality_points;
  cells.push_back(legality ? std::to_string(*legality) : "");
  cells.push_back(legality ? yes_no(models::is_legal(*legality)) : "");
  cells.push_back(row.priority ? row.priority->code() : "");
  cells.push_back(row.priority ? std::to_string(row.priority->rank) : "");
  cells.emplace_back(row.handling ? models::name_en(*row.handling) : "");
  cells.emplace_back(row.handling ? models::name_id(*row.handling) : "");
  cells.push_back(flags_cell(row));
}

void add_line(const std::vector<std::string>& cells, char separator, std::string& text) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += separator;
    text += sim::io::csv_cell(cells[i], separator);
  }
  text += '\n';
}

/// "2 clamped_high, 1 no_denominator"
std::string flags_in_words(const SheetCounts& n) {
  std::string words;
  const std::initializer_list<std::pair<std::size_t, std::string_view>> kinds{
      {n.clamped_low, "clamped_low"},
      {n.clamped_high, "clamped_high"},
      {n.no_denominator, "no_denominator"}};
  for (const auto& [count, name] : kinds) {
    if (count > 0) words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, name);
  }
  return words;
}

}  // namespace

std::vector<std::string> output_header(const ScoreSheet& sheet) {
  std::vector<std::string> header = output_columns(sheet.rules.regulation);
  header.insert(header.end(), sheet.copied_columns.begin(), sheet.copied_columns.end());
  return header;
}

std::vector<std::string> output_cells(const ScoredRow& row, bool indonesian_locale) {
  std::vector<std::string> cells{std::to_string(row.line), row.site_id, row.rt_id,
                                 std::to_string(row.n_rt)};
  for (const Share& share : row.shares) {
    cells.push_back(percent_cell(share.value, indonesian_locale));
  }
  for (const int points : row.points) cells.push_back(std::to_string(points));
  add_judgement(row, indonesian_locale, cells);
  cells.insert(cells.end(), row.copied.begin(), row.copied.end());
  return cells;
}

std::string to_csv(const ScoreSheet& sheet) {
  const char separator = sheet.rules.indonesian_locale ? ';' : ',';
  std::string text;
  add_line(output_header(sheet), separator, text);
  for (const ScoredRow& row : sheet.rows) {
    add_line(output_cells(row, sheet.rules.indonesian_locale), separator, text);
  }
  return text;
}

SheetCounts counts(const ScoreSheet& sheet) {
  SheetCounts n;
  for (const ScoredRow& row : sheet.rows) {
    ++n.classes[static_cast<std::size_t>(row.slum_class)];
    for (const Share& share : row.shares) {
      n.clamped_low += share.clamped_low ? 1 : 0;
      n.clamped_high += share.clamped_high ? 1 : 0;
      n.no_denominator += share.no_denominator ? 1 : 0;
    }
  }
  return n;
}

std::string summary(const ScoreSheet& sheet, sim::io::Language language) {
  const SheetCounts n = counts(sheet);
  const auto& [not_slum, light, medium, heavy] = n.classes;
  const bool one = sheet.rows.size() == 1;
  const std::string flags = flags_in_words(n);
  if (language == sim::io::Language::indonesian) {
    return fmt::format(
        "{} {}: {} berat, {} sedang, {} ringan, {} tidak kumuh.  {}.", sheet.rows.size(),
        sheet.rules.by_site ? "lokasi" : "RT", heavy, medium, light, not_slum,
        flags.empty() ? "tanpa tanda" : fmt::format("{} tanda ({})", n.flags(), flags));
  }
  const std::string_view unit = !sheet.rules.by_site ? "RT" : one ? "site" : "sites";
  const std::string flagged =
      flags.empty() ? "no flags"
                    : fmt::format("{} flag{} ({})", n.flags(), n.flags() == 1 ? "" : "s", flags);
  return fmt::format("{} {}: {} heavy, {} medium, {} light, {} not slum.  {}.", sheet.rows.size(),
                     unit, heavy, medium, light, not_slum, flagged);
}

}  // namespace musi::analysis
