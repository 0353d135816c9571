#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/compare.h"
#include "analysis/headline.h"
#include "sim/io/text.h"

/// A comparison as a table for people, CSV, Markdown and JSON.
namespace musi::analysis {
namespace {

using Kind = CompareMetric::Kind;
using Rows = std::vector<std::vector<std::string>>;

std::string metric_words(const CompareMetric& m, int last_year, const std::string& lang) {
  const bool is_id = lang == "id";
  switch (m.kind) {
    case Kind::chance_by:
      return fmt::format(
          fmt::runtime(is_id ? "peluang 0 % sampai {}, %" : "chance of 0 % by {}, %"), m.from);
    case Kind::restricted_mean_years:
      return fmt::format(fmt::runtime(is_id ? "tahun sampai 0 %, paling jauh {}"
                                            : "years until 0 %, to {} at most"),
                         last_year);
    case Kind::not_reached_pct:
      return fmt::format(fmt::runtime(is_id ? "tidak sampai {}, %" : "not by {}, %"), last_year);
    case Kind::slum_area_ha:
      return fmt::format(fmt::runtime(is_id ? "luas kumuh fisik {}, ha" : "slum area {}, ha"),
                         m.from);
    case Kind::paid_idr_bn:
      return fmt::format(
          fmt::runtime(is_id ? "dibayar {}-{}, Rp miliar" : "paid {}-{}, Rp billion"), m.from,
          m.to);
  }
  return m.text;
}

int decimals(const CompareMetric& m) { return m.kind == Kind::restricted_mean_years ? 2 : 1; }

std::string range_text(const Estimate95& e, int n_decimals, const std::string& lang) {
  if (std::isnan(e.estimate)) return "-";
  const std::string centre = number_text(e.estimate, n_decimals, lang);
  if (std::isnan(e.low)) return centre;
  return fmt::format("{} ({} {} {})", centre, number_text(e.low, n_decimals, lang),
                     lang == "id" ? "s.d." : "to", number_text(e.high, n_decimals, lang));
}

std::string year_text(const std::optional<int>& year, int last_year, const std::string& lang) {
  if (year) return fmt::format("{}", *year);
  return fmt::format("{} {}", lang == "id" ? "tidak sampai" : "not by", last_year);
}

Rows assumption_rows(const Comparison& c, const std::string& lang) {
  Rows rows{{lang == "id" ? "asumsi" : "assumption"}};
  rows[0].insert(rows[0].end(), c.options.begin(), c.options.end());
  for (const ComparedAssumption& a : c.assumptions) {
    std::vector<std::string> row{a.path};
    for (const std::string& value : a.values) row.push_back(value.empty() ? "-" : value);
    rows.push_back(std::move(row));
  }
  return rows;
}

Rows outcome_rows(const Comparison& c, const std::string& lang) {
  const bool is_id = lang == "id";
  Rows rows{{is_id ? "hasil" : "outcome"}};
  rows[0].insert(rows[0].end(), c.options.begin(), c.options.end());
  for (const ComparedOutcome& o : c.outcomes) {
    std::vector<std::string> row{metric_words(o.metric, c.last_year, lang)};
    for (const Estimate95& e : o.values) row.push_back(range_text(e, decimals(o.metric), lang));
    rows.push_back(std::move(row));
  }
  std::vector<std::string> half{is_id ? "separuh kemungkinan sampai" : "half of futures by"};
  std::vector<std::string> ninety{is_id ? "90 dari 100 sampai" : "90 in 100 by"};
  std::vector<std::string> futures{is_id ? "kemungkinan" : "futures"};
  for (const Headline& h : c.headlines) {
    half.push_back(year_text(h.year_of[1], c.last_year, lang));
    ninety.push_back(year_text(h.year_of[3], c.last_year, lang));
    futures.push_back(number_text(static_cast<double>(h.replicates), 0, lang));
  }
  rows.push_back(std::move(half));
  rows.push_back(std::move(ninety));
  rows.push_back(std::move(futures));
  return rows;
}

std::string times_text(double times, const std::string& lang) {
  if (std::isinf(times)) return "-";  // no future differs from another
  return number_text(times, times < 10.0 ? 1 : 0, lang);
}

/// The differences of one option from the baseline.
Rows difference_rows(const Comparison& c, const Pairing& p, const std::string& lang) {
  Rows rows{{lang == "id" ? "selisih" : "difference",
             lang == "id" ? "rata-rata (95 %)" : "mean (95 %)",
             lang == "id" ? "berapa kali lebih sedikit kemungkinan" : "times fewer futures"}};
  for (const ComparedDifference& d : p.differences) {
    rows.push_back({metric_words(d.metric, c.last_year, lang),
                    range_text(d.difference, decimals(d.metric), lang),
                    p.is_paired ? times_text(d.times_fewer, lang) : "-"});
  }
  return rows;
}

std::string pair_sentence(const Comparison& c, const Pairing& p, const std::string& lang) {
  const bool is_id = lang == "id";
  const std::string& base = c.options[c.baseline];
  const std::string& name = c.options[p.option];
  if (!p.is_paired) {
    return is_id ? fmt::format("{} terhadap {}: tidak dipasangkan, karena {}.", name, base,
                               p.why_not_id)
                 : fmt::format("{} against {}: not paired, because {}.", name, base, p.why_not_en);
  }
  const std::size_t n = p.earlier + p.equal + p.later;
  const auto count = [&](std::size_t k) { return number_text(static_cast<double>(k), 0, lang); };
  std::string text =
      is_id ? fmt::format(
                  "{} lebih cepat daripada {} dalam {} dari {} kemungkinan ({:.0f} s.d. "
                  "{:.0f} dari 100), sama dalam {}, lebih lambat dalam {}",
                  name, base, count(p.earlier), count(n), 100.0 * p.earlier_share.low,
                  100.0 * p.earlier_share.high, count(p.equal), count(p.later))
            : fmt::format(
                  "{} is earlier than {} in {} of {} futures ({:.0f} to {:.0f} of 100), "
                  "equal in {}, later in {}",
                  name, base, count(p.earlier), count(n), 100.0 * p.earlier_share.low,
                  100.0 * p.earlier_share.high, count(p.equal), count(p.later));
  if (p.earlier > 0) {
    text += fmt::format(fmt::runtime(is_id ? "; bila lebih cepat, dengan {} tahun (median)"
                                           : "; where earlier, by {} years in the median"),
                        range_text(p.median_gain, 1, lang));
  }
  return text + ".";
}

std::string tabbed(const Rows& rows) {
  std::string text;
  for (const auto& row : rows) text += fmt::format("{}\n", fmt::join(row, "\t"));
  return text;
}

std::string aligned(const Rows& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) {
      widths[k] = std::max(widths[k], sim::io::n_characters(row[k]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    text += ' ';
    for (std::size_t k = 0; k < row.size(); ++k) {
      text += row[k];
      if (k + 1 < row.size()) {
        text += std::string(widths[k] - sim::io::n_characters(row[k]) + 3, ' ');
      }
    }
    text += '\n';
  }
  return text;
}

std::string markdown(const Rows& rows) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += "|";
    for (std::string cell : rows[r]) {
      for (std::size_t at = cell.find('|'); at != std::string::npos; at = cell.find('|', at + 2)) {
        cell.insert(at, "\\");
      }
      text += " " + cell + " |";
    }
    text += '\n';
    if (r == 0) {
      text += "|";
      for (std::size_t k = 0; k < rows[0].size(); ++k) text += "---|";
      text += '\n';
    }
  }
  return text;
}

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char ch : cell) text += ch == '"' ? "\"\"" : std::string(1, ch);
  return text + "\"";
}

