#include "analysis/scenario/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/finance/lines.h"
#include "models/programmes/need.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using models::ProgrammeSpec;
using models::Scenario;
using models::SourceSpec;

constexpr int few = 100;

/// Sources that MODEL.md names; a catalogue entry may name one that this scenario does not have.
const std::vector<std::string> known_sources = {
    "apbn", "loan_nusp", "kotaku", "apbd_province", "apbd_city", "private", "community", "partner"};

class Checker {
 public:
  Checker(const YamlNode& tree, const CityData& city, Scenario& scenario, Problems& problems)
      : tree_(tree), city_(city), scenario_(scenario), problems_(problems) {}

  void run() {
    if (!check_horizon()) return;  // nothing else about years would make sense
    check_targets();
    check_years();
    check_money();
    check_lines();
    check_programmes();
    check_names();
    check_rest();
  }

 private:
  int start() const { return scenario_.clock.start_year; }
  int end() const { return scenario_.clock.end_year; }
  bool inside(int year) const { return year >= start() && year <= end(); }
  const YamlNode* node(const std::string& path) const { return find_node(tree_, path); }

  /// Warning at a node of the tree, or at the top of the file.
  sim::Problem& warn(const std::string& path, const char* code, Text message) {
    const YamlNode* at = node(path);
    auto& problem =
        problems_.warning(code, at != nullptr ? at->place() : tree_.place(), message.english);
    problem.message_indonesian = message.indonesian;
    problem.path = path;
    if (at != nullptr) problem.source_line = at->source_line();
    return problem;
  }

  sim::Problem& outside(const YamlNode& at, const char* code, int year) {
    auto& problem =
        at.error(code,
                 {fmt::format("{} lies outside the horizon {} to {}", year, start(), end()),
                  fmt::format("{} di luar rentang {} sampai {}", year, start(), end())},
                 problems_);
    return problem;
  }

  bool check_horizon() {
    const YamlNode* from = node("horizon.start_year");
    const YamlNode* to = node("horizon.end_year");
    if (from == nullptr || to == nullptr) return false;
    const int years = end() - start();
    if (years <= 0 || years >= 100) {
      auto& problem = to->error(
          "bad_horizon",
          {years <= 0 ? fmt::format("end_year {} is not after start_year {}", end(), start())
                      : fmt::format("{} to {} are {} years, at most 100 can be run", start(), end(),
                                    years + 1),
           years <= 0 ? fmt::format("end_year {} tidak sesudah start_year {}", end(), start())
                      : fmt::format("{} sampai {} adalah {} tahun, paling banyak 100", start(),
                                    end(), years + 1)},
          problems_);
      problem.related = from->place();
      problem.related_line = from->source_line();
      set_related_hint(problem, {"start_year", "start_year"});
      return false;
    }
    return true;
  }

  void check_targets() {
    models::Targets& t = scenario_.targets;
    if (const YamlNode* headline = node("targets.headline_year")) {
      if (!inside(t.headline_year)) report_target(*headline, t.headline_year);
    } else {
      t.headline_year = std::clamp(t.headline_year, start(), end());
    }
    if (const YamlNode* years = node("targets.years")) {
      for (std::size_t i = 0; i < t.years.size() && i < years->items.size(); ++i) {
        if (!inside(t.years[i])) report_target(years->items[i], t.years[i]);
        if (i > 0 && t.years[i] <= t.years[i - 1]) {
          years->items[i].error(
              "out_of_range",
              {fmt::format("{} comes after {}; years must rise", t.years[i], t.years[i - 1]),
               fmt::format("{} setelah {}; tahun harus naik", t.years[i], t.years[i - 1])},
              problems_);
        }
      }
    } else {
      std::erase_if(t.years, [&](int year) { return !inside(year); });
      if (t.years.empty()) t.years = {end()};
    }
  }

  void report_target(const YamlNode& at, int year) {
    auto& problem = outside(at, "target_outside", year);
    const int nearest = std::clamp(year, start(), end());
    problem.suggestion = std::to_string(nearest);
    set_hint(problem, {fmt::format("nearest legal year: {}", nearest),
                       fmt::format("tahun sah terdekat: {}", nearest)});
  }

