#include "sim/io/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "sim/io/text.h"

namespace musi::sim::io {
namespace {

constexpr std::size_t longest_kept_line = 4000;  ///< bytes; longer lines are kept in part

bool in_indonesian(const Problem& problem, Language language) {
  return language == Language::indonesian && !problem.message_indonesian.empty();
}

struct Words {
  const std::string& message;
  const std::string& hint;
  const std::string& remark;
  const std::string& related_hint;
};

Words words_of(const Problem& problem, Language language) {
  if (in_indonesian(problem, language)) {
    return {problem.message_indonesian, problem.hint_indonesian, problem.remark_indonesian,
            problem.related_hint_indonesian};
  }
  return {problem.message, problem.hint, problem.remark, problem.related_hint};
}

std::string_view severity_word(Severity severity, Language language) {
  const bool english = language == Language::english;
  if (severity == Severity::error) return english ? "error" : "galat";
  if (severity == Severity::warning) return english ? "warning" : "peringatan";
  return english ? "note" : "catatan";
}

std::string painted(std::string_view text, std::string_view code, bool colour) {
  if (!colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string_view colour_of(Severity severity) {
  if (severity == Severity::error) return "1;31";
  if (severity == Severity::warning) return "1;33";
  return "1;36";
}

std::string place_text(const Place& place) {
  std::string text = printable(place.file);
  if (place.line > 0) text += fmt::format(":{}", place.line);
  if (place.line > 0 && place.column > 0) text += fmt::format(":{}", place.column);
  return text;
}

/// A source line as it is printed: text, and where the carets stand.
struct Excerpt {
  std::string text;
  std::size_t indent = 0;
  std::size_t carets = 1;
};

Excerpt excerpt(std::string_view line, int column, int end_column, int skip, std::size_t width) {
  // One printed piece for each character: a tab becomes a space, a control character its \x form.
  std::vector<std::u32string> pieces;
  for (const char32_t c : code_points(line)) {
    pieces.push_back(c == U'\t' ? U" " : code_points(printable(to_utf8({&c, 1}))));
  }
  const auto n = static_cast<int>(pieces.size());
  const int first = std::clamp(column - 1 - skip, 0, n);
  const int last = std::clamp(std::max(end_column, column + 1) - 1 - skip, first, n);
  std::u32string all;
  std::size_t begin = 0, end = 0;
  for (int i = 0; i < n; ++i) {
    if (i == first) begin = all.size();
    all += pieces[static_cast<std::size_t>(i)];
    if (i < last) end = all.size();
  }
  if (first >= n) begin = all.size();
  end = std::max(end, begin + 1);
  std::size_t left = 0, right = all.size();
  if (all.size() > width) {
    left = begin > width / 3 ? begin - width / 3 : 0;
    right = std::min(all.size(), left + width);
    left = std::min(left, right > width ? right - width : 0);
  }
  const std::u32string before = left > 0 || skip > 0 ? U"..." : U"";
  const std::u32string after = right < all.size() ? U"..." : U"";
  Excerpt result;
  result.text = to_utf8(before + all.substr(left, right - left) + after);
  result.indent = before.size() + begin - left;
  result.carets = std::max<std::size_t>(1, std::min(end, std::max(right, begin + 1)) - begin);
  return result;
}

struct Mark {
  const Place& place;
  std::string_view line;
  int skip;
  std::string_view hint;
  char mark;
};

std::string marked_line(const Mark& mark, std::size_t gutter, std::string_view paint,
                        const PrintStyle& style) {
  const Excerpt shown =
      excerpt(mark.line, mark.place.column, mark.place.end_column, mark.skip, style.width);
  const std::string carets(shown.carets, mark.mark);
  std::string text = fmt::format("{:>{}} | {}\n", mark.place.line, gutter, shown.text);
  text += fmt::format("{:>{}} | {}{}", "", gutter, std::string(shown.indent, ' '),
                      painted(carets, paint, style.colour));
  if (!mark.hint.empty()) text += fmt::format(" {}", mark.hint);
  return text + "\n";
}

bool can_show(const Place& place) { return place.line > 0 && place.column > 0; }

std::string cut_source(const SourceText& source, const Place& place, std::size_t offset,
                       int& skip) {
  skip = 0;
  const std::string_view line = source.line(place.line);
  if (line.size() <= longest_kept_line) return std::string(line);
  const std::size_t start = source.start_of(place.line);
  const std::size_t at = std::clamp(offset, start, start + line.size()) - start;
  const auto boundary = [line](std::size_t i) {
    while (i < line.size() && (static_cast<unsigned char>(line[i]) & 0xC0u) == 0x80u) ++i;
    return i;
  };
  const std::size_t begin = boundary(at > longest_kept_line / 2 ? at - longest_kept_line / 2 : 0);
  const std::size_t end = boundary(std::min(line.size(), at + longest_kept_line / 2));
  if (begin > 0) {
    skip = place.column - 1 - static_cast<int>(n_characters(line.substr(begin, at - begin)));
  }
  return std::string(line.substr(begin, end - begin));
}

}  // namespace

void Problems::add(Problem problem) {
  if (full()) return;
  all_.push_back(std::move(problem));
}

Problem& Problems::error(std::string code, Place place, std::string message) {
  return error(std::move(code), std::move(place), Text{std::move(message), {}});
}

Problem& Problems::error(std::string code, Place place, Text message) {
  Problem problem;
  problem.code = std::move(code);
  problem.place = std::move(place);
  set_message(problem, std::move(message));
  if (full()) {
    spare_ = std::move(problem);
    return spare_;
  }
  all_.push_back(std::move(problem));
  return all_.back();
}

Problem& Problems::warning(std::string code, Place place, std::string message) {
  Problem& problem = error(std::move(code), std::move(place), std::move(message));
  problem.severity = Severity::warning;
  return problem;
}

Problem& Problems::note(std::string code, Place place, std::string message) {
  Problem& problem = error(std::move(code), std::move(place), std::move(message));
  problem.severity = Severity::note;
  return problem;
}

bool Problems::has_errors() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const Problem& p) { return p.severity == Severity::error; });
}

