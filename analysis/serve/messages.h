#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analysis/scenario/reader.h"
#include "analysis/serve/guard.h"

/// Requests and answers of the page server as JSON, INTERFACE.md 8.8 and 1.4.
namespace musi::analysis::serve {

inline constexpr std::size_t most_body_bytes = 256 * 1024;
inline constexpr std::size_t most_set_paths = 64;
inline constexpr std::size_t most_futures = 10'000;
inline constexpr std::size_t most_options = 8;

/// Changes of a scenario, and for which options and futures.
struct Question {
  std::vector<Override> set;         ///< in the order of their paths
  std::vector<std::string> options;  ///< empty: the first of the file
  std::size_t replicates = 0;
};

struct RunRequest {
  std::int64_t seq = 0;
  Question question;
};

struct GoalRequest {
  std::int64_t seq = 0;
  Question question;
  std::string vary;
  double low = 0.0, high = 0.0;
  double chance_pct = 0.0;
  int by = 0;
  std::string definition;  ///< empty: the one of the file
};

struct CancelRequest {
  std::int64_t seq = 0;
};

enum class SaveKind : std::uint8_t { yaml, hdf5, html };

struct SaveRequest {
  std::string name;  ///< lower-case letters, digits and hyphens
  SaveKind kind = SaveKind::yaml;
  Question question;
};

/// Each reads a body or says what is wrong with it; nothing is run by reading.
template <class Request>
using Reading = std::variant<Request, Refusal>;
Reading<RunRequest> read_run(std::string_view body);
Reading<GoalRequest> read_goal(std::string_view body);
Reading<CancelRequest> read_cancel(std::string_view body);
Reading<SaveRequest> read_save(std::string_view body);

enum class Tongue : std::uint8_t { english, indonesian };

/// Fields of a problem without braces, as in the event `problem`.
std::string problem_fields(const sim::Problem& problem, Tongue tongue, int exit_code);
/// Body of a refusal: its first problem, the others under `more`.
std::string refusal_json(const Refusal& refusal, Tongue tongue);
/// One line of a stream, with line end. `fields`: inside of an object.
std::string event_line(std::string_view name, double seconds, std::int64_t seq,
                       std::string_view fields);
/// A text as JSON, quotes included.
std::string json_string(std::string_view text);

}  // namespace musi::analysis::serve
