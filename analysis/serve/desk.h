#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "sim/core/ensemble.h"

/// One run at a time; a newer request ends the older.
namespace musi::analysis::serve {

class Desk {
 public:
  /// The right to run, until this object goes.
  class Turn {
   public:
    Turn(Desk& desk, std::shared_ptr<sim::Cancellation> cancellation)
        : desk_(desk), cancellation_(std::move(cancellation)) {}
    ~Turn() { desk_.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    sim::Cancellation& cancellation() { return *cancellation_; }

   private:
    Desk& desk_;
    std::shared_ptr<sim::Cancellation> cancellation_;
  };

  /// A request that came; false if one at least as new came before. Ends what runs.
  bool announce(std::int64_t seq);
  /// Waits until the older request has ended. Null if a newer one was announced or cancelled this
  /// one meanwhile.
  std::unique_ptr<Turn> take(std::int64_t seq);
  /// The right to compute while nobody waits; null if there is a run. Any request ends it.
  std::unique_ptr<Turn> take_idle();
  /// Ends requests up to `seq`.
  void cancel(std::int64_t seq);
  /// Ends whatever runs, and all that wait.
  void close();

  std::int64_t last_seq() const;
  bool is_busy() const;
  /// Runs that hold or held a turn, for tests.
  std::int64_t n_started() const;

 private:
  void release();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t last_seq_ = 0, cancelled_ = -1, running_ = -1, n_started_ = 0;
  bool is_closed_ = false;
  std::shared_ptr<sim::Cancellation> current_;
};

}  // namespace musi::analysis::serve
