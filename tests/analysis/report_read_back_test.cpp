#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "analysis/report/page_reader.h"
#include "analysis/results.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;
using tests::file_text;
using tests::run_program;
using tests::Scratch;

namespace {

const std::string musi_program = MUSI_PROGRAM;
const std::string scenarios = MUSI_SOURCE_DIR "/tests/scenarios";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A result of the small study with its report; the scenario and the city are not there any more.
struct Shown {
  Scratch folder;
  std::string result = folder.file("small.h5"), report = folder.file("small.html");

  Shown() {
    std::filesystem::create_directories(folder.file("cities"));
    std::filesystem::copy(scenarios + "/cities/small", folder.file("cities/small"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(scenarios + "/small.yaml", folder.file("small.yaml"));
    const auto made = run("run small.yaml -n 12 -q -j 2 --set funding.scale_pct=120 -o small.h5 "
                          "--report");
    INFO(made.err);
    REQUIRE(made.code == 0);
    std::filesystem::remove_all(folder.file("cities"));
    std::filesystem::remove(folder.file("small.yaml"));
  }
  tests::Finished run(const std::string& words) const {
    return run_program("cd " + folder.file(".") + " && " + musi_program + " " + words);
  }
  /// The report with one text in the place of another.
  std::string changed(const std::string& name, const std::string& from,
                      const std::string& to) const {
    std::string html = file_text(report);
    const std::size_t at = html.find(from);
    REQUIRE(at != std::string::npos);
    return folder.write(name, html.replace(at, from.size(), to));
  }
};

}  // namespace

TEST_CASE("a report is computed again from itself, and a changed number is found", "[unit]") {
  const Shown shown;
  std::filesystem::remove(shown.result);
  const auto same = shown.run("reproduce small.html -q -j 1");
  INFO(same.err << same.out);
  CHECK(same.code == 0);
  CHECK(has(same.out, "bytes equal"));
  CHECK(has(same.out, " identical\n"));
  CHECK_FALSE(std::filesystem::exists(shown.folder.file("small.reproduced")));

  const std::string html = file_text(shown.report);
  const std::size_t at = html.find("\"slum_area\":[", html.find("\"by_future\""));
  REQUIRE(at != std::string::npos);
  const std::string first = html.substr(at + 13, html.find(',', at + 13) - at - 13);
  shown.changed("other.html", html.substr(at, 13 + first.size()), "\"slum_area\":[98765");
  const auto differs = shown.run("reproduce other.html -q");
  INFO(differs.err << differs.out);
  CHECK(differs.code == 6);
  CHECK(has(differs.out, "different  1\n"));
  CHECK(has(differs.out, "options[0].by_future.slum_area[0]: 98765 in the file"));
  CHECK(shown.run("reproduce small.html --replicates 3").code == 2);
}

TEST_CASE("inspect and compare read a report as they read its result", "[unit]") {
  const Shown shown;
  for (const char* part : {"--scenario", "--resolved"}) {
    const auto of_result = shown.run(std::string("inspect small.h5 ") + part);
    const auto of_report = shown.run(std::string("inspect small.html ") + part);
    INFO(of_report.err);
    CHECK(of_report.code == 0);
    CHECK(of_report.out == of_result.out);
  }
  // Numbers were rounded to six digits before they are to four.
  const auto ledger = shown.run("inspect small.html --assumptions --plain | cut -f 1,5-");
  const auto expected = shown.run("inspect small.h5 --assumptions --plain | cut -f 1,5-");
  CHECK(ledger.code == 0);
  CHECK(ledger.out == expected.out);
  CHECK(has(shown.run("inspect small.html").out, "read from a report"));
  const auto hashes = shown.run("inspect small.html --checksum");
  CHECK(hashes.code == 0);
  CHECK(has(hashes.out, "small.yaml"));
  CHECK_FALSE(has(hashes.out, "DIFFERS"));

  const auto of_report = shown.run("compare small.html --format csv");
  const auto of_result = shown.run("compare small.h5 --format csv");
  INFO(of_report.err << of_report.out);
  CHECK(of_report.code == 0);
  CHECK(has(of_report.out, "pair,double,futures_equal,12"));
  const auto together = shown.run("compare small.h5 small.html --json");
  INFO(together.err << together.out);
  CHECK(together.code == 0);
  CHECK(has(together.out, "\"equal_pct\":100"));
  const Results result(shown.result);
  const auto opened = open_results(shown.report);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0]->options() == result.options());
  for (std::size_t o = 0; o < result.options().size(); ++o) {
    for (std::size_t d = 0; d < result.definitions().size(); ++d) {
      const auto a = result.zero_years(o, d), b = opened[0]->zero_years(o, d);
      REQUIRE(a.size() == b.size());
      for (std::size_t r = 0; r < a.size(); ++r) {
        CHECK((a[r] == b[r] || (std::isnan(a[r]) && std::isnan(b[r]))));
      }
    }
  }
}

