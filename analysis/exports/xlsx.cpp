#include "analysis/exports/xlsx.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <memory>
#include <utility>

#include "analysis/exports/table_parts.h"
#include "analysis/exports/tables.h"
#include "analysis/headline.h"
#include "analysis/outcomes.h"
#include "analysis/report/question.h"
#include "analysis/report/texts.h"
#include "sim/core/error.h"

namespace musi::analysis {
namespace {

constexpr std::size_t most_rows = 1'000'000;
constexpr std::size_t most_characters = 32'767;  ///< of a cell
constexpr time_t fixed_time = 1'577'836'800;     ///< 1 January 2020: no time of the machine

/// Indonesian words of columns that a planner reads; codes and paths stay.
const std::map<std::string, std::string>& indonesian_columns() {
  static const std::map<std::string, std::string> words{
      {"option", "opsi"},
      {"level", "tingkat"},
      {"replicate", "kemungkinan"},
      {"paid_idr_bn", "dibayar_idr_miliar"},
      {"need_left_idr_bn", "sisa_kebutuhan_idr_miliar"},
      {"definition", "definisi"},
      {"year", "tahun"},
      {"chance_pct", "peluang_persen"},
      {"error_pct", "galat_persen"},
      {"quantity", "besaran"},
      {"unit", "satuan"},
      {"mean", "rata_rata"},
      {"site_id", "id_lokasi"},
      {"area_ha_start", "luas_awal_ha"},
      {"area_status", "status_luas"},
      {"zero_year_p50", "tahun_nol_p50"},
      {"chance_by_headline_pct", "peluang_tahun_utama_persen"},
      {"paid_idr_bn_p50", "dibayar_idr_miliar_p50"},
      {"rt_id", "id_rt"},
      {"programme", "program"},
      {"item", "pekerjaan"},
      {"start", "mulai"},
      {"end", "selesai"},
      {"cost_idr_mn", "biaya_idr_juta"},
      {"self_help_idr_mn", "swadaya_idr_juta"},
      {"payer", "pembayar"},
      {"funds", "sumber_dana"},
      {"path", "kunci"},
      {"value", "nilai"},
      {"source", "sumber"},
      {"origin", "asal"},
      {"title_en", "judul_en"},
      {"title_id", "judul_id"},
      {"distribution", "sebaran"},
      {"redraw", "undian_ulang"},
      {"note", "catatan"},
      {"age_years", "umur_tahun"},
      {"land_ha", "lahan_ha"},
      {"money_ha", "dana_ha"},
      {"guideline_ha", "juknis_ha"},
      {"procurement_ha", "pengadaan_ha"},
      {"participation_ha", "partisipasi_ha"},
      {"technical_ha", "teknis_ha"},
      {"regrowth_ha", "kumuh_baru_ha"}};
  return words;
}

/// "planned_mean" of the table of money: the stage is translated, the statistic stays.
std::string column_word(const std::string& column, bool is_indonesian) {
  if (!is_indonesian) return column;
  const auto found = indonesian_columns().find(column);
  if (found != indonesian_columns().end()) return found->second;
  static const std::map<std::string, std::string> stages{
      {"planned", "direncanakan"}, {"voted", "dianggarkan"},  {"released", "dicairkan"},
      {"paid", "dibayar"},         {"returned", "dikembalikan"}, {"carried", "dilanjutkan"},
      {"committed", "dikontrak"},  {"gap", "kekurangan"},     {"reached", "tercapai"}};
  const std::size_t at = column.find('_');
  const auto stage = stages.find(column.substr(0, at));
  if (at != std::string::npos && stage != stages.end()) return stage->second + column.substr(at);
  if (column.starts_with("zero_year_")) return "tahun_nol_" + column.substr(10);
  return column;
}

/// One workbook, closed once; the library keeps rows in memory or in its own temporary files.
class Workbook {
 public:
  explicit Workbook(const std::string& file) : file_(file) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(file.c_str(), &options);
    if (book_ == nullptr) fail();
    std::string title = "musi";
    lxw_doc_properties properties{};
    properties.title = title.data();
    properties.created = fixed_time;
    workbook_set_properties(book_, &properties);
    bold_ = workbook_add_format(book_);
    format_set_bold(bold_);
  }
  ~Workbook() {
    if (book_ != nullptr) workbook_close(book_);
  }
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  lxw_worksheet* add(const std::string& name) {
    lxw_worksheet* sheet = workbook_add_worksheet(book_, name.c_str());
    if (sheet == nullptr) fail();
    return sheet;
  }
  void put(lxw_worksheet* sheet, std::size_t row, std::size_t column, const ExportCell& cell,
           bool is_bold = false) {
    lxw_format* format = is_bold ? bold_ : nullptr;
    const auto r = static_cast<lxw_row_t>(row);
    const auto c = static_cast<lxw_col_t>(column);
    if (const double* number = std::get_if<double>(&cell)) {
      worksheet_write_number(sheet, r, c, *number, format);
    } else if (const std::string* text = std::get_if<std::string>(&cell); text && !text->empty()) {
      worksheet_write_string(sheet, r, c, text->substr(0, most_characters).c_str(), format);
    }
  }
  void close() {
    lxw_workbook* book = std::exchange(book_, nullptr);
    if (workbook_close(book) != LXW_NO_ERROR) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw sim::IoError("cannot_write", fmt::format("cannot write the workbook '{}'", file_));
  }

