#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace musi::sim::io {

/// Byte offset of the first byte that is not valid UTF-8 (overlong forms and surrogates are not
/// valid either); nothing if all is well.
std::optional<std::size_t> first_invalid_utf8(std::string_view bytes);

/// Number of characters (code points) of valid UTF-8.
std::size_t n_characters(std::string_view text);

/// Code points of valid UTF-8; a malformed byte becomes U+FFFD.
std::u32string code_points(std::string_view text);

/// UTF-8 of code points.
std::string to_utf8(std::u32string_view points);

/// Text that is safe on a terminal: control characters as \x1b, direction marks as \u202e,
/// malformed bytes as \xff.
std::string printable(std::string_view text);

/// A value as it is quoted in a message: printable and at most `longest` characters.
std::string quoted_value(std::string_view text, std::size_t longest = 60);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// "a, b, c, ..." with at most `most` words.
std::string joined(std::span<const std::string> words, std::size_t most = 6);

/// Edit distance with insertion, deletion, replacement and swap of neighbours (optimal string
/// alignment), in characters; values above `limit` are returned as `limit + 1`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// The legal word nearest to `word`: edit distance at most 2, at most 3 for words over 10 letters,
/// less than the word's own length, and only if no other word is as near. INTERFACE 3.1.
std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string> candidates);

/// Words on one place of a text file. Lines are counted as editors do (LF, CRLF, CR).
class SourceText {
 public:
  SourceText() = default;
  /// `text` is valid UTF-8 with LF line ends (see `clean_text`).
  SourceText(std::string file, std::string text);

  const std::string& file() const { return file_; }
  const std::string& text() const { return text_; }
  int n_lines() const { return static_cast<int>(starts_.size()); }
  /// Text of a line, from 1, without its line end; empty if there is no such line.
  std::string_view line(int number) const;
  /// Line, from 1, that holds the byte at `offset`.
  int line_of(std::size_t offset) const;
  /// Column in characters, from 1, of the byte at `offset`.
  int column_of(std::size_t offset) const;
  /// Byte offset of the start of a line, from 1.
  std::size_t start_of(int line) const;
  /// Byte offset of the end of a line, from 1, without its line end.
  std::size_t end_of(int line) const;

 private:
  std::string file_;
  std::string text_;
  std::vector<std::size_t> starts_;
};

}  // namespace musi::sim::io