TEST_CASE("run takes a result or a report in the place of its scenario", "[unit]") {
  const Shown shown;
  for (const char* file : {"small.h5", "small.html"}) {
    const auto again = shown.run(std::string("run ") + file + " -q -j 1 -o again.h5 --force");
    INFO(again.err);
    CHECK(again.code == 0);
    CHECK(file_text(shown.folder.file("again.h5")) == file_text(shown.result));
  }
  const auto other =
      shown.run("run small.html -q -n 5 --set funding.scale_pct=60 -o other.h5 --option current");
  INFO(other.err);
  CHECK(other.code == 0);
  const Results made(shown.folder.file("other.h5"));
  CHECK(made.n_replicates() == 5);
  CHECK(made.options() == std::vector<std::string>{"current"});
  CHECK(has(made.provenance_text("resolved_yaml"), "scale_pct: 60"));
  const auto stopped = shown.run("run small.html -j 1 --set horizon.end_year=2045 -n 200 "
                                 "--time-limit 0.01s -o long.h5");
  CHECK(stopped.code == 5);
  CHECK(has(stopped.err, "musi run small.html"));
}

TEST_CASE("a report without its inputs needs the same bytes here", "[unit]") {
  const Shown shown;
  const PageContent page = read_page(shown.report);
  REQUIRE(has(page.inputs, "\"inputs\":{"));
  shown.changed("bare.html", "\"inputs\":{", "\"outputs\":{");
  const auto refused = shown.run("reproduce bare.html -q");
  CHECK(refused.code == 4);
  CHECK(has(refused.err, "by its hash only"));
  std::filesystem::copy(scenarios + "/cities", shown.folder.file("cities"),
                        std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(scenarios + "/small.yaml", shown.folder.file("small.yaml"));
  const auto found = shown.run("reproduce bare.html -q");
  INFO(found.err << found.out);
  CHECK(has(found.out, "different  0\n"));
  CHECK(found.code == 0);
}

TEST_CASE("pages that are no report are refused with the reason", "[messages]") {
  const Shown shown;
  shown.folder.write("page.html", "<!doctype html><html><body>Hello</body></html>");
  shown.changed("newer.html", "\"page_format\":1", "\"page_format\":99");
  shown.changed("cut.html", "\"page_format\":1", "\"page_format\"1");
  for (const auto& [file, words] :
       {std::pair("page.html", "is no report of musi"), std::pair("newer.html", "page format 99"),
        std::pair("cut.html", "no JSON")}) {
    for (const char* command : {"inspect ", "compare ", "reproduce ", "run "}) {
      const auto refused = shown.run(command + std::string(file));
      INFO(command << file << ": " << refused.err);
      CHECK(refused.code == 4);
      CHECK(has(refused.err, words));
    }
  }
}

TEST_CASE("run --crate writes a crate of the result, and replaces only with --force", "[unit]") {
  const Shown shown;
  const auto made = shown.run("run small.h5 -q -o out/again.h5 --crate");
  INFO(made.err);
  CHECK(made.code == 0);
  const std::string crate = shown.folder.file("out/again-export/crate");
  CHECK(std::filesystem::exists(crate + "/ro-crate-metadata.json"));
  CHECK(file_text(crate + "/again.h5") == file_text(shown.folder.file("out/again.h5")));
  const auto again = shown.run("run small.h5 -o out/again.h5 --crate");
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK(has(again.err, "again-export/crate is up to date"));
  const auto other = shown.run("run small.h5 --seed 5 -q -o out/again.h5 --crate");
  CHECK(other.code == 4);
  const auto forced = shown.run("run small.h5 --seed 5 -q -o out/again.h5 --crate --force");
  CHECK(forced.code == 0);
  CHECK(file_text(crate + "/again.h5") == file_text(shown.folder.file("out/again.h5")));
}
