#include "analysis/result_file.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <unistd.h>

#include "analysis/inspect.h"
#include "analysis/provenance.h"
#include "analysis/results.h"
#include "analysis/statistics.h"
#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/core/vector_level.h"
#include "tests/support/sample_result.h"

using namespace musi;
using namespace musi::analysis;
using namespace musi::tests;
using sim::io::Existing;
using sim::io::H5Type;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("musi-result-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

void write_sample(const std::string& path, std::size_t n_replicates = 100) {
  const ResultInput input = sample_input(n_replicates);
  write_result(path, input, sample_records(input, n_replicates), Existing::replace);
}

std::string code_of_opening(const std::string& path) {
  try {
    const Results results(path);
  } catch (const sim::IoError& error) {
    return error.code();
  }
  return "nothing";
}

std::string part(const std::string& path, InspectPart what, bool json = false) {
  return inspect({.path = path, .part = what, .plain = false, .json = json}).text;
}

}  // namespace

TEST_CASE("a result file gives back the series future by future", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const Results results(folder / "a.h5");
  CHECK(results.format_version() == "1.1");
  CHECK(results.is_complete());
  CHECK(results.options() == std::vector<std::string>{"current", "need"});
  CHECK(results.n_replicates() == 100);
  CHECK(results.years() == std::vector<int>{2019, 2020, 2021, 2022});
  CHECK(results.headline_definition() == "Z2a");
  CHECK(results.headline_year() == 2030);
  const std::vector<double> areas = results.series("slum_area", 1);
  for (std::size_t replicate = 0; replicate < 100; ++replicate) {
    for (std::size_t year = 0; year < 4; ++year) {
      REQUIRE(areas[replicate * 4 + year] == sample_area(1, replicate, year));
    }
    const double zero = results.zero_years(1, 1)[replicate];
    const double expected = sample_zero(1, replicate, 1);
    REQUIRE((std::isnan(expected) ? std::isnan(zero) : zero == expected));
  }
  CHECK(results.series("paid_total", 0)[7] == 7.1);
  CHECK(results.series("households_displaced", 1)[7] == 17);
  CHECK(std::isnan(results.series("coverage", 0)[3]));
  CHECK(results.series("input_value", 1)[0] == 25.0);
  const auto& file = results.file();
  CHECK(file.type("zero_year") == H5Type::int16);
  CHECK(file.type("reached") == H5Type::int8);
  CHECK(file.type("slum_area") == H5Type::float32);
  CHECK(file.type("paid_total") == H5Type::float64);
  CHECK(file.type("households_displaced") == H5Type::int32);
  CHECK(file.dims("paid") == std::vector<std::string>{"option", "replicate", "year", "funds"});
  CHECK(file.row("reached", 0)[0] == 1.0);
  CHECK(file.row("reached", 0)[1] == 0.0);
  CHECK(file.row("site_reached", 0)[1] == 0.0);
  CHECK(file.text_attribute("slum_area", "units") == "ha");
  CHECK_FALSE(file.text_attribute("year", "units"));
}

TEST_CASE("options, levers, sites and observations are stored with their stories", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const Results results(folder / "a.h5");
  const auto& file = results.file();
  CHECK(file.texts("option_title_id")[1] == "Sesuai kebutuhan");
  CHECK(file.numbers("lever_funding_scale_pct") == std::vector<double>{100, 394});
  CHECK(file.text_attribute("lever_funding_scale_pct", "path") == "funding.scale_pct");
  CHECK(file.numbers("has_solved") == std::vector<double>{0, 1});
  CHECK(file.numbers("solved_low")[1] == 361);
  CHECK(file.texts("site_kecamatan")[2] == "Seberang Ulu I");
  CHECK(std::isnan(file.numbers("site_latitude")[2]));
  CHECK(file.numbers("obs_value")[0] == 1729.84);
  CHECK(file.texts("obs_source")[1] == "rp2kpkp");
  CHECK(file.texts("input_status")[1] == "assumed");
  CHECK(file.numbers("obs_year") == std::vector<double>{2019, 2021});
}