  void check_years() {
    const std::pair<const char*, int> years[] = {
        {"horizon.forecast_from_year", scenario_.forecast_from_year},
        {"zero.baseline_year", scenario_.zero.baseline_year},
        {"participation.complaint_channel.start_year",
         scenario_.participation.complaint_channel_start_year},
    };
    for (const auto& [path, year] : years) {
      const YamlNode* at = node(path);
      if (at != nullptr && !inside(year)) outside(*at, "year_outside", year);
    }
    check_schedule("procedure.guideline_schedule", scenario_.procedure.guideline_schedule);
    check_period("participation.facilitators", scenario_.participation.facilitators_start_year,
                 scenario_.participation.facilitators_end_year);
    const std::string prices = "funding.price_year";
    const auto& index = city_.city->price_index;
    const int price_year = scenario_.funding.price_year;
    if (const YamlNode* at = node(prices);
        at != nullptr && !index.empty() &&
        (price_year < index.begin()->first || price_year > index.rbegin()->first)) {
      at->error("out_of_range",
                {fmt::format("price year {} lies outside the price index of the city, {} to {}",
                             price_year, index.begin()->first, index.rbegin()->first),
                 fmt::format("tahun harga {} di luar indeks harga kota, {} sampai {}", price_year,
                             index.begin()->first, index.rbegin()->first)},
                problems_);
    }
  }

  /// A period that ends before it starts is an error, one outside the horizon a warning.
  void check_period(const std::string& group, int from, int to) {
    const YamlNode* from_node = node(group + ".start_year");
    const YamlNode* to_node = node(group + ".end_year");
    if (from_node == nullptr && to_node == nullptr) return;
    if (to < from) {
      const YamlNode& at = to_node != nullptr ? *to_node : *from_node;
      at.error("bad_period",
               {fmt::format("'{}' ends in {}, before it starts in {}", group, to, from),
                fmt::format("'{}' berakhir {}, sebelum mulai {}", group, to, from)},
               problems_);
    } else if (to < start() || from > end()) {
      warn(from_node != nullptr ? from_node->path : to_node->path, "bad_period",
           {fmt::format("'{}' lies outside the horizon {} to {} and does nothing", group, start(),
                        end()),
            fmt::format("'{}' di luar rentang {} sampai {} dan tidak berpengaruh", group, start(),
                        end())});
    }
  }

  void check_schedule(const std::string& path, const std::map<int, models::Uncertain>& amounts) {
    const YamlNode* map = node(path);
    if (map == nullptr) return;
    for (const auto& [year, amount] : amounts) {
      if (inside(year)) continue;
      const YamlEntry* entry = map->find_entry(std::to_string(year));
      auto& problem = outside(entry != nullptr ? entry->value : *map, "year_outside", year);
      set_remark(problem, {"write years of the horizon, for example {2027: 35}",
                           "tulis tahun di dalam rentang, misalnya {2027: 35}"});
    }
  }

  void check_shares(const char* what, const std::string& group, double sum,
                    const std::vector<std::string>& ids, bool all_given) {
    if (sum > 100.0 + 1e-9) {
      const YamlNode* at = node(group + "." + ids.back() + ".share_pct");
      if (at == nullptr) at = node(group);
      if (at == nullptr) return;
      auto& problem = at->error("shares",
                                {fmt::format("the shares of {} sum to {} %, at most 100 %", what,
                                             sim::io::number_text(sum)),
                                 fmt::format("jumlah bagian {} {} %, paling banyak 100 %", group,
                                             sim::io::number_text(sum))},
                                problems_);
      const std::string words = sim::io::joined(ids, 20);
      set_remark(problem, {"added up: " + words, "dijumlahkan: " + words});
    } else if (all_given && sum < 100.0 - 1e-9) {
      warn(group, "shares",
           {fmt::format("the shares of {} sum to {} %; {} % of the money is not used", what,
                        sim::io::number_text(sum), sim::io::number_text(100.0 - sum)),
            fmt::format("jumlah bagian {} {} %; {} % dana tidak dipakai", group,
                        sim::io::number_text(sum), sim::io::number_text(100.0 - sum))});
    }
  }