/// Shortest digits; nothing for what is missing.
std::string csv_number(double value) {
  return std::isnan(value) ? "" : std::isinf(value) ? "inf" : fmt::format("{}", value);
}

/// One tidy table: a row per option and quantity.
std::string csv(const Comparison& c) {
  std::string text = "table,option,quantity,value,low,high\n";
  const auto row = [&](const char* table, const std::string& option, const std::string& quantity,
                       const std::string& value, double low, double high) {
    text += fmt::format("{},{},{},{},{},{}\n", table, csv_cell(option), csv_cell(quantity),
                        csv_cell(value), csv_number(low), csv_number(high));
  };
  for (const ComparedAssumption& a : c.assumptions) {
    for (std::size_t o = 0; o < c.options.size(); ++o) {
      row("assumption", c.options[o], a.path, a.values[o], NAN, NAN);
    }
  }
  for (const ComparedOutcome& outcome : c.outcomes) {
    for (std::size_t o = 0; o < c.options.size(); ++o) {
      const Estimate95& e = outcome.values[o];
      row("outcome", c.options[o], outcome.metric.text, csv_number(e.estimate), e.low, e.high);
    }
  }
  for (const Pairing& p : c.pairings) {
    const std::string& name = c.options[p.option];
    if (p.is_paired) {
      row("pair", name, "futures_earlier", fmt::format("{}", p.earlier), NAN, NAN);
      row("pair", name, "futures_equal", fmt::format("{}", p.equal), NAN, NAN);
      row("pair", name, "futures_later", fmt::format("{}", p.later), NAN, NAN);
      row("pair", name, "years_gained", csv_number(p.mean_gain.estimate), p.mean_gain.low,
          p.mean_gain.high);
    }
    for (const ComparedDifference& d : p.differences) {
      row(p.is_paired ? "difference" : "difference_unpaired", name, d.metric.text,
          csv_number(d.difference.estimate), d.difference.low, d.difference.high);
    }
  }
  return text;
}

std::string json_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char ch : text) {
    if (ch == '"' || ch == '\\') quoted += '\\';
    if (ch == '\n') {
      quoted += "\\n";
    } else {
      quoted += ch;
    }
  }
  return quoted + "\"";
}