bool Problems::full() const { return all_.size() >= most_problems && has_errors(); }

void Problems::append(const Problems& others) { append(others.all_); }

void Problems::append(const std::vector<Problem>& others) {
  for (const Problem& problem : others) add(problem);
}

std::size_t Problems::count(Severity severity) const {
  return static_cast<std::size_t>(std::count_if(
      all_.begin(), all_.end(), [severity](const Problem& p) { return p.severity == severity; }));
}

void Problems::make_warnings_errors() {
  for (Problem& problem : all_) {
    if (problem.severity == Severity::warning) problem.severity = Severity::error;
  }
}

void Problems::sort() {
  std::map<std::string, std::size_t> rank;
  for (const Problem& problem : all_) rank.emplace(problem.place.file, rank.size());
  std::stable_sort(all_.begin(), all_.end(), [&rank](const Problem& a, const Problem& b) {
    return std::tuple(rank.at(a.place.file), a.place.line, a.place.column) <
           std::tuple(rank.at(b.place.file), b.place.line, b.place.column);
  });
}

void Problems::throw_if_errors() {
  if (!has_errors()) return;
  sort();
  throw InputError(all_);
}

void set_message(Problem& problem, Text message) {
  problem.message = std::move(message.english);
  problem.message_indonesian = std::move(message.indonesian);
}

void set_hint(Problem& problem, Text hint) {
  problem.hint = std::move(hint.english);
  problem.hint_indonesian = std::move(hint.indonesian);
}

void set_remark(Problem& problem, Text remark) {
  problem.remark = std::move(remark.english);
  problem.remark_indonesian = std::move(remark.indonesian);
}

void set_related_hint(Problem& problem, Text hint) {
  problem.related_hint = std::move(hint.english);
  problem.related_hint_indonesian = std::move(hint.indonesian);
}

void quote_source(Problem& problem, const SourceText& source, std::size_t offset) {
  problem.source_line = cut_source(source, problem.place, offset, problem.source_skip);
}

