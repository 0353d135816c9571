#include "analysis/scenario/fill.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/programmes/catalogue.h"
#include "models/programmes/items.h"
#include "models/programmes/strategies.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using models::ProgrammeSpec;
using models::SourceKind;
using models::SourceSpec;
using models::Uncertain;

constexpr std::size_t longest_text = 4000;

/// An item of a menu or a programme word that is not known.
void report_unknown_word(const YamlEntry& entry, const char* what, const char* apa,
                         const std::vector<std::string>& known, Problems& problems) {
  auto& problem =
      entry.error("unknown_id",
                  {fmt::format("unknown {} '{}'", what, sim::io::quoted_value(entry.key)),
                   fmt::format("{} '{}' tidak dikenal", apa, sim::io::quoted_value(entry.key))},
                  problems);
  if (const auto nearest = sim::io::nearest_name(entry.key, known)) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                       fmt::format("maksud Anda '{}'?", *nearest)});
  }
  problem.allowed = known;
  set_remark(problem, {"known: " + sim::io::joined(known), "dikenal: " + sim::io::joined(known)});
}

std::vector<std::string> item_words() {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < models::n_items; ++i) {
    words.emplace_back(models::word(static_cast<models::Item>(i)));
  }
  return words;
}

/// Reads the value of one key.
class KeyReader {
 public:
  KeyReader(const KeySpec& key, const ReferenceKeys& references, Problems& problems)
      : key_(key), references_(references), problems_(problems) {}

  /// Nothing after a problem.
  std::optional<KeyValue> read(const YamlNode& node) {
    good_ = true;
    switch (key_.type) {
      case KeyType::text:
      case KeyType::file_path:
        value_.text = take(node.as_text(problems_));
        break;
      case KeyType::slug:
        good_ = check_name(node, problems_), value_.text = node.text;
        break;
      case KeyType::bilingual:
        read_bilingual(node);
        break;
      case KeyType::month:
        read_month(node);
        break;
      case KeyType::date:
        read_date(node);
        break;
      case KeyType::toggle:
        value_.on = take(node.as_bool(problems_));
        break;
      case KeyType::whole:
        value_.whole = take(node.as_whole(key_.range, problems_));
        break;
      case KeyType::number:
        value_.number = take(node.as_number(key_.range, problems_));
        break;
      case KeyType::choice:
        value_.choice = read_choice(node);
        break;
      case KeyType::uncertain:
        value_.uncertain = take(read_uncertain(node, key_, references_, problems_));
        break;
      case KeyType::uncertain_by_year:
        read_years(node);
        break;
      case KeyType::texts:
      case KeyType::choices:
      case KeyType::wholes:
      case KeyType::numbers:
        read_list(node);
        break;
      case KeyType::menu:
        read_menu(node);
        break;
      case KeyType::target_path:
        read_target_path(node);
        break;
      case KeyType::open:
        break;
    }
    if (!good_) return std::nullopt;
    return value_;
  }

 private:
  template <class T>
  T take(std::optional<T> read) {
    if (!read) good_ = false;
    return std::move(read).value_or(T{});
  }

  void read_bilingual(const YamlNode& node) {
    if (!node.is_map()) {
      value_.text = value_.text_indonesian = take(node.as_text(problems_));
    } else {
      good_ = node.check_keys({"en", "id"}, problems_);
      const YamlNode* english = node.find("en");
      const YamlNode* indonesian = node.find("id");
      if (english != nullptr) value_.text = take(english->as_text(problems_));
      if (indonesian != nullptr) value_.text_indonesian = take(indonesian->as_text(problems_));
      if (english == nullptr) value_.text = value_.text_indonesian;
      if (indonesian == nullptr) value_.text_indonesian = value_.text;
    }
    const std::size_t length =
        std::max(sim::io::n_characters(value_.text), sim::io::n_characters(value_.text_indonesian));
    if (length > longest_text) {
      good_ = false;
      node.error("out_of_range",
                 {fmt::format("text of {} letters, at most {}", length, longest_text),
                  fmt::format("teks {} huruf, paling banyak {}", length, longest_text)},
                 problems_);
    }
  }

