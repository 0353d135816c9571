#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "sim/io/file.h"
#include "sim/io/yaml_finish.h"
#include "sim/io/yaml_tree.h"

namespace musi::sim::io {
namespace {

const Text rest_unchecked{"nothing else in this file was checked",
                          "bagian lain berkas ini tidak diperiksa"};

/// Ends the reading of a file; thrown through the YAML library at the event that is refused.
struct Refused {
  Problem problem;
};

struct Span {
  std::size_t offset = 0;
  std::size_t end = 0;  ///< on the first line of the span
};

/// Builds our own tree from the events of the library and refuses what musi does not use, before
/// anything can expand. Offsets of the library are bytes of `source`, which it reads unchanged.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const SourceText> source, const YamlLimits& limits,
              Problems& problems)
      : source_(std::move(source)), limits_(limits), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

  bool has_root() const { return n_nodes_ > 0; }
  YamlNode& root() { return root_; }

  Problem problem_at(Span span, std::string code, Text message) const;
  /// What to say about an error of the library itself.
  Problem syntax_problem(const YAML::Exception& exception) const;
  std::size_t offset_of(const YAML::Mark& mark) const;

 private:
  /// A container that is not closed yet.
  struct Frame {
    YamlNode* node;
    Span opened;
    bool flow = false;
    bool key_next = false;  ///< of a map: the next event is a key
  };

  const std::string& text() const { return source_->text(); }
  char at(std::size_t offset) const { return offset < text().size() ? text()[offset] : '\0'; }
  std::size_t line_end(std::size_t offset) const {
    return std::max(offset, source_->end_of(source_->line_of(offset)));
  }
  [[noreturn]] void refuse(Span span, std::string code, Text message, Text hint) const;
  void refuse_unused(std::size_t offset) const;
  void refuse_tab(std::size_t offset) const;
  int column_of(std::size_t offset);
  void set_place(YamlNode& node, Span span);
  Span word_span(std::size_t offset) const;
  Span scalar_span(std::size_t offset, const std::string& value) const;
  std::size_t closing_quote(std::size_t opened) const;
  bool expects_key() const { return !stack_.empty() && stack_.back().key_next; }
  YamlNode& add_value(Span span);
  void add_key(Span span, const std::string& value, bool quoted);
  void open(std::size_t offset, YamlNode::Kind kind, bool flow);
  void close();
  std::size_t unclosed_quote() const;
  Problem quote_problem(std::size_t opened) const;
  Problem bracket_problem(Span found) const;

  std::shared_ptr<const SourceText> source_;
  const YamlLimits& limits_;
  Problems& problems_;
  YamlNode root_;
  std::vector<Frame> stack_;
  std::size_t n_nodes_ = 0;
  int n_documents_ = 0;
  std::size_t last_end_ = 0;        ///< end of the last scalar that was read
  std::optional<Span> long_quote_;  ///< the last quoted text that runs over lines
  int column_line_ = 0;             ///< cache of `column_of`: events come in order
  std::size_t column_offset_ = 0;
  int column_ = 1;
};

std::size_t TreeBuilder::offset_of(const YAML::Mark& mark) const {
  return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text().size());
}

Problem TreeBuilder::problem_at(Span span, std::string code, Text message) const {
  Problem problem;
  problem.code = std::move(code);
  set_message(problem, std::move(message));
  const int line = source_->line_of(span.offset);
  const int column = source_->column_of(span.offset);
  const std::size_t end = std::clamp(span.end, span.offset, line_end(span.offset));
  const auto width = n_characters(std::string_view(text()).substr(span.offset, end - span.offset));
  problem.place = {source_->file(), line, column, column + std::max(1, static_cast<int>(width))};
  quote_source(problem, *source_, span.offset);
  return problem;
}

void TreeBuilder::refuse(Span span, std::string code, Text message, Text hint) const {
  Refused refused{problem_at(span, std::move(code), std::move(message))};
  set_hint(refused.problem, std::move(hint));
  set_remark(refused.problem, rest_unchecked);
  throw refused;
}

