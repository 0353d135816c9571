#include "analysis/report/report.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "analysis/headline.h"
#include "analysis/provenance.h"
#include "analysis/report/page_files.h"
#include "analysis/report/question.h"
#include "analysis/report/texts.h"
#include "analysis/results.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;
using nlohmann::json;
using tests::run_program;
using tests::Scratch;

namespace {

const std::string musi_program = MUSI_PROGRAM;
const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

/// A result of the small city, computed once.
const std::string& small_result() {
  static const Scratch folder;
  static const std::string path = [] {
    const std::string made = folder.file("small.h5");
    const auto run = run_program(musi_program + " run " + small + " -n 12 -q -o " + made);
    INFO(run.err);
    REQUIRE(run.code == 0);
    return made;
  }();
  return path;
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  REQUIRE(from != std::string::npos);
  const std::size_t to = text.find(end, from + begin.size());
  return text.substr(from + begin.size(), to - from - begin.size());
}

json data_of(const std::string& html) {
  return json::parse(
      between(html, "<script type=\"application/json\" id=\"musi-data\">", "</script>"));
}

Report report_of(const Results& results, const ReportOptions& options = {}) {
  return write_report({&results}, options);
}

std::vector<std::uint8_t> decoded(const std::string& base64) {
  std::vector<std::uint8_t> bytes;
  unsigned bits = 0;
  int n_bits = 0;
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const char c : base64) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(letters.find(c));
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> n_bits & 255u));
  }
  return bytes;
}

std::set<std::string> placeholders(const std::string& text) {
  std::set<std::string> names;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    names.insert(text.substr(at, text.find('}', at) - at + 1));
  }
  return names;
}

json texts_of(const std::string& lang) {
  for (const EmbeddedFile& file : page_files()) {
    if (file.name == "text/" + lang + ".json") return json::parse(file.bytes);
  }
  return {};
}

}  // namespace

TEST_CASE("every future's year of zero in the report is that of the result file", "[unit]") {
  const Results results(small_result());
  const json data = data_of(report_of(results).html);
  REQUIRE(data["options"].size() == 2);
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t d = 0; d < results.definitions().size(); ++d) {
      const auto codes =
          decoded(data["options"][o]["zero"][results.definitions()[d]].get<std::string>());
      const std::vector<double> years = results.zero_years(o, d);
      REQUIRE(codes.size() == years.size());
      for (std::size_t r = 0; r < years.size(); ++r) {
        const double year = codes[r] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                          : results.years().front() + codes[r] - 1.0;
        CHECK((std::isnan(years[r]) ? std::isnan(year) : year == years[r]));
      }
    }
  }
}

TEST_CASE("barriers by site in the report are those of the result file, and add up to its area",
          "[unit]") {
  const Results results(small_result());
  const json data = data_of(report_of(results).html);
  const std::size_t n_years = results.years().size(), n_sites = data["sites"].size();
  for (std::size_t o = 0; o < results.options().size(); ++o) {
    std::vector<double> by_site(n_sites * n_years, 0.0);
    double total = 0.0, of_city = 0.0, shown = 0.0;
    for (const std::string& key : barrier_keys()) {
      const auto area = results.series("site_barrier_" + key, o);
      REQUIRE(area.size() == by_site.size());
      for (const double value : area) total += value;
      const auto city = results.series("barrier_" + key, o);
      for (const double value : city) of_city += value;
    }
    CHECK(total == Approx(of_city / static_cast<double>(results.n_replicates())).epsilon(1e-4));
    const json& rows = data["options"][o]["sites"]["barriers"];
    REQUIRE(rows.size() == n_sites);
    for (const json& row : rows) {
      REQUIRE(row.size() == barrier_keys().size());
      for (const json& value : row) shown += value.get<double>();
    }
    CHECK(shown > 0.0);
    CHECK(shown <= total * (1.0 + 1e-4));
  }
}

TEST_CASE("targets.official leaves the official targets out of the report, and changes no number",
          "[unit]") {
  const Scratch folder;
  std::string sums[2];
  for (const bool shows : {true, false}) {
    const std::string made = folder.file("palembang.h5");
    const auto run = run_program(
        musi_program + " run " MUSI_SOURCE_DIR "/scenarios/palembang-baseline.yaml -n 1 -q --force "
        "--set horizon.end_year=2023 --set targets.years=[2023] --set targets.headline_year=2023 "
        "--set 'start.subset=[Kertapati]' --set targets.official=" +
        (shows ? "true" : "false") + " -o " + made);
    INFO(run.err);
    REQUIRE(run.code == 0);
    const Results results(made);
    const json data = data_of(report_of(results).html);
    CHECK(data["targets"].empty() != shows);
    if (shows) CHECK(data["targets"][0]["target_id"] == "T01");
    CHECK_FALSE(data["references"].empty());
    for (const double value : results.series("slum_area", 0)) {
      sums[shows] += std::to_string(value) + " ";
    }
  }
  CHECK(sums[0] == sums[1]);
}

