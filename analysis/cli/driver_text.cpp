#include "analysis/cli/driver_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/cli/result_use.h"
#include "analysis/cli/terminal.h"
#include "analysis/driver_design.h"
#include "analysis/headline.h"

namespace musi::cli {
namespace {

using analysis::DriverRow;
using analysis::Estimate95;
using analysis::number_text;
using Kind = analysis::CompareMetric::Kind;

std::string json_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.10g}", value) : "null";
}

std::string metric_words(const DriverReport& report, const std::string& lang) {
  const bool is_id = lang == "id";
  const analysis::CompareMetric& m = report.metric;
  switch (m.kind) {
    case Kind::chance_by:
      return is_id ? fmt::format("peluang 0 % sampai {} ({}), %", m.from, report.definition)
                   : fmt::format("chance of 0 % by {} ({}), %", m.from, report.definition);
    case Kind::not_reached_pct:
      return is_id ? fmt::format("peluang 0 % tidak tercapai ({}), %", report.definition)
                   : fmt::format("chance that 0 % is not reached ({}), %", report.definition);
    case Kind::restricted_mean_years:
      return is_id ? fmt::format("tahun sampai 0 % ({}), dihitung paling lama sampai akhir",
                                 report.definition)
                   : fmt::format("years until 0 % ({}), counted to the end at most",
                                 report.definition);
    case Kind::slum_area_ha:
      return is_id ? fmt::format("luas kumuh pada akhir {}, ha", m.from)
                   : fmt::format("slum area at the end of {}, ha", m.from);
    case Kind::paid_idr_bn:
      return is_id ? fmt::format("belanja {} sampai {}, Rp miliar", m.from, m.to)
                   : fmt::format("money spent {} to {}, Rp billion", m.from, m.to);
  }
  return m.text;
}

std::string number(const DriverReport& report, double value, const std::string& lang) {
  const bool is_percent = analysis::is_share(report.metric);
  return is_percent ? number_text(value, 0, lang) : short_number(value, lang);
}

std::string interval(const Estimate95& e, const DriverReport& report, const std::string& lang) {
  const std::string to = lang == "id" ? "sampai" : "to";
  return fmt::format("{} ({} {} {})", number(report, e.estimate, lang), number(report, e.low, lang),
                     to, number(report, e.high, lang));
}

/// Shares of the variance, in percent.
std::string share_interval(const std::optional<Estimate95>& e, const std::string& lang) {
  if (!e) return "";
  const auto percent = [&](double v) { return number_text(100.0 * v, 0, lang); };
  return fmt::format("{} % ({} {} {})", percent(e->estimate), percent(e->low),
                     lang == "id" ? "sampai" : "to", percent(e->high));
}

struct Column {
  std::string head;
  std::vector<std::string> cells;
};

std::vector<Column> columns_of(const DriverReport& report, std::size_t n, const std::string& lang) {
  const bool is_id = lang == "id";
  std::vector<Column> columns(1);
  columns[0].head = is_id ? "masukan" : "input";
  const bool is_morris = report.method == DriverMethod::morris;
  if (is_morris)
    columns.push_back({is_id ? "besar perubahan (95 %)" : "size of change (95 %)", {}});
  if (is_morris) columns.push_back({is_id ? "sebaran" : "spread", {}});
  if (report.method == DriverMethod::sobol) {
    columns.push_back({is_id ? "sendiri (95 %)" : "alone (95 %)", {}});
    columns.push_back({is_id ? "seluruhnya (95 %)" : "in all (95 %)", {}});
  }
  columns.push_back({is_id ? "rendah" : "low", {}});
  columns.push_back({is_id ? "tinggi" : "high", {}});
  columns.push_back({is_id ? "pengaruh (95 %)" : "effect (95 %)", {}});
  for (std::size_t r = 0; r < n; ++r) {
    const DriverRow& row = report.rows[r];
    std::vector<std::string> cells{row.path};
    if (is_morris) {
      cells.push_back(row.screening ? interval(*row.screening, report, lang) : "");
      cells.push_back(number(report, row.spread, lang));
    }
    if (report.method == DriverMethod::sobol) {
      cells.push_back(share_interval(row.first_order, lang));
      cells.push_back(share_interval(row.total, lang));
    }
    cells.push_back(std::isnan(row.low) ? "" : number(report, row.low, lang));
    cells.push_back(std::isnan(row.high) ? "" : number(report, row.high, lang));
    cells.push_back(std::isnan(row.effect.estimate) ? "" : interval(row.effect, report, lang));
    for (std::size_t c = 0; c < columns.size(); ++c) columns[c].cells.push_back(cells[c]);
  }
  return columns;
}

