#include "analysis/scenario/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using models::Distribution;
using models::DistributionKind;
using models::Redraw;
using models::Status;
using models::Uncertain;
using sim::io::NumberSpec;

/// Standard normal quantile at 0.95: a 90 % range is the mean plus and minus this many sd.
constexpr double z95 = 1.6448536269514722;
/// Ratio of the ends above which a range text is log-normal.
constexpr double log_ratio = 2.0;

const std::vector<std::string> status_words = {"measured",   "reported", "derived", "estimated",
                                               "calibrated", "expert",   "assumed", "synthetic"};
const std::vector<std::string> redraw_words = {"per_replicate", "per_site", "per_rt", "per_year",
                                               "per_site_year"};

struct Kind {
  const char* word;
  DistributionKind kind;
  const char* takes;
};
constexpr std::array<Kind, 8> kinds = {{
    {"constant", DistributionKind::constant, "value"},
    {"uniform", DistributionKind::uniform, "min, max"},
    {"triangular", DistributionKind::triangular, "min, mode, max"},
    {"log_triangular", DistributionKind::log_triangular, "min, mode, max"},
    {"beta_pert", DistributionKind::beta_pert, "min, mode, max"},
    {"normal", DistributionKind::normal, "mean, sd or p05, p95"},
    {"lognormal", DistributionKind::lognormal, "p05, p95 or p50, p95"},
    {"discrete", DistributionKind::discrete, "values, weights_pct"},
}};

void bad_distribution(const YamlNode& node, Text message, Text hint, Problems& problems) {
  auto& problem = node.error("bad_distribution", std::move(message), problems);
  set_hint(problem, std::move(hint));
}

/// Reads the numbers of one distribution; remembers whether one of them was not legal.
class Reading {
 public:
  Reading(const YamlNode& node, const KeySpec& key, const NumberSpec& range, const Kind& kind,
          Problems& problems)
      : node_(node), key_(key), range_(range), kind_(kind), problems_(problems) {}

  std::optional<Distribution> read() {
    Distribution d;
    d.kind = kind_.kind;
    if (range_.min) d.low = *range_.min;
    if (range_.max) d.high = *range_.max;
    d.whole = key_.whole_draws;
    fill(d);
    if (failed_) return std::nullopt;
    return d;
  }

 private:
  bool has(const char* word) const { return node_.has(word); }

  double number(const char* word, bool in_range = true) {
    const YamlNode* value = node_.find(word);
    if (value == nullptr) {
      fail({fmt::format("'{}' needs {}; '{}' is missing", kind_.word, kind_.takes, word),
            fmt::format("'{}' memerlukan {}; '{}' tidak ada", kind_.word, kind_.takes, word)},
           {});
      return 0.0;
    }
    NumberSpec spec = in_range ? range_ : NumberSpec{};
    const auto read = value->as_number(spec, problems_);
    if (!read) failed_ = true;
    return read.value_or(0.0);
  }

  void fail(Text message, Text hint) {
    if (!failed_) bad_distribution(node_, std::move(message), std::move(hint), problems_);
    failed_ = true;
  }

  bool keys(std::initializer_list<const char*> allowed) {
    std::vector<std::string> words(allowed.begin(), allowed.end());
    words.push_back("dist");
    for (const YamlEntry& entry : node_.entries) {
      if (std::find(words.begin(), words.end(), entry.key) != words.end()) continue;
      fail({fmt::format("'{}' takes {}, not '{}'", kind_.word, kind_.takes, entry.key),
            fmt::format("'{}' memakai {}, bukan '{}'", kind_.word, kind_.takes, entry.key)},
           {});
    }
    return !failed_;
  }

