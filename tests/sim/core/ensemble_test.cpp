#include "sim/core/ensemble.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sim/core/parallel.h"
#include "sim/core/rng.h"

using namespace musi::sim;

namespace {

/// Remembers what it is given, in order.
class Sequence final : public Recorder {
 public:
  void write(std::size_t option, std::size_t replicate, RunRecord record) override {
    order.push_back({option, replicate});
    values.push_back(record.series.at(0).at(0));
  }
  std::vector<std::pair<std::size_t, std::size_t>> order;
  std::vector<double> values;
};

/// Runs of unequal length whose record depends on the replicate's seed only.
RunPlan plan_of(std::size_t n_options, std::size_t n_replicates) {
  RunPlan plan;
  plan.n_options = n_options;
  plan.n_replicates = n_replicates;
  plan.batch = 8;
  plan.run = [](std::size_t option, std::size_t replicate) {
    const std::uint64_t seed = run_seed(42, replicate);
    std::this_thread::sleep_for(std::chrono::microseconds(seed % 300));
    return RunRecord{{{static_cast<double>(option) + Chance(seed, 1, 0).fine_uniform(7)}}};
  };
  return plan;
}

}  // namespace

TEST_CASE("batches go round the options", "[unit]") {
  RunPlan plan = plan_of(2, 11);
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t k = 0; k < plan.n_runs(); ++k) {
    order.push_back({plan.position(k).option, plan.position(k).replicate});
  }
  REQUIRE(order.size() == 22);
  CHECK(order[0] == std::pair<std::size_t, std::size_t>{0, 0});
  CHECK(order[7] == std::pair<std::size_t, std::size_t>{0, 7});
  CHECK(order[8] == std::pair<std::size_t, std::size_t>{1, 0});
  CHECK(order[16] == std::pair<std::size_t, std::size_t>{0, 8});
  CHECK(order[21] == std::pair<std::size_t, std::size_t>{1, 10});
  CHECK(std::set(order.begin(), order.end()).size() == 22);
}

TEST_CASE("records are the same and come in the same order for any number of threads",
          "[property]") {
  const RunPlan plan = plan_of(3, 29);
  Sequence one;
  REQUIRE(run_ensemble(plan, one, {.n_threads = 1}).n_done == 87);
  for (const std::size_t n_threads : {2, 7, 0}) {
    Sequence many;
    const EnsembleReport report = run_ensemble(plan, many, {.n_threads = n_threads});
    CHECK(report.n_done == 87);
    CHECK(report.n_complete(plan) == 29);
    CHECK(report.stopped == StopReason::none);
    CHECK(many.order == one.order);
    CHECK(many.values == one.values);
  }
}

#ifndef MUSI_NO_TBB
namespace {

/// Threads that have come by.
struct Meeting {
  /// Waits for a second thread, so that a busy machine cannot let one thread do all the work.
  void arrive() {
    std::unique_lock lock(mutex);
    threads.insert(std::this_thread::get_id());
    arrived.notify_all();
    arrived.wait_for(lock, std::chrono::seconds(20), [&] { return threads.size() >= 2; });
  }

  std::mutex mutex;
  std::condition_variable arrived;
  std::set<std::thread::id> threads;
};

}  // namespace

TEST_CASE("several threads run when several are asked for", "[unit]") {
  RunPlan plan = plan_of(1, 64);
  Meeting meeting;
  plan.run = [&](std::size_t, std::size_t) {
    meeting.arrive();
    return RunRecord{{{0.0}}};
  };
  Sequence ignored;
  run_ensemble(plan, ignored, {.n_threads = 3});
  CHECK(meeting.threads.size() >= 2);
  CHECK(meeting.threads.size() <= 3);
}

TEST_CASE("a single run spreads its loops over the threads that are asked for", "[unit]") {
  RunPlan plan = plan_of(1, 1);
  Meeting meeting;
  plan.run = [&](std::size_t, std::size_t) {
    for_each_index(64, [&](std::size_t) { meeting.arrive(); });
    return RunRecord{{{0.0}}};
  };
  Sequence ignored;
  run_ensemble(plan, ignored, {.n_threads = 2});
  CHECK(meeting.threads.size() == 2);
}