TEST_CASE("bands, money and headline of the report are those of the result file", "[unit]") {
  const Results results(small_result());
  const json data = data_of(report_of(results).html);
  const std::size_t n_years = results.years().size();
  for (std::size_t o = 0; o < 2; ++o) {
    const json& option = data["options"][o];
    const auto quantile = results.file().row("slum_area_quantile", o);  // 5, 50, 95 by default
    const auto stored = results.file().numbers("quantile");
    for (std::size_t q = 0; q < stored.size(); ++q) {
      const std::string name = "p" + std::to_string(static_cast<int>(stored[q]));
      if (!option["series"]["slum_area"].contains(name)) continue;
      for (std::size_t y = 0; y < n_years; ++y) {
        CHECK(option["series"]["slum_area"][name][y].get<double>() ==
              Approx(quantile[q * n_years + y]).epsilon(1e-5));
      }
    }
    const auto paid = results.series("paid", o);
    double sum = 0.0;
    for (const double value : paid) sum += value;
    double shown = 0.0;
    for (const json& row : option["money"]["paid"]["mean_by_funds"]) {
      for (const json& value : row) shown += value.get<double>();
    }
    CHECK(shown == Approx(sum / static_cast<double>(results.n_replicates())).epsilon(1e-4));
    const auto chance = results.file().row("chance_zero", o);
    const std::size_t d = results.definition_index(results.headline_definition());
    const auto at = static_cast<std::size_t>(results.headline_year() - results.years().front());
    CHECK(option["headline"]["chance_pct"][std::to_string(results.headline_year())][0]
              .get<double>() ==
          Approx(chance[at * results.definitions().size() + d]).epsilon(1e-5));
  }
}

TEST_CASE("the question that a file answers is read from the file alone", "[unit]") {
  const Results results(small_result());
  const HeadlineQuestion q = question_of(results, resolved_options(results).front());
  CHECK(q.years == std::vector<int>{2022, 2026});
  CHECK(q.headline_year == 2025);
  CHECK(q.spent_from == 2020);
  CHECK(q.spent_to == 2025);
  CHECK(q.uncertain_inputs > 100);
  CHECK(q.without_source > 0);
  CHECK(q.sites == 3);
}

TEST_CASE("the policy of the page lets nothing run or load but its own program", "[unit]") {
  const Results results(small_result());
  const std::string html = report_of(results).html;
  const std::string policy = between(html, "Content-Security-Policy\" content=\"", "\">");
  CHECK(policy.find("default-src 'none'") == 0);
  CHECK(policy.find("connect-src") == std::string::npos);
  CHECK(policy.find("unsafe-eval") == std::string::npos);
  // The hash is that of the program as a browser sees it.
  const std::string code = between(html, "<script id=\"musi-program\">", "</script>");
  const std::string hex = sha256(code);
  std::vector<std::uint8_t> expected;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    expected.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  CHECK(decoded(between(policy, "script-src 'sha256-", "'")) == expected);
  CHECK(page_policy(true).find("connect-src 'self'") != std::string::npos);
  for (const char* loads :
       {"<link rel=\"stylesheet", "<img", "<iframe", " src=\"http", "@import"}) {
    INFO(loads);
    CHECK(html.substr(0, html.find("<script")).find(loads) == std::string::npos);
  }
}

TEST_CASE("texts of a scenario cannot end the data of a report or become HTML", "[unit]") {
  PageParts parts;
  parts.title = "<b>&\"";
  parts.data = R"({"title":"</script><script>alert(1)</script><!--"})";
  parts.inputs = "[]";
  parts.scenario = "name: </pre><script>alert(1)</script>";
  const std::string html = page_html(parts);
  CHECK(html.find("alert(1)</script>") == std::string::npos);
  CHECK(data_of(html)["title"] == "</script><script>alert(1)</script><!--");
  CHECK(html.find("<title>&lt;b&gt;&amp;&quot;</title>") != std::string::npos);
}

TEST_CASE("without its program a report shows headline, options, assumptions and limits",
          "[messages]") {
  const Results results(small_result());
  const std::string html = report_of(results).html;
  const std::string app = between(html, "<div id=\"app\">", "<script");
  for (const char* lang : {"en", "id"}) {
    const Texts t(lang);
    const std::string part = between(app, std::string("<section lang=\"") + lang, "</section>");
    CHECK(part.find("<table>") != std::string::npos);
    CHECK(part.find(t("limits.title")) != std::string::npos);
    CHECK(part.find(t("limits.prediction")) != std::string::npos);
    CHECK(part.find(t("E.half")) != std::string::npos);
    CHECK(part.find("parameters.part_gate_works_pct") != std::string::npos);
    CHECK(part.find(t("page.title", {{"city", "Small"}})) != std::string::npos);
    CHECK(part.find('{') == std::string::npos);  // no placeholder is left open
  }
  ReportOptions one;
  one.lang = "id";
  CHECK(report_of(results, one).html.find("<section lang=\"en\"") == std::string::npos);
}