  void check_money() {
    double sum = 0.0;
    std::vector<std::string> ids;
    bool own_money = false;
    for (const SourceSpec& s : scenario_.funding.sources) {
      const std::string group = "funding.sources." + s.id;
      check_period(group, s.start_year, s.end_year);
      check_schedule(group + ".schedule", s.schedule);
      own_money = own_money || s.annual_idr_bn.is_set || !s.schedule.empty();
      if (!s.share_pct.is_set || models::central(s.share_pct.value) == 0.0) continue;
      sum += models::central(s.share_pct.value);
      ids.push_back(s.id);
      if (s.authority_min_ha > s.authority_max_ha) {
        if (const YamlNode* at = node(group)) {
          at->error("out_of_range",
                    {fmt::format("authority of '{}' from {} to {} ha is empty", s.id,
                                 sim::io::number_text(s.authority_min_ha),
                                 sim::io::number_text(s.authority_max_ha)),
                     fmt::format("kewenangan '{}' dari {} sampai {} ha kosong", s.id,
                                 sim::io::number_text(s.authority_min_ha),
                                 sim::io::number_text(s.authority_max_ha))},
                    problems_);
        }
      }
    }
    if (!ids.empty()) check_shares("sources", "funding.sources", sum, ids, !own_money);
    if (!scenario_.funding.scripted) return;
    std::vector<std::string> unused;
    for (const int year : city_.budget_years) {
      if (!inside(year)) unused.push_back(std::to_string(year));
    }
    if (unused.empty()) return;
    warn("funding.mode", "year_unused",
         {fmt::format("rows of budgets.csv for {} lie outside the horizon and are ignored",
                      sim::io::joined(unused, 20)),
          fmt::format("baris budgets.csv untuk {} di luar rentang dan diabaikan",
                      sim::io::joined(unused, 20))});
  }

  /// Levers that would move nothing: money of lines, and levers without the programme they need.
  void check_lines() {
    const auto& funding = scenario_.funding;
    double sum = 0.0;
    std::vector<std::string> sites;
    for (const models::SiteFacts& site : city_.city->sites) sites.push_back(site.site_id);
    for (const models::LineInfo& info : models::budget_lines()) {
      const models::LineSpec& line = funding.lines[static_cast<std::size_t>(info.line)];
      const std::string group = "funding.lines." + std::string(info.word);
      sum += models::central(line.share_pct.value);
      check_words(group + ".sites", "site", "lokasi", sites);
      if (info.lies_beside_sites && line.sites.empty() && node(group + ".effect") != nullptr) {
        warn(group + ".effect", "no_effect",
             {fmt::format("'{0}' acts only beside sites that '{1}.sites' names", info.word, group),
              fmt::format("'{0}' hanya berpengaruh di dekat lokasi yang disebut '{1}.sites'",
                          info.word, group)});
      }
    }
    const double crowd = models::central(
        scenario_.parameters[static_cast<std::size_t>(models::Param::budget_crowd_share)].value);
    if (crowd * sum >= 10'000.0) {
      const std::string taken = fmt::format("{:.0f}", crowd * sum * 0.01);
      warn("funding.lines", "shares",
           {fmt::format("the lines take {} % of the office's money: nothing is left for slums",
                        taken),
            fmt::format("pos belanja mengambil {} % dana dinas: tidak ada sisa untuk kumuh",
                        taken)});
    }
    const bool has_own_level = std::any_of(
        funding.sources.begin(), funding.sources.end(), [](const SourceSpec& s) {
          return s.kind == models::SourceKind::city &&
                 (s.annual_idr_bn.is_set || !s.schedule.empty());
        });
    if (funding.department_budget_idr_bn.is_set && has_own_level) {
      warn("funding.department_budget_idr_bn", "no_effect",
           {"the levels of city sources only divide what the office's lines leave",
            "jumlah sumber kota hanya membagi sisa setelah pos belanja dinas"});
    }
    needs_programme("funding.lines.waterfront.share_pct", "waterfront");
    needs_programme("funding.lines.strategic_infrastructure.effect", "strategic_infrastructure");
    needs_programme("participation.facilitators.number", "facilitation");
    needs_programme("participation.complaint_channel.start_year", "complaints");
  }

  void needs_programme(const std::string& path, const char* type) {
    const bool runs = std::any_of(
        scenario_.programmes.begin(), scenario_.programmes.end(),
        [&](const ProgrammeSpec& p) { return p.enabled && p.type == type; });
    if (node(path) == nullptr || runs) return;
    warn(path, "no_effect",
         {fmt::format("'{}' needs a programme of type '{}', which this scenario has not", path,
                      type),
          fmt::format("'{}' memerlukan program jenis '{}', yang tidak ada di skenario ini", path,
                      type)});
  }

  void check_programmes() {
    double given = 0.0;
    std::vector<std::string> ids;
    bool all_given = true;
    for (const ProgrammeSpec& p : scenario_.programmes) {
      if (!p.enabled) continue;
      const std::string group = "programmes." + p.id;
      check_period(group, p.start_year, p.end_year);
      check_schedule(group + ".amount_idr_bn", p.amount_idr_bn);
      check_schedule(group + ".guideline_schedule", p.guideline_schedule);
      check_package(p, group);
      check_menu(p, group);
      if (node(group + ".share_pct") == nullptr) {
        all_given = all_given && !p.amount_idr_bn.empty();
      } else {
        given += models::central(p.share_pct.value);
        ids.push_back(p.id);
      }
      if (node(group) != nullptr) check_effect(p, group);
    }
    if (!ids.empty()) check_shares("programmes", "programmes", given, ids, all_given);
  }

