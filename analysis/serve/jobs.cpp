#include "analysis/serve/jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "analysis/barriers.h"
#include "analysis/goal.h"
#include "analysis/lever.h"
#include "analysis/serve/ahead.h"
#include "analysis/statistics.h"

namespace musi::analysis::serve {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::size_t, 9> stages{first_preview, 50,   100,  200,  500,
                                            1000,          2000, 5000, 10000};
/// Between two looks at the reader [ms]: a run without a reader ends within 100 ms.
constexpr int look_ms = 20;
/// Between two events of progress [s].
constexpr double progress_step = 0.1;

/// Events between the thread that computes and the one that sends.
class Channel final : public Events {
 public:
  explicit Channel(std::int64_t seq) : seq_(seq), start_(Clock::now()) {}

  void send(std::string_view name, std::string_view fields) override {
    std::string line = event_line(name, seconds(), seq_, fields);
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_one();
  }
  double seconds() const override {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    changed_.notify_one();
  }
  /// Lines that wait; nothing after the last.
  std::optional<std::deque<std::string>> take() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(look_ms),
                      [this] { return is_ended_ || !lines_.empty(); });
    if (is_ended_ && lines_.empty()) return std::nullopt;
    return std::exchange(lines_, {});
  }

 private:
  std::int64_t seq_;
  Clock::time_point start_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  bool is_ended_ = false;
};

const char* status_of(sim::ExitCode code) {
  switch (code) {
    case sim::ExitCode::done: return "done";
    case sim::ExitCode::answer_is_no: return "no";
    case sim::ExitCode::usage:
    case sim::ExitCode::invalid_input: return "invalid";
    case sim::ExitCode::stopped: return "stopped";
    case sim::ExitCode::interrupted: return "interrupted";
    case sim::ExitCode::internal:
    case sim::ExitCode::io: break;
  }
  return "failed";
}

sim::ExitCode code_of(const sim::Cancellation& cancellation) {
  return cancellation.reason() == sim::StopReason::time_limit ? sim::ExitCode::stopped
                                                              : sim::ExitCode::interrupted;
}

void send_problem(Events& events, const char* code, const char* message, const char* indonesian,
                  Tongue tongue, sim::ExitCode exit_code) {
  const Refusal one = refusal(500, code, message, indonesian);
  events.send("problem",
              problem_fields(one.problems.front(), tongue, static_cast<int>(exit_code)));
}

sim::ExitCode guarded(const Job& job, Events& events, sim::Cancellation& cancellation,
                      Tongue tongue) {
  try {
    return job(events, cancellation);
  } catch (const sim::InputError& error) {
    for (const sim::Problem& problem : error.problems()) {
      events.send("problem", problem_fields(problem, tongue,
                                            static_cast<int>(sim::ExitCode::invalid_input)));
    }
    return sim::ExitCode::invalid_input;
  } catch (const sim::IoError& error) {
    send_problem(events, error.code().c_str(), error.what(), error.what(), tongue,
                 sim::ExitCode::io);
    return sim::ExitCode::io;
  } catch (const std::bad_alloc&) {
    send_problem(events, "out_of_memory", "out of memory; ask for fewer futures",
                 "memori habis; minta lebih sedikit kemungkinan", tongue, sim::ExitCode::io);
    return sim::ExitCode::io;
  } catch (const std::exception& error) {
    send_problem(events, "internal", error.what(), error.what(), tongue, sim::ExitCode::internal);
    return sim::ExitCode::internal;
  }
}

}  // namespace

