#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/core/ensemble.h"
#include "sim/core/ids.h"
#include "sim/core/process.h"
#include "sim/core/record_store.h"

/// A world that has nothing to do with slums: the engine stays generic as long as this works.
namespace {

using namespace musi::sim;

enum class Draw : std::uint32_t { recovery = 1, infection = 2 };

struct Population {
  std::vector<EntityKey> key;
  std::vector<std::uint8_t> ill;
  std::vector<std::uint8_t> immune;
};

/// Each ill person recovers with a fixed chance a month and is immune for ever.
class Recovery final : public Process<Population> {
 public:
  explicit Recovery(double chance) : chance_(chance) {}
  std::string_view name() const override { return "recovery"; }
  void step(Population& world, const Step& step) override {
    const Chance chance = step.chance(Draw::recovery);
    for (std::size_t i = 0; i < world.key.size(); ++i) {
      const bool recovers = world.ill[i] != 0 && chance.fine_uniform(world.key[i]) < chance_;
      world.ill[i] = static_cast<std::uint8_t>(world.ill[i] != 0 && !recovers);
      world.immune[i] = static_cast<std::uint8_t>(world.immune[i] != 0 || recovers);
    }
  }

 private:
  double chance_;
};

/// Reed-Frost chain: a susceptible person escapes each ill one independently.
class Infection final : public Process<Population> {
 public:
  explicit Infection(double contact) : contact_(contact) {}
  std::string_view name() const override { return "infection"; }
  void step(Population& world, const Step& step) override {
    double escape = 1.0;
    for (const std::uint8_t ill : world.ill) escape *= ill != 0 ? 1.0 - contact_ : 1.0;
    const Chance chance = step.chance(Draw::infection);
    for (std::size_t i = 0; i < world.key.size(); ++i) {
      const bool is_safe = world.ill[i] != 0 || world.immune[i] != 0;
      if (!is_safe && chance.fine_uniform(world.key[i]) >= escape) world.ill[i] = 1;
    }
  }

 private:
  double contact_;
};

Population population(std::size_t n, std::size_t n_ill) {
  Population world;
  for (std::size_t i = 0; i < n; ++i) {
    world.key.push_back(mix(1, i));
    world.ill.push_back(i < n_ill);
    world.immune.push_back(0);
  }
  return world;
}

double count(const std::vector<std::uint8_t>& flags) {
  double total = 0.0;
  for (const std::uint8_t flag : flags) total += flag;
  return total;
}

}  // namespace

TEST_CASE("a pure death process in an ensemble follows its exponential law", "[statistical]") {
  constexpr std::size_t n_people = 1000, n_replicates = 100;
  constexpr int n_months = 12;
  const double p = 0.1;
  RecordStore records({{.name = "ill", .dims = {"month"}, .is_whole = true}}, {{"month", n_months}},
                      1, n_replicates);
  RunPlan plan;
  plan.n_options = 1;
  plan.n_replicates = n_replicates;
  plan.run = [&](std::size_t, std::size_t replicate) {
    Population world = population(n_people, n_people);
    Schedule<Population> schedule;
    schedule.add<Recovery>(Cadence::monthly, "the ill recover", p);
    RunRecord record{{{}}};
    for (Month month = 0; month < n_months; ++month) {
      schedule.run(world, {month, run_seed(20261122, replicate)});
      record.series[0].push_back(count(world.ill));
    }
    return record;
  };
  run_ensemble(plan, records, {.n_threads = 2});
  constexpr double n = n_people * n_replicates;
  for (std::size_t month = 0; month < n_months; ++month) {
    double total = 0.0;
    for (std::size_t i = 0; i < n_replicates; ++i) total += records.value(0, 0, i, month);
    // Binomial with (1-p)^t; 4.5 standard errors: an error of 0.7 points would be caught.
    const double share = std::pow(1.0 - p, static_cast<double>(month) + 1.0);
    const double standard_error = std::sqrt(share * (1.0 - share) / n);
    INFO("month " << month);
    CHECK(std::abs(total / n - share) < 4.5 * standard_error);
  }
}

TEST_CASE("a Reed-Frost epidemic among three follows its exact distribution of final size",
          "[statistical]") {
  // One ill of three, ill for one step; q = 0.7 is the chance to escape one ill person. No further
  // case: q^2. One: 2 (1-q) q, and the last escapes that one, too: q. Else two.
  constexpr std::size_t n_replicates = 20'000;
  constexpr double contact = 0.3, q = 1.0 - contact;
  RecordStore records({{.name = "infected", .is_whole = true}}, {}, 1, n_replicates);
  RunPlan plan;
  plan.n_options = 1;
  plan.n_replicates = n_replicates;
  plan.run = [](std::size_t, std::size_t replicate) {
    Population world = population(3, 1);
    Infection infection(contact);
    for (Month month = 0; month < 3; ++month) {
      const std::vector<std::uint8_t> were_ill = world.ill;
      infection.step(world, {month, run_seed(7, replicate)});
      for (std::size_t i = 0; i < 3; ++i) {  // all earlier cases recover after one step
        if (were_ill[i] == 0) continue;
        world.ill[i] = 0;
        world.immune[i] = 1;
      }
    }
    return RunRecord{{{count(world.ill) + count(world.immune) - 1.0}}};
  };
  run_ensemble(plan, records, {.n_threads = 2});
  const double none = q * q, one = 2.0 * (1.0 - q) * q * q;
  const double expected[3] = {none, one, 1.0 - none - one};
  for (int size = 0; size < 3; ++size) {
    double n = 0.0;
    for (std::size_t i = 0; i < n_replicates; ++i) n += records.value(0, 0, i, 0) == size;
    const double share = expected[size];
    const double standard_error = std::sqrt(share * (1.0 - share) / n_replicates);
    INFO(size << " infected");
    CHECK(std::abs(n / n_replicates - share) < 4.5 * standard_error);
  }
}
