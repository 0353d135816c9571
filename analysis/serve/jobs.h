#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "analysis/serve/desk.h"
#include "analysis/serve/http.h"
#include "analysis/serve/messages.h"
#include "analysis/serve/study.h"
#include "sim/core/error.h"

/// The long answers: runs and searches as streams of events, one JSON object a line.
namespace musi::analysis::serve {

/// Where a job writes its events. Never waits for the reader.
class Events {
 public:
  virtual ~Events() = default;
  virtual void send(std::string_view name, std::string_view fields) = 0;
  virtual double seconds() const = 0;
};

/// What a stream does once it is its turn; hands back how it ended.
using Job = std::function<sim::ExitCode(Events& events, sim::Cancellation& cancellation)>;

/// Waits for its turn, runs the job on a thread of its own and sends its events until it ends. A
/// reader that goes away, a newer request or the time limit ends the job. Problems that the job
/// throws become events. The last event is always `end`.
void stream_job(Desk& desk, std::int64_t seq, Tongue tongue, double most_seconds, HttpSink& sink,
                const Job& job);

struct RunOptions {
  std::size_t n_threads = 0;
  bool looks_ahead = true;  ///< computes the neighbours once a first answer is there
};

/// Previews of 8, 50, 100, 200, 500, 1000... futures, then the result: each holds the futures of
/// the one before.
sim::ExitCode run_job(Study& study, const Question& question, const std::shared_ptr<Setup>& setup,
                      const RunOptions& options, Events& events, sim::Cancellation& cancellation);

/// Looks for the value of a lever that gives a wanted chance.
sim::ExitCode goal_job(Study& study, const GoalRequest& request, std::size_t n_threads,
                       Events& events, sim::Cancellation& cancellation);

/// Futures of the first preview.
inline constexpr std::size_t first_preview = 8;
/// Below so many futures a preview is called rough.
inline constexpr std::size_t enough_futures = 50;

}  // namespace musi::analysis::serve
