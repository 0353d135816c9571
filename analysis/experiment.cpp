#include "analysis/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "analysis/input_archive.h"
#include "analysis/levers.h"
#include "analysis/provenance.h"
#include "models/finance/lines.h"
#include "models/future.h"
#include "models/indicators/groups.h"
#include "models/indicators/implementation/evaluate.h"
#include "models/indicators/works_rows.h"
#include "models/programmes/items.h"
#include "models/run.h"
#include "models/score/criteria.h"
#include "sim/core/check.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Time of one household in one month, all processes, on one core [s]. Measured with the baseline.
constexpr double seconds_per_household_month = 1.2e-7;
/// Columns of one household with its share of its RT, spare rows included [bytes].
constexpr double bytes_per_household = 220.0;
/// Headline and what is known of a run [bytes]; its numbers are in a file.
constexpr double bytes_per_future = 100.0;
/// Part that is left of result numbers after compression.
constexpr double compression = 0.45;

std::string word(models::Scenario::Sampling::Design design) {
  switch (design) {
    case models::Scenario::Sampling::Design::sobol:
      return "sobol";
    case models::Scenario::Sampling::Design::latin_hypercube:
      return "latin_hypercube";
    case models::Scenario::Sampling::Design::random:
      return "random";
  }
  return "sobol";
}

const std::vector<std::string>& definition_codes() {
  static const std::vector<std::string> codes{"Z1", "Z2a", "Z2b", "Z3", "Z3b", "Z4", "Z4a", "Z5"};
  static_assert(models::n_zero_definitions == 8);
  return codes;
}

