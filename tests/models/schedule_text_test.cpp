#include "models/schedule_text.h"

#include <catch2/catch.hpp>
#include <string_view>

#include "models/run.h"
#include "tests/support/documents.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

class Rain final : public sim::Process<World> {
 public:
  std::string_view name() const override { return "rain"; }
  void step(World&, const sim::Step&) override {}
};

}  // namespace

TEST_CASE("a schedule prints its processes in the order in which they act", "[unit]") {
  sim::Schedule<World> month;
  month.add<Rain>(sim::Cadence::monthly, "it rains");
  month.add<Rain>(sim::Cadence::quarterly, "it pours");
  month.add<Rain>(sim::Cadence::january, "the year begins");
  month.add<Rain>(sim::Cadence::december, "the year ends");
  CHECK(schedule_markdown(month) ==
        "| # | what happens | process | when |\n"
        "|---|---|---|---|\n"
        "| 1 | it rains | `rain` | every month |\n"
        "| 2 | it pours | `rain` | end of a quarter |\n"
        "| 3 | the year begins | `rain` | January |\n"
        "| 4 | the year ends | `rain` | December |\n");
}

TEST_CASE("the step order of the model description is that of the program", "[golden]") {
  const City city = tests::tiny_city();
  const Scenario scenario = tests::tiny_scenario();
  const World world = build_world(scenario, city, 1);
  tests::require_generated("models/README.md", "schedule",
                           schedule_markdown(standard_schedule(world)));
}