  void rising(const char* low_word, double low, const char* high_word, double high,
              bool may_be_equal) {
    if (failed_ || low < high || (may_be_equal && low == high)) return;
    const bool equal = low == high;
    fail({fmt::format("'{}' {} is {} '{}' {}", low_word, sim::io::number_text(low),
                      equal ? "equal to" : "above", high_word, sim::io::number_text(high)),
          fmt::format("'{}' {} {} '{}' {}", low_word, sim::io::number_text(low),
                      equal ? "sama dengan" : "di atas", high_word, sim::io::number_text(high))},
         equal ? Text{"write the plain number", "tulis bilangannya saja"}
               : Text{"write the smaller one first", "tulis yang lebih kecil dahulu"});
  }

  void positive(double low) {
    if (failed_ || low > 0.0) return;
    fail(
        {fmt::format("'{}' needs numbers above 0, found {}", kind_.word, sim::io::number_text(low)),
         fmt::format("'{}' memerlukan bilangan di atas 0, ditemukan {}", kind_.word,
                     sim::io::number_text(low))},
        {"use triangular or normal", "pakai triangular atau normal"});
  }

  void fill(Distribution& d) {
    switch (kind_.kind) {
      case DistributionKind::constant:
        if (keys({"value"})) d.a = number("value");
        return;
      case DistributionKind::uniform:
        if (!keys({"min", "max"})) return;
        d.a = number("min");
        d.b = number("max");
        return rising("min", d.a, "max", d.b, false);
      case DistributionKind::triangular:
      case DistributionKind::log_triangular:
      case DistributionKind::beta_pert:
        return fill_three_points(d);
      case DistributionKind::normal:
        return fill_normal(d);
      case DistributionKind::lognormal:
        return fill_lognormal(d);
      case DistributionKind::discrete:
        return fill_discrete(d);
      case DistributionKind::listed:
        return;  // comes from sampling.draws, never from a scenario
    }
  }

  void fill_three_points(Distribution& d) {
    if (!keys({"min", "mode", "max"})) return;
    d.a = number("min");
    d.b = number("mode");
    d.c = number("max");
    rising("min", d.a, "max", d.c, false);
    rising("min", d.a, "mode", d.b, true);
    rising("mode", d.b, "max", d.c, true);
    if (d.kind == DistributionKind::log_triangular) positive(d.a);
  }

  void fill_bounds(Distribution& d) {
    if (has("min")) d.low = number("min");
    if (has("max")) d.high = number("max");
    rising("min", d.low, "max", d.high, false);
    if (failed_ || (d.b > d.low && d.a < d.high)) return;
    fail({fmt::format("the 90 % range {} to {} lies outside the legal range {} to {}",
                      sim::io::number_text(d.a), sim::io::number_text(d.b),
                      sim::io::number_text(d.low), sim::io::number_text(d.high)),
          fmt::format("rentang 90 % {} sampai {} di luar rentang sah {} sampai {}",
                      sim::io::number_text(d.a), sim::io::number_text(d.b),
                      sim::io::number_text(d.low), sim::io::number_text(d.high))},
         {});
  }

  void fill_normal(Distribution& d) {
    const bool by_mean = has("mean") || has("sd");
    if (!(by_mean ? keys({"mean", "sd", "min", "max"}) : keys({"p05", "p95", "min", "max"}))) {
      return;
    }
    if (by_mean) {
      const double mean = number("mean", false);
      const double sd = number("sd", false);
      if (!failed_ && sd <= 0.0) {
        fail({fmt::format("'sd' is {}, it must be above 0", sim::io::number_text(sd)),
              fmt::format("'sd' adalah {}, harus di atas 0", sim::io::number_text(sd))},
             {});
      }
      d.a = mean - z95 * sd;
      d.b = mean + z95 * sd;
    } else {
      d.a = number("p05", false);
      d.b = number("p95", false);
      rising("p05", d.a, "p95", d.b, false);
    }
    fill_bounds(d);
  }