[[noreturn]] void refuse_options(const std::vector<std::string>& wanted, const ReadResult& read) {
  std::vector<std::string> names;
  for (const Variant& v : read.variants) {
    for (const std::string& name : {v.option, v.name}) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::vector<sim::Problem> problems;
  for (const std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    sim::Problem problem;
    problem.code = "unknown_choice";
    problem.place.file = "command line";
    problem.message = fmt::format("--option '{}' is not in the file", name);
    problem.message_indonesian = fmt::format("--option '{}' tidak ada di berkas", name);
    if (const auto nearest = sim::io::nearest_name(name, names)) {
      problem.suggestion = *nearest;
      problem.hint = fmt::format("did you mean '{}'?", *nearest);
      problem.hint_indonesian = fmt::format("maksud Anda '{}'?", *nearest);
    }
    problem.allowed = names;
    problem.remark = "options: " + sim::io::joined(names, 20);
    problem.remark_indonesian = "opsi: " + sim::io::joined(names, 20);
    problems.push_back(problem);
  }
  throw sim::InputError(std::move(problems));
}

std::vector<const Variant*> chosen(const ReadResult& read, const std::vector<std::string>& wanted) {
  std::vector<const Variant*> variants;
  std::set<std::string> unused(wanted.begin(), wanted.end());
  for (const Variant& v : read.variants) {
    const bool keep = wanted.empty() ||
                      std::find(wanted.begin(), wanted.end(), v.option) != wanted.end() ||
                      std::find(wanted.begin(), wanted.end(), v.name) != wanted.end();
    if (!keep) continue;
    variants.push_back(&v);
    unused.erase(v.option);
    unused.erase(v.name);
  }
  if (!unused.empty()) refuse_options(wanted, read);
  return variants;
}

/// Adds what is not in the list yet.
void unite(std::vector<std::string>& list, const std::string& name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

/// Files of one name in different folders are told apart by a number.
std::string unused_name(const std::string& wanted, const std::vector<ResultFileText>& inputs) {
  std::string name = wanted;
  const auto is_it = [&](const ResultFileText& input) { return input.name == name; };
  for (int number = 2; std::any_of(inputs.begin(), inputs.end(), is_it); ++number) {
    name = fmt::format("{} ({})", wanted, number);
  }
  return name;
}

/// Where each name stands in a list; -1: not in it.
std::vector<int> places_in(const std::vector<std::string>& list,
                           const std::vector<std::string>& names) {
  std::vector<int> places;
  for (const std::string& name : names) {
    const auto at = std::find(list.begin(), list.end(), name);
    places.push_back(at == list.end() ? -1 : static_cast<int>(at - list.begin()));
  }
  return places;
}

double mib(double bytes) { return bytes / (1024.0 * 1024.0); }

}  // namespace

Experiment::Experiment(const ReadResult& read, const std::vector<std::string>& options,
                       std::string flags)
    : Experiment(read, options, std::move(flags), CommonLuck(read)) {}

Experiment::Experiment(const ReadResult& read, const std::vector<std::string>& options,
                       std::string flags, CommonLuck luck)
    : read_(&read),
      variants_(chosen(read, options)),
      flags_(std::move(flags)),
      luck_(std::move(luck)) {
  MUSI_EXPECT(!variants_.empty() && read.city.has_value());
  check_common();
  n_replicates_ = static_cast<std::size_t>(first().sampling.replicates);
  series_ = models::series_of(first(), *read.city->city);
  for (const Variant* v : variants_) dimensions_.push_back(luck_.dimensions(v->scenario));
  make_result();
  lengths_ = dimension_lengths(result_);
}

/// One file holds one calendar, one price level, one list of futures.
void Experiment::check_common() const {
  std::vector<sim::Problem> problems;
  const models::Scenario& a = first();
  const auto demand = [&](bool equal, const Variant& v, const char* what, const char* what_id) {
    if (equal) return;
    sim::Problem problem;
    problem.code = "not_comparable";
    problem.place.file = read_->file;
    problem.message =
        fmt::format("option '{}' differs from '{}' in {}", v.name, variants_.front()->name, what);
    problem.message_indonesian = fmt::format("opsi '{}' berbeda dari '{}' dalam {}", v.name,
                                             variants_.front()->name, what_id);
    problem.remark = "options of one file share it; put the option into a file of its own";
    problem.remark_indonesian = "opsi dalam satu berkas memakai hal itu bersama; buat berkas lain";
    problems.push_back(problem);
  };
  for (const Variant* v : variants_) {
    const models::Scenario& b = v->scenario;
    demand(a.clock.start_year == b.clock.start_year && a.clock.end_year == b.clock.end_year, *v,
           "its horizon", "rentang tahunnya");
    demand(a.funding.price_year == b.funding.price_year, *v, "its price year", "tahun harganya");
    demand(a.start.subset == b.start.subset, *v, "its list of sites", "daftar lokasinya");
    demand(a.zero.headline == b.zero.headline, *v, "its definition of zero", "definisi nolnya");
    demand(a.sampling.replicates == b.sampling.replicates && a.sampling.seed == b.sampling.seed &&
               a.sampling.design == b.sampling.design &&
               a.sampling.plain_evaluation == b.sampling.plain_evaluation &&
               a.sampling.draws == b.sampling.draws &&
               a.sampling.repeats_per_draw == b.sampling.repeats_per_draw,
           *v, "its sampling", "pengambilan sampelnya");
  }
  if (!problems.empty()) throw sim::InputError(std::move(problems));
}

sim::RunRecord Experiment::run(std::size_t option, std::size_t replicate,
                               const sim::Cancellation* cancellation) const {
  return run(option, replicate, scope_of(replicate), cancellation);
}

sim::RunRecord Experiment::run_with_works(std::size_t option, std::size_t replicate) const {
  return run(option, replicate, {.keeps_works = true}, nullptr);
}

void Experiment::ask_headline_alone() {
  const HeadlineQuestion q = question();
  headline_until_ = 12 * (q.spent_to + 1 - q.start_year);
  series_ = models::series_of(first(), *read_->city->city, true);
}

models::RunScope Experiment::scope_of(std::size_t replicate) const {
  if (headline_until_) return {.headline_until = headline_until_};
  return {.keeps_works = replicate < result_.works_replicates};
}

sim::RunRecord Experiment::run(std::size_t option, std::size_t replicate,
                               const models::RunScope& scope,
                               const sim::Cancellation* cancellation) const {
  const std::vector<double> point = luck_.point(scenario(option), dimensions_[option], replicate);
  sim::RunRecord record =
      models::run_future(scenario(option), *read_->city->city, luck_.run_seed(replicate), point,
                         scope, cancellation);
  if (record.series.empty()) return record;
  return with_common_axes(std::move(record), option);
}

models::RunInParts Experiment::begin(std::size_t option, std::size_t replicate) const {
  return {scenario(option), *read_->city->city, luck_.run_seed(replicate),
          luck_.point(scenario(option), dimensions_[option], replicate),
          scope_of(replicate)};
}

void Experiment::prepare(models::RunInParts& run, std::size_t option,
                         std::size_t replicate) const {
  run.prepare(scenario(option), luck_.point(scenario(option), dimensions_[option], replicate));
}

models::RunInParts Experiment::branch(const models::RunInParts& run, std::size_t option) const {
  return run.branch(scenario(option));
}

sim::RunRecord Experiment::end(models::RunInParts& run, std::size_t option) const {
  return with_common_axes(run.finish(), option);
}

/// Options may have sources of money and programmes of their own: all go into the common lists.
/// Programmes that are switched off in every option are left out.
sim::RunRecord Experiment::with_common_axes(sim::RunRecord record, std::size_t option) const {
  std::vector<std::string> funds, programmes;
  for (const models::SourceSpec& f : scenario(option).funding.sources) funds.push_back(f.id);
  for (const models::ProgrammeSpec& p : scenario(option).programmes) programmes.push_back(p.id);
  const std::vector<int> to_funds = places_in(result_.funds, funds);
  const std::vector<int> to_programmes = places_in(result_.programmes, programmes);
  for (std::size_t s = 0; s < series_.size(); ++s) {
    move_axis(series_[s], "funds", to_funds, result_.funds.size(), 0.0, record.series[s]);
    move_axis(series_[s], "programme", to_programmes, result_.programmes.size(), nan,
              record.series[s]);
  }
  for (std::size_t i = 0; i < record.rows.size(); i += models::works_columns) {
    constexpr std::size_t programme = 2, source = 3;  // columns of works_rows.h
    float* row = record.rows.data() + i;
    row[programme] = static_cast<float>(to_programmes[static_cast<std::size_t>(row[programme])]);
    row[source] = static_cast<float>(to_funds[static_cast<std::size_t>(row[source])]);
  }
  return record;
}

void Experiment::move_axis(const sim::SeriesInfo& info, const char* dim,
                           const std::vector<int>& place, std::size_t n, double empty,
                           std::vector<double>& values) const {
  const auto at = std::find(info.dims.begin(), info.dims.end(), dim);
  if (at == info.dims.end()) return;
  std::size_t inner = 1;
  for (auto d = at + 1; d != info.dims.end(); ++d) inner *= lengths_.at(*d);
  const std::size_t outer = values.size() / (place.size() * inner);
  std::vector<double> moved(outer * n * inner, empty);
  for (std::size_t o = 0; o < outer; ++o) {
    for (std::size_t i = 0; i < place.size(); ++i) {
      if (place[i] < 0) continue;
      const auto from =
          values.begin() + static_cast<std::ptrdiff_t>((o * place.size() + i) * inner);
      const std::size_t to = (o * n + static_cast<std::size_t>(place[i])) * inner;
      std::copy(from, from + static_cast<std::ptrdiff_t>(inner),
                moved.begin() + static_cast<std::ptrdiff_t>(to));
    }
  }
  values = std::move(moved);
}

std::string Experiment::default_output() const {
  std::string file = first().outputs.file;
  const std::string mark = "{name}";
  for (std::size_t at = file.find(mark); at != std::string::npos; at = file.find(mark, at)) {
    file.replace(at, mark.size(), first().name);
    at += first().name.size();
  }
  return file;
}

RunIdentity Experiment::identity() const {
  RunIdentity identity;
  identity.emplace_back("program", sha256_of_file("/proc/self/exe"));
  identity.emplace_back("seed", fmt::format("{:x}", first().sampling.seed));
  identity.emplace_back("design", word(first().sampling.design));
  if (!luck_.has_stable_prefixes()) {
    identity.emplace_back("replicates", fmt::format("{}", n_replicates_));
  }
  for (std::size_t o = 0; o < variants_.size(); ++o) {
    identity.emplace_back(fmt::format("option {}: {}", o, variants_[o]->name),
                          sha256(without_replicates(variants_[o]->resolved)));
  }
  // Which dimension of the design an input has may depend on options that are not run.
  std::string dimensions;
  for (const auto& list : dimensions_) {
    for (const std::size_t d : list) dimensions += fmt::format("{} ", d);
  }
  identity.emplace_back("uncertain inputs", sha256(dimensions));
  std::set<std::string> scenarios(read_->extends.begin(), read_->extends.end());
  scenarios.insert(read_->file);
  for (const InputFile& file : read_->inputs.all()) {
    if (scenarios.contains(file.name)) continue;  // what they say is in the options
    if (file.built_in && scenarios.contains("scenarios/" + file.name)) continue;
    identity.emplace_back(portable_name(file, read_->file), sha256(file.bytes));
  }
  return identity;
}

Estimate Experiment::estimate(std::size_t n_threads) const {
  double in_file = 0.0;
  for (const sim::SeriesInfo& info : series_) {
    double n = 1.0;
    for (const std::string& dim : info.dims) n *= static_cast<double>(lengths_.at(dim));
    if (info.only_mean) continue;  // one number for all runs
    const double bytes = n * (precision_of(info) == sim::Precision::float64 ? 8.0 : 4.0);
    if (info.name != "site_area" || result_.write_site_area) in_file += bytes;
  }
  const double inputs = 4.0 * static_cast<double>(result_.inputs.size());
  double households = 0.0;
  for (const models::SiteFacts& site : read_->city->city->sites) {
    households += site.households > 0 ? site.households : 900.0;
  }
  const double runs = static_cast<double>(n_runs());
  const double threads = static_cast<double>(std::max<std::size_t>(n_threads, 1));
  return {.memory_mib =
              60.0 + mib(runs * bytes_per_future + threads * households * bytes_per_household),
          .file_mib =
              headline_until_ ? 0.0 : 0.5 + mib(runs * (in_file + inputs) * compression),
          .seconds =
              runs / threads * households * first().clock.n_months() * seconds_per_household_month};
}

HeadlineQuestion Experiment::question() const {
  const models::Scenario& s = first();
  HeadlineQuestion q;
  q.city = read_->city->city->title_en;
  q.definition = definition_codes()[static_cast<std::size_t>(s.zero.headline)];
  q.start_year = s.clock.start_year;
  q.end_year = s.clock.end_year;
  q.headline_year = s.targets.headline_year;
  q.years = s.targets.years;
  q.chance_pct = s.targets.chance_pct;
  q.spent_from =
      s.forecast_from_year <= s.targets.headline_year ? s.forecast_from_year : s.clock.start_year;
  q.spent_to = std::min(s.targets.headline_year, s.clock.end_year);
  q.uncertain_inputs = read_->plan.n_uncertain;
  q.without_source = read_->plan.n_unsourced;
  q.sites = read_->plan.n_sites;
  q.synthetic_sites = read_->plan.n_synthetic_areas;
  q.price_year = s.funding.price_year;
  q.planned_replicates = n_replicates_;
  return q;
}

// --- the result file ----------------------------------------------------------------------------

void Experiment::make_result() {
  const models::Scenario& s = first();
  const CityData& data = *read_->city;
  result_.title = read_->title_en;
  result_.summary = read_->description;
  result_.question = read_->question_en;
  result_.price_year = s.funding.price_year;
  result_.headline_definition = definition_codes()[static_cast<std::size_t>(s.zero.headline)];
  result_.headline_year = s.targets.headline_year;
  result_.city_area_ha = data.city->city_area_ha;
  for (const Variant* v : variants_) {
    const std::string kind = v->is_sweep_point       ? "sweep"
                             : v->solve              ? "solved"
                             : v->name == v->option ? "given"
                                                    : "level";
    result_.options.push_back({.name = v->name,
                               .base = v->option,
                               .level = v->level,
                               .title_en = v->title_en,
                               .title_id = v->title_id,
                               .kind = kind,
                               .solved = v->solved});
    for (const models::SourceSpec& f : v->scenario.funding.sources) unite(result_.funds, f.id);
    for (const models::ProgrammeSpec& p : v->scenario.programmes) {
      if (p.enabled) unite(result_.programmes, p.id);
    }
  }
  result_.levers = levers_of(variants_);
  for (int y = s.clock.start_year; y <= s.clock.end_year; ++y) result_.years.push_back(y);
  result_.kecamatan = models::implementation::places(*data.city);
  for (const models::SiteFacts& site : data.city->sites) {
    const bool has_place = site.latitude > -900.0 && site.longitude > -900.0;
    result_.sites.push_back({.id = site.site_id,
                             .name = site.kelurahan,
                             .kecamatan = site.kecamatan,
                             .area_status = site.area_is_reported ? "reported" : "synthetic",
                             .latitude = has_place ? site.latitude : nan,
                             .longitude = has_place ? site.longitude : nan,
                             .area_initial = site.area_ha >= 0.0 ? site.area_ha : nan});
  }
  result_.quantiles_pct = s.outputs.quantiles_pct;
  for (const models::LineInfo& line : models::budget_lines()) {
    result_.lines.emplace_back(line.word);
  }
  for (const models::Criterion& criterion : models::criteria_of(models::Regulation::permen_2018)) {
    result_.criteria.emplace_back(models::info(criterion).code);
  }
  result_.definitions = definition_codes();
  name_axes();
  add_inputs();
  for (const Observation& o : data.observed) {
    result_.observations.push_back({.year = o.year,
                                    .month = o.month,
                                    .value = o.value.value_or(nan),
                                    .low = o.low.value_or(nan),
                                    .high = o.high.value_or(nan),
                                    .indicator = o.indicator,
                                    .series = o.series,
                                    .use = o.use,
                                    .source = o.source});
  }
  result_.write_site_area = s.outputs.per_site_all;
  ResultProvenance& p = result_.provenance;
  p.flags = flags_;
  p.seed = s.sampling.seed;
  p.design = word(s.sampling.design);
  p.created = read_->created;
  p.replicates_planned = n_replicates_;
  for (const Variant* v : variants_) {
    if (variants_.size() > 1) p.resolved_yaml += fmt::format("--- # option {}\n", v->name);
    p.resolved_yaml += v->resolved;
  }
  for (const InputFile& file : read_->inputs.all()) {
    const std::string shown = file.built_in ? "scenarios/" + file.name : file.name;
    if (p.scenario_yaml.empty() && (file.name == read_->file || shown == read_->file)) {
      p.scenario_yaml = file.bytes;
    }
    constexpr std::size_t most_bytes = 2u << 20;
    const bool is_large = file.bytes.size() > most_bytes;
    p.inputs.push_back({.name = unused_name(portable_name(file, read_->file), p.inputs),
                        .bytes = is_large ? std::string() : file.bytes,
                        .sha256 = sha256(file.bytes)});
  }
}

/// Axes that follow from the model, and how much of the works programme is kept.
void Experiment::name_axes() {
  for (std::size_t i = 0; i < models::n_items; ++i) {
    const auto item = static_cast<models::Item>(i);
    result_.items.emplace_back(word(item));
    result_.item_units.emplace_back(models::unit_of(item));
  }
  for (const models::Stage stage : models::waiting_stages) {
    result_.stages.emplace_back(word(stage));
  }
  for (std::size_t i = 0; i < models::n_people; ++i) {
    result_.people.emplace_back(word(static_cast<models::People>(i)));
  }
  for (std::size_t i = 0; i <= models::n_deprivations; ++i) {
    result_.deprivations.push_back(fmt::format("{}", i));
  }
  for (std::size_t i = 0; i < models::implementation::n_measures; ++i) {
    const auto& m = models::implementation::info(static_cast<models::implementation::Measure>(i));
    result_.measures.push_back({std::string(m.code), std::string(m.unit), std::string(m.title_en),
                                std::string(m.title_id), std::string(m.definition)});
  }
  const models::City& city = *read_->city->city;
  for (const models::SurveyedRt& rt : city.surveyed) {
    const auto site = std::find_if(city.sites.begin(), city.sites.end(), [&](const auto& s) {
      return s.site_id == rt.site_id;
    });
    result_.rt_ids.push_back(rt.rt_id);
    result_.rt_site.push_back(static_cast<int>(site - city.sites.begin()));
    result_.rt_area.push_back(rt.area_ha);
  }
  using Works = models::Scenario::Outputs::Works;
  const Works works = first().outputs.works;
  result_.works_replicates = works == Works::none  ? 0
                             : works == Works::all ? n_replicates_
                                                   : std::min(n_replicates_, works_futures);
  result_.write_all_works = works == Works::all || works == Works::first_20;
}

/// Every number that is not certain in at least one option, in the order of first appearance.
void Experiment::add_inputs() {
  std::set<std::string> known;
  for (const Variant* v : variants_) {
    for (const models::Uncertain* input : v->scenario.uncertain_inputs()) {
      if (!known.insert(input->path).second) continue;
      result_.inputs.push_back({.path = input->path,
                                .units = input->unit,
                                .status = std::string(models::word(input->status)),
                                .source = input->source});
    }
  }
}

/// Values drawn; the mean over sites or years where an input is drawn anew by them, missing where
/// an option does not have it.
std::vector<float> Experiment::input_rows(std::size_t option, std::size_t first,
                                          std::size_t count) const {
  const std::size_t n_inputs = result_.inputs.size();
  std::vector<float> values(count * n_inputs, std::numeric_limits<float>::quiet_NaN());
  std::map<std::string, std::size_t> column;
  for (std::size_t i = 0; i < n_inputs; ++i) column[result_.inputs[i].path] = i;
  const models::Scenario& s = scenario(option);
  const std::vector<const models::Uncertain*> drawn = s.design_inputs();
  std::vector<std::pair<const models::Uncertain*, std::size_t>> redrawn;
  for (const models::Uncertain* input : s.uncertain_inputs()) {
    const bool is_by_place = input->redraw != models::Redraw::per_replicate;
    if (const auto found = column.find(input->path); is_by_place && found != column.end()) {
      redrawn.emplace_back(input, found->second);
    }
  }
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t r = first + k;
    const std::vector<double> point = luck_.point(s, dimensions_[option], r);
    const models::Future future(s, *read_->city->city, luck_.run_seed(r), point);
    for (const auto& [input, at] : redrawn) {
      values[k * n_inputs + at] = static_cast<float>(mean_draw(future, *input));
    }
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const auto found = column.find(drawn[i]->path);
      if (found == column.end()) continue;
      const double value =
          s.uncertainty ? quantile(drawn[i]->value, point[i]) : central(drawn[i]->value);
      values[k * n_inputs + found->second] = static_cast<float>(value);
    }
  }
  return values;
}