  /// Homes and land go to people who move, other items to those who stay.
  void check_menu(const ProgrammeSpec& p, const std::string& group) {
    std::string_view moves, stays;
    for (const models::MenuEntry& entry : p.menu) {
      (models::facts(entry.item).is_relocation ? moves : stays) = models::word(entry.item);
    }
    const YamlNode* at = node(group + ".menu");
    if (moves.empty() || stays.empty() || at == nullptr) return;
    at->error("unknown_choice",
              {fmt::format("'{}' and '{}' do not fit into one programme: make two", moves, stays),
               fmt::format("'{}' dan '{}' tidak dapat dalam satu program: buat dua", moves,
                           stays)},
              problems_);
  }

  void check_package(const ProgrammeSpec& p, const std::string& group) {
    if (!p.min_package_idr_mn.is_set || !p.max_package_idr_mn.is_set) return;
    const double low = models::central(p.min_package_idr_mn.value);
    const double high = models::central(p.max_package_idr_mn.value);
    if (low <= high) return;
    const YamlNode* at = node(group + ".min_package_idr_mn");
    if (at == nullptr) at = node(group + ".max_package_idr_mn");
    if (at == nullptr) return;
    at->error("out_of_range",
              {fmt::format("smallest package {} of '{}' is above the largest, {}",
                           sim::io::number_text(low), p.id, sim::io::number_text(high)),
               fmt::format("paket terkecil {} dari '{}' melebihi yang terbesar, {}",
                           sim::io::number_text(low), p.id, sim::io::number_text(high))},
              problems_);
  }

  void check_effect(const ProgrammeSpec& p, const std::string& group) {
    const bool money =
        p.line || models::central(p.share_pct.value) > 0.0 || !p.amount_idr_bn.empty();
    if (!money) {
      warn(group, "no_effect",
           {fmt::format("programme '{}' has no money", p.id),
            fmt::format("program '{}' tidak punya dana", p.id)});
    }
    if (p.menu.empty()) {
      warn(group, "no_effect",
           {fmt::format("programme '{}' delivers nothing: its menu is empty", p.id),
            fmt::format("program '{}' tidak membangun apa pun: menunya kosong", p.id)});
    }
    std::size_t n = 0;
    for (const models::SiteFacts& site : city_.city->sites) {
      const auto in = [](const std::vector<std::string>& list, const std::string& word) {
        return std::find(list.begin(), list.end(), word) != list.end();
      };
      const bool named = p.eligible_sites.empty() || in(p.eligible_sites, site.site_id);
      const bool placed = p.eligible_kecamatan.empty() ||
                          in(p.eligible_kecamatan, site.kecamatan) ||
                          in(p.eligible_kecamatan, site.kecamatan_since_2018);
      if (named && placed && !in(p.excluded_sites, site.site_id)) ++n;
    }
    const bool anyone = n > 0 && p.eligible_tenure != 0 && p.eligible_group != 0;
    if (anyone || city_.city->sites.empty()) return;
    warn(group, "no_effect",
         {fmt::format("programme '{}' can serve nobody: {} of {} sites are eligible", p.id, n,
                      city_.city->sites.size()),
          fmt::format("program '{}' tidak dapat melayani siapa pun: {} dari {} lokasi", p.id, n,
                      city_.city->sites.size())});
  }

