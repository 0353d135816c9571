#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/calibration/study.h"
#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/lab_session.h"
#include "analysis/provenance.h"
#include "models/future.h"
#include "sim/core/rng.h"
#include "sim/io/file.h"

namespace musi::cli {
namespace {

namespace cal = analysis::calibration;

/// Keeps points of waves apart from the luck of the futures.
constexpr std::uint64_t wave_stream = 0x77617665ull;  // "wave"
constexpr std::size_t planted_truths = 100;

std::string json_number(double x) { return std::isfinite(x) ? fmt::format("{:.6g}", x) : "null"; }

std::string json_of(const cal::LeftOut& l) {
  std::string text = fmt::format(
      "{{\"observation\":{},\"observed\":{},\"median\":{},\"low\":{},\"high\":{},"
      "\"inside\":{},\"crps\":{},\"effective_runs\":{}",
      json_text(l.name), json_number(l.observed), json_number(l.middle), json_number(l.low),
      json_number(l.high), l.is_inside(), json_number(l.crps), json_number(l.effective_runs));
  for (const cal::ReferenceForecast& f : l.references) {
    text += fmt::format(",{}:{}", json_text(f.name), f.value ? json_number(*f.value) : "null");
  }
  return text + "}";
}

std::string json_of(const char* kind, const std::vector<cal::LeftOut>& left_out,
                    const cal::Skill& told) {
  std::string observations, skills;
  for (const cal::LeftOut& l : left_out) {
    observations += (observations.empty() ? "" : ",") + json_of(l);
  }
  for (const cal::Skill::Against& a : told.against) {
    const auto known = [&](double x) { return a.n > 0 ? json_number(x) : std::string("null"); };
    skills += fmt::format("{}{}:{{\"mae\":{},\"mae_skill\":{},\"crps_skill\":{}}}",
                          skills.empty() ? "" : ",", json_text(a.name), known(a.mae),
                          known(a.mae_skill), known(a.crps_skill));
  }
  return fmt::format(
      "{{\"hindcast\":\"{}\",\"observations\":[{}],\"n\":{},\"inside_90\":{},\"mae\":{},"
      "\"crps\":{},\"against\":{{{}}}}}",
      kind, observations, left_out.size(), cal::n_inside(left_out), json_number(told.model_mae),
      json_number(told.model_crps), skills);
}

/// `high_pct` is null where no error that was tried is too large.
std::string json_of(const cal::Discrepancy& d) {
  return fmt::format("{{\"likeliest_pct\":{},\"low_pct\":{},\"high_pct\":{}}}",
                     json_number(100.0 * d.likeliest), json_number(100.0 * d.low),
                     d.is_open ? "null" : json_number(100.0 * d.high));
}

/// Calibrated (only where draws were accepted), then of the prior.
std::string hindcasts_json(const cal::ReadingResult& r) {
  if (r.prior_left_out.empty()) return "[]";
  std::string text = "[";
  if (!r.fit.is_empty()) text += json_of("calibrated", r.left_out, r.skill) + ",";
  return text + json_of("prior", r.prior_left_out, r.prior_skill) + "]";
}

class Calibrate final : public Command {
 public:
  std::string_view name() const override { return "calibrate"; }
  std::string_view summary() const override { return "fit to observations"; }
  std::string_view footer() const override {
    return "Fits the uncertain inputs to the rows of observed.csv with use = calibrate; other rows "
           "are not read. Waves of history matching with an emulator rule out inputs, then runs "
           "are accepted by how well they agree. Rival readings of the published area are fitted "
           "apart, each into a file of its own. Writes results/<name>.draws.csv for sampling.draws "
           "and the report as text.\n"
           "The report always ends each reading with its hindcast: 90 % interval, CRPS and skill "
           "against linear, exponential and logistic forecasts, each year left out in turn; "
           "calibrated where draws are accepted, with the prior's beside it, else the prior's "
           "alone, which it says. --json has it as hindcasts.\n"
           "Exit codes: 0 done, 2 wrong use, 3 scenario or data invalid, 4 a file cannot be read "
           "or written, 5 time limit reached, 6 no draw accepted, 130 interrupted; with 5 and 130 "
           "finished runs are kept and --resume goes on.\n"
           "Example: musi calibrate scenarios/palembang-hindcast.yaml --option steady --waves 2 "
           "--runs-per-wave 200";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_, "scenario that replays the observed years; - is standard input")
        ->required();
    app.add_option("--method", method_, "history, abc or both (default): waves, then acceptance");
    app.add_option("--waves", waves_, "waves, default 3");
    app.add_option("--runs-per-wave", runs_, "runs of each wave and reading, default 500; also -n");
    app.add_option("--hypothesis", hypothesis_,
                   "measured, administrative or all (default): reading of the published area");
    app.add_option("--without", without_,
                   "leave out this observation, named as in the report (repeatable)")
        ->allow_extra_args(false);
    app.add_flag("--perfect-model", perfect_,
                 "also try to recover known inputs from simulated observations");
    flags_.declare(app, "table of draws, default results/<name>.draws.csv", true);
  }

