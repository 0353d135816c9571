#include "analysis/cli/signals.h"

#include <unistd.h>

#include <csignal>

#include "sim/core/error.h"

namespace musi::cli {
namespace {

sim::Cancellation cancellation;
volatile std::sig_atomic_t code_of_second = 0;

/// First signal: finish the runs at work and keep everything. Second: end at once.
extern "C" void stop_or_quit(int) {
  if (cancellation.reason() == sim::StopReason::interrupted) {
    _exit(code_of_second);
  }
  cancellation.request(sim::StopReason::interrupted);
}

}  // namespace

sim::Cancellation& stop_on_signals(sim::ExitCode second) {
  code_of_second = static_cast<int>(second);
  struct sigaction action {};
  action.sa_handler = stop_or_quit;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old {};
    sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
  return cancellation;
}

}  // namespace musi::cli
