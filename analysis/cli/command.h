#pragma once

#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "analysis/cli/terminal.h"
#include "sim/core/error.h"

namespace CLI {
class App;
}

namespace musi::cli {

/// One subcommand: declares its options, then runs. To add one: one file with a class and a
/// `make_<name>()` function, one line in catalogue.cpp, one in the CMake list, its test.
class Command {
 public:
  virtual ~Command() = default;
  virtual std::string_view name() const = 0;
  /// One line for the first screen.
  virtual std::string_view summary() const = 0;
  /// Exit codes and one example, printed below the options of --help.
  virtual std::string_view footer() const = 0;
  /// Adds options bound to members. Numbers are read as text and parsed by sim/io/number.h,
  /// because CLI11 reads 010 as 8 and lets nan pass.
  virtual void declare(CLI::App& app) = 0;
  /// Whether --lang may be `both`, for what the command writes.
  virtual bool writes_both_languages() const { return false; }
  /// Runs with the parsed options. May throw UsageError (2), InputError (3), IoError (4); anything
  /// else is an internal error (1).
  virtual sim::ExitCode run(Terminal& terminal) = 0;
};

/// Wrong use of the command line: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::vector<std::unique_ptr<Command>> all_commands();

}  // namespace musi::cli