  sim::ExitCode run(Terminal& terminal) override {
    check_flags();
    LabSession session(terminal, flags_, file_, "calibrate", cal::needed_series());
    refuse_draws(session);
    make_study(session);
    for (const cal::Reading reading : readings()) {
      check_output(session, draws_file(session, reading));
      check_output(session, report_file(session));
    }
    begin(session);
    if (!run_prior(session)) return session.stopped(typed_again());
    bool is_accepted = false;
    for (const cal::Reading reading : readings()) {
      auto result = fit(session, reading);
      if (!result) return session.stopped(typed_again());
      is_accepted = is_accepted || !result->fit.is_empty();
      study_.readings.push_back(std::move(*result));
    }
    if (perfect_) learn(session);
    write(session);
    session.finish();
    return is_accepted ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
  }

 private:
  // --- flags ------------------------------------------------------------------------------------

  void check_flags() {
    if (method_ != "both" && method_ != "history" && method_ != "abc") {
      throw UsageError(fmt::format("--method {}: write history, abc or both", method_));
    }
    if (hypothesis_ != "measured" && hypothesis_ != "administrative" && hypothesis_ != "all") {
      throw UsageError(
          fmt::format("--hypothesis {}: write measured, administrative or all", hypothesis_));
    }
    study_.method = method_ == "both"      ? cal::Method::both
                    : method_ == "history" ? cal::Method::history
                                           : cal::Method::abc;
    study_.n_waves = static_cast<std::size_t>(flag_number("--waves", waves_, 1, 20, true));
    if (!runs_.empty()) {
      if (!flags_.replicates.empty()) throw UsageError("give --runs-per-wave or -n, not both");
      flags_.replicates = runs_;
    }
    if (flags_.replicates.empty()) flags_.replicates = "500";
    study_.runs_per_wave = static_cast<std::size_t>(
        flag_number("--runs-per-wave", flags_.replicates, 30, 1e6, true));
    flags_.check();
    if (flags_.options.size() > 1) throw UsageError("--option: calibrate asks one option");
  }

  std::vector<cal::Reading> readings() const {
    if (hypothesis_ == "measured") return {cal::Reading::measured};
    if (hypothesis_ == "administrative") return {cal::Reading::administrative};
    return {cal::Reading::measured, cal::Reading::administrative};
  }

  /// Draws of an earlier fit are no prior: the data would count twice.
  static void refuse_draws(const LabSession& session) {
    const auto& sampling = session.variant().scenario.sampling;
    if (sampling.draws.empty() && sampling.repeats_per_draw == 1) return;
    sim::Problem problem;
    problem.code = "bad_draws";
    problem.place.file = session.read().file;
    problem.message = "calibrate starts from distributions, not from draws";
    problem.message_indonesian = "calibrate mulai dari distribusi, bukan dari penarikan";
    problem.hint = "delete sampling.draws and sampling.repeats_per_draw";
    problem.hint_indonesian = "hapus sampling.draws dan sampling.repeats_per_draw";
    throw sim::InputError({problem});
  }

  std::string typed_again() const {
    std::string text;
    const auto add = [&](const std::string& words) { text += (text.empty() ? "" : " ") + words; };
    if (method_ != "both") add("--method " + method_);
    add("--waves " + waves_);
    if (hypothesis_ != "all") add("--hypothesis " + hypothesis_);
    for (const std::string& name : without_) add("--without " + shell_word(name));
    if (perfect_) add("--perfect-model");
    add(flags_.typed_again());
    return text;
  }

  // --- files ------------------------------------------------------------------------------------

