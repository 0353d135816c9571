/// One look at speed and bits, for work on kernels:
///     musi_probe [options] [replicates] [rounds] [first]
///       --level plain|avx2|avx512   widest vectors to use; default: of this processor
///       --scenario FILE             another one than the baseline of Palembang
///       --set PATH=VALUE            as in `musi run`, repeatable
/// runs replicates one by one and prints the digest of each record, which a change for speed must
/// keep, time by process and CPU time in total: the least of `rounds`, since machines are shared.
/// Household-months are those lived. Under `valgrind --tool=callgrind` it counts instructions.
#include <fmt/format.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "sim/core/vector_level.h"
#include "tests/bench/timed_run.h"

namespace musi {
namespace {

struct Wish {
  std::string scenario = MUSI_SOURCE_DIR "/scenarios/palembang-baseline.yaml";
  std::vector<std::string> sets;
  int replicates = 4, rounds = 1, first = 0;
};

void use_level(const std::string& name) {
  const std::vector<std::string> names{"plain", "avx2", "avx512"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::invalid_argument("--level plain, avx2 or avx512");
  const auto wanted = static_cast<sim::VectorLevel>(found - names.begin());
  if (sim::use_vector_level(wanted) != wanted) {
    throw std::invalid_argument("this processor has no " + name);
  }
}

Wish wish_of(const std::vector<std::string>& words) {
  Wish wish;
  int* const numbers[] = {&wish.replicates, &wish.rounds, &wish.first};
  std::size_t n_numbers = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      if (n_numbers == std::size(numbers)) throw std::invalid_argument("too many numbers");
      *numbers[n_numbers++] = std::stoi(words[i]);
      continue;
    }
    if (i + 1 == words.size()) throw std::invalid_argument(words[i] + " needs a value");
    const std::string& value = words[i + 1];
    if (words[i] == "--level") {
      use_level(value);
    } else if (words[i] == "--scenario") {
      wish.scenario = value;
    } else if (words[i] == "--set") {
      wish.sets.push_back(value);
    } else {
      throw std::invalid_argument("there is no " + words[i]);
    }
    ++i;
  }
  return wish;
}

std::uint64_t digest_of(const sim::RunRecord& record) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const auto& series : record.series) {
    for (const double x : series) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(x)) * 0x100000001B3ull;
    }
  }
  return hash;
}

void probe(const Wish& wish) {
  const auto reading = analysis::read_scenario(wish.scenario, {.sets = wish.sets});
  const models::Scenario& scenario = reading.variants.at(0).scenario;
  std::map<std::string, double> least;
  double household_months = 0.0, total = 0.0;
  for (int k = wish.first; k < wish.first + wish.replicates; ++k) {
    std::map<std::string, double> best;
    std::uint64_t digest = 0;
    double least_total = std::numeric_limits<double>::infinity();
    for (int round = 0; round < wish.rounds; ++round) {
      const bench::TimedRun timed = bench::timed_run(scenario, *reading.city->city, k);
      digest = digest_of(timed.record);
      least_total = std::min(least_total, timed.total);
      for (const auto& [name, seconds] : timed.seconds) {
        const auto [entry, is_new] = best.try_emplace(name, seconds);
        entry->second = std::min(entry->second, seconds);
      }
      if (round == 0) household_months += timed.household_months;
    }
    for (const auto& [name, seconds] : best) least[name] += seconds;
    total += least_total;
    fmt::print("replicate {} digest {:016x}\n", k, digest);
  }
  fmt::print("{:.0f} household-months\n", household_months);
  for (const auto& [name, seconds] : least) {
    fmt::print("{:<16}{:8.3f} ns\n", name, seconds * 1e9 / household_months);
  }
  fmt::print("{:<16}{:8.3f} ns per household-month\n", "total", total * 1e9 / household_months);
}

}  // namespace
}  // namespace musi

int main(int argc, char** argv) {
  try {
    const musi::Wish wish = musi::wish_of({argv + 1, argv + argc});
    tbb::task_arena(1).execute([&] { musi::probe(wish); });  // the time of one core
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
