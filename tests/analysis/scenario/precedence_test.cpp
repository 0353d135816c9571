#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "analysis/scenario/reader.h"
#include "models/parameters.h"
#include "sim/io/file.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;

namespace {

/// A folder with scenario files and a copy of the city that says what it likes under `defaults`.
class Study {
 public:
  Study() {
    folder_ = scratch_.file("study");
    std::filesystem::create_directories(folder_ + "/cities");
    std::filesystem::copy(std::string(MUSI_SOURCE_DIR) + "/scenarios/cities/palembang",
                          folder_ + "/cities/palembang");
  }

  std::string file(const std::string& name, const std::string& text) const {
    sim::io::write_file(folder_ + "/" + name, text);
    return folder_ + "/" + name;
  }
  void city_default(const std::string& text) const {
    const std::string city = folder_ + "/cities/palembang/city.yaml";
    sim::io::write_file(city, sim::io::read_file(city) + "\ndefaults: {" + text + "}\n");
  }

 private:
  tests::Scratch scratch_;  ///< several programs of this test run at the same time
  std::string folder_;
};

const std::string smallest =
    "schema: 1\nname: base\ncity: cities/palembang\n"
    "horizon: {start_year: 2019, end_year: 2045}\nsampling: {seed: 1}\n";

double scale(const Variant& v) { return v.scenario.funding.scale_pct.value.a; }

}  // namespace

TEST_CASE("each layer of a study overrules the one below", "[unit]") {
  const Study study;
  const std::string base = study.file("base.yaml", smallest);
  CHECK(scale(read_scenario(base).variants.at(0)) == 100.0);
  study.city_default("funding.scale_pct: 110");
  CHECK(scale(read_scenario(base).variants.at(0)) == 110.0);
  study.file("base.yaml", smallest + "funding: {scale_pct: 120}\n");
  CHECK(scale(read_scenario(base).variants.at(0)) == 120.0);
  const std::string head = "schema: 1\nname: child\nextends: base.yaml\n";
  const std::string child = study.file("child.yaml", head);
  CHECK(scale(read_scenario(child).variants.at(0)) == 120.0);
  study.file("child.yaml", head + "set: {funding.scale_pct: 130}\n");
  CHECK(scale(read_scenario(child).variants.at(0)) == 130.0);
  const std::string levels =
      "levels:\n  - {name: low}\n  - {name: high, set: {funding.scale_pct: 140}}\n";
  study.file("child.yaml", head + "set: {funding.scale_pct: 130}\n" + levels);
  CHECK(scale(read_scenario(child).variants.at(0)) == 130.0);
  CHECK(scale(read_scenario(child).variants.at(1)) == 140.0);
  const std::string options = "options:\n  - {name: a, set: {funding.scale_pct: 150}}\n";
  study.file("child.yaml", head + "set: {funding.scale_pct: 130}\n" + levels + options);
  const ReadResult with_options = read_scenario(child);
  REQUIRE(with_options.variants.size() == 2);
  CHECK(scale(with_options.variants[1]) == 150.0);
  const ReadResult by_hand = read_scenario(child, {.sets = {"funding.scale_pct=160"}});
  REQUIRE(by_hand.ok());
  CHECK(scale(by_hand.variants[0]) == 160.0);
  CHECK(scale(by_hand.variants[1]) == 160.0);
}

TEST_CASE("a number that is set makes an uncertain key certain", "[unit]") {
  const Study study;
  const std::string file = study.file("base.yaml", smallest);
  const auto total = [&](const std::string& set) {
    const ReadResult result = read_scenario(file, {.sets = {set}});
    INFO(sim::io::format_all(result.problems.all(), {}));
    REQUIRE(result.ok());
    return result.variants[0].scenario.funding.total_idr_bn_per_year;
  };
  CHECK(total("funding.total_idr_bn_per_year=70").value.is_constant());
  const models::Uncertain moved = total("funding.total_idr_bn_per_year.value.mode=90");
  CHECK(moved.value.kind == models::DistributionKind::log_triangular);
  CHECK(moved.value.a == 26.0);
  CHECK(moved.value.b == 90.0);
  CHECK(moved.source == "antara_296922");
  CHECK(total("funding.total_idr_bn_per_year.status=expert").status == models::Status::expert);
}

TEST_CASE("entries of programmes are changed, added and switched off by id", "[unit]") {
  const Study study;
  const std::string file = study.file("base.yaml", smallest);
  const ReadResult result = read_scenario(
      file, {.sets = {"programmes.nusp.start_year=2025", "programmes.bsps.enabled=false",
                      "programmes.+drains={type: drainage_flood, share_pct: 4}"}});
  INFO(sim::io::format_all(result.problems.all(), {}));
  REQUIRE(result.ok());
  bool found = false;
  for (const models::ProgrammeSpec& p : result.variants[0].scenario.programmes) {
    if (p.id == "nusp") CHECK(p.start_year == 2025);
    if (p.id == "bsps") CHECK_FALSE(p.enabled);
    if (p.id != "drains") continue;
    found = true;
    CHECK(p.type == "drainage_flood");
    CHECK(p.share_pct.path == "programmes.drains.share_pct");
    CHECK(p.menu.size() == 5);
  }
  CHECK(found);
  CHECK(read_scenario(file, {.sets = {"programmes.+nusp={share_pct: 4}"}}).problems.all()[0].code ==
        "duplicate_name");
}

