#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/result_file.h"
#include "tests/support/run_program.h"
#include "tests/support/sample_result.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

constexpr std::size_t n_cells = 196;

/// Inputs on a grid of 14 by 14, as often as it takes; a future fails (Z1 not by 2021) where the
/// first is below 4 and the second below 7.
void write_planted(const std::string& path, std::size_t n_futures = n_cells) {
  analysis::ResultInput input = tests::sample_input(n_futures);
  sim::RecordStore records(tests::sample_series_list(), analysis::dimension_lengths(input), 2,
                           n_futures);
  for (std::size_t option = 0; option < 2; ++option) {
    for (std::size_t r = 0; r < n_futures; ++r) {
      const double x = static_cast<double>(r % n_cells / 14);
      const double y = static_cast<double>(r % 14);
      input.input_values[(option * n_futures + r) * 2] = static_cast<float>(x);
      input.input_values[(option * n_futures + r) * 2 + 1] = static_cast<float>(y);
      sim::RunRecord record = tests::sample_record(option, r);
      const bool fails = option == 0 && x < 4.0 && y < 7.0;
      record.series[0] = {fails ? tests::missing_number : 2020.0, 2020.0};
      records.write(option, r, std::move(record));
    }
  }
  analysis::write_result(path, input, records);
}

}  // namespace

TEST_CASE("discover tells the planted condition in sentences of both languages", "[unit]") {
  const Scratch scratch;
  const std::string result = scratch.file("planted.h5");
  write_planted(result);
  const std::string command = MUSI_PROGRAM " discover " + result + " --fails 'zero_year:Z1>2021' ";
  const auto text = run_program(command);
  INFO(text.err);
  REQUIRE(text.code == 0);
  CHECK(contains(text.out, "0 % by 2021 (Z1) fails in 28 of 196 futures"));
  CHECK(contains(text.out, "parameters.x_pct below 3.5 percent"));
  CHECK(contains(text.out, "and parameters.y below 6.5"));
  CHECK(contains(text.out, "fails in 28 of 28 such futures; 100 of 100 failures; p < 0.001"));
  const auto id = run_program(command + "--lang id");
  CHECK(contains(id.out, "0 % sampai 2021 (Z1) tidak tercapai dalam 28 dari 196 kemungkinan"));
  CHECK(contains(id.out, "di bawah 3,5"));
  const auto plain = run_program(command + "--plain");
  CHECK(contains(plain.out, "box\tpath\tlow\thigh\tquasi_p\t"));
  CHECK(contains(plain.out, "1\tparameters.x_pct\t\t3.5\t"));
  CHECK(run_program(command).out == text.out);
}

TEST_CASE("discover sends progress, boxes and a sum as JSON events", "[unit]") {
  const Scratch scratch;
  const std::string result = scratch.file("planted.h5");
  write_planted(result);
  const auto json =
      run_program(MUSI_PROGRAM " discover --json --fails 'zero_year:Z1>2021' " + result);
  REQUIRE(json.code == 0);
  std::vector<nlohmann::json> results;
  std::size_t n_progress = 0, from = 0;
  for (std::size_t to = json.out.find('\n'); to != std::string::npos;
       to = json.out.find('\n', from)) {
    const auto event = nlohmann::json::parse(json.out.substr(from, to - from));
    if (event["event"] == "result") results.push_back(event);
    n_progress += event["event"] == "progress" && event["stage"] == "analyse";
    from = to + 1;
  }
  CHECK(n_progress >= 5);
  REQUIRE(results.size() == 2);
  CHECK(results[0]["box"] == 1);
  CHECK(results[0]["futures"] == 28);
  CHECK(results[0]["density_pct"] == 100.0);
  REQUIRE(results[0]["conditions"].size() == 2);
  CHECK(results[0]["conditions"][0]["path"] == "parameters.x_pct");
  CHECK(results[0]["conditions"][0]["low"].is_null());
  CHECK(results[0]["conditions"][0]["high"] == 3.5);
  CHECK(results[0]["conditions"][0]["p_value"].get<double>() < 1e-6);
  CHECK(results[1]["box"].is_null());
  CHECK(results[1]["is_enough"] == true);
}

TEST_CASE("a terminated discover ends with 130, without an answer or a file", "[unit]") {
  const Scratch scratch;
  const std::string result = scratch.file("planted.h5");
  write_planted(result, 40 * n_cells);
  const std::string said = scratch.file("said");
  const auto stopped = run_program(
      "cd " + scratch.file("") + "; " MUSI_PROGRAM " discover --json --fails 'zero_year:Z1>2021' " +
      result + " >said & pid=$!; for i in $(seq 3000); do grep -q progress said 2>/dev/null && "
      "break; sleep 0.005; done; kill -TERM $pid; wait $pid");
  CHECK(stopped.code == 130);
  CHECK(contains(tests::file_text(said), "\"stage\":\"analyse\""));
  CHECK_FALSE(contains(tests::file_text(said), "\"event\":\"result\""));
  CHECK(contains(tests::file_text(said), "\"status\":\"interrupted\""));
  std::size_t n_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.file(""))) {
    n_files += entry.is_regular_file();
  }
  CHECK(n_files == 2);  // what it read, and what it said
}

TEST_CASE("without a failure condition discover ends with 6 and says what is best", "[messages]") {
  const Scratch scratch;
  const std::string result = scratch.file("planted.h5");
  write_planted(result);
  const std::string command = MUSI_PROGRAM " discover " + result + " ";
  const auto none = run_program(command + "--fails 'zero_year:Z1>2021' --option need");
  CHECK(none.code == 6);
  CHECK(contains(none.out, "in none of 196 futures: there is nothing to explain"));
  const auto all = run_program(command + "--fails 'zero_year:Z1>=2020'");
  CHECK(all.code == 6);
  CHECK(contains(all.out, "in all 196 futures: no input tells them apart"));
  // Every other future: no box of the two inputs is dense.
  const auto weak =
      run_program(command + "--fails 'zero_year:Z1>2021' --max-conditions 1 --min-density-pct 90");
  CHECK(weak.code == 6);
  CHECK(contains(weak.out, "No failure condition passes; the best box, which does not:"));
}

TEST_CASE("wrong questions to discover end with 2, unreadable results with 4", "[messages]") {
  const Scratch scratch;
  const std::string result = scratch.file("planted.h5");
  write_planted(result);
  const auto refused = [&](const std::string& arguments) {
    const auto done = run_program(MUSI_PROGRAM " discover " + result + " " + arguments);
    CHECK(done.code == 2);
    return done.err;
  };
  CHECK(contains(refused("--fails 'zero_yeer>2021'"), "there is no metric 'zero_yeer'"));
  CHECK(contains(refused("--fails 'zero_year:Z9>2021'"), "is no definition of zero; one of Z1"));
  CHECK(contains(refused("--fails 'slum_area_ha:1990>3'"), "is no year from 2019 to 2022"));
  CHECK(contains(refused("--fails 'paid_idr_bn:2021..2020>3'"), "wrong order"));
  CHECK(contains(refused("--fails 2021"), "none of <, <=, >, >=, ="));
  CHECK(contains(refused("--option half"), "is none of current, need"));
  CHECK(contains(refused("--max-conditions 0"), "--max-conditions 0"));
  CHECK(run_program(MUSI_PROGRAM " discover " + scratch.file("none.h5")).code == 4);
  CHECK(contains(run_program(MUSI_PROGRAM " discover --help").out, "Exit codes: 0 found"));
}
