#include "sim/core/record_store.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "sim/core/check.h"

using namespace musi::sim;

namespace {

SeriesInfo series(std::string name, std::vector<std::string> dims, bool is_whole = false) {
  SeriesInfo info;
  info.name = std::move(name);
  info.dims = std::move(dims);
  info.is_whole = is_whole;
  return info;
}

RecordStore store() {
  return RecordStore({series("paid_total", {}), series("slum_area", {"year"}),
                      series("zero_year", {"definition"}, true)},
                     {{"year", 3}, {"definition", 2}}, 2, 2);
}

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a store keeps scalars in double, arrays in single precision and counts as integers",
          "[unit]") {
  RecordStore records = store();
  CHECK(records.precision(0) == Precision::float64);
  CHECK(records.precision(1) == Precision::float32);
  CHECK(records.precision(2) == Precision::int32);
  records.write(1, 0, {{{0.1}, {1.5, 2.5, missing}, {2030, missing}}});
  CHECK(records.value(0, 1, 0, 0) == 0.1);
  CHECK(records.value(1, 1, 0, 1) == 2.5);
  CHECK(std::isnan(records.value(1, 1, 0, 2)));
  CHECK(records.value(2, 1, 0, 0) == 2030);
  CHECK(std::isnan(records.value(2, 1, 0, 1)));
  CHECK(records.wholes(2, 1)[1] == RecordStore::missing_whole);
  CHECK(records.floats(1, 1).size() == 6);
  CHECK(records.find("zero_year") == 2u);
  CHECK_FALSE(records.find("mean_score"));
}

TEST_CASE("complete replicates are those that all options have", "[unit]") {
  RecordStore records = store();
  const RunRecord record{{{0.0}, {0, 0, 0}, {0, 0}}};
  records.write(0, 0, record);
  records.write(0, 1, record);
  CHECK(records.n_complete() == 0);
  records.write(1, 0, record);
  CHECK(records.n_complete() == 1);
  records.write(1, 1, record);
  CHECK(records.n_complete() == 2);
}

TEST_CASE("a record that cannot be kept is refused by name", "[unit]") {
  RecordStore records = store();
  CHECK_THROWS_WITH(
      records.write(1, 0, {{{0.0}, {0, 0}, {0, 0}}}),
      "series 'slum_area', option 1, replicate 0: 2 numbers instead of 3");
  CHECK_THROWS_WITH(records.write(0, 1, {{{INFINITY}, {0, 0, 0}, {0, 0}}}),
                    "series 'paid_total', option 0, replicate 1: a number is infinite");
  CHECK_THROWS_WITH(records.write(0, 0, {{{0.0}, {0, 0, 0}, {0.5, 0}}}),
                    "series 'zero_year', option 0, replicate 0: 0.5 is not whole");
  CHECK_THROWS_AS(records.write(2, 0, {{{0.0}, {0, 0, 0}, {0, 0}}}), ContractError);
  CHECK_THROWS_WITH(RecordStore({series("x", {"moon"})}, {}, 1, 1),
                    "series 'x' has the unknown dimension 'moon'");
}

TEST_CASE("a series that is kept as mean counts each run once and leaves out missing numbers",
          "[unit]") {
  SeriesInfo info = series("implementation/value", {"year"});
  info.only_mean = true;
  RecordStore records({info}, {{"year", 3}}, 2, 3);
  records.write(0, 0, {{{1.0, missing, missing}}});
  records.write(0, 1, {{{3.0, 4.0, missing}}});
  records.write(0, 1, {{{3.0, 4.0, missing}}});
  const std::vector<double> means = records.means(0, 0);
  CHECK(means[0] == 2.0);
  CHECK(means[1] == 4.0);
  CHECK(std::isnan(means[2]));
  CHECK(std::isnan(records.means(0, 1)[0]));
  CHECK_THROWS_AS(records.value(0, 0, 0, 0), ContractError);
  CHECK_THROWS_AS(records.write(0, 2, {{{1.0 / 0.0, 0.0, 0.0}}}), ContractError);
}

TEST_CASE("rows of a ragged table come back run by run", "[unit]") {
  RecordStore records = store();
  RunRecord record{{{0.1}, {1.5, 2.5, missing}, {2030, missing}}, {1.0f, 2.0f}};
  records.write(1, 0, record);
  REQUIRE(records.rows(1, 0).size() == 2);
  CHECK(records.rows(1, 0)[1] == 2.0f);
  CHECK(records.rows(0, 0).empty());
}