void stream_job(Desk& desk, std::int64_t seq, Tongue tongue, double most_seconds, HttpSink& sink,
                const Job& job) {
  Channel channel(seq);
  std::mutex mutex;
  sim::Cancellation* at_work = nullptr;  // while the job runs
  std::thread worker([&] {
    sim::ExitCode code = sim::ExitCode::interrupted;
    if (const auto turn = desk.take(seq)) {
      {
        const std::lock_guard lock(mutex);
        at_work = &turn->cancellation();
      }
      code = guarded(job, channel, turn->cancellation(), tongue);
      const std::lock_guard lock(mutex);
      at_work = nullptr;
    }
    channel.send("end", fmt::format("\"exit_code\":{},\"status\":\"{}\",\"elapsed_s\":{:.3f}",
                                    static_cast<int>(code), status_of(code), channel.seconds()));
    channel.end();
  });
  bool has_reader = true;
  while (auto lines = channel.take()) {
    for (const std::string& line : *lines) has_reader = has_reader && sink.write(line);
    has_reader = has_reader && sink.is_open();
    const std::lock_guard lock(mutex);
    if (!has_reader) desk.cancel(seq);
    if (channel.seconds() > most_seconds) {
      if (at_work != nullptr) {
        at_work->request(sim::StopReason::time_limit);
      } else {
        desk.cancel(seq);
      }
    }
  }
  worker.join();
}

// --- runs ---------------------------------------------------------------------------------------

sim::ExitCode run_job(Study& study, const Question& question, const std::shared_ptr<Setup>& setup,
                      const RunOptions& options, Events& events, sim::Cancellation& cancellation) {
  const std::size_t n_all = setup->n_replicates(), n_options = setup->n_options();
  double last = -1.0;
  const double start = events.seconds();
  const std::size_t had = setup->n_complete() * n_options;
  const auto progress = [&](std::size_t option, std::size_t n_done) {
    const double now = events.seconds();
    if (now - last < progress_step && n_done < n_all * n_options) return;
    last = now;
    const std::size_t total = n_all * n_options;
    const std::size_t n_new = n_done > had ? n_done - had : 0;
    const double left = n_new == 0 ? -1.0
                                   : (now - start) / static_cast<double>(n_new) *
                                         static_cast<double>(total - n_done);
    events.send("progress",
                fmt::format("\"stage\":\"run\",\"option\":{},\"done\":{},\"total\":{},\"eta_s\":{}",
                            json_string(setup->option_name(option)), n_done, total,
                            left < 0.0 ? "null" : fmt::format("{:.1f}", left)));
  };
  std::size_t shown = 0;
  std::size_t step = 0;
  for (const std::size_t stage : stages) {
    if (stage >= n_all) break;
    const std::size_t there = std::max(stage, std::min(setup->n_complete(), n_all));
    if (there <= shown) continue;
    if (there >= n_all) break;
    if (!setup->run_to(there, options.n_threads, cancellation, progress)) {
      return code_of(cancellation);
    }
    const std::string data = setup->page(there, false);
    if (cancellation.reason() != sim::StopReason::none) return code_of(cancellation);
    shown = there;
    events.send("preview",
                fmt::format("\"futures\":{},\"rough\":{},\"method\":\"full\",\"data\":{}", there,
                            there < enough_futures, data));
    if (there < enough_futures) continue;
    // The next move of a lever is likelier than that anybody waits for the last digit.
    const auto ahead = [&](std::size_t done, std::size_t total) {
      events.send("progress", fmt::format("\"stage\":\"ahead\",\"option\":\"\",\"done\":{},"
                                          "\"total\":{},\"eta_s\":null",
                                          done, total));
    };
    if (options.looks_ahead && !look_ahead(study, question, ++step, first_preview,
                                           options.n_threads, cancellation, ahead)) {
      return code_of(cancellation);
    }
  }
  if (!setup->run_to(n_all, options.n_threads, cancellation, progress)) {
    return code_of(cancellation);
  }
  if (cancellation.reason() != sim::StopReason::none) return code_of(cancellation);
  const std::string data = setup->page(n_all, true);
  const std::string command = study.command(*setup, question);
  events.send("result", fmt::format("\"futures\":{},\"command\":{},\"data\":{}", n_all,
                                    command.empty() ? "null" : json_string(command), data));
  return sim::ExitCode::done;
}

// --- goal ---------------------------------------------------------------------------------------