TEST_CASE("both languages have the same texts with the same placeholders", "[messages]") {
  const json en = texts_of("en"), id = texts_of("id");
  REQUIRE(en.size() > 150);
  for (const auto& [key, text] : en.items()) {
    INFO(key);
    REQUIRE(id.contains(key));
    CHECK(placeholders(text.get<std::string>()) == placeholders(id[key].get<std::string>()));
    CHECK_FALSE(text.get<std::string>().empty());
    CHECK_FALSE(id[key].get<std::string>().empty());
  }
  CHECK(en.size() == id.size());
  // Millions and billions are spelt out: "M" would be read as miliar here and million there.
  CHECK(id["money.billion"] == "Rp {x} miliar");
  CHECK(id["money.million"] == "Rp {x} juta");
  CHECK(id["money.trillion"] == "Rp {x} triliun");
}

TEST_CASE("labels of fixed width are at most 1.4 times as long in the other language",
          "[messages]") {
  const json en = texts_of("en"), id = texts_of("id");
  for (const char* key :
       {"figure.table", "figure.sentence", "figure.reproduce", "figure.copy", "page.brief",
        "page.print", "E.half", "E.quantity", "barrier.money", "barrier.procurement", "A.half"}) {
    const auto a = static_cast<double>(en[key].get<std::string>().size());
    const auto b = static_cast<double>(id[key].get<std::string>().size());
    INFO(key);
    CHECK(std::max(a, b) <= 1.4 * std::min(a, b) + 3.0);  // three letters of grace for short words
  }
}

TEST_CASE("no sentence of the page promises or guesses", "[messages]") {
  for (const char* lang : {"en", "id"}) {
    const json texts = texts_of(lang);
    for (const auto& [key, text] : texts.items()) {
      const std::string words = " " + text.get<std::string>() + " ";
      for (const char* banned :
           {" will ", " probably ", " safe.", " pasti akan ", " mungkin akan "}) {
        INFO(key);
        CHECK(words.find(banned) == std::string::npos);
      }
    }
  }
}

TEST_CASE("a report is thinned until it fits and says so", "[unit]") {
  const Results results(small_result());
  const Report whole = report_of(results);
  CHECK_FALSE(whole.is_thinned);
  CHECK(data_of(whole.html)["options"][0]["paths"]["slum_area"].size() == 12);
  ReportOptions tight;
  tight.max_mib = static_cast<double>(whole.html.size() - 1) / 1024.0 / 1024.0;
  const Report thin = report_of(results, tight);
  CHECK(thin.is_thinned);
  CHECK(thin.fits);
  CHECK(thin.html.size() < whole.html.size());
  CHECK(data_of(thin.html)["thinned"]["paths"] == thin.detail.n_paths);
  tight.max_mib = 0.01;
  CHECK_FALSE(report_of(results, tight).fits);
}