/// Anchors, aliases and tags show in the text where an event begins.
void TreeBuilder::refuse_unused(std::size_t offset) const {
  const char first = at(offset);
  const Span span = word_span(offset);
  if (first == '&') {
    refuse(span, "yaml_alias",
           {"anchors ('&') are not used here", "jangkar ('&') tidak dipakai di sini"},
           {"write the value again, or use 'extends' and 'set'",
            "tulis ulang nilainya, atau pakai 'extends' dan 'set'"});
  }
  if (first == '*') {
    refuse(span, "yaml_alias",
           {"aliases ('*') are not used here", "alias ('*') tidak dipakai di sini"},
           {"write the value again, or use 'extends' and 'set'; a text with '*' needs quotes",
            "tulis ulang nilainya, atau pakai 'extends' dan 'set'; teks dengan '*' perlu tanda "
            "kutip"});
  }
  if (first == '!') {
    refuse(span, "yaml_tag", {"tags ('!') are not used here", "tag ('!') tidak dipakai di sini"},
           {"write the plain value", "tulis nilainya saja"});
  }
}

/// The library reads a tab in the indentation as a space now and then; people see another width.
void TreeBuilder::refuse_tab(std::size_t offset) const {
  const std::size_t start = source_->start_of(source_->line_of(offset));
  const std::string_view before = std::string_view(text()).substr(start, offset - start);
  const std::size_t tab = before.find('\t');
  if (tab == std::string_view::npos) return;
  if (before.substr(0, tab).find_first_not_of(" -") != std::string_view::npos) return;
  refuse({start + tab, start + tab + 1}, "yaml_syntax",
         {"tab in the indentation", "tab dipakai sebagai indentasi"},
         {"indent with spaces", "pakai spasi untuk indentasi"});
}

int TreeBuilder::column_of(std::size_t offset) {
  const int line = source_->line_of(offset);
  if (line != column_line_ || offset < column_offset_) {
    column_line_ = line;
    column_offset_ = source_->start_of(line);
    column_ = 1;
  }
  column_ += static_cast<int>(
      n_characters(std::string_view(text()).substr(column_offset_, offset - column_offset_)));
  column_offset_ = offset;
  return column_;
}

void TreeBuilder::set_place(YamlNode& node, Span span) {
  node.source = source_;
  node.offset = span.offset;
  node.line = source_->line_of(span.offset);
  node.column = column_of(span.offset);
  const auto width =
      n_characters(std::string_view(text()).substr(span.offset, span.end - span.offset));
  node.end_column = node.column + std::max(1, static_cast<int>(width));
}

Span TreeBuilder::word_span(std::size_t offset) const {
  const std::size_t end = std::min(text().find_first_of(" \t\n,:[]{}", offset), text().size());
  return {offset, std::max(end, std::min(offset + 1, text().size()))};
}

/// Byte of the quote that closes the one at `opened`, on any line; npos if there is none.
std::size_t TreeBuilder::closing_quote(std::size_t opened) const {
  const char quote = at(opened);
  for (std::size_t i = opened + 1; i < text().size(); ++i) {
    if (quote == '"' && text()[i] == '\\') {
      ++i;
    } else if (text()[i] == quote) {
      if (quote == '"' || at(i + 1) != '\'') return i;
      ++i;
    }
  }
  return std::string::npos;
}

Span TreeBuilder::scalar_span(std::size_t offset, const std::string& value) const {
  const char first = at(offset);
  if (first == '"' || first == '\'') {
    const std::size_t close = closing_quote(offset);
    return {offset, close < line_end(offset) ? close + 1 : line_end(offset)};
  }
  if (first != '|' && first != '>' && !value.empty() &&
      text().compare(offset, value.size(), value) == 0) {
    return {offset, std::min(offset + value.size(), line_end(offset))};
  }
  std::size_t end = line_end(offset);
  while (end > offset + 1 && (text()[end - 1] == ' ' || text()[end - 1] == '\t')) --end;
  return {offset, end};
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  ++n_documents_;
  if (n_documents_ == 1) return;
  const std::size_t offset = offset_of(mark);
  const std::size_t start = source_->start_of(source_->line_of(offset));
  const std::size_t line = source_->line_of(offset);
  if (text().compare(start, 3, "---") != 0) {
    refuse(word_span(offset), "yaml_syntax",
           {"text behind the end of the mapping", "ada teks setelah akhir pemetaan"},
           {"check the indentation and brackets above", "periksa indentasi dan kurung di atasnya"});
  }
  refuse({start, start + 3}, "yaml_documents",
         {fmt::format("a second document starts at line {}", line),
          fmt::format("dokumen kedua mulai di baris {}", line)},
         {"one scenario per file", "satu skenario per berkas"});
}