  void fill_lognormal(Distribution& d) {
    const bool by_median = has("p50");
    if (!(by_median ? keys({"p50", "p95", "min", "max"}) : keys({"p05", "p95", "min", "max"}))) {
      return;
    }
    d.b = number("p95");
    if (by_median) {
      const double median = number("p50");
      rising("p50", median, "p95", d.b, false);
      positive(median);
      if (!failed_) d.a = median * median / d.b;
    } else {
      d.a = number("p05");
      rising("p05", d.a, "p95", d.b, false);
      positive(d.a);
    }
    fill_bounds(d);
  }

  void fill_discrete(Distribution& d) {
    if (!keys({"values", "weights_pct"})) return;
    read_list("values", range_, d.values);
    NumberSpec weight;
    weight.min = 0.0;
    weight.max = 100.0;
    read_list("weights_pct", weight, d.weights);
    if (failed_) return;
    if (d.values.size() != d.weights.size() || d.values.empty()) {
      return fail({fmt::format("{} values but {} weights", d.values.size(), d.weights.size()),
                   fmt::format("{} nilai tetapi {} bobot", d.values.size(), d.weights.size())},
                  {"give one weight for each value", "beri satu bobot untuk setiap nilai"});
    }
    double sum = 0.0;
    for (const double w : d.weights) sum += w;
    if (sum < 99.999 || sum > 100.001) {
      fail({fmt::format("the weights sum to {}, not to 100", sim::io::number_text(sum)),
            fmt::format("jumlah bobot {}, bukan 100", sim::io::number_text(sum))},
           {});
    }
    for (double& w : d.weights) w /= 100.0;
  }

  void read_list(const char* word, const NumberSpec& spec, std::vector<double>& into) {
    const YamlNode* list = node_.find(word);
    if (list == nullptr) {
      return fail({fmt::format("'discrete' needs {}; '{}' is missing", kind_.takes, word),
                   fmt::format("'discrete' memerlukan {}; '{}' tidak ada", kind_.takes, word)},
                  {});
    }
    const auto* items = list->as_list(problems_);
    if (items == nullptr) {
      failed_ = true;
      return;
    }
    for (const YamlNode& item : *items) {
      const auto number = item.as_number(spec, problems_);
      if (!number) failed_ = true;
      into.push_back(number.value_or(0.0));
    }
  }

  const YamlNode& node_;
  const KeySpec& key_;
  NumberSpec range_;
  const Kind& kind_;
  Problems& problems_;
  bool failed_ = false;
};

/// "3 to 15": nothing if the text is no range at all.
std::optional<std::pair<std::string, std::string>> range_ends(const std::string& text) {
  const std::size_t at = text.find(" to ");
  if (at == std::string::npos) return std::nullopt;
  return std::pair(std::string(sim::io::trimmed(std::string_view(text).substr(0, at))),
                   std::string(sim::io::trimmed(std::string_view(text).substr(at + 4))));
}

std::optional<Distribution> read_range_text(const YamlNode& node, const KeySpec& key,
                                            const NumberSpec& range,
                                            std::pair<std::string, std::string> ends,
                                            Problems& problems) {
  std::array<double, 2> values{};
  const std::array<std::string, 2> texts = {ends.first, ends.second};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto reading = sim::io::read_number(texts[i], range);
    if (!reading.value) {
      sim::io::report(reading.fault, node.place(), node.source_line(), node.path, problems);
      return std::nullopt;
    }
    values[i] = *reading.value;
  }
  const auto [low, high] = values;
  if (low >= high) {
    bad_distribution(
        node,
        {fmt::format("the range '{}' does not rise: {} {} {}", node.text, sim::io::number_text(low),
                     low == high ? "equals" : "is above", sim::io::number_text(high)),
         fmt::format("rentang '{}' tidak naik: {} {} {}", node.text, sim::io::number_text(low),
                     low == high ? "sama dengan" : "di atas", sim::io::number_text(high))},
        {fmt::format("write \"{} to {}\"", texts[1], texts[0]),
         fmt::format("tulis \"{} to {}\"", texts[1], texts[0])},
        problems);
    return std::nullopt;
  }
  Distribution d;
  const bool by_log = low > 0.0 && high / low > log_ratio;
  d.kind = by_log ? DistributionKind::lognormal : DistributionKind::normal;
  d.a = low;
  d.b = high;
  if (range.min) d.low = *range.min;
  if (range.max) d.high = *range.max;
  d.whole = key.whole_draws;
  return d;
}