TEST_CASE("the page without data is small", "[unit]") {
  std::size_t bytes = 0;
  for (const EmbeddedFile& file : page_files()) {
    if (file.name == "web/dist/page.html") bytes = file.bytes.size();
  }
  CHECK(bytes > 100'000);
  CHECK(bytes <= 350 * 1024);
}

TEST_CASE("report writes beside its result, and not over a file without --force", "[unit]") {
  const Scratch folder;
  const std::string copy = folder.write("a.h5", tests::file_text(small_result()));
  const auto first = run_program(musi_program + " report " + copy);
  CHECK(first.code == 0);
  CHECK(first.err.find("wrote " + folder.file("a.html")) != std::string::npos);
  CHECK(tests::file_text(folder.file("a.html")).find("musi-data") != std::string::npos);
  const auto again = run_program(musi_program + " report " + copy);
  CHECK(again.code == 4);
  CHECK(run_program(musi_program + " report " + copy + " --force").code == 0);
  CHECK(run_program(musi_program + " report " + copy + " --force -o " + copy).code == 4);
  const auto json_line = run_program(musi_program + " report --json --force " + copy);
  CHECK(json_line.out.find("\"kind\":\"report\"") != std::string::npos);
  CHECK(json_line.err.empty());
}

TEST_CASE("report speaks one language or both", "[messages]") {
  const Scratch folder;
  const std::string out = folder.file("r.html");
  const std::string call = musi_program + " report " + small_result() + " --force -o " + out;
  REQUIRE(run_program(call + " --lang id").code == 0);
  CHECK(tests::file_text(out).find("<html lang=\"id\">") != std::string::npos);
  CHECK(data_of(tests::file_text(out))["languages"] == "id");
  REQUIRE(run_program("MUSI_LANG=id " + call).code == 0);
  CHECK(data_of(tests::file_text(out))["languages"] == "both");
  CHECK(data_of(tests::file_text(out))["first_language"] == "id");
  REQUIRE(run_program(call + " --lang both --page brief").code == 0);
  CHECK(data_of(tests::file_text(out))["brief"] == true);
  CHECK(run_program(call + " --lang fr").code == 2);
}

TEST_CASE("report refuses what cannot stand on one page", "[messages]") {
  const Scratch folder;
  const std::string out = " -o " + folder.file("r.html");
  CHECK(run_program(musi_program + " report " + folder.file("none.h5") + out).code == 4);
  CHECK(run_program(musi_program + " report " + small + out).code == 4);
  const auto option =
      run_program(musi_program + " report " + small_result() + " --options doubel" + out);
  CHECK(option.code == 2);
  CHECK(option.err.find("did you mean 'double'?") != std::string::npos);
  CHECK(
      run_program(musi_program + " report " + small_result() + " --options a,b,c,d,e" + out).code ==
      2);
  CHECK(run_program(musi_program + " report " + small_result() + " --max-mib none" + out).code ==
        2);
  // Another horizon is another question.
  const std::string other = folder.file("other.h5");
  REQUIRE(run_program(musi_program + " run " + small + " -n 2 -q --set horizon.end_year=2027 -o " +
                      other)
              .code == 0);
  const auto mixed = run_program(musi_program + " report " + small_result() + " " + other + out);
  CHECK(mixed.code == 3);
  CHECK(mixed.err.find("the horizon is '2019-2027', but '2019-2026'") != std::string::npos);
}

TEST_CASE("options of two results stand side by side under different names", "[unit]") {
  const Scratch folder;
  const std::string other = folder.file("more.h5");
  REQUIRE(run_program(musi_program + " run " + small + " -n 12 -q --set funding.scale_pct=300 -o " +
                      other)
              .code == 0);
  const Results a(small_result()), b(other);
  const json data = data_of(write_report({&a, &b}, {}).html);
  REQUIRE(data["options"].size() == 4);
  CHECK(data["options"][0]["name"] == "small: current");
  CHECK(data["options"][2]["name"] == "more: current");
  CHECK(data["files"][0]["pairing"] == data["files"][1]["pairing"]);  // same seed, city, futures
}

TEST_CASE("run --report writes the report beside its result, and keeps one that is up to date",
          "[unit]") {
  const Scratch folder;
  const std::string call = musi_program + " run " + small + " -n 2 -o " + folder.file("a.h5");
  const auto first = run_program(call + " --report");
  INFO(first.err);
  REQUIRE(first.code == 0);
  CHECK(first.err.find("wrote " + folder.file("a.html")) != std::string::npos);
  const auto again = run_program(call + " --report");
  CHECK(again.code == 0);
  CHECK(again.err.find(folder.file("a.html") + " is up to date") != std::string::npos);
  CHECK(run_program(call + " --report=" + folder.file("b.html")).code == 0);
  CHECK(tests::file_text(folder.file("b.html")).find("musi-data") != std::string::npos);
  // Another question: neither result nor report is replaced unasked, and nothing is run before.
  const auto other = run_program(musi_program + " run " + small + " -n 2 --seed 4 -o " +
                                 folder.file("c.h5") + " --report=" + folder.file("b.html"));
  CHECK(other.code == 4);
  CHECK(tests::file_text(folder.file("c.h5")).empty());
}

TEST_CASE("figures need a browser, and its absence is found before anything is written",
          "[messages]") {
  const Scratch folder;
  const std::string out = folder.file("r.html");
  const std::string call =
      musi_program + " report " + small_result() + " -o " + out + " --figures " + folder.file("f");
  const auto none = run_program("PATH=/nowhere " + call);
  CHECK(none.code == 4);
  CHECK(none.err.find("--figures needs Chromium or Chrome") != std::string::npos);
  CHECK(tests::file_text(out).empty());
  const auto no_picture =
      run_program("PATH=/nowhere MUSI_BROWSER=/bin/true " + call + " --figure-format png");
  CHECK(no_picture.code == 4);
  CHECK(no_picture.err.find("needs rsvg-convert") != std::string::npos);
  CHECK(tests::file_text(out).empty());
  const auto useless = run_program("MUSI_BROWSER=/bin/true " + call);
  CHECK(useless.code == 4);
  CHECK(useless.err.find("drew no charts") != std::string::npos);
  CHECK(run_program(musi_program + " report " + small_result() + " --figure-format svg").code == 2);
}