YamlNode& TreeBuilder::add_value(Span span) {
  if (++n_nodes_ > limits_.nodes) {
    refuse(span, "too_large",
           {fmt::format("more than {} values", number_in_words(static_cast<double>(limits_.nodes))),
            fmt::format("lebih dari {} nilai",
                        number_in_words(static_cast<double>(limits_.nodes), Language::indonesian))},
           {"tables belong in CSV files", "tabel ditaruh di berkas CSV"});
  }
  if (stack_.empty()) return root_;
  Frame& frame = stack_.back();
  if (frame.node->is_list()) return frame.node->items.emplace_back();
  frame.key_next = true;
  return frame.node->entries.back().value;
}

void TreeBuilder::add_key(Span span, const std::string& value, bool quoted) {
  if (!quoted && value == "<<") {
    refuse(span, "yaml_alias",
           {"merge keys ('<<') are not used here", "kunci gabung ('<<') tidak dipakai di sini"},
           {"use 'extends' and 'set'", "pakai 'extends' dan 'set'"});
  }
  YamlNode position;
  set_place(position, span);
  YamlEntry& entry = stack_.back().node->entries.emplace_back();
  entry.key = value;
  entry.line = position.line;
  entry.column = position.column;
  entry.end_column = position.end_column;
  entry.offset = position.offset;
  stack_.back().key_next = false;
  if (!quoted || problems_.full()) return;
  const std::string shown = quoted_value(value);
  Problem& problem = problems_.error("bad_key", position.place(),
                                     Text{fmt::format("key '{}' is in quotes", shown),
                                          fmt::format("kunci '{}' memakai tanda kutip", shown)});
  quote_source(problem, *source_, position.offset);
  set_hint(problem, {"keys are plain words; write it without quotes",
                     "kunci adalah kata biasa; tulis tanpa tanda kutip"});
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t) {
  const std::size_t offset = offset_of(mark);
  if (expects_key()) {
    refuse(word_span(offset), "bad_key",
           {"a key is empty or null", "ada kunci yang kosong atau null"},
           {"keys are plain words", "kunci adalah kata biasa"});
  }
  // An anchor or tag may stand before nothing; a '*' here would be an alias and no null.
  if (at(offset) == '&' || at(offset) == '!') refuse_unused(offset);
  Span span{offset, offset};
  if (!stack_.empty() && stack_.back().node->is_map()) {
    // The library gives the place of what follows; the user looks at the key.
    const YamlEntry& entry = stack_.back().node->entries.back();
    span = {entry.offset, std::min(entry.offset + entry.key.size(), line_end(entry.offset))};
  } else if (!stack_.empty() && !stack_.back().flow && at(offset) != '~' && at(offset) != 'n' &&
             at(offset) != 'N') {
    const std::size_t dash = offset > 0 ? text().rfind('-', offset - 1) : std::string::npos;
    if (dash != std::string::npos && dash >= stack_.back().opened.offset) span = {dash, dash + 1};
  } else {
    span = word_span(offset);
  }
  YamlNode& node = add_value(span);
  node.kind = YamlNode::Kind::null;
  set_place(node, span);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
  refuse_unused(offset_of(mark));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                           const std::string& value) {
  const std::size_t offset = offset_of(mark);
  refuse_unused(offset);
  refuse_tab(offset);
  const char first = at(offset);
  const bool quoted = first == '"' || first == '\'' || first == '|' || first == '>';
  const Span span = scalar_span(offset, value);
  last_end_ = span.end;
  if (first == '"' || first == '\'') {
    const std::size_t close = closing_quote(offset);
    // The library takes the end of the file for a closing quote.
    if (close == std::string::npos) throw Refused{quote_problem(offset)};
    if (close > line_end(offset)) long_quote_ = span;
  }
  if (expects_key()) {
    add_key(span, value, quoted);
    return;
  }
  YamlNode& node = add_value(span);
  node.kind = YamlNode::Kind::scalar;
  node.text = value;
  node.quoted = quoted;
  set_place(node, span);
}