std::optional<Distribution> read_value(const YamlNode& node, const KeySpec& key,
                                       const NumberSpec& range, Problems& problems) {
  if (node.is_scalar()) {
    if (const auto ends = range_ends(node.text)) {
      return read_range_text(node, key, range, *ends, problems);
    }
    NumberSpec spec = range;
    spec.whole = key.whole_draws;
    const auto number = node.as_number(spec, problems);
    if (!number) return std::nullopt;
    return models::constant(*number);
  }
  if (!node.is_map()) {
    node.wrong_type({"a number, a range such as \"3 to 15\", or a distribution",
                     "bilangan, rentang seperti \"3 to 15\", atau distribusi"},
                    problems);
    return std::nullopt;
  }
  const YamlNode* word = node.find("dist");
  if (word == nullptr) {
    bad_distribution(node, {"a distribution needs 'dist'", "distribusi memerlukan 'dist'"},
                     {"for example {dist: triangular, min: 3, mode: 8, max: 15}",
                      "misalnya {dist: triangular, min: 3, mode: 8, max: 15}"},
                     problems);
    return std::nullopt;
  }
  if (word->text == "empirical") {
    word->error("not_available",
                {"'empirical' distributions are not read yet; use discrete or a range",
                 "distribusi 'empirical' belum dibaca; pakai discrete atau rentang"},
                problems);
    return std::nullopt;
  }
  std::vector<std::string> words;
  for (const Kind& kind : kinds) words.emplace_back(kind.word);
  const auto chosen = word->as_choice(words, problems);
  if (!chosen) return std::nullopt;
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return *chosen == k.word; });
  return Reading(node, key, range, *kind, problems).read();
}

void read_redraw(const YamlNode& node, const KeySpec& key, Uncertain& result, Problems& problems) {
  const auto word = node.as_choice(redraw_words, problems);
  if (!word) return;
  const auto at = std::find(redraw_words.begin(), redraw_words.end(), *word);
  result.redraw = static_cast<Redraw>(at - redraw_words.begin());
  if (std::find(key.redraws.begin(), key.redraws.end(), result.redraw) != key.redraws.end()) return;
  std::vector<std::string> allowed;
  for (const Redraw r : key.redraws) allowed.emplace_back(models::word(r));
  auto& problem = node.error("bad_redraw",
                             {fmt::format("'{}' cannot be drawn {}", result.path, *word),
                              fmt::format("'{}' tidak dapat diundi {}", result.path, *word)},
                             problems);
  const std::string words = sim::io::joined(allowed, allowed.size());
  set_remark(problem, {"allowed for this key: " + words, "untuk kunci ini: " + words});
  problem.allowed = std::move(allowed);
}

/// Notes on what was chosen by rule: the form of a range text, and that it is drawn once.
void note_choices(const YamlNode& node, const Uncertain& value, bool redraw_given,
                  Problems& problems) {
  if (value.value.is_constant()) return;
  const YamlNode* text = node.is_map() ? node.find("value") : &node;
  const std::string once = redraw_given ? "" : ", drawn once per future";
  const bool by_log = value.value.kind == DistributionKind::lognormal;
  if (text != nullptr && text->is_scalar()) {
    auto& note = problems.note("range_text", text->place(),
                               fmt::format("'{}' is read as the 90 % range of a {} distribution{}",
                                           text->text, by_log ? "log-normal" : "normal", once));
    note.message_indonesian = fmt::format("'{}' dibaca sebagai rentang 90 % distribusi {}{}",
                                          text->text, by_log ? "log-normal" : "normal",
                                          redraw_given ? "" : ", diundi sekali per kemungkinan");
    note.path = value.path;
  } else if (!redraw_given) {
    auto& note =
        problems.note("redraw_default", node.place(),
                      fmt::format("'{}' has no redraw; it is drawn once per future", value.path));
    note.message_indonesian =
        fmt::format("'{}' tanpa redraw; diundi sekali per kemungkinan", value.path);
    note.path = value.path;
  }
}

}  // namespace

