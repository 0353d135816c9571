#include "analysis/scenario/schema.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/terminal.h"
#include "analysis/provenance.h"
#include "sim/io/file.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

class Schema final : public Command {
 public:
  std::string_view name() const override { return "schema"; }
  std::string_view summary() const override { return "editor completion, key list"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use or no such key, 4 the file cannot be written.\n"
           "Example: musi schema --key funding.scale_pct";
  }
  void declare(CLI::App& app) override {
    auto* markdown = app.add_flag("--markdown", markdown_, "the list of all keys, as Markdown");
    app.add_option("--key", key_, "explain one key, for example funding.scale_pct")
        ->excludes(markdown);
    app.add_option("-o,--output", output_, "write here, not to stdout");
    app.add_flag("--force", force_, "replace an existing file");
  }

  sim::ExitCode run(Terminal& terminal) override {
    const std::string text = this->text();
    if (output_.empty()) {
      terminal.answer(text);
      terminal.event("result", fmt::format("\"text\":{}", json_text(text)));
      return sim::ExitCode::done;
    }
    sim::io::write_file(output_, text,
                        force_ ? sim::io::Existing::replace : sim::io::Existing::refuse, true);
    terminal.event("written",
                   fmt::format("\"path\":{},\"kind\":\"schema\",\"bytes\":{},\"sha256\":{}",
                               json_text(output_), text.size(), json_text(analysis::sha256(text))));
    terminal.note(
        fmt::format(" {} {}", terminal.globals().lang == "id" ? "ditulis" : "wrote", output_));
    return sim::ExitCode::done;
  }

 private:
  std::string text() const {
    if (markdown_) return analysis::markdown_key_list();
    if (key_.empty()) return analysis::json_schema();
    const auto explained = analysis::explain(key_);
    if (explained) return *explained;
    const std::vector<std::string> paths = analysis::schema().paths();
    const auto nearest = sim::io::nearest_name(key_, paths);
    throw UsageError(fmt::format("--key '{}' is no key{}", sim::io::quoted_value(key_),
                                 nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
  }

  std::string key_, output_;
  bool markdown_ = false, force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_schema() { return std::make_unique<Schema>(); }

}  // namespace musi::cli