double Experiment::mean_draw(const models::Future& future, const models::Uncertain& input) const {
  const sim::Clock& clock = first().clock;
  const bool by_site = input.redraw == models::Redraw::per_site ||
                       input.redraw == models::Redraw::per_site_year;
  const bool by_year = input.redraw == models::Redraw::per_year ||
                       input.redraw == models::Redraw::per_site_year;
  if (!by_site && !by_year) return nan;
  double sum = 0.0, count = 0.0;
  for (const models::SiteFacts& site : read_->city->city->sites) {
    for (int year = clock.start_year; year <= clock.end_year; ++year) {
      sum += future.value(input, by_site ? site.key : 0, by_year ? year : 0);
      count += 1.0;
      if (!by_year) break;
    }
    if (!by_site) break;
  }
  return sum / count;
}

ResultInput Experiment::result_input() const {
  ResultInput input = result_;
  input.input_rows = [this](std::size_t option, std::size_t first, std::size_t count) {
    return input_rows(option, first, count);
  };
  return input;
}

std::string portable_name(const InputFile& file, const std::string& scenario_file) {
  const fs::path path(file.name);
  if (archive_in_use() != nullptr && archive_in_use()->files.contains(file.name)) return file.name;
  if (file.name == "-") return "scenario.yaml";
  // A built-in file has one name, whatever lies in the working directory.
  if (file.built_in) return path.generic_string();
  fs::path relative = path;
  std::error_code failed;
  if (scenario_file != "-") {
    const fs::path here = fs::absolute(scenario_file, failed).parent_path();
    const fs::path there = fs::absolute(path, failed);
    if (fs::exists(path, failed)) relative = there.lexically_relative(here);
  }
  if (!relative.empty() && *relative.begin() != ".." && relative.is_relative()) {
    return relative.generic_string();
  }
  // Elsewhere on the disk: what counts is the city and the file.
  const std::string text = path.generic_string();
  const std::size_t at = text.rfind("cities/");
  return at == std::string::npos ? path.filename().string() : text.substr(at);
}