void quote_related(Problem& problem, const SourceText& source, std::size_t offset) {
  problem.related_line = cut_source(source, problem.related, offset, problem.related_skip);
}

std::string format(const Problem& problem, const PrintStyle& style) {
  const Words words = words_of(problem, style.language);
  const std::string_view paint = colour_of(problem.severity);
  const std::string severity = painted(
      fmt::format("{}:", severity_word(problem.severity, style.language)), paint, style.colour);
  const bool has_place = !problem.place.file.empty();
  std::string text;
  if (has_place) {
    text += painted(fmt::format("{}:", place_text(problem.place)), "1", style.colour) + " ";
  }
  text += fmt::format("{} {}\n", severity, printable(words.message));

  const bool shown = can_show(problem.place) && !problem.source_line.empty();
  const std::string hint = printable(words.hint);
  const std::string related_hint = printable(words.related_hint);
  const bool related = !problem.related.file.empty();
  const bool same_file = related && problem.related.file == problem.place.file;
  const bool related_shown =
      same_file && can_show(problem.related) && !problem.related_line.empty();
  const int largest = std::max(problem.place.line, related_shown ? problem.related.line : 0);
  const std::size_t gutter = std::max<std::size_t>(5, fmt::formatted_size("{}", largest));
  const auto remark = [&text, gutter](std::string_view line) {
    text += fmt::format("{:>{}} = {}\n", "", gutter, line);
  };

  const Mark main{problem.place, problem.source_line, problem.source_skip, hint, '^'};
  const Mark other{problem.related, problem.related_line, problem.related_skip, related_hint, '-'};
  const bool other_first = std::tuple(problem.related.line, problem.related.column) <=
                           std::tuple(problem.place.line, problem.place.column);
  if (related_shown && other_first) text += marked_line(other, gutter, "1;34", style);
  if (shown) text += marked_line(main, gutter, paint, style);
  if (related_shown && !other_first) text += marked_line(other, gutter, "1;34", style);
  if (!shown && !hint.empty()) remark(hint);
  if (related && !related_shown) {
    remark(related_hint.empty() ? place_text(problem.related)
                                : related_hint + ": " + place_text(problem.related));
  }
  if (!words.remark.empty()) remark(printable(words.remark));
  return text;
}

std::string count_sentence(std::span<const Problem> problems, Language language) {
  const bool english = language == Language::english;
  std::vector<std::string> counts;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const auto n = std::count_if(problems.begin(), problems.end(),
                                 [severity](const Problem& p) { return p.severity == severity; });
    if (n == 0) continue;
    counts.push_back(
        fmt::format("{} {}{}", n, severity_word(severity, language), english && n != 1 ? "s" : ""));
  }
  std::set<std::string> files;
  for (const Problem& problem : problems) {
    if (!problem.place.file.empty()) files.insert(problem.place.file);
  }
  std::string sentence;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) sentence += i + 1 < counts.size() ? ", " : english ? " and " : " dan ";
    sentence += counts[i];
  }
  if (files.empty()) return sentence;
  if (!english) return sentence + fmt::format(" di {} berkas", files.size());
  return sentence + fmt::format(" in {} file{}", files.size(), files.size() == 1 ? "" : "s");
}

std::string format_all(std::span<const Problem> problems, const PrintStyle& style, Text ending) {
  if (problems.empty()) return {};
  const bool english = style.language == Language::english;
  const std::size_t n = std::min(style.most, problems.size());
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += format(problems[i], style) + "\n";
  text += count_sentence(problems, style.language);
  if (n < problems.size()) {
    text += english ? fmt::format(", the first {} shown", n)
                    : fmt::format(", {} yang pertama ditampilkan", n);
  }
  text += ".";
  const bool failed = std::any_of(problems.begin(), problems.end(),
                                  [](const Problem& p) { return p.severity == Severity::error; });
  const std::string& last = english ? ending.english : ending.indonesian;
  if (failed && !last.empty()) text += " " + last;
  return text + "\n";
}

}  // namespace musi::sim::io