const models::Scenario& built_in_scenario() {
  static const models::Scenario scenario = models::default_scenario();
  return scenario;
}

const Origin& built_in_origin() {
  static const Origin origin = std::make_shared<const sim::io::SourceText>("built in", "");
  return origin;
}

void check_source(const YamlNode& source, const ReferenceKeys& references, Problems& problems) {
  if (source.source == built_in_origin()) return;  // keys of SOURCES.md, whatever the city lists
  const auto text = source.as_text(problems);
  if (!text) return;
  std::size_t begin = 0;
  while (begin <= text->size()) {
    const std::size_t end = std::min(text->find(';', begin), text->size());
    const std::string key(sim::io::trimmed(std::string_view(*text).substr(begin, end - begin)));
    begin = end + 1;
    if (key.empty() || references.contains(key)) continue;
    auto& problem = source.error(
        "unknown_source",
        {fmt::format("source '{}' is in no list of references", sim::io::quoted_value(key)),
         fmt::format("sumber '{}' tidak ada di daftar rujukan", sim::io::quoted_value(key))},
        problems);
    const std::vector<std::string> known(references.begin(), references.end());
    if (const auto nearest = sim::io::nearest_name(key, known)) {
      problem.suggestion = *nearest;
      set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                         fmt::format("maksud Anda '{}'?", *nearest)});
    }
    set_remark(problem, {"sources are keys of provenance.references or of the city's "
                         "references.csv, several separated by ';'",
                         "sumber adalah kunci provenance.references atau references.csv kota, "
                         "dipisahkan ';'"});
  }
}

std::optional<Uncertain> read_uncertain(const YamlNode& node, const KeySpec& key,
                                        const ReferenceKeys& references, Problems& problems) {
  Uncertain result;
  result.path = node.path;
  result.unit = key.unit;
  NumberSpec range = key.range;
  if (!node.is_map()) {
    const auto value = read_value(node, key, range, problems);
    if (!value) return std::nullopt;
    result.value = *value;
    note_choices(node, result, false, problems);
    return result;
  }
  if (node.has("dist")) {
    bad_distribution(node,
                     {fmt::format("the distribution of '{}' stands without 'value'", node.path),
                      fmt::format("distribusi '{}' tanpa 'value'", node.path)},
                     {"write {value: {dist: ...}}", "tulis {value: {dist: ...}}"}, problems);
    return std::nullopt;
  }
  const bool keys_known =
      node.check_keys({"value", "redraw", "source", "status", "note"}, problems);
  const YamlNode* value = node.find("value");
  if (value == nullptr) {
    if (keys_known) {
      node.report_missing_key(
          "value", {"a number, a range, or a distribution", "bilangan, rentang, atau distribusi"},
          "value: \"3 to 15\"", problems);
    }
    return std::nullopt;
  }
  if (node.has("note")) range.usual_min.reset();  // the user says that a small number is meant
  const auto distribution = read_value(*value, key, range, problems);
  if (const YamlNode* redraw = node.find("redraw")) read_redraw(*redraw, key, result, problems);
  if (const YamlNode* status = node.find("status")) {
    if (const auto word = status->as_choice(status_words, problems)) {
      const auto at = std::find(status_words.begin(), status_words.end(), *word);
      result.status = static_cast<Status>(at - status_words.begin());
    }
  }
  if (const YamlNode* source = node.find("source")) {
    check_source(*source, references, problems);
    result.source = source->text;
  }
  if (const YamlNode* note = node.find("note")) result.note = note->as_text(problems).value_or("");
  if (!distribution) return std::nullopt;
  result.value = *distribution;
  if (result.value.is_constant()) result.redraw = Redraw::per_replicate;
  if (value->source != built_in_origin()) {
    note_choices(node, result, node.has("redraw"), problems);
  }
  return result;
}

