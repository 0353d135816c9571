#pragma once

#include "sim/core/vector_level.h"

namespace musi::sim {

/// Asks for the line of memory at `place`, which is read soon: fifty to two hundred lines ahead
/// where rows are read in no order that a processor foresees. It goes to the second cache, which
/// waits for twice as many lines at a time as the first; asked for early enough it costs nothing
/// to fetch it from there. Always inlined: g++ leaves out the call of a function that only asks.
MUSI_BODY void ask_for(const void* place) {
  constexpr int for_writing = 1, to_second_cache = 2;
  __builtin_prefetch(place, for_writing, to_second_cache);
}

}  // namespace musi::sim
