#include "sim/io/h5_file.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <unistd.h>

#include "sim/core/check.h"

using namespace musi::sim;
using namespace musi::sim::io;

namespace {

namespace fs = std::filesystem;

/// A folder for one test, removed at its end.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("musi-h5-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

void write_sample(const std::string& path) {
  H5Writer writer(path);
  const std::vector<std::string> options{"current", "need+supported", "größer"};
  const std::vector<std::int32_t> years{2019, 2020};
  writer.dimension("option", options, {{"long_name", "option"}});
  writer.dimension("year", years);
  writer.attribute("/", {"title", "a sample"});
  writer.attribute("/", {"headline_year", 2030});
  H5Variable area;
  area.path = "slum_area";
  area.dims = {"option", "year"};
  area.attributes = {{"units", "ha"}};
  area.missing = missing;
  const std::vector<double> areas{1, 2, 3.5, missing, 5, 6};
  writer.variable(area, areas);
  H5Variable zero;
  zero.path = "zero_year";
  zero.type = H5Type::int16;
  zero.dims = {"option"};
  zero.missing = -1;
  const std::vector<double> zeros{2030, missing, 2044};
  writer.variable(zero, zeros);
  writer.group("rt");
  const std::vector<std::int32_t> rts{1, 2, 3, 4};
  writer.dimension("rt/rt", rts);
  H5Variable chance;
  chance.path = "rt/chance";
  chance.type = H5Type::float64;
  chance.dims = {"option", "rt"};
  writer.variable(chance);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<double> row{0.0, 1.0, 2.0, static_cast<double>(i)};
    writer.row("rt/chance", i, row);
  }
  writer.text("note", std::string(100'000, 'x'));
  writer.finish();
}

}  // namespace

TEST_CASE("an HDF5 file is read as it was written", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  const H5Reader reader(folder / "a.h5");
  CHECK(reader.names() ==
        std::vector<std::string>{"option", "year", "slum_area", "zero_year", "rt", "note"});
  CHECK(reader.texts("option") ==
        std::vector<std::string>{"current", "need+supported", "größer"});
  CHECK(reader.shape("slum_area") == std::vector<std::size_t>{3, 2});
  CHECK(reader.dims("slum_area") == std::vector<std::string>{"option", "year"});
  CHECK(reader.dims("rt/chance") == std::vector<std::string>{"option", "rt"});
  CHECK(reader.dims("year") == std::vector<std::string>{"year"});
  CHECK(reader.type("zero_year") == H5Type::int16);
  CHECK(reader.type("option") == H5Type::text);
  const std::vector<double> areas = reader.numbers("slum_area");
  CHECK(areas[2] == 3.5);
  CHECK(std::isnan(areas[3]));
  const std::vector<double> zeros = reader.numbers("zero_year");
  CHECK(zeros[0] == 2030);
  CHECK(std::isnan(zeros[1]));
  CHECK(reader.row("rt/chance", 2) == std::vector<double>{0, 1, 2, 2});
  CHECK(reader.text("note").size() == 100'000);
  CHECK(reader.text_attribute("slum_area", "units") == "ha");
  CHECK(reader.text_attribute("/", "title") == "a sample");
  CHECK(reader.number_attribute("/", "headline_year") == 2030.0);
  CHECK(reader.number_attribute("zero_year", "_FillValue") == -1.0);
  CHECK_FALSE(reader.text_attribute("/", "absent"));
  CHECK(reader.exists("rt/chance"));
  CHECK_FALSE(reader.exists("rt/absent"));
  CHECK_FALSE(reader.exists("absent/chance"));
  CHECK(reader.is_group("rt"));
  CHECK_FALSE(reader.is_group("note"));
}

TEST_CASE("equal calls write equal bytes", "[property]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  write_sample(folder / "b.h5");
  CHECK(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
}

TEST_CASE("an HDF5 file appears only when it is finished", "[unit]") {
  const Folder folder;
  {
    H5Writer writer(folder / "a.h5");
    writer.text("note", "unfinished");
    CHECK_FALSE(fs::exists(folder / "a.h5"));
  }
  CHECK(fs::is_empty(folder / ""));
}

TEST_CASE("a full disk and a missing folder are told apart", "[unit]") {
  const Folder folder;
  const auto code_of = [](const std::string& path) -> std::string {
    try {
      write_sample(path);
    } catch (const IoError& error) {
      INFO(error.what());
      CHECK(std::string(error.what()).find(path) != std::string::npos);
      return error.code();
    }
    return "nothing";
  };
  CHECK(code_of("/dev/full") == "disk_full");
  CHECK(code_of(folder / "absent/a.h5") == "cannot_write");
}

TEST_CASE("an existing file is kept unless it may be replaced", "[unit]") {
  const Folder folder;
  write_sample(folder / "a.h5");
  try {
    H5Writer writer(folder / "a.h5", Existing::refuse);
    FAIL("nothing was thrown");
  } catch (const IoError& error) {
    CHECK(error.code() == "exists");
  }
}

TEST_CASE("files that cannot be read are refused by kind", "[unit]") {
  const Folder folder;
  const auto code_of = [](const std::string& path) -> std::string {
    try {
      const H5Reader reader(path);
    } catch (const IoError& error) {
      return error.code();
    }
    return "nothing";
  };
  write_sample(folder / "a.h5");
  const std::string bytes = read_file(folder / "a.h5");
  write_file(folder / "cut.h5", std::string_view(bytes).substr(0, bytes.size() / 2));
  write_file(folder / "text.h5", "schema: 1\n");
  write_file(folder / "empty.h5", "");
  CHECK(code_of(folder / "cut.h5") == "truncated");
  CHECK(code_of(folder / "text.h5") == "foreign");
  CHECK(code_of(folder / "empty.h5") == "foreign");
  CHECK(code_of(folder / "absent.h5") == "cannot_open");
  CHECK(code_of(folder / "") == "cannot_open");
}

TEST_CASE("values that a dataset cannot hold are refused", "[unit]") {
  const Folder folder;
  H5Writer writer(folder / "a.h5");
  const std::vector<std::int32_t> two{1, 2};
  writer.dimension("year", two);
  H5Variable whole;
  whole.path = "whole";
  whole.type = H5Type::int16;
  whole.dims = {"year"};
  const std::vector<double> fraction{1, 2.5}, large{1, 40'000}, hole{1, missing}, one{1};
  CHECK_THROWS_AS(writer.variable(whole, fraction), ContractError);
  whole.path = "large";
  CHECK_THROWS_AS(writer.variable(whole, large), ContractError);
  whole.path = "hole";
  CHECK_THROWS_AS(writer.variable(whole, hole), ContractError);
  whole.path = "short";
  CHECK_THROWS_AS(writer.variable(whole, one), ContractError);
  whole.dims = {"moon"};
  CHECK_THROWS_AS(writer.variable(whole, one), ContractError);
}
