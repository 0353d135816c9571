#include "analysis/reproduce.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "analysis/result_file.h"
#include "analysis/results.h"
#include "tests/support/run_program.h"
#include "tests/support/sample_result.h"

using namespace musi;
using namespace musi::analysis;
using tests::run_program;
using tests::Scratch;

namespace {

const std::string musi_program = MUSI_PROGRAM;
const std::string scenarios = MUSI_SOURCE_DIR "/tests/scenarios";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The small study in a folder of its own, run with flags that a shell must quote.
struct Study {
  Scratch folder;
  std::string result = folder.file("small.h5");

  explicit Study(const std::string& flags = "-j 3") {
    std::filesystem::create_directories(folder.file("cities"));
    std::filesystem::copy(scenarios + "/cities/small", folder.file("cities/small"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(scenarios + "/small.yaml", folder.file("small.yaml"));
    const auto run = run_program(musi_program + " run " + folder.file("small.yaml") +
                                 " -n 10 -q --set 'title={en: \"Two words\", id: \"Dua kata\"}' " +
                                 flags + " -o " + result);
    INFO(run.err);
    REQUIRE(run.code == 0);
  }
  tests::Finished reproduce(const std::string& flags) const {
    return run_program("cd " + folder.file(".") + " && " + musi_program + " reproduce " + result +
                       " -q " + flags);
  }
};

/// The sample result, with something done to its input or records.
template <class Change>
std::string changed_sample(const Scratch& folder, const std::string& name, const Change& change) {
  ResultInput input = tests::sample_input(4);
  sim::RecordStore records = tests::sample_records(input, 4);
  change(input, records);
  write_result(folder.file(name), input, records);
  return folder.file(name);
}

}  // namespace

TEST_CASE("a result made on three threads is identical on one, from the file alone", "[unit]") {
  const Study study;
  std::filesystem::remove_all(study.folder.file("cities"));
  std::filesystem::remove(study.folder.file("small.yaml"));
  const auto same = study.reproduce("-j 1");
  INFO(same.err << same.out);
  CHECK(same.code == 0);
  CHECK(has(same.out, "bytes equal"));
  CHECK(has(same.out, " identical\n"));
  CHECK_FALSE(std::filesystem::exists(study.folder.file("small.reproduced.h5")));
  const auto indonesian = study.reproduce("--lang id --replicates 4 -o " +
                                          study.folder.file("first.h5"));
  INFO(indonesian.err);
  CHECK(indonesian.code == 0);
  CHECK(has(indonesian.out, " identik\n"));
  CHECK(has(indonesian.out, "4 kemungkinan"));
  CHECK(Results(study.folder.file("first.h5")).n_replicates() == 4);
}

TEST_CASE("a changed input names itself, and numbers that follow from it differ", "[unit]") {
  const Study study;
  std::string sites = tests::file_text(study.folder.file("cities/small/sites.csv"));
  const std::size_t first = sites.find('\n') + 1;
  const std::size_t second = sites.find('\n', first) + 1;
  sites.erase(second, sites.find('\n', second) + 1 - second);  // one site less
  std::ofstream(study.folder.file("cities/small/sites.csv"), std::ios::binary) << sites;
  std::string city = tests::file_text(study.folder.file("cities/small/city.yaml"));
  const std::size_t at = city.find("expected_sites: 3");
  REQUIRE(at != std::string::npos);
  city.replace(at, 17, "expected_sites: 2");
  std::ofstream(study.folder.file("cities/small/city.yaml"), std::ios::binary) << city;

  const auto embedded = study.reproduce("");
  INFO(embedded.err << embedded.out);
  CHECK(embedded.code == 0);  // the inputs are those of the file
  CHECK(has(embedded.out, "files here differ from those that were used: cities/small/city.yaml, "
                          "cities/small/sites.csv"));

  const auto today = study.reproduce("--city " + study.folder.file("cities/small"));
  INFO(today.err << today.out);
  CHECK(today.code == 6);
  CHECK(has(today.out, "inputs: cities/small/city.yaml, cities/small/sites.csv"));
  CHECK(has(today.out, " not identical\n"));
}

TEST_CASE("the largest difference is found, and a tolerance forgives what is below it", "[unit]") {
  const Scratch folder;
  const auto nothing = [](ResultInput&, sim::RecordStore&) {};
  const Results theirs(changed_sample(folder, "a.h5", nothing));
  const Results same(changed_sample(folder, "b.h5", nothing));
  const ResultComparison equal = compare_results(theirs, same, 0.0);
  CHECK(equal.different == 0);
  CHECK(equal.compared > 100);
  CHECK_FALSE(equal.largest);

  const Results other(changed_sample(folder, "c.h5", [](ResultInput&, sim::RecordStore& records) {
    sim::RunRecord record = tests::sample_record(1, 2);
    record.series[1][0] *= 1.0 + 1e-6;  // paid_total
    sim::RecordStore again(tests::sample_series_list(),
                           dimension_lengths(tests::sample_input(4)), 2, 4);
    for (std::size_t o = 0; o < 2; ++o) {
      for (std::size_t r = 0; r < 4; ++r) {
        again.write(o, r, o == 1 && r == 2 ? record : tests::sample_record(o, r));
      }
    }
    records = std::move(again);
  }));
  const ResultComparison differs = compare_results(theirs, other, 0.0);
  REQUIRE(differs.largest);
  CHECK(differs.different == 1);
  CHECK(differs.largest->variable == "paid_total");
  CHECK(differs.largest->index == 6);
  CHECK(differs.largest->relative == Approx(1e-6).epsilon(1e-3));
  CHECK(compare_results(theirs, other, 1e-5).different == 0);
}

TEST_CASE("reproduce refuses what it cannot do, and says why", "[messages]") {
  const Study study;
  CHECK(study.reproduce("--replicates 11").code == 2);
  CHECK(study.reproduce("--tolerance x").code == 2);
  CHECK(study.reproduce("--city " + study.folder.file("cities")).code == 4);
  CHECK(run_program(musi_program + " reproduce " + study.folder.file("none.h5")).code == 4);

  const Scratch folder;
  const std::string damaged = changed_sample(folder, "d.h5", [](ResultInput& input, auto&) {
    input.provenance.inputs = {{"sample.yaml", "schema: 1\n", std::string(64, 'b')}};
  });
  const auto run = run_program(musi_program + " reproduce " + damaged);
  CHECK(run.code == 4);
  CHECK(has(run.err, "its embedded input 'sample.yaml' does not have the hash"));
  const std::string points = changed_sample(folder, "p.h5", [](ResultInput& input, auto&) {
    input.provenance.inputs = {{"sample.yaml", "schema: 1\n", ""}};
    for (std::size_t i = 0; i < input.options.size(); ++i) {
      input.options[i].name = "point-000" + std::to_string(i + 1);
      input.options[i].kind = "sweep";
    }
  });
  const auto unsaid = run_program(musi_program + " reproduce " + points);
  CHECK(unsaid.code == 4);
  CHECK(has(unsaid.err, "does not say what its points were"));
  const std::string large =
      changed_sample(folder, "l.h5", [](ResultInput&, auto&) {});  // has one by its hash
  const auto by_hash = run_program(musi_program + " reproduce " + large);
  CHECK(by_hash.code == 4);
  CHECK(has(by_hash.err, "keeps its input 'large.csv' by its hash only"));
}

TEST_CASE("a reproduction that reaches its time limit goes on with --resume", "[unit]") {
  const Study study("--set horizon.end_year=2045 -j 1");
  const auto stopped = study.reproduce("-j 1 --time-limit 0.01s");
  CHECK(stopped.code == 5);
  const auto done = study.reproduce("-j 1 --resume");
  INFO(done.err << done.out);
  CHECK(done.code == 0);
  CHECK(has(done.out, "bytes equal"));
}

TEST_CASE("a result is identical with the points of its sweep, and without them", "[unit]") {
  for (const std::string flags : {"", "--no-sweep"}) {
    INFO(flags);
    const Scratch folder;
    std::filesystem::create_directories(folder.file("cities"));
    std::filesystem::copy(scenarios + "/cities/small", folder.file("cities/small"),
                          std::filesystem::copy_options::recursive);
    folder.write("swept.yaml", tests::file_text(scenarios + "/small.yaml") +
                                   "sweep: {around: [current], axes: {funding.scale_pct: "
                                   "[50, 150]}}\n");
    const std::string result = folder.file("swept.h5");
    const auto run = run_program(musi_program + " run " + folder.file("swept.yaml") + " -n 3 -q " +
                                 flags + " -o " + result);
    INFO(run.err);
    REQUIRE(run.code == 0);
    REQUIRE(Results(result).options().size() == (flags.empty() ? 4 : 2));
    const auto same = run_program(musi_program + " reproduce " + result + " -q");
    INFO(same.err << same.out);
    CHECK(same.code == 0);
    CHECK(has(same.out, "bytes equal"));
  }
}

TEST_CASE("the result of every shipped scenario is identical on another number of threads",
          "[unit][slow]") {
  const Scratch folder;
  std::size_t n_scenarios = 0;
  for (const auto& entry : std::filesystem::directory_iterator(MUSI_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    ++n_scenarios;
    const std::string name = entry.path().stem().string();
    INFO(name);
    // One subdistrict and the first option: all that differs between scenarios is still read.
    std::string flags = name.starts_with("palembang") ? " --set 'start.subset=[Kertapati]'" : "";
    const std::string text = tests::file_text(entry.path().string());
    if (const std::size_t options = text.find("\noptions:"); options != std::string::npos) {
      const std::size_t from = text.find("name: ", options) + 6;
      flags += " --option " + text.substr(from, text.find_first_of(",}\n", from) - from);
    }
    const std::string result = folder.file(name + ".h5");
    const auto run = run_program(musi_program + " run " + entry.path().string() +
                                 " -n 2 -j 2 --no-sweep -q -o " + result + flags);
    INFO(run.err);
    REQUIRE(run.code == 0);
    const auto same = run_program(musi_program + " reproduce " + result + " -j 1 -q");
    INFO(same.err << same.out);
    CHECK(same.code == 0);
    CHECK(has(same.out, "bytes equal"));
    CHECK(has(same.out, " identical\n"));
    std::filesystem::remove(result);
  }
  CHECK(n_scenarios >= 17);
}