std::string json_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.8g}", value) : "null";
}

std::string json_range(const Estimate95& e) {
  return fmt::format("[{},{},{}]", json_number(e.estimate), json_number(e.low),
                     json_number(e.high));
}

std::string json_pair(const Comparison& c, const Pairing& p) {
  std::string text = fmt::format("{{\"option\":{},\"is_paired\":{}",
                                 json_string(c.options[p.option]), p.is_paired);
  const auto n = static_cast<double>(p.earlier + p.equal + p.later);
  if (p.is_paired) {
    text += fmt::format(
        ",\"better_pct\":{},\"equal_pct\":{},\"worse_pct\":{},\"years_gained\":{},"
        "\"median_years_where_earlier\":{}",
        json_number(100.0 * static_cast<double>(p.earlier) / n),
        json_number(100.0 * static_cast<double>(p.equal) / n),
        json_number(100.0 * static_cast<double>(p.later) / n), json_range(p.mean_gain),
        json_range(p.median_gain));
  } else {
    text += fmt::format(",\"why_not\":{}", json_string(p.why_not_en));
  }
  text += ",\"differences\":[";
  for (std::size_t i = 0; i < p.differences.size(); ++i) {
    const ComparedDifference& d = p.differences[i];
    text += fmt::format("{}{{\"metric\":{},\"difference\":{},\"times_fewer_futures\":{}}}",
                        i == 0 ? "" : ",", json_string(d.metric.text), json_range(d.difference),
                        json_number(d.times_fewer));
  }
  return text + "]}";
}

std::string head_line(const Comparison& c, const std::string& lang) {
  return lang == "id" ? fmt::format("{}: {}, {}-{}, rupiah konstan {}", c.city, c.definition,
                                    c.first_year, c.last_year, c.price_year)
                      : fmt::format("{}: {}, {}-{}, constant {} rupiah", c.city, c.definition,
                                    c.first_year, c.last_year, c.price_year);
}

}  // namespace

std::string comparison_text(const Comparison& c, CompareFormat format, const std::string& lang) {
  if (format == CompareFormat::csv) return csv(c);
  const std::string words = format == CompareFormat::plain ? "en" : lang;
  const auto table = [&](const Rows& rows) {
    return format == CompareFormat::markdown ? markdown(rows)
           : format == CompareFormat::plain  ? tabbed(rows)
                                             : aligned(rows);
  };
  if (format == CompareFormat::plain) {
    std::string text = table(outcome_rows(c, words));
    for (const Pairing& p : c.pairings) text += table(difference_rows(c, p, words));
    return text;
  }
  const std::string indent = format == CompareFormat::markdown ? "" : " ";
  std::string text = indent + head_line(c, words) + "\n\n";
  if (c.assumptions.empty()) {
    text += indent + (lang == "id" ? "Tidak ada asumsi yang berbeda." : "No assumption differs.") +
            "\n\n";
  } else {
    text += table(assumption_rows(c, words)) + "\n";
  }
  text += table(outcome_rows(c, words)) + "\n";
  for (const Pairing& p : c.pairings) {
    text += indent + pair_sentence(c, p, words) + "\n" +
            (format == CompareFormat::markdown ? "\n" : "") + table(difference_rows(c, p, words)) +
            "\n";
  }
  return text;
}

std::string comparison_json(const Comparison& c) {
  std::string text =
      fmt::format("\"city\":{},\"definition\":{},\"price_year\":{},\"baseline\":{},\"options\":[",
                  json_string(c.city), json_string(c.definition), c.price_year,
                  json_string(c.options[c.baseline]));
  const auto join = [](std::size_t i) { return std::string(i == 0 ? "" : ","); };
  for (std::size_t o = 0; o < c.options.size(); ++o) text += join(o) + json_string(c.options[o]);
  text += "],\"assumptions\":[";
  for (std::size_t i = 0; i < c.assumptions.size(); ++i) {
    text +=
        fmt::format("{}{{\"path\":{},\"values\":[", join(i), json_string(c.assumptions[i].path));
    for (std::size_t o = 0; o < c.options.size(); ++o) {
      text += join(o) + json_string(c.assumptions[i].values[o]);
    }
    text += "]}";
  }
  text += "],\"outcomes\":[";
  for (std::size_t i = 0; i < c.outcomes.size(); ++i) {
    text += fmt::format("{}{{\"metric\":{},\"values\":[", join(i),
                        json_string(c.outcomes[i].metric.text));
    for (std::size_t o = 0; o < c.options.size(); ++o) {
      text += join(o) + json_range(c.outcomes[i].values[o]);
    }
    text += "]}";
  }
  text += "],\"paired\":[";
  for (std::size_t i = 0; i < c.pairings.size(); ++i) {
    text += join(i) + json_pair(c, c.pairings[i]);
  }
  return text + "]";
}

}  // namespace musi::analysis