  std::string file_;
  lxw_workbook* book_ = nullptr;
  lxw_format* bold_ = nullptr;
};

void write_table(Workbook& book, const ExportTable& table, const std::string& sheet_name,
                 bool is_indonesian) {
  lxw_worksheet* sheet = book.add(sheet_name);
  worksheet_freeze_panes(sheet, 1, 0);
  worksheet_set_column(sheet, 0, static_cast<lxw_col_t>(table.columns.size() - 1), 16, nullptr);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    book.put(sheet, 0, c, column_word(table.columns[c], is_indonesian), true);
  }
  std::size_t n_rows = 0, n_left_out = 0;
  table.rows([&](const ExportRow& row) {
    if (n_rows == most_rows) {
      ++n_left_out;
      return;
    }
    ++n_rows;
    for (std::size_t c = 0; c < row.size(); ++c) book.put(sheet, n_rows, c, row[c]);
  });
  worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(n_rows),
                       static_cast<lxw_col_t>(table.columns.size() - 1));
  if (n_left_out == 0) return;
  book.put(sheet, n_rows + 1, 0,
           fmt::format("{} rows left out / {} baris dilewati: CSV", n_left_out, n_left_out));
}

/// Rows of numbers, labels in both languages in front, options as columns.
void write_summary(Workbook& book, const Results& results, const std::vector<std::size_t>& options,
                   bool is_indonesian) {
  const auto trees = resolved_options(results);
  const HeadlineQuestion question = question_of(results, trees.front());
  const auto outcomes = outcomes_of(results, question);
  std::vector<Headline> headlines;
  for (const std::size_t o : options) headlines.push_back(headline_of(outcomes[o], question));
  lxw_worksheet* sheet = book.add(is_indonesian ? "Ringkasan" : "Summary");
  worksheet_freeze_panes(sheet, 1, 2);
  worksheet_set_column(sheet, 0, 1, 48, nullptr);
  worksheet_set_column(sheet, 2, static_cast<lxw_col_t>(2 + options.size()), 18, nullptr);
  book.put(sheet, 0, 0, std::string("English"), true);
  book.put(sheet, 0, 1, std::string("Bahasa Indonesia"), true);
  for (std::size_t i = 0; i < options.size(); ++i) {
    book.put(sheet, 0, 2 + i, results.options()[options[i]], true);
  }
  std::size_t row = 0;
  const auto add = [&](const std::string& en, const std::string& id, auto&& cell_of) {
    ++row;
    book.put(sheet, row, 0, en);
    book.put(sheet, row, 1, id);
    for (std::size_t i = 0; i < headlines.size(); ++i) {
      book.put(sheet, row, 2 + i, cell_of(headlines[i]));
    }
  };
  const std::string& z = question.definition;
  for (std::size_t y = 0; y < headlines.front().years.size(); ++y) {
    const int year = headlines.front().years[y];
    add(fmt::format("chance of 0 % by {} ({}), %", year, z),
        fmt::format("peluang 0 % pada {} ({}), %", year, z),
        [&](const Headline& h) { return ExportCell(100.0 * h.chances[y].estimate); });
    add(fmt::format("Monte Carlo error, {}, %", year),
        fmt::format("galat Monte Carlo, {}, %", year),
        [&](const Headline& h) { return ExportCell(100.0 * h.chances[y].half_width); });
  }
  const std::array<double, 4> parts{10.0, 50.0, question.chance_pct, 90.0};
  for (std::size_t k = 0; k < parts.size(); ++k) {
    add(fmt::format("year by which {} of 100 futures have reached 0 %", parts[k]),
        fmt::format("tahun saat {} dari 100 kemungkinan mencapai 0 %", parts[k]),
        [&](const Headline& h) {
          return h.year_of[k] ? ExportCell(static_cast<double>(*h.year_of[k])) : ExportCell();
        });
  }
  add(fmt::format("not by {}, % of futures", question.end_year),
      fmt::format("tidak tercapai sampai {}, % kemungkinan", question.end_year),
      [](const Headline& h) { return ExportCell(100.0 * h.not_reached.estimate); });
  add("restricted mean time, years", "rata-rata waktu terbatas, tahun",
      [](const Headline& h) { return number_cell(h.restricted_mean_years); });
  add(fmt::format("spent {} to {}, 1e9 rupiah of {}", question.spent_from, question.spent_to,
                  question.price_year),
      fmt::format("dibelanjakan {} sampai {}, miliar rupiah {}", question.spent_from,
                  question.spent_to, question.price_year),
      [](const Headline& h) { return number_cell(h.spent_idr_bn); });
  add("futures", "kemungkinan",
      [](const Headline& h) { return ExportCell(static_cast<double>(h.replicates)); });
}