  std::string stem(const LabSession& session) const {
    std::string stem = flags_.output;
    if (stem.empty()) {
      stem = session.laboratory().experiment().default_output();
      if (stem.ends_with(".h5")) stem.resize(stem.size() - 3);
      return stem;
    }
    for (const std::string_view end : {".csv", ".draws"}) {
      if (stem.ends_with(end)) stem.resize(stem.size() - end.size());
    }
    return stem;
  }
  std::string draws_file(const LabSession& session, cal::Reading reading) const {
    if (readings().size() > 1) return stem(session) + "." + cal::word(reading) + ".draws.csv";
    return flags_.output.empty() ? stem(session) + ".draws.csv" : flags_.output;
  }
  std::string report_file(const LabSession& session) const {
    return stem(session) + ".calibration.txt";
  }
  void check_output(const LabSession&, const std::string& file) const {
    if (flags_.force || !std::filesystem::exists(file)) return;
    throw sim::IoError("exists", fmt::format("'{}' exists; --force replaces it", file));
  }

  // --- runs -------------------------------------------------------------------------------------

  void make_study(const LabSession& session) {
    const models::Scenario& s = session.variant().scenario;
    study_.file = std::filesystem::path(file_).filename().string();
    study_.option = session.variant().name;
    study_.city = session.read().city->city->title_en;
    study_.seed = s.sampling.seed;
    study_.first_year = s.clock.start_year;
    study_.last_year = s.clock.end_year;
    inputs_ = s.design_inputs();
    for (const models::Uncertain* input : inputs_) {
      study_.paths.push_back(input->path);
      study_.units.push_back(input->unit);
    }
    for (const cal::Reading reading : readings()) {
      if (!compared(session, reading).used.empty()) continue;
      sim::Problem problem;
      problem.code = "no_observation";
      problem.place.file = session.read().file;
      problem.message = "no row of observed.csv with use = calibrate lies in the years of the run";
      problem.message_indonesian =
          "tidak ada baris observed.csv dengan use = calibrate dalam tahun simulasi";
      problem.hint = "start the run before the observations, as scenarios/palembang-hindcast.yaml";
      problem.hint_indonesian =
          "mulai simulasi sebelum pengamatan, seperti scenarios/palembang-hindcast.yaml";
      throw sim::InputError({problem});
    }
  }

  /// What is compared under a reading, less what --without names.
  cal::Comparisons compared(const LabSession& session, cal::Reading reading) const {
    cal::Comparisons all =
        cal::comparisons(*session.read().city, session.variant().scenario, reading);
    for (const std::string& name : without_) {
      const auto found =
          std::find_if(all.used.begin(), all.used.end(),
                       [&](const cal::Comparison& c) { return c.target.name == name; });
      if (found == all.used.end()) {
        std::string names;
        for (const cal::Comparison& c : all.used) {
          names += (names.empty() ? "" : ", ") + c.target.name;
        }
        throw UsageError(
            fmt::format("--without '{}': not among the observations: {}", name, names));
      }
      all.used.erase(found);
      all.not_used.push_back({name, "LEFT OUT BY HAND with --without",
                              "DIKELUARKAN DENGAN TANGAN lewat --without"});
    }
    return all;
  }

  void begin(LabSession& session) {
    session.begin({{"method", method_}, {"waves", waves_}, {"hypothesis", hypothesis_},
                   {"without", fmt::format("{}", fmt::join(without_, ", "))}});
    const std::size_t n_waves = 1 + readings().size() * (study_.n_waves - 1);
    study_.n_runs = n_waves * study_.runs_per_wave;
    session.say_plan(n_waves, study_.n_runs, true);
  }

  /// The first wave, shared by all readings: the futures that a run of this option has.
  bool run_prior(LabSession& session) {
    analysis::Laboratory& laboratory = session.laboratory();
    prior_trial_ = laboratory.add({.variant = session.variant().name, .values = {}});
    const std::vector<std::size_t> trials{prior_trial_};
    if (!session.run(trials, {session.is_indonesian() ? "gelombang 1" : "wave 1"}, "run")) {
      return false;
    }
    const models::Scenario& s = session.variant().scenario;
    const analysis::CommonLuck& luck = laboratory.experiment().luck();
    const std::vector<std::size_t> dimensions = luck.dimensions(s);
    for (std::size_t i = 0; i < study_.runs_per_wave; ++i) {
      prior_.points.push_back(luck.point(s, dimensions, i));
      prior_.futures.push_back(i);
    }
    return true;
  }