  void read_date(const YamlNode& node) {
    value_.text = take(node.as_text(problems_));
    if (!good_) return;
    const std::string& t = value_.text;
    bool fits = t.size() == 10 && t[4] == '-' && t[7] == '-';
    for (std::size_t i = 0; fits && i < t.size(); ++i) {
      if (i != 4 && i != 7) fits = t[i] >= '0' && t[i] <= '9';
    }
    if (fits) return;
    good_ = false;
    node.wrong_type({"a date such as 2026-11-22", "tanggal seperti 2026-11-22"}, problems_);
  }

  void read_month(const YamlNode& node) {
    value_.text = take(node.as_text(problems_));
    if (!good_) return;
    const std::string& t = value_.text;
    bool fits = t.size() == 7 && t[4] == '-';
    for (std::size_t i = 0; fits && i < t.size(); ++i) {
      if (i != 4) fits = t[i] >= '0' && t[i] <= '9';
    }
    const int month = fits ? (t[5] - '0') * 10 + (t[6] - '0') : 0;
    if (month >= 1 && month <= 12) {
      int year = 0;
      for (std::size_t i = 0; i < 4; ++i) year = 10 * year + (t[i] - '0');
      value_.whole = 12 * year + month - 1;
      return;
    }
    good_ = false;
    node.wrong_type({"a month such as 2021-12", "bulan seperti 2021-12"}, problems_);
  }

  std::size_t read_choice(const YamlNode& node) {
    const auto& later = key_.choices_to_come;
    if (node.is_scalar() && std::find(later.begin(), later.end(), node.text) != later.end()) {
      good_ = false;
      auto& problem = node.error(
          "not_available",
          {fmt::format("'{}' for '{}' is not available in this version", node.text, node.path),
           fmt::format("'{}' untuk '{}' belum tersedia dalam versi ini", node.text, node.path)},
          problems_);
      problem.allowed = key_.choices;
      const std::string words = sim::io::joined(key_.choices, 30);
      set_remark(problem, {"one of: " + words, "salah satu dari: " + words});
      return 0;
    }
    const auto word = node.as_choice(key_.choices, problems_);
    if (!word) {
      good_ = false;
      return 0;
    }
    const auto at = std::find(key_.choices.begin(), key_.choices.end(), *word);
    return static_cast<std::size_t>(at - key_.choices.begin());
  }

  void read_years(const YamlNode& node) {
    const auto* entries = node.as_map(problems_);
    if (entries == nullptr) {
      good_ = false;
      return;
    }
    for (const YamlEntry& entry : *entries) {
      sim::io::NumberSpec years;
      years.min = 1900;
      years.max = 2200;
      years.whole = true;
      const auto year = sim::io::read_number(entry.key, years);
      if (!year.value) {
        good_ = false;
        auto& problem = entry.error("bad_number",
                                    {fmt::format("'{}' is not a year", entry.key),
                                     fmt::format("'{}' bukan tahun", entry.key)},
                                    problems_);
        set_hint(problem, {"write {2027: 35}", "tulis {2027: 35}"});
        continue;
      }
      if (entry.value.is_null()) {
        good_ = false;
        entry.value.report_empty_value(entry, {}, problems_);
        continue;
      }
      const auto value = read_uncertain(entry.value, key_, references_, problems_);
      if (!value) good_ = false;
      if (value) value_.by_year[static_cast<int>(*year.value)] = *value;
    }
  }

  void read_list(const YamlNode& node) {
    const auto* items = node.as_list(problems_);
    if (items == nullptr) {
      good_ = false;
      return;
    }
    for (const YamlNode& item : *items) {
      if (key_.type == KeyType::texts) value_.texts.push_back(take(item.as_text(problems_)));
      if (key_.type == KeyType::choices) value_.choices.push_back(read_choice(item));
      if (key_.type == KeyType::wholes) {
        value_.wholes.push_back(take(item.as_whole(key_.range, problems_)));
      }
      if (key_.type == KeyType::numbers) {
        value_.numbers.push_back(take(item.as_number(key_.range, problems_)));
      }
    }
  }

  void read_menu(const YamlNode& node) {
    if (!node.is_map()) {
      const std::vector<std::string> names = {"C", "A"};
      const auto name = node.as_choice(names, problems_);
      if (name) value_.menu = models::named_menu(*name);
      good_ = name.has_value();
      return;
    }
    for (const YamlEntry& entry : node.entries) {
      const auto item = models::item_of(entry.key);
      if (!item) {
        good_ = false;
        report_unknown_word(entry, "item", "butir", item_words(), problems_);
        continue;
      }
      const double percent = take(entry.value.as_number(key_.range, problems_));
      value_.menu.push_back({*item, percent / 100.0});
    }
  }

