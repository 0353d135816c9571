#pragma once

#include "sim/core/ensemble.h"

namespace musi::cli {

/// From now on the first Ctrl-C, SIGTERM or SIGHUP asks the cancellation handed back to stop, so
/// that the runs at work end and everything is kept; the second ends the program at once. A signal
/// that the parent process told us to ignore stays ignored. One cancellation for the program.
sim::Cancellation& stop_on_signals();

}  // namespace musi::cli