  /// Fills runs with what a trial gave; behind the outputs that are compared the fall of the
  /// physical area [ha a year], which no target looks at.
  void fill(const LabSession& session, std::size_t trial,
            const std::vector<cal::Comparison>& compared, cal::Runs& runs) const {
    const analysis::Laboratory& laboratory = session.laboratory();
    const analysis::Outcomes outcomes = laboratory.outcomes(trial);
    cal::publish(runs, cal::numbers_of(outcomes, compared), compared, session.variant().scenario,
                 *session.read().city->city, [&](std::size_t future) {
                   return laboratory.experiment().luck().run_seed(future);
                 });
    const auto first = outcomes.in_year("slum_area", study_.first_year);
    const auto last = outcomes.in_year("slum_area", study_.last_year);
    const double years = std::max(1, study_.last_year - study_.first_year);
    for (std::size_t r = 0; r < runs.size(); ++r) {
      runs.outputs[r].push_back((first[r] - last[r]) / years);
    }
  }

  std::optional<cal::ReadingResult> fit(LabSession& session, cal::Reading reading) {
    const models::Scenario& s = session.variant().scenario;
    cal::ReadingResult result;
    result.reading = reading;
    result.compared = compared(session, reading);
    const std::vector<cal::Comparison>& used = result.compared.used;
    cal::Runs prior = prior_;
    fill(session, prior_trial_, used, prior);
    cal::FitQuestion question;
    question.targets = result.compared.targets();
    question.n_inputs = inputs_.size();
    question.n_waves = study_.n_waves;
    question.runs_per_wave = study_.runs_per_wave;
    question.method = study_.method;
    question.seed =
        sim::mix(sim::mix(s.sampling.seed, wave_stream), static_cast<std::uint64_t>(reading));
    const auto simulate = [&](std::size_t wave,
                              const cal::Points& points) -> std::optional<cal::Runs> {
      const std::size_t first = (++n_later_waves_) * study_.runs_per_wave;
      const std::size_t trial =
          session.laboratory().add_points(session.variant().name, points, first);
      const std::vector<std::size_t> trials{trial};
      const std::string name =
          fmt::format("{}, {} {}", cal::word(reading),
                      session.is_indonesian() ? "gelombang" : "wave", wave + 1);
      if (!session.run(trials, {name}, "run")) return std::nullopt;
      cal::Runs runs{.points = points, .outputs = {}};
      for (std::size_t i = 0; i < points.size(); ++i) runs.futures.push_back(first + i);
      fill(session, trial, used, runs);
      session.laboratory().forget(trial);
      return runs;
    };
    std::size_t number = 0;
    result.fit = cal::fit(question, prior, simulate, [&](const cal::Wave& wave) {
      say_wave(session.terminal(), reading, ++number, wave, question.targets);
    });
    if (result.fit.is_stopped) return std::nullopt;
    judge(session, prior, result);
    return result;
  }

  // --- judgement --------------------------------------------------------------------------------

  double value(std::size_t input, double u) const { return quantile(inputs_[input]->value, u); }