/// Bytes that show as no column of their own (UTF-8 continuation).
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string table_text(const std::vector<Column>& columns) {
  std::string text;
  const std::size_t n = columns.front().cells.size();
  for (std::size_t r = 0; r <= n; ++r) {
    std::string line = " ";
    for (const Column& column : columns) {
      std::size_t width = width_of(column.head);
      for (const std::string& cell : column.cells) width = std::max(width, width_of(cell));
      const std::string& cell = r == 0 ? column.head : column.cells[r - 1];
      line += cell + std::string(width - width_of(cell) + 2, ' ');
    }
    while (line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
  return text;
}

std::string sentence(const DriverRow& row, const DriverReport& report, const std::string& lang) {
  const bool is_id = lang == "id";
  const std::string low = number(report, row.low, lang), high = number(report, row.high, lang);
  const bool rises = row.high > row.low;
  std::string text =
      is_id
          ? fmt::format(" {}: {} dari {} menjadi {}", row.path, rises ? "naik" : "turun", low, high)
          : fmt::format(" {}: {} from {} to {}", row.path, rises ? "rises" : "falls", low, high);
  text += report.method == DriverMethod::morris
              ? (is_id ? " bila masukan ini naik setengah rentang peluangnya"
                       : " when this input rises by half of its probability")
              : (is_id ? " dari seperempat rendah ke seperempat tinggi"
                       : " from the low to the high quarter");
  if (row.tipping) {
    const std::string unit = row.unit.empty() || row.unit == "1" ? "" : " " + row.unit;
    const std::string value = short_number(row.tipping->value, lang) + unit;
    const std::string level = number_text(row.tipping->chance_pct, 0, lang);
    text += is_id ? fmt::format("; peluang melewati {} % pada {}", level, value)
                  : fmt::format("; the chance passes {} % at {}", level, value);
  }
  if (!row.twin.empty()) {
    const std::string c = number_text(row.twin_correlation, 2, lang);
    text += is_id ? fmt::format(
                        "; tidak dapat dibedakan dari {}, yang bergerak bersamanya di sini "
                        "(korelasi {})",
                        row.twin, c)
                  : fmt::format(
                        "; cannot be told apart from {}, which moves with it here "
                        "(correlation {})",
                        row.twin, c);
  }
  return text + ".\n";
}

/// What another luck does at equal inputs.
std::string noise_text(const DriverReport& report, const std::string& lang) {
  const bool is_id = lang == "id";
  const auto luck = std::find_if(report.rows.begin(), report.rows.end(), [](const DriverRow& row) {
    return row.path == analysis::chance_events;
  });
  if (luck == report.rows.end()) return "";
  if (luck->screening) {
    const std::string size = interval(*luck->screening, report, lang);
    return is_id ? fmt::format(
                       " Kebetulan lain saja mengubah hasil sebesar {} rata-rata; perubahan "
                       "yang tidak lebih besar adalah derau.\n",
                       size)
                 : fmt::format(
                       " Another luck alone changes the outcome by {} on average; changes no "
                       "larger than that are noise.\n",
                       size);
  }
  return is_id ? fmt::format(" Kejadian kebetulan saja menjelaskan {} dari ragam hasil.\n",
                             share_interval(luck->first_order, lang))
               : fmt::format(" Chance events alone explain {} of the variance of the outcome.\n",
                             share_interval(luck->first_order, lang));
}

std::string sentences(const DriverReport& report, std::size_t n, const std::string& lang) {
  const bool is_id = lang == "id";
  if (report.is_constant) {
    return is_id ? "\n Hasilnya sama di semua kemungkinan: tidak ada yang perlu dijelaskan. Coba "
                   "--of yang "
                   "lain.\n"
                 : "\n The outcome is the same in all futures: there is nothing to explain. Try "
                   "another "
                   "--of.\n";
  }
  std::string text;
  const auto n_out = std::count_if(report.rows.begin(), report.rows.end(),
                                   [](const DriverRow& row) { return row.stands_out; });
  for (std::size_t r = 0; r < n; ++r) {
    if (report.rows[r].stands_out) text += sentence(report.rows[r], report, lang);
  }
  text = noise_text(report, lang) + text;
  // Groups have no direction, so they are not judged.
  const auto n_judged = std::count_if(report.rows.begin(), report.rows.end(), [](const auto& row) {
    return !std::isnan(row.effect.estimate);
  });
  if (n_judged == 0) return "\n" + text;
  const std::string counted =
      is_id ? fmt::format(
                  " {} dari {} masukan menonjol di atas kebetulan (tingkat temuan palsu "
                  "10 %).\n",
                  n_out, n_judged)
            : fmt::format(" {} of {} inputs stand out from chance (false discovery rate 10 %).\n",
                          n_out, n_judged);
  return "\n" + counted + text;
}

std::string plain_text(const DriverReport& report, std::size_t n) {
  std::string text =
      "input\tunit\teffect\teffect_low\teffect_high\tlow\thigh\tp_value\tstands_out\tscreening\t"
      "spread\tfirst_order\tfirst_order_low\tfirst_order_high\ttotal\ttotal_low\ttotal_high\t"
      "tipping_value\ttipping_chance_pct\n";
  const auto cell = [](double v) { return std::isnan(v) ? "" : fmt::format("{:.6g}", v); };
  const auto three = [&](const std::optional<Estimate95>& e) {
    return e ? fmt::format("{}\t{}\t{}", cell(e->estimate), cell(e->low), cell(e->high)) : "\t\t";
  };
  for (std::size_t r = 0; r < n; ++r) {
    const DriverRow& row = report.rows[r];
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{:.4g}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", row.path,
                        row.unit, three(row.effect), cell(row.low), cell(row.high), row.p_value,
                        row.stands_out ? 1 : 0, row.screening ? cell(row.screening->estimate) : "",
                        row.screening ? cell(row.spread) : "", three(row.first_order),
                        three(row.total), row.tipping ? cell(row.tipping->value) : "",
                        row.tipping ? cell(row.tipping->chance_pct) : "");
  }
  return text;
}

}  // namespace