void TreeBuilder::open(std::size_t offset, YamlNode::Kind kind, bool flow) {
  refuse_unused(offset);
  refuse_tab(offset);
  const Span span = flow ? Span{offset, std::min(offset + 1, text().size())} : word_span(offset);
  if (expects_key()) {
    refuse(span, "bad_key",
           {"a list or mapping as a key", "daftar atau pemetaan dipakai sebagai kunci"},
           {"keys are plain words; a text with brackets needs quotes",
            "kunci adalah kata biasa; teks berkurung perlu tanda kutip"});
  }
  if (stack_.size() >= static_cast<std::size_t>(limits_.depth)) {
    refuse(span, "yaml_depth",
           {fmt::format("nested deeper than {} levels", limits_.depth),
            fmt::format("bersarang lebih dari {} tingkat", limits_.depth)},
           {});
  }
  YamlNode& node = add_value(span);
  node.kind = kind;
  set_place(node, span);
  stack_.push_back({&node, span, flow, kind == YamlNode::Kind::map});
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                                  YAML::EmitterStyle::value) {
  const std::size_t offset = offset_of(mark);
  open(offset, YamlNode::Kind::list, at(offset) == '[');
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                             YAML::EmitterStyle::value) {
  const std::size_t offset = offset_of(mark);
  open(offset, YamlNode::Kind::map, at(offset) == '{');
}

void TreeBuilder::close() { stack_.pop_back(); }

/// Where a quote opens behind the last scalar that was read and is never closed; npos if none does.
std::size_t TreeBuilder::unclosed_quote() const {
  bool at_start = true;  // of a value or key
  for (std::size_t i = last_end_; i < text().size(); ++i) {
    const char c = text()[i];
    if (at_start && (c == '"' || c == '\'')) {
      const std::size_t close = closing_quote(i);
      if (close == std::string::npos) return i;
      i = close;
      at_start = false;
    } else if (c == '#' && at_start) {
      i = line_end(i);
    } else {
      at_start = c == ' ' || c == '\t' || c == '\n' || c == '[' || c == '{' || c == ',';
    }
  }
  return std::string::npos;
}

Problem TreeBuilder::quote_problem(std::size_t opened) const {
  Problem problem = problem_at({opened, line_end(opened)}, "yaml_syntax",
                               {"this quote is never closed", "tanda kutip ini tidak ditutup"});
  const char quote = at(opened);
  set_hint(problem,
           {fmt::format("expected a closing {}", quote), fmt::format("perlu penutup {}", quote)});
  set_remark(problem, rest_unchecked);
  return problem;
}

Problem TreeBuilder::bracket_problem(Span found) const {
  const auto innermost =
      std::find_if(stack_.rbegin(), stack_.rend(), [](const Frame& frame) { return frame.flow; });
  if (innermost == stack_.rend()) {
    return problem_at(found, "yaml_syntax",
                      {"a bracket is not closed", "ada kurung yang tidak ditutup"});
  }
  const char closing = innermost->node->is_list() ? ']' : '}';
  Problem opened = problem_at(innermost->opened, "yaml_syntax",
                              {"this bracket is never closed", "kurung ini tidak ditutup"});
  set_hint(opened, {fmt::format("expected '{}'", closing), fmt::format("perlu '{}'", closing)});
  if (text().find_first_not_of(" \n", found.offset) == std::string::npos) return opened;
  Problem problem = problem_at(
      found, "yaml_syntax",
      {fmt::format("expected ',' or '{}'", closing), fmt::format("perlu ',' atau '{}'", closing)});
  problem.related = opened.place;
  problem.related_line = opened.source_line;
  problem.related_skip = opened.source_skip;
  set_related_hint(problem, {"the bracket opened here", "kurung dibuka di sini"});
  return problem;
}

