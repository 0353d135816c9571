#include "sim/core/parallel.h"

#include <fmt/core.h>

#include <exception>
#include <optional>

#ifndef MUSI_NO_TBB
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>
#endif

#include "sim/core/check.h"

namespace musi::sim {
namespace {

constexpr std::size_t most_named = 3;

std::string describe(const std::string& what_failed, std::size_t n_indices,
                     const std::vector<Failure>& failures) {
  std::string text = fmt::format("{} of {} {} failed: ", failures.size(), n_indices, what_failed);
  for (std::size_t i = 0; i < failures.size() && i < most_named; ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : "; ", failures[i].message);
  }
  if (failures.size() > most_named) text += "; ...";
  return text;
}

}  // namespace

ParallelError::ParallelError(const std::string& what_failed, std::size_t n_indices,
                             std::vector<Failure> failures)
    : std::runtime_error(describe(what_failed, n_indices, failures)),
      failures_(std::move(failures)) {
  MUSI_EXPECT(!failures_.empty());
}

namespace detail {

#ifdef __cpp_exceptions

std::optional<std::string> message_of(void* context, void (*call)(void*, std::size_t),
                                      std::size_t i) {
  try {
    call(context, i);
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown failure";
  }
}

#else

std::optional<std::string> message_of(void* context, void (*call)(void*, std::size_t),
                                      std::size_t i) {
  call(context, i);
  return std::nullopt;
}

#endif

void run_indices(std::size_t n, void* context, void (*call)(void*, std::size_t)) {
  std::vector<std::optional<std::string>> messages(n);
  const auto run = [&](std::size_t i) { messages[i] = message_of(context, call, i); };
#ifdef MUSI_NO_TBB
  for (std::size_t i = 0; i < n; ++i) run(i);
#else
  if (n == 1 || tbb::this_task_arena::max_concurrency() == 1) {
    for (std::size_t i = 0; i < n; ++i) run(i);
  } else {
    // Isolated: a thread that waits here must not start another replicate on top of this one.
    tbb::this_task_arena::isolate(
        [&] { tbb::parallel_for(std::size_t{0}, n, run, tbb::simple_partitioner()); });
  }
#endif
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < n; ++i) {
    if (messages[i]) failures.push_back({i, fmt::format("index {}: {}", i, *messages[i])});
  }
#ifdef __cpp_exceptions
  if (!failures.empty()) throw ParallelError("parallel tasks", n, std::move(failures));
#endif
}

}  // namespace detail
}  // namespace musi::sim