  /// Items of a list that are not among the known words.
  void check_words(const std::string& path, const char* what, const char* apa,
                   const std::vector<std::string>& known) {
    const YamlNode* list = node(path);
    if (list == nullptr || !list->is_list()) return;
    for (const YamlNode& item : list->items) {
      if (!item.is_scalar() || std::find(known.begin(), known.end(), item.text) != known.end()) {
        continue;
      }
      auto& problem =
          item.error("unknown_id",
                     {fmt::format("unknown {} '{}'", what, sim::io::quoted_value(item.text)),
                      fmt::format("{} '{}' tidak dikenal", apa, sim::io::quoted_value(item.text))},
                     problems_);
      problem.allowed = known;
      if (const auto nearest = sim::io::nearest_name(item.text, known)) {
        problem.suggestion = *nearest;
        set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                           fmt::format("maksud Anda '{}'?", *nearest)});
      }
      set_remark(problem,
                 {"known: " + sim::io::joined(known), "dikenal: " + sim::io::joined(known)});
    }
  }

  void check_names() {
    std::vector<std::string> sites;
    for (const models::SiteFacts& site : city_.city->sites) sites.push_back(site.site_id);
    const std::vector<std::string> kecamatan(city_.kecamatan.begin(), city_.kecamatan.end());
    std::vector<std::string> sources = known_sources;
    for (const SourceSpec& s : scenario_.funding.sources) {
      if (std::find(sources.begin(), sources.end(), s.id) == sources.end()) sources.push_back(s.id);
    }
    check_words("start.subset", "kecamatan", "kecamatan", kecamatan);
    check_words("allocation.fixed_order", "site", "lokasi", sites);
    for (const ProgrammeSpec& p : scenario_.programmes) {
      const std::string group = "programmes." + p.id;
      check_words(group + ".paid_by", "source of money", "sumber dana", sources);
      check_words(group + ".eligibility.sites", "site", "lokasi", sites);
      check_words(group + ".eligibility.exclude_sites", "site", "lokasi", sites);
      check_words(group + ".eligibility.kecamatan", "kecamatan", "kecamatan", kecamatan);
    }
  }

  void check_rest() {
    const auto& participation = scenario_.participation;
    if (participation.fixed && !participation.fixed_engaged_pct.is_set) {
      const YamlNode* at = node("participation.mode");
      if (at != nullptr) {
        auto& problem = at->error("missing_key",
                                  {"mode 'fixed' needs 'participation.fixed_engaged_pct'",
                                   "mode 'fixed' memerlukan 'participation.fixed_engaged_pct'"},
                                  problems_);
        set_remark(problem, {"example: fixed_engaged_pct: 30", "contoh: fixed_engaged_pct: 30"});
      }
    }
    if (scenario_.allocation.rule == models::AllocationRule::fixed_order &&
        scenario_.allocation.fixed_order.empty()) {
      if (const YamlNode* at = node("allocation.rule")) {
        at->error("missing_key",
                  {"rule 'fixed_order' needs 'allocation.fixed_order'",
                   "aturan 'fixed_order' memerlukan 'allocation.fixed_order'"},
                  problems_);
      }
    }
    const auto& quantiles = scenario_.outputs.quantiles_pct;
    const YamlNode* list = node("outputs.quantiles_pct");
    for (std::size_t i = 1; list != nullptr && i < quantiles.size(); ++i) {
      if (quantiles[i] > quantiles[i - 1]) continue;
      list->items[i].error(
          "out_of_range",
          {fmt::format("{} comes after {}; quantiles must rise", sim::io::number_text(quantiles[i]),
                       sim::io::number_text(quantiles[i - 1])),
           fmt::format("{} setelah {}; kuantil harus naik", sim::io::number_text(quantiles[i]),
                       sim::io::number_text(quantiles[i - 1]))},
          problems_);
    }
    const int start_year = start();
    if (!scenario_.start.area_ha.is_set && !city_.city->start_area_ha.contains(start_year)) {
      const YamlNode* at = node("horizon.start_year");
      std::vector<std::string> years;
      for (const auto& [year, area] : city_.city->start_area_ha) {
        years.push_back(std::to_string(year));
      }
      if (at != nullptr) {
        auto& problem =
            at->error("missing_key",
                      {fmt::format("city.yaml has no start_area_ha for {}", start_year),
                       fmt::format("city.yaml tidak punya start_area_ha untuk {}", start_year)},
                      problems_);
        const std::string words = sim::io::joined(years, 20);
        set_remark(problem, {fmt::format("start in {}, or state start.area_ha", words),
                             fmt::format("mulai pada {}, atau tulis start.area_ha", words)});
      }
    }
    if (scenario_.sampling.replicates < few) {
      const double half = 98.0 / std::sqrt(static_cast<double>(scenario_.sampling.replicates));
      warn("sampling.replicates", "few_replicates",
           {fmt::format("{} futures leave chances uncertain by up to {:.0f} points",
                        scenario_.sampling.replicates, half),
            fmt::format("{} kemungkinan membuat peluang tidak pasti hingga {:.0f} poin",
                        scenario_.sampling.replicates, half)});
    }
  }

  const YamlNode& tree_;
  const CityData& city_;
  Scenario& scenario_;
  Problems& problems_;
};

}  // namespace

void check_scenario(const YamlNode& tree, const CityData& city, Scenario& scenario,
                    Problems& problems) {
  Checker(tree, city, scenario, problems).run();
  check_replay(tree, city, scenario, problems);
}

}  // namespace musi::analysis