  void judge(const LabSession& session, const cal::Runs& prior, cal::ReadingResult& r) const {
    const std::vector<cal::Target> targets = r.compared.targets();
    const auto value_of = [this](std::size_t input, double u) { return value(input, u); };
    r.evidence = cal::mean_agreement(targets, prior);
    if (r.reading == cal::Reading::administrative) {
      for (const cal::RivalBook& book : cal::rival_books(r.compared.used)) {
        cal::Runs runs = prior_;
        fill(session, prior_trial_, book.compared, runs);
        r.books.push_back({book.name_en, book.name_id, cal::mean_agreement(targets, runs)});
      }
    }
    r.discrepancy = cal::discrepancy_asked_for(r.compared.used, prior);
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const std::vector<double> outputs = prior.output(t);
      r.prior.push_back(cal::band_of(outputs));
      const auto ends = std::minmax_element(outputs.begin(), outputs.end());
      r.reach.push_back({*ends.first, r.prior.back().middle, *ends.second});
    }
    r.prior_fall = cal::band_of(prior.output(targets.size()));
    cal::Runs accepted;
    for (const std::size_t i : r.fit.acceptance.accepted) {
      accepted.points.push_back(r.fit.kept.points[i]);
      accepted.outputs.push_back(r.fit.kept.outputs[i]);
      accepted.futures.push_back(r.fit.kept.futures[i]);
    }
    const auto start = cal::starting_area(*session.read().city, session.variant().scenario);
    r.left_out = cal::leave_one_out(r.compared.used, prior, start);
    r.skill = cal::skill_of(r.left_out);
    r.prior_left_out = cal::prior_hindcast(r.compared.used, prior, start);
    r.prior_skill = cal::skill_of(r.prior_left_out);
    if (perfect_ && !r.fit.active.empty()) {
      r.perfect = cal::perfect_model(targets, prior, r.fit.active, planted_truths, study_.seed);
    }
    if (accepted.size() == 0) return;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      r.posterior.push_back(cal::band_of(accepted.output(t)));
    }
    r.posterior_fall = cal::band_of(accepted.output(targets.size()));
    r.inputs = cal::judge_inputs(accepted.points, value_of);
    for (const cal::InputJudgement& j : r.inputs) {
      const bool matters =
          std::find(r.fit.active.begin(), r.fit.active.end(), j.input) != r.fit.active.end();
      if (matters || j.is_told) r.columns.push_back(j.input);
    }
    add_zero_input(r);
    const analysis::CommonLuck& luck = session.laboratory().experiment().luck();
    const auto seeds = [&](const cal::Runs& runs) {
      std::vector<std::uint64_t> all;
      for (const std::size_t future : runs.futures) all.push_back(luck.run_seed(future));
      return all;
    };
    r.structures = cal::structure_shares(session.variant().scenario, *session.read().city->city,
                                         seeds(prior), seeds(accepted));
  }

  /// Draws of the measured reading must not take hectares off on paper when they are run.
  void add_zero_input(cal::ReadingResult& r) const {
    if (r.reading != cal::Reading::measured || r.columns.empty()) return;
    const auto found =
        std::find(study_.paths.begin(), study_.paths.end(), cal::removal_on_paper);
    if (found == study_.paths.end()) return;
    r.zero_input = static_cast<std::size_t>(found - study_.paths.begin());
    if (std::find(r.columns.begin(), r.columns.end(), *r.zero_input) != r.columns.end()) return;
    r.columns.insert(std::lower_bound(r.columns.begin(), r.columns.end(), *r.zero_input),
                     *r.zero_input);
  }

  /// What a perfect model could learn from less and more data (MODEL.md 26, step 2).
  void learn(const LabSession& session) {
    const analysis::Outcomes outcomes = session.laboratory().outcomes(prior_trial_);
    const std::size_t n = prior_.size();
    std::vector<std::vector<double>> seen(n);
    const auto add = [&](const std::vector<double>& values, std::size_t from, std::size_t count) {
      const std::size_t width = values.size() / n;
      for (std::size_t r = 0; r < n; ++r) {
        for (std::size_t i = from; i < from + count; ++i) seen[r].push_back(values[r * width + i]);
      }
    };
    cal::Learnable learnable;
    learnable.share[0] = learn_from_observations(session);
    const std::size_t n_years = outcomes.years().size();
    add(outcomes.series("slum_area_reported"), 0, n_years);
    learnable.share[1] = cal::learnable_share(prior_.points, seen);
    const std::vector<double> sites = outcomes.series("site_area");
    const std::size_t n_sites = sites.size() / (n * n_years);
    add(sites, (n_years - 1) * n_sites, n_sites);
    learnable.share[2] = cal::learnable_share(prior_.points, seen);
    add(outcomes.series("houses_repaired"), 0, n_years);
    add(outcomes.series("paid"), 0, n_years);
    learnable.share[3] = cal::learnable_share(prior_.points, seen);
    study_.learnable = std::move(learnable);
  }

  /// The observations there are, each with its error: under the reading that says more.
  std::vector<double> learn_from_observations(const LabSession& session) const {
    std::vector<double> best(inputs_.size(), 0.0);
    for (const cal::ReadingResult& r : study_.readings) {
      cal::Runs prior = prior_;
      fill(session, prior_trial_, r.compared.used, prior);
      const std::vector<double> shares =
          cal::learnable_share(prior.points, cal::with_errors(r.compared.targets(), prior.outputs,
                                                              study_.seed));
      for (std::size_t i = 0; i < best.size(); ++i) best[i] = std::max(best[i], shares[i]);
    }
    return best;
  }

  // --- answers ----------------------------------------------------------------------------------

  void say_wave(Terminal& terminal, cal::Reading reading, std::size_t number,
                const cal::Wave& wave, const std::vector<cal::Target>& targets) const {
    std::string misfit;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      misfit += fmt::format("{}{}:{:.6g}", t == 0 ? "" : ",", json_text(targets[t].name),
                            wave.misfit[t]);
    }
    terminal.event("evaluation",
                   fmt::format("\"hypothesis\":{},\"wave\":{},\"runs\":{},"
                               "\"space_left_pct\":{:.6g},\"space_error_pct\":{:.6g},"
                               "\"misfit_sd\":{{{}}}",
                               json_text(cal::word(reading)), number, wave.n_runs,
                               100.0 * wave.left.share, 100.0 * wave.left.share_error, misfit));
    terminal.note(clock_text(terminal.seconds()) + " " +
                  cal::wave_line(reading, number, wave, terminal.globals().lang));
  }

  void write(LabSession& session) {
    Terminal& terminal = session.terminal();
    const auto value_of = [this](std::size_t input, double u) { return value(input, u); };
    for (cal::ReadingResult& r : study_.readings) {
      if (r.fit.is_empty() || r.columns.empty()) continue;
      r.draws_file = draws_file(session, r.reading);
      write_one(terminal, r.draws_file, cal::draws_csv(r, study_.paths, value_of), "csv");
    }
    const std::string& lang = terminal.globals().lang;
    terminal.answer(cal::study_text(study_, lang, terminal.globals().plain));
    write_one(terminal, report_file(session), cal::study_text(study_, lang, false), "report");
    for (const cal::ReadingResult& r : study_.readings) say_result(terminal, r);
  }

  void write_one(Terminal& terminal, const std::string& file, const std::string& bytes,
                 const char* kind) const {
    sim::io::write_file(
        file, bytes, flags_.force ? sim::io::Existing::replace : sim::io::Existing::refuse, true);
    terminal.note(
        fmt::format(" {} {}", terminal.globals().lang == "id" ? "ditulis" : "wrote", file));
    terminal.event("written", fmt::format("\"path\":{},\"kind\":\"{}\",\"bytes\":{},\"sha256\":{}",
                                          json_text(file), kind, bytes.size(),
                                          json_text(analysis::sha256(bytes))));
  }

  void say_result(Terminal& terminal, const cal::ReadingResult& r) const {
    const bool is_calibrated = !r.fit.is_empty();
    std::string skills;
    for (const cal::Skill::Against& a : (is_calibrated ? r.skill : r.prior_skill).against) {
      skills += fmt::format("{}{}:{}", skills.empty() ? "" : ",", json_text(a.name),
                            a.n > 0 ? fmt::format("{:.6g}", a.mae_skill) : "null");
    }
    std::size_t n_told = 0;
    for (const cal::InputJudgement& j : r.inputs) n_told += j.is_told ? 1u : 0u;
    terminal.event(
        "result",
        fmt::format("\"hypothesis\":{},\"accepted\":{},\"runs_in_space\":{},\"inputs_told\":{},"
                    "\"inputs_in_draws\":{},\"draws\":{},\"further_error\":{},"
                    "\"skill_of\":\"{}\",\"skill\":{{{}}},"
                    "\"hindcasts\":{},\"excludes_most\":{}",
                    json_text(cal::word(r.reading)), r.fit.acceptance.accepted.size(),
                    r.fit.kept.size(), n_told, r.columns.size(),
                    r.draws_file.empty() ? "null" : json_text(r.draws_file),
                    json_of(r.discrepancy),
                    is_calibrated ? "calibrated" : "prior", skills, hindcasts_json(r),
                    json_text(r.compared.used[r.fit.hardest].target.name)));
  }

  RunFlags flags_;
  std::string file_, method_ = "both", waves_ = "3", runs_, hypothesis_ = "all";
  std::vector<std::string> without_;
  bool perfect_ = false;
  cal::Study study_;
  std::vector<const models::Uncertain*> inputs_;
  cal::Runs prior_;  ///< points and futures; outputs differ between readings
  std::size_t prior_trial_ = 0, n_later_waves_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_calibrate() { return std::make_unique<Calibrate>(); }

}  // namespace musi::cli
