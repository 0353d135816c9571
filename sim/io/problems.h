#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/error.h"

namespace musi::sim::io {

enum class Language { english, indonesian };

/// A sentence in both languages.
struct Text {
  std::string english;
  std::string indonesian;
};

/// A collector keeps so many problems and counts no further; hostile files could hold millions.
inline constexpr std::size_t most_problems = 5000;

/// Collects what is wrong with the inputs, so that the user sees all of it at once:
///
///     Problems problems;
///     const auto tree = read_yaml("plan.yaml", problems);
///     ...
///     problems.throw_if_errors();   // one InputError with all problems of all files
class Problems {
 public:
  void add(Problem problem);
  /// Adds an error and returns it, so that hint, remark and places can be filled in. The reference
  /// is valid until the next call.
  Problem& error(std::string code, Place place, std::string message);
  Problem& error(std::string code, Place place, Text message);
  Problem& warning(std::string code, Place place, std::string message);
  Problem& note(std::string code, Place place, std::string message);
  void append(const Problems& others);
  void append(const std::vector<Problem>& others);

  bool empty() const { return all_.empty(); }
  /// No more are kept; readers may stop looking. Never true before there is an error.
  bool full() const;
  bool has_errors() const;
  std::size_t n_errors() const { return count(Severity::error); }
  std::size_t n_warnings() const { return count(Severity::warning); }
  std::size_t count(Severity severity) const;
  const std::vector<Problem>& all() const { return all_; }

  /// `--strict`: warnings become errors.
  void make_warnings_errors();
  /// Files in the order of their first problem, inside a file by line and column.
  void sort();
  /// Throws InputError with all problems, sorted, if one of them is an error.
  void throw_if_errors();

 private:
  std::vector<Problem> all_;
  Problem spare_;  ///< takes what comes after the collector is full
};

class SourceText;

/// Copies the line of `problem.place` (or `.related`) for printing; of a very long line only what
/// surrounds the byte at `offset`, at which the place begins.
void quote_source(Problem& problem, const SourceText& source, std::size_t offset);
void quote_related(Problem& problem, const SourceText& source, std::size_t offset);

/// Sets the texts of a problem in both languages.
void set_message(Problem& problem, Text message);
void set_hint(Problem& problem, Text hint);
void set_remark(Problem& problem, Text remark);
void set_related_hint(Problem& problem, Text hint);

struct PrintStyle {
  bool colour = false;
  Language language = Language::english;
  std::size_t width = 100;  ///< characters of a source line before it is cut around the caret
  std::size_t most = 20;    ///< problems printed
};

/// One problem in the form of INTERFACE 3.1: place and message, source line with carets and hint,
/// the remark behind "="; lines end with LF.
std::string format(const Problem& problem, const PrintStyle& style);

/// All problems, an empty line after each, then the count and `ending`, as in
/// "4 errors in 2 files. Nothing was run."; at most `style.most` are printed in full. An empty
/// `ending` leaves the last sentence out. Nothing for no problems.
std::string format_all(std::span<const Problem> problems, const PrintStyle& style,
                       Text ending = {"Nothing was run.", "Tidak ada yang dijalankan."});

/// "4 errors and 1 warning in 2 files".
std::string count_sentence(std::span<const Problem> problems, Language language);

/// Fields of the JSON event `problem` (INTERFACE 1.4) as one JSON object without `event` and `t`:
/// severity, code, file, line, column, end_column, path, message, allowed, suggestion, exit_code,
/// and hint, remark, related where there are any. Unknown lines and columns are null.
std::string to_json(const Problem& problem, int exit_code, Language language = Language::english);

}  // namespace musi::sim::io