  void read_target_path(const YamlNode& node) {
    using Kind = models::TargetPath::Kind;
    good_ =
        node.as_map(problems_) != nullptr &&
        node.check_keys({"zero_by", "abs_ha_per_year", "pct_of_base", "pct_of_rest"}, problems_);
    if (!good_) return;
    if (node.entries.size() != 1) {
      good_ = false;
      node.error("wrong_type",
                 {"a target path has exactly one key", "jalur target punya tepat satu kunci"},
                 problems_);
      return;
    }
    const YamlEntry& entry = node.entries.front();
    sim::io::NumberSpec range;
    range.min = 0;
    range.max = 1e6;
    value_.target_path.kind = Kind::abs_ha_per_year;
    if (entry.key == "zero_by") {
      range.min = 2000;
      range.max = 2150;
      range.whole = true;
      value_.target_path.kind = Kind::zero_by;
    } else if (entry.key != "abs_ha_per_year") {
      range.max = 100;
      value_.target_path.kind = entry.key == "pct_of_base" ? Kind::pct_of_base : Kind::pct_of_rest;
    }
    value_.target_path.value = take(entry.value.as_number(range, problems_));
  }

  const KeySpec& key_;
  const ReferenceKeys& references_;
  Problems& problems_;
  KeyValue value_;
  bool good_ = true;
};

/// Carry rule and authority of a kind of source, MODEL.md 12.
void set_defaults_of_kind(SourceSpec& source) {
  using enum SourceKind;
  using models::CarryRule;
  source.carry_rule = source.kind == state  ? CarryRule::return_
                      : source.kind == loan ? CarryRule::split_years
                                            : CarryRule::carry_if_contracted;
  if (source.kind == state || source.kind == loan) source.authority_min_ha = 15.0;
  if (source.kind == province) {
    source.authority_min_ha = 10.0;
    source.authority_max_ha = 15.0;
  }
  if (source.kind == city) source.authority_max_ha = 10.0;
}

Uncertain not_given(std::string path, std::string unit) {
  Uncertain u;
  u.path = std::move(path);
  u.unit = std::move(unit);
  u.is_set = false;
  return u;
}

class Filler {
 public:
  Filler(models::Scenario& scenario, const ReferenceKeys& references, Problems& problems)
      : scenario_(scenario), references_(references), problems_(problems) {}

  void walk(const YamlNode& node, const SchemaNode& at, KeyTarget target) {
    for (const YamlEntry& entry : node.entries) {
      const SchemaNode* child = at.child(entry.key);
      if (child == nullptr) {
        node.report_unknown_key(entry, at.names(), problems_);
      } else if (child->key != nullptr && !child->key->not_available.empty()) {
        report_not_available(entry, *child->key, problems_);
      } else if (entry.value.is_null()) {
        const std::string fallback = child->key == nullptr ? "" : child->key->default_text();
        node.report_empty_value(entry, fallback, problems_);
      } else if (child->key != nullptr) {
        read_key(entry.value, *child->key, target);
      } else if (entry.value.as_map(problems_) == nullptr) {
        continue;
      } else if (child->pattern == "programmes") {
        fill_programmes(entry.value, *child);
      } else if (child->pattern == "funding.sources") {
        fill_sources(entry.value, *child);
      } else {
        walk(entry.value, *child, target);
      }
    }
  }

 private:
  void read_key(const YamlNode& node, const KeySpec& key, KeyTarget& target) {
    if (key.path == "schema") return;  // checked file by file
    const auto value = KeyReader(key, references_, problems_).read(node);
    if (!value) return;
    if (Uncertain* input = key.find(target)) {
      const std::string unit = input->unit.empty() ? key.unit : input->unit;
      *input = value->uncertain;
      input->unit = unit;
      return;
    }
    if (key.fill != nullptr) key.fill(target, *value);
  }

