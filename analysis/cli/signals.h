#pragma once

#include "sim/core/ensemble.h"
#include "sim/core/error.h"

namespace musi::cli {

/// From now on the first Ctrl-C, SIGTERM or SIGHUP asks the cancellation handed back to stop, so
/// that the runs at work end and everything is kept; the second ends the program at once with
/// code `second`. A signal that the parent process told us to ignore stays ignored. One
/// cancellation for the program.
sim::Cancellation& stop_on_signals(sim::ExitCode second = sim::ExitCode::interrupted);

}  // namespace musi::cli
