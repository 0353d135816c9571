#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/scenario/checks.h"
#include "models/programmes/replay.h"
#include "sim/io/text.h"

/// What works.csv must hold for a scenario that replays it.
namespace musi::analysis {
namespace {

using models::Scenario;

sim::Problem& report(const WorksPlace& row, const sim::Place& at, const char* code, Text message,
                     Problems& problems) {
  sim::Problem& problem = problems.error(code, at, message.english);
  problem.message_indonesian = std::move(message.indonesian);
  problem.source_line = row.source_line;
  return problem;
}

void suggest(sim::Problem& problem, const std::string& word,
             const std::vector<std::string>& known) {
  problem.allowed = known;
  if (const auto nearest = sim::io::nearest_name(word, known)) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                       fmt::format("maksud Anda '{}'?", *nearest)});
  }
  set_remark(problem, {"known: " + sim::io::joined(known), "dikenal: " + sim::io::joined(known)});
}

void check_row(const models::WorksRow& row, const WorksPlace& place, const Scenario& scenario,
               Problems& problems) {
  if (!models::programme_of(scenario, row)) {
    std::vector<std::string> known;
    for (const models::ProgrammeSpec& p : scenario.programmes) known.push_back(p.id);
    suggest(report(place, place.programme, "unknown_id",
                   {fmt::format("unknown programme '{}'", sim::io::quoted_value(row.programme)),
                    fmt::format("program '{}' tidak dikenal",
                                sim::io::quoted_value(row.programme))},
                   problems),
            row.programme, known);
  }
  if (!models::source_of(scenario, row)) {
    std::vector<std::string> known;
    for (const models::SourceSpec& f : scenario.funding.sources) known.push_back(f.id);
    suggest(report(place, place.funding_source, "unknown_id",
                   {fmt::format("unknown source of money '{}'",
                                sim::io::quoted_value(row.funding_source)),
                    fmt::format("sumber dana '{}' tidak dikenal",
                                sim::io::quoted_value(row.funding_source))},
                   problems),
            row.funding_source, known);
  }
  if (!models::is_replayable(row.item)) {
    report(place, place.item, "not_available",
           {fmt::format("'{}' cannot be replayed: it moves households", word(row.item)),
            fmt::format("'{}' tidak dapat diputar ulang: memindahkan rumah tangga",
                        word(row.item))},
           problems);
  }
}

}  // namespace

void check_replay(const YamlNode& tree, const CityData& city, Scenario& scenario,
                  Problems& problems) {
  if (!scenario.replays) return;
  const YamlNode* at = find_node(tree, "horizon.replay_until");
  const int month = scenario.replay_until;  // of the calendar, as read
  const int first = 12 * scenario.clock.start_year, after = 12 * (scenario.clock.end_year + 1);
  scenario.replay_until = month - first;
  if (at != nullptr && (month < first || month >= after)) {
    auto& problem =
        at->error("year_outside",
                  {fmt::format("{} lies outside the horizon {} to {}", at->text,
                               scenario.clock.start_year, scenario.clock.end_year),
                   fmt::format("{} di luar rentang {} sampai {}", at->text,
                               scenario.clock.start_year, scenario.clock.end_year)},
                  problems);
    set_remark(problem, {"write a month of the horizon: the first with the model's own budget",
                         "tulis bulan di dalam rentang: yang pertama dengan anggaran model"});
    return;
  }
  std::set<int> unused;
  const auto& works = city.city->works;
  for (std::size_t i = 0; i < works.size(); ++i) {
    const int row_month = 12 * works[i].year + works[i].month - 1;
    if (row_month < first || row_month >= month) {
      unused.insert(works[i].year);
    } else if (i < city.works_places.size()) {
      check_row(works[i], city.works_places[i], scenario, problems);
    }
  }
  if (unused.empty()) return;
  std::vector<std::string> years;
  for (const int year : unused) years.push_back(std::to_string(year));
  const std::string words = sim::io::joined(years, 20);
  sim::Problem& problem = problems.warning(
      "year_unused", at != nullptr ? at->place() : tree.place(),
      fmt::format("rows of works.csv in {} lie before the start or not before replay_until and "
                  "are ignored",
                  words));
  problem.message_indonesian = fmt::format(
      "baris works.csv pada {} sebelum awal atau tidak sebelum replay_until dan diabaikan", words);
  problem.path = "horizon.replay_until";
  if (at != nullptr) problem.source_line = at->source_line();
}

}  // namespace musi::analysis