TEST_CASE("summaries are computed over the futures", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const Results results(folder / "a.h5");
  const auto& file = results.file();
  // Z1: a quarter of the futures in 2020, 2021, 2022 each, a quarter never. [year, definition]
  const std::vector<double> chance = file.row("chance_zero", 0);
  CHECK(chance == std::vector<double>{0, 0, 25, 0, 50, 0, 75, 0});
  const std::vector<double> error = file.row("chance_zero_error", 0);
  CHECK(error[2] == 100.0 * share(25, 100).half_width);
  CHECK(error[1] > 0.0);
  // Areas of 2019 are 1000 - r, r = 0 ... 99. [quantile, year]
  const std::vector<double> area = file.row("slum_area_quantile", 0);
  REQUIRE(area.size() == 12);
  CHECK(area[4] == 950.5);
  CHECK(area[0] == Approx(905.95));
  CHECK(std::isnan(file.row("coverage_quantile", 0)[3]));
  // Two funds: r + y and r + y + 0.5.
  CHECK(file.row("paid_quantile", 1)[4 + 2] == 103.5);
  CHECK(file.shape("mean_points") == std::vector<std::size_t>{2, 4, 2});
  CHECK(file.row("mean_points", 0)[1] == 149.5);
  CHECK(file.shape("site_area_quantile") == std::vector<std::size_t>{2, 3, 4, 3});
  CHECK(file.row("site_area_quantile", 0)[12 + 2] == 69.5);
  CHECK_FALSE(file.exists("site_area"));
}

TEST_CASE("areas of sites are stored future by future when asked for", "[unit]") {
  const Folder folder;
  ResultInput input = sample_input(10);
  input.write_site_area = true;
  write_result(folder / "a.h5", input, sample_records(input, 10));
  const Results results(folder / "a.h5");
  CHECK(results.file().dims("site_area") ==
        std::vector<std::string>{"option", "replicate", "year", "site"});
}

TEST_CASE("yearly series of sweep points stay missing", "[unit]") {
  const Folder folder;
  ResultInput input = sample_input(10);
  input.options[1].kind = "sweep";
  write_result(folder / "a.h5", input, sample_records(input, 10));
  const Results results(folder / "a.h5");
  CHECK(std::isnan(results.series("slum_area", 1)[0]));
  CHECK_FALSE(std::isnan(results.series("slum_area", 0)[0]));
  CHECK(results.series("paid_total", 1)[0] == 0.1);
  CHECK_FALSE(std::isnan(results.file().row("slum_area_quantile", 1)[0]));
}

TEST_CASE("neighbourhoods get a group of their own", "[unit]") {
  const Folder folder;
  ResultInput input = sample_input(4);
  input.rt_ids = {"p01-01", "p02-01"};
  input.rt_site = {0, 1};
  input.rt_area = {1.5, 2.0};
  sim::RecordStore records({sample_series("rt_zero_year", "year", {"rt"}, true),
                            sample_series("rt_points", "points", {"rt"})},
                           dimension_lengths(input), 2, 4);
  for (std::size_t option = 0; option < 2; ++option) {
    for (std::size_t r = 0; r < 4; ++r) {
      const double points = static_cast<double>(r) + 10.0 * static_cast<double>(option);
      records.write(option, r, {{{r == 0 ? 2021.0 : 2031.0, missing_number}, {points, 7}}});
    }
  }
  write_result(folder / "a.h5", input, records);
  const Results results(folder / "a.h5");
  CHECK(results.file().row("rt/chance_by_headline", 0) == std::vector<double>{25, 0});
  CHECK(results.file().row("rt/points_median", 1) == std::vector<double>{11.5, 7});
  CHECK(results.file().texts("rt/rt_id")[1] == "p02-01");
  CHECK_FALSE(results.has("rt_points"));
}

TEST_CASE("equal input gives equal bytes", "[property]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  write_sample(folder / "b.h5");
  CHECK(sha256_of_file(folder / "a.h5") == sha256_of_file(folder / "b.h5"));
}

TEST_CASE("an incomplete result holds the futures that all options have", "[unit]") {
  const Folder folder;
  const ResultInput input = sample_input(10);
  sim::RecordStore records(sample_series_list(), dimension_lengths(input), 2, 10);
  for (std::size_t r = 0; r < 6; ++r) records.write(0, r, sample_record(0, r));
  for (std::size_t r = 0; r < 4; ++r) records.write(1, r, sample_record(1, r));
  write_result(folder / "a.h5", input, records);
  const Results results(folder / "a.h5");
  CHECK_FALSE(results.is_complete());
  CHECK(results.n_replicates() == 4);
  CHECK(results.replicates_planned() == 10);
  CHECK(results.series("slum_area", 1).size() == 16);
  CHECK(results.series("input_value", 1)[0] == Approx(20.0 / 8));
  CHECK(part(folder / "a.h5", InspectPart::overview).find("4 of 10 planned (incomplete)") !=
        std::string::npos);
}

TEST_CASE("a result without any complete future can be written and opened", "[unit]") {
  const Folder folder;
  const ResultInput input = sample_input(10);
  ResultInput empty = input;
  empty.input_values.clear();
  const sim::RecordStore records(sample_series_list(), dimension_lengths(input), 2, 10);
  write_result(folder / "a.h5", empty, records);
  const Results results(folder / "a.h5");
  CHECK_FALSE(results.is_complete());
  CHECK(results.n_replicates() == 0);
}