namespace {

Refusal bad_lever(const std::string& path) {
  return refusal(400, "wrong_type", "this path is no number that decides something",
                 "jalur ini bukan bilangan yang menentukan sesuatu", path);
}

std::size_t definition_index(const Setup& setup, const std::string& code) {
  const auto& all = setup.experiment().result_outline().definitions;
  const auto found = std::find(all.begin(), all.end(), code);
  if (found == all.end()) {
    throw sim::InputError(refusal(400, "unknown_choice", "no such definition of zero",
                                  "definisi nol ini tidak ada", "definition")
                              .problems);
  }
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

sim::ExitCode goal_job(Study& study, const GoalRequest& request, std::size_t n_threads,
                       Events& events, sim::Cancellation& cancellation) {
  if (!is_lever(request.vary)) throw sim::InputError(bad_lever(request.vary).problems);
  const Lever lever = lever_of(request.vary, request.low, request.high);
  std::vector<std::shared_ptr<Setup>> tried;
  std::string definition = request.definition;
  HeadlineQuestion question;
  const EvaluateGoal evaluate = [&](double value) -> std::optional<Trials> {
    Question asked = request.question;
    std::erase_if(asked.set, [&](const Override& o) { return o.path == lever.path; });
    asked.set.push_back(lever.at(value, "request"));
    const std::shared_ptr<Setup> setup = study.setup(asked);
    question = setup->experiment().question();
    if (definition.empty()) definition = question.definition;
    const std::size_t d = definition_index(*setup, definition);
    const std::size_t n = setup->n_replicates();
    double last = -1.0;
    const auto progress = [&](std::size_t, std::size_t n_done) {
      if (events.seconds() - last < progress_step) return;
      last = events.seconds();
      events.send("progress",
                  fmt::format("\"stage\":\"solve\",\"option\":{},\"done\":{},\"total\":{},"
                              "\"eta_s\":null",
                              json_string(setup->option_name(0)), n_done, n));
    };
    if (!setup->run_to(n, n_threads, cancellation, progress)) return std::nullopt;
    const std::vector<double> zero = setup->series(0, "zero_year", n);
    const std::size_t width = zero.size() / n;
    Trials succeeds;
    for (std::size_t r = 0; r < n; ++r) {
      succeeds.push_back(zero[r * width + d] <= request.by ? 1 : 0);
    }
    const auto hits = static_cast<std::size_t>(std::count(succeeds.begin(), succeeds.end(), 1));
    const Share chance = share(hits, n);
    tried.push_back(setup);
    events.send("evaluation",
                fmt::format("\"values\":{{{}:{}}},\"chance_pct\":{:.6g},\"error_pct\":{:.6g},"
                            "\"done\":{},\"total\":16",
                            json_string(lever.path), lever.text(value), 100.0 * chance.estimate,
                            100.0 * chance.half_width, tried.size()));
    return succeeds;
  };
  const GoalAnswer answer = find_goal({.low = lever.low,
                                       .high = lever.high,
                                       .step = lever.step(),
                                       .wanted = request.chance_pct / 100.0},
                                      evaluate,
                                      study.base().variants.front().scenario.sampling.seed);
  if (answer.is_stopped) return code_of(cancellation);
  const GoalStep& shown = answer.steps[answer.is_reachable ? answer.answer : answer.best];
  std::string blocked = "null";
  if (!answer.is_reachable) {
    const Setup& best = *tried[answer.best];
    std::vector<unsigned char> fails;
    for (const std::uint8_t success : shown.succeeds) fails.push_back(success == 0);
    blocked = barrier_json(barrier_shares(
        [&](const std::string& name) { return best.series(0, name, best.n_replicates()); },
        best.experiment().result_outline().years, std::min(question.spent_from, request.by),
        request.by, fails));
  }
  events.send(
      "result",
      fmt::format("\"path\":{},\"value\":{},\"low\":{},\"high\":{},\"chance_pct\":{:.6g},"
                  "\"error_pct\":{:.6g},\"reachable\":{},\"blocked_by\":{}",
                  json_string(lever.path), lever.text(shown.value),
                  answer.is_reachable ? fmt::format("{:.10g}", answer.low) : "null",
                  answer.is_reachable ? fmt::format("{:.10g}", answer.high) : "null",
                  100.0 * shown.chance.estimate, 100.0 * shown.chance.half_width,
                  answer.is_reachable, blocked));
  return answer.is_reachable ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
}

}  // namespace musi::analysis::serve
