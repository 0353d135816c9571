#include "analysis/inspect.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/terminal.h"

namespace musi::cli {
namespace {

using analysis::InspectPart;

class Inspect final : public Command {
 public:
  std::string_view name() const override { return "inspect"; }
  std::string_view summary() const override { return "what is in a result or report"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use, 4 no result file, truncated, of a newer format, or "
           "damaged (--checksum).\n"
           "Of a report it shows what the page holds: statistics, futures to six digits, inputs.\n"
           "Example: musi inspect results/palembang-baseline.h5 --assumptions";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", path_, "result file, or report (.html)")->required();
    for (Choice& choice : choices_) app.add_flag(choice.flag, choice.is_on, choice.help);
  }

  sim::ExitCode run(Terminal& terminal) override {
    analysis::InspectOptions options;
    options.path = path_;
    options.plain = terminal.globals().plain;
    options.json = terminal.globals().json;
    int n_chosen = 0;
    for (const Choice& choice : choices_) {
      if (!choice.is_on) continue;
      options.part = choice.part;
      ++n_chosen;
    }
    if (n_chosen > 1)
      throw UsageError(
          "choose one of --scenario, --resolved, --assumptions, "
          "--variables, --cite, --checksum");
    const analysis::Inspection inspection = analysis::inspect(options);
    if (terminal.globals().json) {
      const std::size_t open = inspection.text.find('{'), close = inspection.text.rfind('}');
      terminal.event("result",
                     std::string_view(inspection.text).substr(open + 1, close - open - 1));
    }
    terminal.answer(inspection.text);
    if (inspection.is_intact) return sim::ExitCode::done;
    terminal.failure("truncated", fmt::format("'{}' is damaged: a hash differs", path_),
                     sim::ExitCode::io);
    return sim::ExitCode::io;
  }

 private:
  struct Choice {
    const char* flag;
    const char* help;
    InspectPart part;
    bool is_on = false;
  };
  std::string path_;
  Choice choices_[6] = {
      {"--scenario", "the scenario as given", InspectPart::scenario},
      {"--resolved", "the scenario with every default and where each line comes from",
       InspectPart::resolved},
      {"--assumptions", "value, source and status of every uncertain input",
       InspectPart::assumptions},
      {"--variables", "all datasets with dimensions and units", InspectPart::variables},
      {"--cite", "how to cite this result", InspectPart::cite},
      {"--checksum", "hashes of inputs and contents, computed again", InspectPart::checksum},
  };
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<Inspect>(); }

}  // namespace musi::cli