YamlNode node_of(const Uncertain& input, const Origin& origin) {
  const Distribution& d = input.value;
  const auto number = [&](double v) { return make_scalar(sim::io::number_text(v), origin); };
  const bool plain = input.source.empty() && input.note.empty();
  if (d.is_constant() && plain) return number(d.a);
  YamlNode value = make_map(origin);
  const auto word =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.kind == d.kind; });
  put(value, "dist", make_scalar(word->word, origin));
  switch (d.kind) {
    case DistributionKind::constant:
      value = number(d.a);
      break;
    case DistributionKind::uniform:
      put(value, "min", number(d.a));
      put(value, "max", number(d.b));
      break;
    case DistributionKind::triangular:
    case DistributionKind::log_triangular:
    case DistributionKind::beta_pert:
      put(value, "min", number(d.a));
      put(value, "mode", number(d.b));
      put(value, "max", number(d.c));
      break;
    case DistributionKind::normal:
    case DistributionKind::lognormal:
      put(value, "p05", number(d.a));
      put(value, "p95", number(d.b));
      break;
    case DistributionKind::discrete: {
      YamlNode values = make_list(origin), weights = make_list(origin);
      for (const double v : d.values) values.items.push_back(number(v));
      for (const double w : d.weights) weights.items.push_back(number(100.0 * w));
      put(value, "values", std::move(values));
      put(value, "weights_pct", std::move(weights));
      break;
    }
    case DistributionKind::listed:  // the file of sampling.draws has them
      value = make_scalar("draws", origin);
      break;
  }
  YamlNode story = make_map(origin);
  put(story, "value", std::move(value));
  if (!d.is_constant()) {
    put(story, "redraw", make_scalar(std::string(models::word(input.redraw)), origin));
  }
  if (!input.source.empty()) put(story, "source", make_scalar(input.source, origin, true));
  put(story, "status", make_scalar(std::string(models::word(input.status)), origin));
  if (!input.note.empty()) put(story, "note", make_scalar(input.note, origin, true));
  return story;
}

std::optional<YamlNode> built_in_node(const std::string& path, const KeySpec& key) {
  if (key.type != KeyType::uncertain) return std::nullopt;
  // Many keys are asked one after the other; what is found is only read.
  thread_local models::Scenario scenario = built_in_scenario();
  KeyTarget target{scenario};
  const std::vector<std::string> words = segments(path);
  if (words.front() == "programmes") {
    for (models::ProgrammeSpec& p : scenario.programmes) {
      if (p.id == words[1]) target.programme = &p;
    }
    if (target.programme == nullptr) return std::nullopt;
  }
  if (path.starts_with("funding.sources.")) return std::nullopt;  // always in the tree
  const Uncertain* input = key.find(target);
  if (!input->is_set) return std::nullopt;
  YamlNode node = node_of(*input, built_in_origin());
  repath(node, path);
  return node;
}

void report_not_available(const YamlEntry& entry, const KeySpec& key, Problems& problems) {
  auto& problem = entry.error(
      "not_available",
      {fmt::format("'{}' is not available in this version: {}", key.path, key.not_available),
       fmt::format("'{}' belum tersedia dalam versi ini: {}", key.path, key.not_available)},
      problems);
  set_hint(problem, {"delete it", "hapus"});
}

}  // namespace musi::analysis
