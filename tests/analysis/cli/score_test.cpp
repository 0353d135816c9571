#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "tests/support/run_program.h"

using musi::tests::file_text;
using musi::tests::Finished;
using musi::tests::run_program;
using musi::tests::Scratch;

namespace {

const std::string golden_sheets = MUSI_SOURCE_DIR "/scenarios/method/score_sheets.csv";

Finished score(const std::string& arguments) {
  return run_program("LC_ALL=C MUSI_LANG=en " MUSI_PROGRAM " score " + arguments);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t n_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// One RT with every percentage at `cell`.
std::string sheet(const std::string& cell, const std::string& more = "") {
  std::string header = "rt_id";
  std::string row = "RT1";
  for (const char* code : {"1a", "1b", "1c", "2a", "2b", "3a", "3b", "4a", "4b", "4c", "5a", "5b",
                           "6a", "6b", "7a", "7b"}) {
    header += std::string(",pct_") + code;
    row += "," + cell;
  }
  return header + "\n" + row + "\n" + more;
}

}  // namespace

TEST_CASE("score prints the table and says what it found", "[unit]") {
  const Finished run = score(golden_sheets + " --id sheet_id");
  CHECK(run.code == 0);
  CHECK(n_lines(run.out) == 9);
  CHECK(run.out.rfind("line,site_id,rt_id,n_rt,pct_1a,", 0) == 0);
  CHECK(has(run.out, "\n2,,EJ1,1,20.0000,0.0000,10.0000,"));
  CHECK(run.err == " 8 RT: 0 heavy, 1 medium, 7 light, 0 not slum.  no flags.\n");
  const Finished quiet = score("-q " + golden_sheets + " --id sheet_id --cuts law");
  CHECK(quiet.code == 0);
  CHECK(quiet.out == run.out);  // the published sheets earn the same under both rules
  CHECK(quiet.err.empty());
}

TEST_CASE("each flag of score changes what it says", "[unit]") {
  const Scratch scratch;
  const std::string cut = scratch.write("cut.csv", sheet("75.997"));
  CHECK(has(score(cut).out, ",80,heavy,"));
  CHECK(has(score(cut + " --cuts law").out, ",48,medium,"));
  CHECK(score(cut + " --regulation 2016").code == 3);  // no 4x, 4y, 6x
  CHECK(score(cut + " --by site").code == 3);          // no volumes

  std::string dense = sheet("60");
  dense.insert(dense.find('\n'), ",persons_per_ha,strategic,potential");
  dense.insert(dense.size() - 1, ",180,yes,no");
  const std::string input = scratch.write("dense.csv", dense);
  CHECK(has(score(input).out, ",7,medium,"));
  CHECK(has(score(input + " --city-size large").out, ",7,medium,"));
  CHECK(has(score(input + " --city-size small").out, ",9,medium,"));
  CHECK(has(score(input + " --city-size medium").out, ",9,medium,"));
}

TEST_CASE("score reads standard input and writes a file that it can read again", "[unit]") {
  const Scratch scratch;
  const std::string output = scratch.file("new/folder/scores.csv");
  const Finished first = score("- -o " + output + " <<'END'\n" + sheet("104") + "END\n");
  CHECK(first.code == 0);
  CHECK(first.out.empty());
  CHECK(first.err ==
        " 1 RT: 1 heavy, 0 medium, 0 light, 0 not slum.  16 flags (16 clamped_high).  "
        "wrote " +
            output + "\n");
  const Finished second = score(output);
  CHECK(second.code == 0);
  CHECK(has(second.out, ",80,heavy,berat,100.0000,no,"));
}

TEST_CASE("score ends with 2 for a wrong command line", "[messages]") {
  CHECK(score("").code == 2);
  CHECK(score(golden_sheets + " --regulation 2017").code == 2);
  CHECK(score(golden_sheets + " --cuts lax").code == 2);
  CHECK(score(golden_sheets + " --by rw").code == 2);
  CHECK(score(golden_sheets + " --city-size huge").code == 2);
  CHECK(score(golden_sheets + " --id ''").code == 2);
  CHECK(score(golden_sheets + " --locale fr").code == 2);
  CHECK(score(golden_sheets + " --cuts law --cuts law").code == 2);
  const Finished slip = score(golden_sheets + " --strct");
  CHECK(slip.code == 2);
  CHECK(has(slip.err, "--strict"));
}

TEST_CASE("score ends with 3 for an invalid sheet and prints no table", "[messages]") {
  const Scratch scratch;
  const std::string missing = scratch.write("missing.csv", sheet(""));
  const Finished empty = score(missing);
  CHECK(empty.code == 3);
  CHECK(empty.out.empty());
  CHECK(has(empty.err, missing + ":2:"));
  CHECK(has(empty.err, "criterion 1a of RT 'RT1' is empty"));

  const std::string flagged = scratch.write("flagged.csv", sheet("104"));
  CHECK(score(flagged).code == 0);
  const Finished strict = score(flagged + " --strict -o " + scratch.file("never.csv"));
  CHECK(strict.code == 3);
  CHECK(has(strict.err, "criterion 1a of RT 'RT1' is above 100 %"));
  CHECK_FALSE(std::filesystem::exists(scratch.file("never.csv")));

  const Finished wrong_id = score(golden_sheets);  // its ids are in sheet_id
  CHECK(wrong_id.code == 3);
  CHECK(has(wrong_id.err, "rt_id"));
}

TEST_CASE("score ends with 4 when a file cannot be read or written", "[messages]") {
  const Scratch scratch;
  const std::string input = scratch.write("survey.csv", sheet("30"));
  const std::string there = scratch.write("there.csv", "precious\n");
  CHECK(score(scratch.file("nowhere.csv")).code == 4);
  CHECK(score(scratch.file("")).code == 4);
  const Finished exists = score(input + " -o " + there);
  CHECK(exists.code == 4);
  CHECK(has(exists.err, "--force"));
  CHECK(file_text(there) == "precious\n");
  CHECK(score(input + " --force -o " + there).code == 0);
  CHECK(has(file_text(there), ",light,ringan,"));
  CHECK(score(input + " --force -o " + input).code == 4);
  CHECK(file_text(input) == sheet("30"));
  CHECK(score(input + " -o " + there + "/below.csv").code == 4);
  CHECK(score(golden_sheets + " --id sheet_id >/dev/full").code == 4);
  // A fault of the command line's files comes before one of the sheet.
  CHECK(score(scratch.write("bad.csv", sheet("")) + " -o " + there).code == 4);
}

TEST_CASE("score answers in events with --json", "[unit]") {
  const Scratch scratch;
  const std::string input = scratch.write("survey.csv", sheet("30.5"));
  const Finished run = score("--json " + input);
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK(has(run.out, "\"rt_id\":\"RT1\""));
  CHECK(has(run.out, "\"pct_1a\":30.5000"));
  CHECK(has(run.out, "\"total\":16"));
  CHECK(has(run.out, "\"priority\":null"));
  CHECK(has(run.out, "\"classes\":{\"heavy\":0,\"medium\":0,\"light\":1,\"not_slum\":0}"));
  CHECK_FALSE(has(run.out, "line,site_id"));
  const Finished written = score("--json " + input + " -o " + scratch.file("scores.csv"));
  CHECK(has(written.out, "\"kind\":\"csv\""));
  CHECK_FALSE(has(written.out, "\"rt_id\""));
}

TEST_CASE("score speaks Indonesian and reads its spreadsheets", "[unit]") {
  const Scratch scratch;
  std::string text = sheet("30.5");
  std::replace(text.begin(), text.end(), ',', ';');
  std::replace(text.begin(), text.end(), '.', ',');
  const std::string input = scratch.write("survei.csv", text);
  const Finished run = score("--lang id --locale id " + input);
  CHECK(run.code == 0);
  CHECK(has(run.out, ";30,5000;"));
  CHECK(has(run.err, "1 RT: 0 berat, 0 sedang, 1 ringan, 0 tidak kumuh.  tanpa tanda."));
  CHECK(score(input).code == 3);
}