  void fill_sources(const YamlNode& node, const SchemaNode& at) {
    scenario_.funding.sources.clear();
    scenario_.funding.sources.reserve(node.entries.size());
    const SchemaNode& any = at.children.front();
    for (const YamlEntry& entry : node.entries) {
      YamlNode name = entry.value;
      name.kind = YamlNode::Kind::scalar;
      name.text = entry.key;
      name.line = entry.line;
      name.column = entry.column;
      name.end_column = entry.end_column;
      if (!check_name(name, problems_)) continue;
      if (entry.value.as_map(problems_) == nullptr) continue;
      SourceSpec& source = scenario_.funding.sources.emplace_back();
      source.id = entry.key;
      source.share_pct = not_given(entry.value.path + ".share_pct", "%");
      source.share_pct.is_set = true;  // 0 unless given
      source.annual_idr_bn = not_given(entry.value.path + ".annual_idr_bn", "IDR billion a year");
      source.scale_pct = not_given(entry.value.path + ".scale_pct", "%");
      source.effective_month = not_given(entry.value.path + ".effective_month", "month");
      const YamlNode* kind = entry.value.find("kind");
      KeyTarget target{scenario_, &source, nullptr};
      if (kind == nullptr) {
        entry.value.report_missing_key("kind",
                                       {"sets effective month, carry rule and authority",
                                        "menentukan bulan efektif, aturan sisa dan kewenangan"},
                                       "kind: city", problems_);
      } else {
        Problems unseen;  // the walk below reports them
        const auto value = KeyReader(*any.child("kind")->key, references_, unseen).read(*kind);
        if (value) source.kind = static_cast<SourceKind>(value->choice);
      }
      set_defaults_of_kind(source);
      walk(entry.value, any, target);
      const bool has_own_money = source.annual_idr_bn.is_set || !source.schedule.empty();
      if (has_own_money && !entry.value.has("share_pct")) source.share_pct.is_set = false;
    }
  }

  void fill_programmes(const YamlNode& node, const SchemaNode& at) {
    const SchemaNode& any = at.children.front();
    scenario_.programmes.reserve(scenario_.programmes.size() + node.entries.size());
    for (const YamlEntry& entry : node.entries) {
      if (entry.value.as_map(problems_) == nullptr) continue;
      ProgrammeSpec* programme = programme_of(entry, any);
      if (programme == nullptr) continue;
      if (const YamlNode* share = entry.value.find("share_pct"); share == nullptr) {
        // Amounts replace the share of the type.
        if (entry.value.has("amount_idr_bn")) programme->share_pct.value = models::constant(0.0);
      }
      walk(entry.value, any, {scenario_, nullptr, programme});
    }
  }

  /// The programme that an entry changes, or a new one of its type; null after a problem.
  ProgrammeSpec* programme_of(const YamlEntry& entry, const SchemaNode& any) {
    const auto present = std::find_if(scenario_.programmes.begin(), scenario_.programmes.end(),
                                      [&](const ProgrammeSpec& p) { return p.id == entry.key; });
    const YamlNode* type = entry.value.find("type");
    const KeySpec& type_key = *any.child("type")->key;
    if (present != scenario_.programmes.end() && (type == nullptr || type->text == present->type)) {
      return &*present;
    }
    std::string word = entry.key;
    if (type != nullptr) {
      const auto value = KeyReader(type_key, references_, problems_).read(*type);
      if (!value) return nullptr;
      word = type_key.choices[value->choice];
    } else if (!is_type(type_key, entry)) {
      return nullptr;
    }
    ProgrammeSpec fresh = of_type(word, entry.key);
    if (present == scenario_.programmes.end()) {
      return &scenario_.programmes.emplace_back(std::move(fresh));
    }
    *present = std::move(fresh);
    return &*present;
  }

  bool is_type(const KeySpec& type_key, const YamlEntry& entry) {
    const auto& types = type_key.choices;
    if (std::find(types.begin(), types.end(), entry.key) != types.end()) return true;
    const YamlNode* id = entry.value.find("id");
    const YamlNode& at = id == nullptr ? entry.value : *id;
    auto& problem = at.error(
        "unknown_id",
        {fmt::format("programme '{}' is not in the catalogue and has no type", entry.key),
         fmt::format("program '{}' tidak ada di katalog dan tidak punya jenis", entry.key)},
        problems_);
    if (const auto nearest = sim::io::nearest_name(entry.key, types)) {
      problem.suggestion = *nearest;
      set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                         fmt::format("maksud Anda '{}'?", *nearest)});
    }
    problem.allowed = types;
    set_remark(problem, {"or add its type: " + sim::io::joined(types, 30),
                         "atau tambahkan jenisnya: " + sim::io::joined(types, 30)});
    return false;
  }

  static ProgrammeSpec of_type(const std::string& type, const std::string& id) {
    ProgrammeSpec result;
    for (const ProgrammeSpec& p : models::programme_catalogue()) {
      if (p.type == type) result = p;
    }
    result.id = id;
    if (id != type) {
      result.line.reset();  // one programme spends the money of a line
      result.title_en = result.title_id = id;
      result.csv_rows = {id};
    }
    for (Uncertain* u :
         {&result.share_pct, &result.gate_engaged_pct, &result.guideline_month,
          &result.min_package_idr_mn, &result.max_package_idr_mn, &result.staff_load_officer_months,
          &result.sites_per_year, &result.units_per_year}) {
      u->path = "programmes." + id + u->path.substr(u->path.rfind('.'));
    }
    return result;
  }

  models::Scenario& scenario_;
  const ReferenceKeys& references_;
  Problems& problems_;
};