struct Wording {
  std::string_view library;
  const char* english;
  const char* indonesian;
  const char* hint;
  const char* hint_indonesian;
};

namespace words = YAML::ErrorMsg;
const Wording wordings[] = {
    {words::MAP_VALUE, "':' is not expected here", "':' tidak pada tempatnya",
     "check the indentation; a text with ': ' needs quotes",
     "periksa indentasi; teks dengan ': ' perlu tanda kutip"},
    {words::MAP_KEY, "a key is not expected here", "kunci tidak pada tempatnya",
     "check the indentation", "periksa indentasi"},
    {words::BLOCK_ENTRY, "'- ' is not expected here", "'- ' tidak pada tempatnya",
     "start the list on a line of its own", "mulai daftar di baris tersendiri"},
    {words::FLOW_END, "this bracket was not opened", "kurung ini tidak dibuka",
     "a text with brackets needs quotes", "teks berkurung perlu tanda kutip"},
    {words::END_OF_MAP, "expected 'key: value' with the indentation of the lines above",
     "perlu 'kunci: nilai' dengan indentasi seperti baris di atasnya", "check the indentation",
     "periksa indentasi"},
    {words::END_OF_SEQ, "expected '- ' with the indentation of the lines above",
     "perlu '- ' dengan indentasi seperti baris di atasnya", "check the indentation",
     "periksa indentasi"},
    {words::UNKNOWN_TOKEN, "a value cannot begin with this character",
     "nilai tidak boleh diawali karakter ini", "put the text in quotes", "pakai tanda kutip"},
    {words::INVALID_ESCAPE, "unknown escape in double quotes",
     "urutan '\\' tidak dikenal dalam tanda kutip ganda",
     "write \\\\ for a backslash, or use single quotes",
     "tulis \\\\ untuk garis miring terbalik, atau pakai kutip tunggal"},
    {words::INVALID_HEX, "a bad character in a \\x or \\u escape",
     "karakter salah dalam urutan \\x atau \\u", "use single quotes", "pakai kutip tunggal"},
    {words::INVALID_UNICODE, "a \\u escape that is no character", "urutan \\u bukan karakter",
     "write the character itself", "tulis karakternya"},
    {words::CHAR_IN_BLOCK, "unexpected text behind '|' or '>'", "ada teks setelah '|' atau '>'",
     "start the text on the next line", "mulai teks di baris berikutnya"},
    {words::TAB_IN_INDENTATION, "tab in the indentation", "tab dipakai sebagai indentasi",
     "indent with spaces", "pakai spasi untuk indentasi"},
};

Problem TreeBuilder::syntax_problem(const YAML::Exception& exception) const {
  const std::string& message = exception.msg;
  const std::size_t offset = offset_of(exception.mark);
  const auto is = [&message](std::string_view word) { return message.starts_with(word); };
  const auto finished = [this](Problem problem) {
    set_remark(problem, rest_unchecked);
    if (!problem.related.file.empty() || !long_quote_) return problem;
    const Problem quote = problem_at(*long_quote_, "", {});
    problem.related = quote.place;
    problem.related_line = quote.source_line;
    problem.related_skip = quote.source_skip;
    set_related_hint(problem, {"this quote closes on a later line; is that meant?",
                               "tanda kutip ini ditutup di baris lain; apakah sengaja?"});
    return problem;
  };
  refuse_unused(offset);
  if (is(words::UNKNOWN_ANCHOR) || is(words::CHAR_IN_ALIAS) || is(words::CHAR_IN_ANCHOR) ||
      is(words::ALIAS_NOT_FOUND) || is(words::ANCHOR_NOT_FOUND) || is(words::ALIAS_CONTENT)) {
    return finished(problem_at(
        word_span(offset), "yaml_alias",
        {"anchors and aliases are not used here", "jangkar dan alias tidak dipakai di sini"}));
  }
  if (is(words::EOF_IN_SCALAR) || is(words::DOC_IN_SCALAR)) {
    const std::size_t opened = unclosed_quote();
    if (opened != std::string::npos) return finished(quote_problem(opened));
  }
  const std::size_t line_start = source_->start_of(source_->line_of(offset));
  const std::size_t content = std::min(text().find_first_not_of(" \t", line_start), text().size());
  refuse_tab(std::min(content, line_end(line_start)));
  if (is(words::END_OF_MAP_FLOW) || is(words::END_OF_SEQ_FLOW)) {
    return finished(bracket_problem(word_span(offset)));
  }
  for (const Wording& wording : wordings) {
    if (!is(wording.library)) continue;
    Problem problem =
        problem_at(word_span(offset), "yaml_syntax", {wording.english, wording.indonesian});
    set_hint(problem, {wording.hint, wording.hint_indonesian});
    return finished(std::move(problem));
  }
  return finished(problem_at(word_span(offset), "yaml_syntax",
                             {"this is no YAML: " + message, "ini bukan YAML: " + message}));
}

