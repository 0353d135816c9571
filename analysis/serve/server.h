#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "analysis/serve/desk.h"
#include "analysis/serve/guard.h"
#include "analysis/serve/http.h"
#include "analysis/serve/study.h"

/// `musi serve`: the page with the simulator behind it, INTERFACE.md 8.8.
namespace musi::analysis::serve {

struct ServerOptions {
  std::size_t n_threads = 0;  ///< of the runs; 0: all cores
  std::string lang = "en";    ///< in which the page starts
  bool present = false;       ///< starts in the facilitator view
  HttpLimits limits = {};
  double most_run_seconds = 600.0;
  bool looks_ahead = true;  ///< computes neighbouring settings while nobody asks
};

class PageServer {
 public:
  /// `study` must outlive this object and be ok().
  PageServer(Study& study, ServerOptions options);
  ~PageServer();

  /// Takes the port; false if it is in use.
  bool bind(int port);
  const Guard& guard() const { return guard_; }
  /// Answers until stop(), and computes ahead while nobody asks.
  void listen();
  /// From any thread: ends the run and all streams.
  void stop();
  /// Seconds since the last request, 0 while one is answered.
  double idle_seconds() const;
  const Desk& desk() const { return desk_; }

 private:
  HttpAnswer answer(const HttpRequest& request);
  HttpAnswer route(const HttpRequest& request, Tongue tongue);
  HttpAnswer page() const;
  HttpAnswer scenario() const;
  HttpAnswer result_data();
  HttpAnswer run(const HttpRequest& request, Tongue tongue);
  HttpAnswer goal(const HttpRequest& request, Tongue tongue);
  HttpAnswer cancel(const HttpRequest& request, Tongue tongue);
  HttpAnswer save(const HttpRequest& request, Tongue tongue);
  HttpAnswer future(const HttpRequest& request, Tongue tongue);
  void remember(std::int64_t seq, std::shared_ptr<Setup> setup);
  void compute_ahead();

  Study& study_;
  ServerOptions options_;
  Guard guard_;
  Desk desk_;
  std::string schema_, scenario_;
  mutable std::mutex mutex_;  ///< of what follows
  std::string result_;
  std::list<std::pair<std::int64_t, std::shared_ptr<Setup>>> answered_;  ///< the last first
  std::optional<Question> ahead_of_;  ///< answered; its neighbours are computed next
  std::atomic<bool> stops_{false};
  std::atomic<int> n_at_work_{0};
  std::atomic<std::chrono::steady_clock::rep> last_ticks_{0};
  HttpServer http_;
};

}  // namespace musi::analysis::serve
