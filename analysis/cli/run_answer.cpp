#include "analysis/cli/run_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/cli/run_solver.h"
#include "analysis/outcomes.h"
#include "analysis/results.h"

namespace musi::cli {

using analysis::number_text;

sim::ExitCode say_answer(Terminal& terminal, const analysis::Experiment& experiment,
                         const std::string& path,
                         const std::vector<analysis::Expectation>& expectations) {
  const analysis::Results results(path);
  analysis::HeadlineQuestion question = experiment.question();
  question.is_complete = results.is_complete();
  std::vector<analysis::OptionOutcome> outcomes;
  std::vector<const analysis::Variant*> shown;
  auto all = outcomes_of(results, question);
  const std::size_t n_all = all.size();
  for (std::size_t o = 0; o < n_all; ++o) {
    if (experiment.variants()[o]->is_sweep_point) continue;  // their money is not kept by year
    outcomes.push_back(std::move(all[o]));
    shown.push_back(experiment.variants()[o]);
  }
  if (outcomes.empty()) outcomes = std::move(all);
  std::string text =
      headline_text(question, outcomes, terminal.globals().lang, terminal.globals().plain);
  if (!terminal.globals().plain) text += solved_text(experiment.read(), terminal.globals().lang);
  if (!terminal.globals().plain && n_all > outcomes.size()) {
    text += fmt::format(fmt::runtime(terminal.globals().lang == "id"
                                         ? " {} titik sapuan ada di berkas hasil.\n"
                                         : " {} points of the sweep are in the result file.\n"),
                        n_all - outcomes.size());
  }
  terminal.answer(text);
  for (std::size_t o = 0; o < shown.size(); ++o) {
    terminal.event("result",
                   headline_json(headline_of(outcomes[o], question), shown[o]->level) +
                       solved_json(*shown[o]));
  }
  bool all_hold = std::all_of(shown.begin(), shown.end(), [](const analysis::Variant* v) {
    return !v->solved || !std::isnan(v->solved->low);
  });
  for (const analysis::Expectation& expectation : expectations) {
    for (const analysis::Outturn& outturn : check_expectation(expectation, results, outcomes)) {
      all_hold = all_hold && outturn.holds;
      const bool is_year = expectation.metric == analysis::Metric::zero_year;
      const std::string value = std::isinf(outturn.value)
                                    ? fmt::format("not by {}", question.end_year)
                                    : (is_year ? fmt::format("{:.0f}", outturn.value)
                                               : number_text(outturn.value, 1, "en"));
      terminal.note(fmt::format(" {} --expect {}: {} has {}",
                                outturn.holds ? "met:    " : "not met:", expectation.text,
                                outturn.option, value));
      terminal.event(
          "result",
          fmt::format("\"expect\":{},\"option\":{},\"value\":{},\"met\":{}",
                      json_text(expectation.text), json_text(outturn.option),
                      std::isinf(outturn.value) ? "null" : fmt::format("{:.6g}", outturn.value),
                      outturn.holds));
    }
  }
  return all_hold ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
}

}  // namespace musi::cli