void report_empty(const SourceText& source, const YamlNode* root, Problems& problems) {
  Text message{"the file is empty or holds only comments",
               "berkas kosong atau hanya berisi komentar"};
  Place place{source.file()};
  if (root != nullptr && !root->is_null()) {
    message = {
        fmt::format("expected 'key: value' lines, found {}", root->description().english),
        fmt::format("perlu baris 'kunci: nilai', ditemukan {}", root->description().indonesian)};
    place = root->place();
  }
  Problem& problem = problems.error("yaml_empty", place, std::move(message));
  if (place.line > 0) quote_source(problem, source, root->offset);
  const std::string smallest =
      "schema: 1, name: my-plan, city: cities/palembang, "
      "horizon: {start_year: 2019, end_year: 2045}, sampling: {seed: 1}, one on each line";
  set_remark(problem, {"the smallest scenario: " + smallest, "skenario terkecil: " + smallest});
}

std::optional<YamlNode> parse(std::string bytes, const std::string& file, Problems& problems,
                              const YamlLimits& limits, bool map_only) {
  if (bytes.size() > limits.bytes) {
    Problem& problem = problems.error(
        "too_large", {file},
        Text{fmt::format("the text has {} bytes; the limit is {}", bytes.size(), limits.bytes),
             fmt::format("teks berisi {} bita; batasnya {}", bytes.size(), limits.bytes)});
    set_hint(problem, {"tables belong in CSV files", "tabel ditaruh di berkas CSV"});
    return std::nullopt;
  }
  if (!clean_text(bytes, file, problems)) return std::nullopt;
  const auto source = std::make_shared<const SourceText>(file, std::move(bytes));
  TreeBuilder builder(source, limits, problems);
  std::istringstream stream(source->text());
  try {
    try {
      YAML::Parser parser(stream);
      while (parser.HandleNextDocument(builder)) {
      }
    } catch (const YAML::Exception& exception) {
      problems.add(builder.syntax_problem(exception));
      return std::nullopt;
    }
  } catch (Refused& refused) {
    problems.add(std::move(refused.problem));
    return std::nullopt;
  }
  YamlNode& root = builder.root();
  if (!builder.has_root() || (map_only && !root.is_map()) || root.is_null()) {
    report_empty(*source, builder.has_root() ? &root : nullptr, problems);
    return std::nullopt;
  }
  finish_tree(root, *source, problems);
  return std::move(root);
}

}  // namespace

std::optional<YamlNode> read_yaml(const std::string& file, Problems& problems,
                                  const YamlLimits& limits) {
  std::optional<std::string> bytes = read_file(
      file, limits.bytes, problems, {"tables belong in CSV files", "tabel ditaruh di berkas CSV"});
  if (!bytes) return std::nullopt;
  return parse(std::move(*bytes), file, problems, limits, true);
}

std::optional<YamlNode> parse_yaml(std::string bytes, const std::string& file, Problems& problems,
                                   const YamlLimits& limits) {
  return parse(std::move(bytes), file, problems, limits, true);
}

std::optional<YamlNode> parse_yaml_value(std::string bytes, const std::string& origin,
                                         Problems& problems, const YamlLimits& limits) {
  return parse(std::move(bytes), origin, problems, limits, false);
}

}  // namespace musi::sim::io
