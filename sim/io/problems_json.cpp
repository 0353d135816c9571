#include <nlohmann/json.hpp>

#include "sim/io/problems.h"

namespace musi::sim::io {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(int value) { return value > 0 ? Json(value) : Json(nullptr); }

std::string_view severity_word(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

}  // namespace

std::string to_json(const Problem& problem, int exit_code, Language language) {
  const bool indonesian = language == Language::indonesian && !problem.message_indonesian.empty();
  const std::string& hint = indonesian ? problem.hint_indonesian : problem.hint;
  const std::string& remark = indonesian ? problem.remark_indonesian : problem.remark;
  Json event;
  event["severity"] = severity_word(problem.severity);
  event["code"] = problem.code;
  event["file"] = problem.place.file;
  event["line"] = number_or_null(problem.place.line);
  event["column"] = number_or_null(problem.place.column);
  event["end_column"] = number_or_null(problem.place.end_column);
  event["path"] = problem.path;
  event["message"] = indonesian ? problem.message_indonesian : problem.message;
  event["allowed"] = problem.allowed;
  event["suggestion"] = problem.suggestion.empty() ? Json(nullptr) : Json(problem.suggestion);
  event["exit_code"] = exit_code;
  if (!hint.empty()) event["hint"] = hint;
  if (!remark.empty()) event["remark"] = remark;
  if (!problem.related.file.empty()) {
    event["related"] = {{"file", problem.related.file},
                        {"line", number_or_null(problem.related.line)},
                        {"column", number_or_null(problem.related.column)}};
  }
  // File names need not be UTF-8; such bytes become U+FFFD.
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace musi::sim::io
