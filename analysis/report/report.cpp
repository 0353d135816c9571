#include "analysis/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "analysis/provenance.h"
#include "analysis/report/page_files.h"
#include "analysis/report/question.h"
#include "analysis/report/texts.h"
#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

constexpr std::string_view script_begin = "<script id=\"musi-program\">";
constexpr std::string_view script_end = "</script>";
constexpr std::size_t most_shown = 4;

std::string_view page_template() {
  for (const EmbeddedFile& file : page_files()) {
    if (file.name == "web/dist/page.html") return file.bytes;
  }
  throw sim::ContractError("the page is not compiled in");
}

void put(std::string& page, const std::string& place, std::string_view text) {
  const std::string mark = "<!--musi:" + place + "-->";
  const std::size_t at = page.find(mark);
  if (at == std::string::npos) throw sim::ContractError(fmt::format("the page has no {}", mark));
  page.replace(at, mark.size(), text);
}

/// JSON inside a script element: nothing in it may end the element or begin a comment.
std::string escaped_json(const std::string& json) {
  std::string text;
  text.reserve(json.size() + json.size() / 64);
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

std::string base64_of_hex(const std::string& hex) {
  static constexpr char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0;
  int n_bits = 0;
  for (const char c : hex) {
    bits = bits << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    n_bits += 4;
    if (n_bits < 6) continue;
    n_bits -= 6;
    text += letters[bits >> n_bits & 63u];
  }
  if (n_bits > 0) text += letters[bits << (6 - n_bits) & 63u];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::string_view program_of_page(std::string_view page) {
  const std::size_t begin = page.find(script_begin);
  MUSI_EXPECT(begin != std::string_view::npos);
  const std::size_t from = begin + script_begin.size();
  return page.substr(from, page.find(script_end, from) - from);
}

std::vector<std::size_t> chosen_options(const std::vector<const Results*>& results,
                                        const std::vector<std::string>& wanted) {
  const std::vector<PageOption> all = page_options(results);
  std::vector<std::size_t> chosen;
  if (wanted.empty()) {
    for (std::size_t i = 0; i < all.size() && chosen.size() < most_shown; ++i) {
      if (results[all[i].result]->file().texts("option_kind").at(all[i].option) != "sweep") {
        chosen.push_back(i);
      }
    }
    if (chosen.empty()) chosen.push_back(0);
    return chosen;
  }
  std::vector<std::string> names;
  for (const PageOption& option : all) names.push_back(option.name);
  std::vector<sim::Problem> problems;
  for (const std::string& name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) {
      chosen.push_back(static_cast<std::size_t>(found - names.begin()));
      continue;
    }
    sim::Problem problem;
    problem.code = "unknown_choice";
    problem.place.file = "command line";
    problem.message = fmt::format("--options '{}' is in no result", name);
    problem.message_indonesian = fmt::format("--options '{}' tidak ada di hasil mana pun", name);
    if (const auto nearest = sim::io::nearest_name(name, names)) {
      problem.suggestion = *nearest;
      problem.hint = fmt::format("did you mean '{}'?", *nearest);
      problem.hint_indonesian = fmt::format("maksud Anda '{}'?", *nearest);
    }
    problem.allowed = names;
    problem.remark = "options: " + sim::io::joined(names, 20);
    problem.remark_indonesian = "opsi: " + sim::io::joined(names, 20);
    problems.push_back(problem);
  }
  if (!problems.empty()) throw sim::InputError(std::move(problems));
  return chosen;
}

/// What is left out, step by step, until a report fits.
std::vector<PageDetail> details() {
  return {{20, true, 20, true}, {10, true, 3, true},  {10, true, 1, true},
          {10, false, 1, true}, {5, false, 1, false}, {0, false, 0, false}};
}

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string page_policy(bool for_server) {
  const std::string program = base64_of_hex(sha256(program_of_page(page_template())));
  return fmt::format(
      "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; img-src data: blob:; "
      "{}base-uri 'none'; form-action 'none'{}",
      program, for_server ? "connect-src 'self'; " : "",
      for_server ? "; frame-ancestors 'none'" : "");
}

std::string page_html(const PageParts& parts) {
  std::string page(page_template());
  put(page, "lang", parts.lang);
  put(page, "title", escaped_html(parts.title));
  put(page, "policy",
      parts.policy.empty()
          ? ""
          : fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
                        parts.policy));
  put(page, "fallback", parts.fallback);
  put(page, "data", escaped_json(parts.data));
  put(page, "inputs", escaped_json(parts.inputs));
  put(page, "scenario", escaped_html(parts.scenario));
  return page;
}

std::string report_html(const std::vector<const Results*>& results, const ReportOptions& options,
                        const PageDetail& detail) {
  MUSI_EXPECT(!results.empty());
  const std::vector<std::size_t> shown = chosen_options(results, options.shown);
  const std::string lang = options.lang == "both" ? options.first_lang : options.lang;
  PageParts parts;
  parts.lang = lang;
  parts.policy = page_policy(false);
  parts.scenario = results.front()->provenance_text("scenario_yaml");
  parts.title = Texts(lang)("page.title", {{"city", question_of(*results.front(), {}).city}});
  parts.fallback = "<main>\n" + fallback_html(results, shown, lang);
  if (options.lang == "both") {
    parts.fallback += fallback_html(results, shown, lang == "en" ? "id" : "en");
  }
  parts.fallback += "</main>\n";
  parts.data = page_data(results, shown, detail);
  parts.inputs = page_inputs(results, detail);
  // The way the page opens is part of its data, so that a copy opens alike.
  parts.data.insert(1, fmt::format("\"languages\":\"{}\",\"first_language\":\"{}\",\"brief\":{},",
                                   options.lang, lang, options.brief));
  return page_html(parts);
}

Report write_report(const std::vector<const Results*>& results, const ReportOptions& options) {
  MUSI_EXPECT(!results.empty());
  check_same_question(results);
  const double mib = options.max_mib > 0.0              ? options.max_mib
                     : page_options(results).size() > 1 ? 2.5
                                                        : 1.5;
  Report report;
  for (const PageDetail& detail : details()) {
    report.detail = detail;
    report.html = report_html(results, options, detail);
    report.fits = static_cast<double>(report.html.size()) <= mib * 1024.0 * 1024.0;
    if (report.fits) break;
    report.is_thinned = true;
  }
  return report;
}

}  // namespace musi::analysis