TEST_CASE("loops of runs that fill the threads stay on the thread of their run", "[unit]") {
  RunPlan plan = plan_of(1, 8);
  std::atomic<std::size_t> n_elsewhere{0};
  plan.run = [&](std::size_t, std::size_t) {
    const auto own = std::this_thread::get_id();
    for_each_index(64, [&](std::size_t) {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      n_elsewhere += std::this_thread::get_id() != own;
    });
    return RunRecord{{{0.0}}};
  };
  Sequence ignored;
  run_ensemble(plan, ignored, {.n_threads = 4});
  CHECK(n_elsewhere == 0);
}
#endif

TEST_CASE("progress is told after every record", "[unit]") {
  std::vector<std::size_t> done;
  Sequence ignored;
  run_ensemble(plan_of(2, 10), ignored,
               {.n_threads = 2, .progress = [&](std::size_t n_done, std::size_t n_total) {
                  CHECK(n_total == 20);
                  done.push_back(n_done);
                }});
  REQUIRE(done.size() == 20);
  for (std::size_t i = 0; i < 20; ++i) CHECK(done[i] == i + 1);
}

TEST_CASE("a cancelled ensemble keeps the first runs of the plan", "[unit]") {
  const RunPlan plan = plan_of(2, 40);
  for (const std::size_t n_threads : {1, 2}) {
    Cancellation cancellation;
    Sequence kept;
    const EnsembleReport report = run_ensemble(
        plan, kept,
        {.n_threads = n_threads,
         .progress =
             [&](std::size_t n_done, std::size_t) {
               if (n_done == 20) cancellation.request(StopReason::time_limit);
               if (n_done == 21) cancellation.request(StopReason::interrupted);
             },
         .cancellation = &cancellation});
    CHECK(report.stopped == StopReason::time_limit);
    CHECK(report.n_done >= 20);
    CHECK(report.n_done < 40);
    REQUIRE(kept.order.size() == report.n_done);
    for (std::size_t k = 0; k < kept.order.size(); ++k) {
      CHECK(kept.order[k].first == plan.position(k).option);
      CHECK(kept.order[k].second == plan.position(k).replicate);
    }
  }
}

TEST_CASE("the first replicates that all options have are counted from the runs done", "[unit]") {
  const RunPlan plan = plan_of(2, 20);  // rounds of 8, 8 and 4
  const auto complete = [&](std::size_t n_done) {
    return EnsembleReport{n_done, StopReason::interrupted}.n_complete(plan);
  };
  CHECK(complete(0) == 0);
  CHECK(complete(8) == 0);
  CHECK(complete(11) == 3);
  CHECK(complete(16) == 8);
  CHECK(complete(36) == 16);
  CHECK(complete(38) == 18);
  CHECK(complete(40) == 20);
}

TEST_CASE("failed runs are counted within their batch and named alike for any number of threads",
          "[unit]") {
  RunPlan plan = plan_of(2, 30);
  plan.run = [](std::size_t option, std::size_t replicate) -> RunRecord {
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    if (option == 1 && replicate >= 2 && replicate != 5) throw std::runtime_error("no households");
    return {{{1.0}}};
  };
  for (const std::size_t n_threads : {1, 2, 7}) {
    Sequence kept;
    try {
      run_ensemble(plan, kept, {.n_threads = n_threads});
      FAIL("nothing was thrown");
    } catch (const ParallelError& error) {
      CHECK(std::string(error.what()) ==
            "5 of 8 runs of one batch failed: option 1, replicate 2: no households; option 1, "
            "replicate 3: no households; option 1, replicate 4: no households; ...");
      CHECK(error.failures().size() == 5);
      CHECK(error.failures().front().index == 10);
    }
    CHECK(kept.order.size() == 10);
  }
}

TEST_CASE("an error of the recorder ends the ensemble", "[unit]") {
  class Full final : public Recorder {
    void write(std::size_t, std::size_t, RunRecord) override {
      throw std::runtime_error("disk full");
    }
  } full;
  for (const std::size_t n_threads : {1, 3}) {
    CHECK_THROWS_WITH(run_ensemble(plan_of(2, 20), full, {.n_threads = n_threads}), "disk full");
  }
}

TEST_CASE("a plan without runs ends at once", "[unit]") {
  Sequence none;
  CHECK(run_ensemble(plan_of(0, 10), none).n_done == 0);
  CHECK(run_ensemble(plan_of(2, 0), none).n_done == 0);
}