TEST_CASE("other files, damaged files and newer results are refused by name", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  CHECK(code_of_opening(folder / "a.h5") == "nothing");
  CHECK(code_of_opening(folder / "absent.h5") == "cannot_open");
  {
    sim::io::H5Writer other(folder / "other.h5");
    other.text("note", "not a result");
    other.finish();
    sim::io::H5Writer newer(folder / "newer.h5");
    newer.group("provenance");
    newer.attribute("provenance", {"result_format_version", "2.0"});
    newer.finish();
  }
  CHECK(code_of_opening(folder / "other.h5") == "foreign");
  CHECK(code_of_opening(folder / "newer.h5") == "newer_format");
  const std::string bytes = sim::io::read_file(folder / "a.h5");
  sim::io::write_file(folder / "cut.h5", std::string_view(bytes).substr(0, bytes.size() - 100));
  CHECK(code_of_opening(folder / "cut.h5") == "truncated");
  try {
    const Results results(folder / "newer.h5");
  } catch (const sim::IoError& error) {
    CHECK(std::string(error.what()).find("has result format 2.0; this is musi") !=
          std::string::npos);
  }
}

TEST_CASE("an existing result is kept unless it may be replaced", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const ResultInput input = sample_input(4);
  CHECK_THROWS_AS(write_result(folder / "a.h5", input, sample_records(input, 4)), sim::IoError);
  CHECK(Results(folder / "a.h5").n_replicates() == 100);
}

TEST_CASE("a full disk is told when a result is written", "[unit]") {
  try {
    write_sample("/dev/full", 4);
    FAIL("nothing was thrown");
  } catch (const sim::IoError& error) {
    CHECK(error.code() == "disk_full");
  }
}

TEST_CASE("inspect shows the scenario, the ledger of assumptions and who made a file", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const std::string path = folder / "a.h5";
  CHECK(part(path, InspectPart::scenario) == "schema: 1\nname: sample\n");
  CHECK(part(path, InspectPart::resolved) == "schema: 1\nname: sample  # sample.yaml:2\n");
  const std::string overview = part(path, InspectPart::overview);
  CHECK(overview.find("musi " + program().version) != std::string::npos);
  CHECK(overview.find("2: current, need") != std::string::npos);
  CHECK(overview.find("2 uncertain, 1 without source") != std::string::npos);
  CHECK(overview.find("0x0000000001352902") != std::string::npos);
  const std::string ledger = part(path, InspectPart::assumptions);
  CHECK(ledger.find("parameters.x_pct") != std::string::npos);
  CHECK(ledger.find("no source") != std::string::npos);
  const auto json = nlohmann::json::parse(part(path, InspectPart::assumptions, true));
  CHECK(json["assumptions"][0]["source"] == "bps2019");
  const std::string variables =
      inspect({.path = path, .part = InspectPart::variables, .plain = true, .json = false}).text;
  CHECK(variables.find("slum_area\tfloat32\toption,replicate,year\t2 x 100 x 4\tha\t") !=
        std::string::npos);
  const std::string cite = part(path, InspectPart::cite);
  CHECK(cite.find("A sample. Result of musi ") == 0);
  CHECK(cite.find("bps2019 rp2kpkp sk_2019") != std::string::npos);
}

TEST_CASE("inspect recomputes the hashes of the inputs and of the contents", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const Inspection good = inspect({.path = folder / "a.h5", .part = InspectPart::checksum});
  CHECK(good.is_intact);
  CHECK(good.text.find("cities/palembang/sites.csv  equal") != std::string::npos);
  CHECK(good.text.find("not embedded") != std::string::npos);
  ResultInput other = sample_input(100);
  other.provenance.inputs[0].sha256 = std::string(64, '0');
  write_result(folder / "b.h5", other, sample_records(other, 100));
  const Inspection bad = inspect({.path = folder / "b.h5", .part = InspectPart::checksum});
  CHECK_FALSE(bad.is_intact);
  CHECK(bad.text.find("DIFFERS") != std::string::npos);
  // Provenance does not belong to the contents: their hash is the last line.
  const auto last_line = [](const std::string& text) {
    const std::size_t at = text.rfind('\n', text.size() - 2);
    return text.substr(at + 1, 65);
  };
  CHECK(last_line(good.text) == last_line(bad.text));
}

TEST_CASE("SHA-256 has its published values, whatever computes it", "[unit]") {
  const musi::sim::VectorLevel best = musi::sim::best_vector_level();
  for (const auto level : {musi::sim::VectorLevel::baseline, best}) {
    musi::sim::use_vector_level(level);
    // FIPS 180-4 examples.
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
  musi::sim::use_vector_level(best);
}

TEST_CASE("levers get names that netCDF allows", "[unit]") {
  CHECK(lever_name("programmes[works].share-pct") == "lever_programmes_works__share_pct");
}