bool states_money(const ProgrammeSpec& p, const YamlNode& tree) {
  return find_node(tree, "programmes." + p.id + ".share_pct") != nullptr ||
         !p.amount_idr_bn.empty();
}

/// A strategy of the plan multiplies the shares that no file states; T3 brings its programmes to
/// the same sites unless a file says whom one of them serves (MODEL.md 29.1).
void follow_strategy(models::Scenario& scenario, const YamlNode& tree) {
  for (ProgrammeSpec& p : scenario.programmes) {
    p.joins_package = models::is_in_package(scenario.strategy, p.type) &&
                      find_node(tree, "programmes." + p.id + ".targeting") == nullptr &&
                      find_node(tree, "programmes." + p.id + ".sites_per_year") == nullptr;
    if (states_money(p, tree)) continue;
    const double factor = models::strategy_factor(scenario.strategy, p.type);
    if (factor == 1.0) continue;
    p.share_pct.value = models::constant(factor * models::central(p.share_pct.value));
  }
}

/// Shares that no file states fill up to 100 % in proportion (INTERFACE 4.4).
void fill_up_shares(models::Scenario& scenario, const YamlNode& tree) {
  double given = 0.0, others = 0.0;
  const auto is_given = [&](const ProgrammeSpec& p) { return states_money(p, tree); };
  for (const ProgrammeSpec& p : scenario.programmes) {
    if (p.enabled) (is_given(p) ? given : others) += models::central(p.share_pct.value);
  }
  if (others <= 0.0) return;
  const double factor = std::max(0.0, 100.0 - given) / others;
  for (ProgrammeSpec& p : scenario.programmes) {
    if (p.enabled && !is_given(p)) {
      p.share_pct.value = models::constant(factor * models::central(p.share_pct.value));
    }
  }
}

}  // namespace

YamlNode built_in_sources() {
  static const char* const kind_words[] = {"state",   "loan",      "province", "city",
                                           "private", "community", "partner"};
  const Origin& origin = built_in_origin();
  YamlNode sources = make_map(origin);
  for (const SourceSpec& s : built_in_scenario().funding.sources) {
    YamlNode source = make_map(origin);
    put(source, "kind", make_scalar(kind_words[static_cast<std::size_t>(s.kind)], origin));
    put(source, "share_pct", node_of(s.share_pct, origin));
    put(sources, s.id, std::move(source));
  }
  repath(sources, "funding.sources");
  return sources;
}

models::Scenario fill_scenario(const YamlNode& tree, const ReferenceKeys& references,
                               int price_year, Problems& problems) {
  models::Scenario scenario = built_in_scenario();
  scenario.funding.price_year = price_year;
  scenario.forecast_from_year = 0;
  scenario.zero.baseline_year = 0;
  const YamlNode* catalogue = find_node(tree, "programme_catalogue");
  if (catalogue != nullptr && catalogue->text == "none") scenario.programmes.clear();
  Filler(scenario, references, problems).walk(tree, schema().root(), {scenario});
  const int start = scenario.clock.start_year;
  if (scenario.forecast_from_year == 0) scenario.forecast_from_year = start;
  if (scenario.zero.baseline_year == 0) scenario.zero.baseline_year = start;
  if (scenario.title_en.empty()) scenario.title_en = scenario.title_id = scenario.name;
  follow_strategy(scenario, tree);
  fill_up_shares(scenario, tree);
  return scenario;
}

}  // namespace musi::analysis
