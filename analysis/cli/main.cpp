#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/first_screen.h"
#include "analysis/cli/terminal.h"
#include "sim/core/error.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

using Commands = std::vector<std::unique_ptr<Command>>;

std::string language_of_environment() {
  for (const char* name : {"MUSI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).substr(0, 2) == "id" ? "id" : "en";
  }
  return "en";
}

void add_globals(CLI::App& app, Globals& globals, bool has_both = false) {
  app.add_option("--lang", globals.lang, "language of messages and reports")
      ->check(has_both ? CLI::IsMember({"en", "id", "both"}) : CLI::IsMember({"en", "id"}))
      ->each([&globals](const std::string& lang) { globals.page_lang = lang; });
  app.add_flag("--json", globals.json, "one JSON object per line on stdout, nothing on stderr");
  app.add_flag("--plain", globals.plain, "no colour, bars or box characters; tab-separated tables");
  app.add_flag("--no-color", globals.no_color, "no colour");
  app.add_flag("-q,--quiet", globals.quiet, "errors only on stderr");
  app.add_flag("-v,--verbose", globals.verbose, "run statistics, resolved paths, memory");
}

/// Nearest command or flag for the first word that the parser does not know.
std::string usage_message(const CLI::App& app, const Commands& commands,
                          const std::vector<std::string>& words, const std::string& what) {
  const auto used = app.get_subcommands();
  if (used.empty() && !words.empty() && words.front().substr(0, 1) != "-") {
    std::vector<std::string> names;
    for (const auto& command : commands) names.emplace_back(command->name());
    if (std::find(names.begin(), names.end(), words.front()) == names.end()) {
      const auto nearest = sim::io::nearest_name(words.front(), names);
      return fmt::format("unknown command '{}'{}", words.front(),
                         nearest ? fmt::format("; did you mean '{}'?", *nearest) : "");
    }
  }
  if (!used.empty()) {
    std::vector<std::string> flags;
    for (const CLI::Option* option : used.front()->get_options()) {
      for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    }
    for (const std::string& word : words) {
      const std::string flag = word.substr(0, word.find('='));
      if (flag.substr(0, 2) != "--" || flag.size() < 3) continue;
      if (std::find(flags.begin(), flags.end(), flag) != flags.end()) continue;
      const auto nearest = sim::io::nearest_name(flag, flags);
      return fmt::format("unknown flag '{}'{}", flag,
                         nearest ? fmt::format("; did you mean '{}'?", *nearest) : "");
    }
  }
  return what;
}

sim::ExitCode usage_failure(Terminal& terminal, const std::string& command,
                            const std::string& message) {
  terminal.failure("usage", message, sim::ExitCode::usage);
  terminal.note(command.empty() ? "see: musi --help" : fmt::format("see: musi {} --help", command));
  return sim::ExitCode::usage;
}

/// Our fault: keeps a report beside the user, who can attach it.
sim::ExitCode internal_failure(Terminal& terminal, const std::string& command,
                               const char* message) {
  if (std::FILE* file = std::fopen("musi-crash.txt", "w"); file != nullptr) {
    fmt::print(file, "{}\ncommand {}\n{}\n", version_line(), command, message);
    std::fclose(file);
  }
  terminal.failure("internal",
                   fmt::format("internal error in {} (this is our fault). A report was written to "
                               "musi-crash.txt; please attach it to an issue.",
                               command),
                   sim::ExitCode::internal);
  return sim::ExitCode::internal;
}

sim::ExitCode run_command(Command& command, Terminal& terminal) {
  const std::string name(command.name());
  try {
    return command.run(terminal);
  } catch (const UsageError& error) {
    return usage_failure(terminal, name, error.what());
  } catch (const sim::InputError& error) {
    const bool is_flag = std::all_of(
        error.problems().begin(), error.problems().end(), [](const sim::Problem& problem) {
          return problem.severity != sim::Severity::error || problem.place.file == "command line";
        });
    const auto code = is_flag ? sim::ExitCode::usage : sim::ExitCode::invalid_input;
    terminal.problems(error.problems(), code);
    return code;
  } catch (const sim::IoError& error) {
    terminal.failure(error.code(), error.what(), sim::ExitCode::io);
    return sim::ExitCode::io;
  } catch (const std::bad_alloc&) {
    terminal.failure("out_of_memory",
                     "out of memory; fewer replicates or `outputs.per_site: quantiles` need less",
                     sim::ExitCode::io);
    return sim::ExitCode::io;
  } catch (const std::exception& error) {
    return internal_failure(terminal, name, error.what());
  }
}

int program(int argc, char** argv) {
  Globals globals;
  globals.lang = language_of_environment();
  Commands commands = all_commands();
  CLI::App app("when does a city's slum area reach 0 %, how sure is that, what would change it?",
               "musi");
  bool wants_version = false;
  app.set_help_flag("-h,--help", "this help");
  app.add_flag("--version", wants_version, "version, commit, compiler and formats");
  add_globals(app, globals);
  app.require_subcommand(0, 1);
  for (const auto& command : commands) {
    CLI::App* sub =
        app.add_subcommand(std::string(command->name()), std::string(command->summary()));
    sub->footer(std::string(command->footer()));
    add_globals(*sub, globals, command->writes_both_languages());
    command->declare(*sub);
  }
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool is_bare_help =
      words.empty() || (words.size() == 1 && (words[0] == "-h" || words[0] == "--help"));
  const bool is_indonesian_help = words.size() == 2 && words[0] == "--lang";
  if (is_bare_help || is_indonesian_help) {
    if (is_indonesian_help) globals.lang = words[1];
    fmt::print("{}", first_screen(globals.lang, commands));
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto used = app.get_subcommands();
    fmt::print("{}", used.empty() ? first_screen(globals.lang, commands) : used.front()->help());
    return 0;
  } catch (const CLI::ParseError& error) {
    globals.json = std::find(words.begin(), words.end(), "--json") != words.end();
    Terminal terminal(globals);
    const auto used = app.get_subcommands();
    const auto code =
        usage_failure(terminal, used.empty() ? "" : used.front()->get_name(),
                      usage_message(app, commands, words, error.what()));
    terminal.end(code);
    return static_cast<int>(code);
  }
  if (globals.lang == "both") globals.lang = language_of_environment();
  if (wants_version) {
    fmt::print("{}\n", version_text());
    return 0;
  }
  const auto used = app.get_subcommands();
  if (used.empty()) {
    fmt::print("{}", first_screen(globals.lang, commands));
    return 0;
  }
  Terminal terminal(globals);
  const std::string name = used.front()->get_name();
  const auto chosen = std::find_if(commands.begin(), commands.end(),
                                   [&](const auto& command) { return command->name() == name; });
  std::string argv_json;
  for (const std::string& word : words) {
    argv_json += (argv_json.empty() ? "" : ",") + json_text(word);
  }
  terminal.event("start", fmt::format("{},\"json_format\":1,\"command\":{},\"argv\":[{}]",
                                      version_fields(), json_text(name), argv_json));
  const auto code = run_command(**chosen, terminal);
  terminal.end(code, terminal.n_runs());
  std::fflush(stdout);
  return static_cast<int>(code);
}

}  // namespace
}  // namespace musi::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that closes stdout early is no failure
  return musi::cli::program(argc, argv);
}
