#include "sim/io/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace musi::sim::io {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Decoded {
  char32_t point = 0;
  std::size_t length = 0;  ///< 0: malformed
};

bool is_continuation(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0u) == 0x80u; }

/// One character of UTF-8 at `at`, by the table of well-formed sequences of the Unicode standard.
Decoded decode(std::string_view bytes, std::size_t at) {
  const auto lead = static_cast<std::uint8_t>(bytes[at]);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = 0;
  char32_t point = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    point = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    point = lead & 0x0Fu;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    point = lead & 0x07u;
  } else {
    return {};
  }
  if (at + length > bytes.size()) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(bytes[at + i])) return {};
    point = (point << 6) | (static_cast<std::uint8_t>(bytes[at + i]) & 0x3Fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return {};
  return {point, length};
}

/// Characters that could change what the reader of a terminal sees without showing themselves.
bool is_hidden(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xFEFF ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::size_t distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({replace, row[j] + 1, next[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        next[j] = std::min(next[j], before[j - 2] + 1);
      }
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return std::min(row[b.size()], limit + 1);
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = decode(bytes, at).length;
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::size_t n_characters(std::string_view text) {
  std::size_t n = 0;
  for (const char byte : text) n += is_continuation(byte) ? 0 : 1;
  return n;
}

std::u32string code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode(text, at);
    points.push_back(c.length == 0 ? replacement : c.point);
    at += std::max<std::size_t>(c.length, 1);
  }
  return points;
}

std::string to_utf8(std::u32string_view points) {
  std::string bytes;
  const auto put = [&bytes](std::uint32_t byte) { bytes.push_back(static_cast<char>(byte)); };
  for (const char32_t c : points) {
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0u | (c >> 6));
      put(0x80u | (c & 0x3Fu));
    } else if (c < 0x10000) {
      put(0xE0u | (c >> 12));
      put(0x80u | ((c >> 6) & 0x3Fu));
      put(0x80u | (c & 0x3Fu));
    } else {
      put(0xF0u | (c >> 18));
      put(0x80u | ((c >> 12) & 0x3Fu));
      put(0x80u | ((c >> 6) & 0x3Fu));
      put(0x80u | (c & 0x3Fu));
    }
  }
  return bytes;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode(text, at);
    if (c.length == 0) {
      result += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[at]));
      ++at;
      continue;
    }
    if (!is_hidden(c.point)) {
      result.append(text.substr(at, c.length));
    } else if (c.point < 0x100) {
      result += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(c.point));
    } else {
      result += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c.point));
    }
    at += c.length;
  }
  return result;
}

std::string quoted_value(std::string_view text, std::size_t longest) {
  // A character has at most four bytes, so the rest cannot be printed anyway.
  const std::u32string points = code_points(text.substr(0, 4 * (longest + 1)));
  if (points.size() <= longest) return printable(text);
  return printable(to_utf8(std::u32string_view(points).substr(0, longest))) + "...";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string joined(std::span<const std::string> words, std::size_t most) {
  std::string result;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) {
    if (i > 0) result += ", ";
    result += words[i];
  }
  if (words.size() > most) result += ", ...";
  return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  return distance(code_points(a), code_points(b), limit);
}

std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string> candidates) {
  // Longer words than this are no slips, and the table of distances would grow.
  if (word.size() > 400) return std::nullopt;
  const std::u32string points = code_points(lower_case(word));
  if (points.empty()) return std::nullopt;
  const std::size_t limit = std::min<std::size_t>(points.size() > 10 ? 3 : 2, points.size() - 1);
  std::size_t best = limit + 1;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t d = distance(points, code_points(lower_case(candidate)), limit);
    if (d < best) {
      best = d;
      nearest = &candidate;
    } else if (d == best && nearest != nullptr && *nearest != candidate) {
      nearest = nullptr;
    }
  }
  if (nearest == nullptr || best > limit) return std::nullopt;
  return *nearest;
}

SourceText::SourceText(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {
  starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    if (at + 1 < text_.size()) starts_.push_back(at + 1);
  }
}

std::string_view SourceText::line(int number) const {
  if (number < 1 || number > n_lines()) return {};
  const std::size_t begin = start_of(number);
  return std::string_view(text_).substr(begin, end_of(number) - begin);
}

int SourceText::line_of(std::size_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return std::max(1, static_cast<int>(after - starts_.begin()));
}

int SourceText::column_of(std::size_t offset) const {
  const std::size_t begin = start_of(line_of(offset));
  const std::size_t end = std::min(offset, text_.size());
  return 1 + static_cast<int>(n_characters(std::string_view(text_).substr(begin, end - begin)));
}

std::size_t SourceText::start_of(int line) const {
  if (line < 1 || line > n_lines()) return text_.size();
  return starts_[static_cast<std::size_t>(line) - 1];
}

std::size_t SourceText::end_of(int line) const {
  const std::size_t next = start_of(line + 1);
  const bool has_break = next > 0 && next <= text_.size() && text_[next - 1] == '\n';
  return has_break && next > start_of(line) ? next - 1 : next;
}

}  // namespace musi::sim::io
