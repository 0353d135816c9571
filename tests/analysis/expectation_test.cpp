#include "analysis/expectation.h"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

using namespace musi::analysis;

TEST_CASE("expectations are read with option, metric, years and bound", "[unit]") {
  const Expectation a = parse_expectation("current:chance_by:2030>=50");
  CHECK(a.option == "current");
  CHECK(a.metric == Metric::chance_by);
  CHECK(a.from == 2030);
  CHECK(a.comparison == Comparison::greater_equal);
  CHECK(a.bound == 50.0);

  const Expectation b = parse_expectation("paid_idr_bn:2022..2030 < 1500.5");
  CHECK(b.option.empty());
  CHECK(b.from == 2022);
  CHECK(b.to == 2030);
  CHECK(b.comparison == Comparison::less);
  CHECK(b.bound == 1500.5);

  const Expectation c = parse_expectation("current+supported:zero_year:80<=2040");
  CHECK(c.option == "current+supported");
  CHECK(c.metric == Metric::zero_year);
  CHECK(c.percent == 80.0);
}

TEST_CASE("wrong expectations are refused with what is wrong in them", "[messages]") {
  const auto message = [](const std::string& text) -> std::string {
    try {
      parse_expectation(text);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return {};
  };
  CHECK(message("chance_by:2030").find("there is no >=") != std::string::npos);
  CHECK(message("chance:2030>=5").find("the metric is none of") != std::string::npos);
  CHECK(message("chance_by:20x0>=5").find("'20x0' is no year") != std::string::npos);
  CHECK(message("chance_by>=5").find("needs a value") != std::string::npos);
  CHECK(message("chance_by:2030>=1.500,0").find("is no number") != std::string::npos);
  CHECK(message("zero_year:0<=2030").find("is no percentage") != std::string::npos);
  CHECK(message("paid_idr_bn:2030..2022>1").find("wrong order") != std::string::npos);
}