bool Experiment::is_up_to_date(const Results& other) const {
  const ResultProvenance& p = result_.provenance;
  const Program now = program();
  if (!other.is_complete() || other.n_replicates() > n_replicates_) return false;
  // A run that may stop early has fewer futures; which, follows from the inputs.
  if (other.n_replicates() < n_replicates_ && !read_->stop_half_width_pct) return false;
  if (other.provenance_attribute("musi_version") != now.version ||
      other.provenance_attribute("git_commit") != now.git_commit ||
      other.provenance_attribute("compiler") != now.compiler) {
    return false;
  }
  // A commit that does not name the program exactly: a result older than the program is outdated.
  if (now.git_commit == "unknown" || now.git_commit.ends_with("-dirty")) {
    std::error_code failed;
    const auto built = fs::last_write_time(fs::canonical("/proc/self/exe", failed), failed);
    const auto written = fs::last_write_time(other.path(), failed);
    if (failed || written < built) return false;
  }
  if (other.provenance_text("scenario_yaml") != p.scenario_yaml ||
      other.provenance_text("resolved_yaml") != p.resolved_yaml ||
      other.provenance_text("flags") != p.flags) {
    return false;
  }
  const auto hashes = nlohmann::json::parse(other.provenance_text("input_sha256"), nullptr, false);
  if (!hashes.is_object() || hashes.size() != p.inputs.size()) return false;
  return std::all_of(p.inputs.begin(), p.inputs.end(), [&](const ResultFileText& input) {
    const auto found = hashes.find(input.name);
    return found != hashes.end() && *found == input.sha256;
  });
}

}  // namespace musi::analysis