TEST_CASE("a programme joins the package of T3 unless a file says whom it serves", "[unit]") {
  const Study study;
  const auto joins = [&](const std::string& more, const std::string& id) {
    const auto read = read_scenario(study.file("base.yaml", smallest + more));
    for (const auto& p : read.variants.at(0).scenario.programmes) {
      if (p.id == id) return p.joins_package;
    }
    FAIL("no programme " + id);
    return false;
  };
  CHECK_FALSE(joins("", "bsps"));
  CHECK_FALSE(joins("programme_strategy: T1\n", "bsps"));
  const std::string t3 = "programme_strategy: T3\n";
  for (const char* id : {"bsps", "livelihoods", "nusp"}) CHECK(joins(t3, id));
  CHECK_FALSE(joins(t3, "rusunawa"));
  CHECK_FALSE(joins(t3 + "programmes: [{id: livelihoods, targeting: douse}]\n", "livelihoods"));
  CHECK(joins(t3 + "programmes: [{id: livelihoods, targeting: douse}]\n", "bsps"));
}

TEST_CASE("problems of --set have the place command line", "[messages]") {
  const Study study;
  const std::string file = study.file("base.yaml", smallest);
  for (const std::string set : {"funding.scale_pct=20 %", "funding.scale=20", "funding.scale_pct",
                                "name=other", "funding.scale_pct=1.500", "sampling.replicates=0"}) {
    const ReadResult result = read_scenario(file, {.sets = {set}});
    INFO(set);
    REQUIRE(result.problems.n_errors() == 1);
    CHECK(result.problems.all()[0].place.file == "command line");
  }
  const ReadResult wrong = read_scenario(file, {.options = {"nothing"}});
  REQUIRE(wrong.problems.n_errors() == 1);
  CHECK(wrong.problems.all()[0].place.file == "command line");
}

TEST_CASE("the smallest scenario has six keys and the rest has defaults", "[unit]") {
  const Study study;
  const ReadResult result = read_scenario(study.file("base.yaml", smallest));
  REQUIRE(result.ok());
  CHECK(result.problems.empty());
  const models::Scenario& s = result.variants[0].scenario;
  CHECK(s.sampling.replicates == 1000);
  CHECK(s.zero.baseline_year == 2019);
  CHECK(s.forecast_from_year == 2019);
  CHECK(s.funding.price_year == 2019);
  CHECK(s.funding.sources.size() == 5);
  CHECK(s.targets.years.size() == 6);
  CHECK(result.plan.n_uncertain > 100);
  CHECK(result.plan.n_unsourced > 50);
  CHECK(result.plan.runs == 1000);
}

TEST_CASE("options share the seed and the addresses of their inputs", "[property]") {
  const Study study;
  const ReadResult result = read_scenario(study.file(
      "base.yaml", smallest + "options:\n  - {name: a}\n  - {name: b, set: {funding.scale_pct: "
                              "150, procedure.officers: 15}}\n"));
  REQUIRE(result.variants.size() == 2);
  const models::Scenario& a = result.variants[0].scenario;
  const models::Scenario& b = result.variants[1].scenario;
  CHECK(a.sampling.seed == b.sampling.seed);
  for (std::size_t i = 0; i < models::n_params; ++i) {
    CHECK(a.parameters[i].path == b.parameters[i].path);
  }
  CHECK(a.design_inputs().size() == b.design_inputs().size() + 1);
}

TEST_CASE("the resolved scenario reads back as itself and names each origin", "[unit]") {
  const Study study;
  const std::string base = study.file("base.yaml", smallest + "funding: {scale_pct: 120}\n");
  const ReadResult first = read_scenario(base, {.sets = {"procedure.audit=true"}});
  REQUIRE(first.ok());
  const std::string& text = first.variants[0].resolved;
  CHECK(text.find("# base.yaml:6") != std::string::npos);
  CHECK(text.find("# built in") != std::string::npos);
  CHECK(text.find("# command line") != std::string::npos);
  const ReadResult again = read_scenario(study.file("again.yaml", text));
  INFO(sim::io::format_all(again.problems.all(), {}));
  REQUIRE(again.ok());
  const models::Scenario& a = first.variants[0].scenario;
  const models::Scenario& b = again.variants[0].scenario;
  CHECK(b.procedure.audit);
  CHECK(scale(again.variants[0]) == 120.0);
  REQUIRE(a.programmes.size() == b.programmes.size());
  for (std::size_t i = 0; i < a.programmes.size(); ++i) {
    CHECK(a.programmes[i].share_pct.value.a ==
          Approx(b.programmes[i].share_pct.value.a).epsilon(1e-12));
  }
  const auto inputs_a = a.uncertain_inputs(), inputs_b = b.uncertain_inputs();
  REQUIRE(inputs_a.size() == inputs_b.size());
  for (std::size_t i = 0; i < inputs_a.size(); ++i) {
    CHECK(inputs_a[i]->path == inputs_b[i]->path);
    CHECK(models::quantile(inputs_a[i]->value, 0.3) == models::quantile(inputs_b[i]->value, 0.3));
    CHECK(inputs_a[i]->redraw == inputs_b[i]->redraw);
    CHECK(inputs_a[i]->source == inputs_b[i]->source);
  }
}
