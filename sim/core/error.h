#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace musi::sim {

/// Exit codes of the program, INTERFACE 1.3. No other code is used.
enum class ExitCode : int {
  done = 0,
  internal = 1,
  usage = 2,
  invalid_input = 3,
  io = 4,
  stopped = 5,
  answer_is_no = 6,
  interrupted = 130,
};

enum class Severity { error, warning, note };

/// A place in a text: lines and columns count characters from 1; 0 = unknown.
struct Place {
  std::string file;  ///< as the user named it; "command line" for --set
  int line = 0;
  int column = 0;
  int end_column = 0;  ///< one past the last character of the span
};

/// One thing that is wrong with an input: place, value found, rule broken, way out.
struct Problem {
  Severity severity = Severity::error;
  std::string code;         ///< stable word of INTERFACE 3.3, e.g. "unknown_key"
  Place place;
  std::string message;      ///< lower case, no full stop
  std::string hint;         ///< printed beside the carets, may be empty
  std::string remark;       ///< printed after "=", may be empty
  std::string path;         ///< dotted path of the key, if any
  std::string suggestion;   ///< nearest legal word, if unique
  std::vector<std::string> allowed;
  Place related;            ///< second place ("first here"), file empty if none
  std::string related_hint;
  std::string source_line;  ///< text of the line, for printing with a caret
  std::string related_line;
  int source_skip = 0;   ///< characters of a very long line left out before `source_line`
  int related_skip = 0;
  /// The same texts in Indonesian; without the message all texts are printed in English.
  std::string message_indonesian;
  std::string hint_indonesian;
  std::string remark_indonesian;
  std::string related_hint_indonesian;
};

/// Scenario or data are invalid; carries all problems of all files. Exit code 3.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems)
      : std::runtime_error(problems.empty() ? "invalid input" : problems.front().message),
        problems_(std::move(problems)) {}
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// A file cannot be read or written. Exit code 4.
class IoError : public std::runtime_error {
 public:
  IoError(std::string code, const std::string& message)
      : std::runtime_error(message), code_(std::move(code)) {}
  /// Stable word of INTERFACE 3.3, e.g. "cannot_open", "exists", "disk_full".
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace musi::sim