void write_about(Workbook& book, const Results& results, bool is_indonesian) {
  lxw_worksheet* sheet = book.add(is_indonesian ? "Tentang" : "About");
  worksheet_set_column(sheet, 0, 0, 24, nullptr);
  worksheet_set_column(sheet, 1, 1, 110, nullptr);
  std::size_t row = 0;
  const auto add = [&](const char* en, const char* id, const std::string& value) {
    book.put(sheet, row, 0, std::string(is_indonesian ? id : en), true);
    book.put(sheet, row, 1, value);
    ++row;
  };
  const auto root = [&](const char* name) {
    return results.file().text_attribute("/", name).value_or("");
  };
  const auto made = [&](const char* name) { return results.provenance_attribute(name); };
  add("title", "judul", root("title"));
  add("question", "pertanyaan", root("question"));
  add("made by", "dibuat oleh",
      fmt::format("musi {}, {}", made("musi_version"), made("git_commit")));
  add("seed", "benih acak", "0x" + made("seed_hex"));
  add("design", "rancangan", made("design"));
  add("flags", "opsi baris perintah", results.provenance_text("flags"));
  add("headline definition", "definisi utama",
      fmt::format("{}, {}", results.headline_definition(), results.headline_year()));
  const Texts texts(is_indonesian ? "id" : "en");
  for (const std::string& z : results.definitions()) {
    const std::string key = "definition." + z;
    add(z.c_str(), z.c_str(), texts.has(key) ? texts(key) : z);
  }
  const auto status = texts_or_empty(results, "site_area_status", 0);
  const auto n_synthetic = std::count(status.begin(), status.end(), std::string("synthetic"));
  const std::vector<std::pair<std::string, std::string>> counts{
      {"n", fmt::format("{}", n_synthetic)}, {"all", fmt::format("{}", status.size())}};
  for (const char* limit : {"limits.prediction", "limits.design", "limits.synthetic",
                            "limits.participation", "limits.step", "limits.definition"}) {
    add("limit", "batasan", texts(limit, counts));
  }
  add("scenario", "skenario", results.provenance_text("scenario_yaml"));
}

}  // namespace

void write_xlsx(const Results& results, const std::vector<std::size_t>& options,
                bool is_indonesian, const std::string& file) {
  Workbook book(file);
  write_summary(book, results, options, is_indonesian);
  const std::vector<std::array<const char*, 3>> sheets{
      {"chance", "Chance", "Peluang"},   {"years", "Years", "Tahun"},
      {"sites", "Sites", "Lokasi"},      {"works", "Works", "Pekerjaan"},
      {"money", "Money", "Dana"},        {"barriers", "Barriers", "Hambatan"},
      {"site_barriers", "Site barriers", "Hambatan lokasi"},
      {"futures", "Futures", "Kemungkinan"},
      {"assumptions", "Assumptions", "Asumsi"},
      {"inputs", "Uncertain inputs", "Masukan tak pasti"}};
  for (const auto& [table, name_en, name_id] : sheets) {
    if (!has_export_table(results, table)) continue;
    write_table(book, export_table(results, table, options), is_indonesian ? name_id : name_en,
                is_indonesian);
  }
  write_about(book, results, is_indonesian);
  book.close();
}

}  // namespace musi::analysis