std::string driver_text(const DriverReport& report, const std::string& lang, bool plain) {
  const bool is_id = lang == "id";
  const std::size_t n = std::min(report.top, report.rows.size());
  if (plain) return plain_text(report, n);
  std::string text = fmt::format(
      " {}: {} {} {} {}\n\n", metric_words(report, lang), number(report, report.mean_outcome, lang),
      is_id ? "pada" : "in", number_text(static_cast<double>(report.n_futures), 0, lang),
      report.method == DriverMethod::regional ? (is_id ? "kemungkinan" : "futures")
                                              : (is_id ? "kali jalan" : "runs"));
  text += table_text(columns_of(report, n, lang));
  if (report.rows.size() > n) {
    text += is_id ? fmt::format(" ({} lainnya; --top)\n", report.rows.size() - n)
                  : fmt::format(" ({} more; --top)\n", report.rows.size() - n);
  }
  return text + sentences(report, n, lang);
}

std::string driver_json(const DriverRow& row) {
  const auto three = [](const std::optional<Estimate95>& e) {
    return e ? fmt::format("[{},{},{}]", json_number(e->estimate), json_number(e->low),
                           json_number(e->high))
             : "null";
  };
  return fmt::format(
      "\"input\":{},\"unit\":{},\"effect\":{},\"effect_low\":{},\"effect_high\":{},\"low\":{},"
      "\"high\":{},\"p_value\":{:.6g},\"stands_out\":{},\"screening\":{},\"spread\":{},"
      "\"first_order\":{},\"total\":{},\"tipping_value\":{},\"tipping_chance_pct\":{},\"twin\":{}",
      json_text(row.path), json_text(row.unit), json_number(row.effect.estimate),
      json_number(row.effect.low), json_number(row.effect.high), json_number(row.low),
      json_number(row.high), row.p_value, row.stands_out, three(row.screening),
      row.screening ? json_number(row.spread) : "null", three(row.first_order), three(row.total),
      row.tipping ? json_number(row.tipping->value) : "null",
      row.tipping ? json_number(row.tipping->chance_pct) : "null",
      row.twin.empty() ? "null" : json_text(row.twin));
}

}  // namespace musi::cli
