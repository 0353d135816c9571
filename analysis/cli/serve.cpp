#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/signals.h"
#include "analysis/cli/terminal.h"
#include "analysis/serve/server.h"
#include "sim/io/number.h"

namespace musi::cli {
namespace {

constexpr int first_port = 8059;
constexpr int n_ports = 10;
constexpr double idle_limit_s = 15 * 60;

/// Opens an address as the desktop does; nothing happens where there is none.
void open_in_browser(const std::string& address) {
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return;
  std::string program = "xdg-open", argument = address;
  char* const arguments[] = {program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  (void)posix_spawnp(&child, program.c_str(), &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
}

class Serve final : public Command {
 public:
  std::string_view name() const override { return "serve"; }
  std::string_view summary() const override { return "sliders in your browser"; }
  std::string_view footer() const override {
    return "Serves the page of musi report with the simulator behind it: levers run the model. "
           "Only this machine can reach it, and only with the address that is printed. Ends with "
           "Ctrl-C, or 15 minutes after the last request.\n"
           "Exit codes: 0 ended, 2 wrong use, 3 scenario or data invalid, 4 a file cannot be read, "
           "or the port is in use.\n"
           "Example: musi serve scenarios/palembang-baseline.yaml";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_,
                   "scenario or result; default scenarios/palembang-baseline.yaml");
    app.add_option("-p,--port", port_, "default 8059, or the next free one of ten");
    app.add_flag("--no-open", no_open_, "do not open a browser");
    app.add_flag("--present", present_, "facilitator view: one chart, large type");
    app.add_flag("--keep", keep_, "do not end after 15 minutes without a request");
    app.add_option("-j,--threads", flags_.threads,
                   "threads, default all cores; never changes a result");
    app.add_option("--set", flags_.sets, "PATH=VALUE laid over everything in the file (repeatable)")
        ->allow_extra_args(false);
  }

  sim::ExitCode run(Terminal& terminal) override {
    const std::size_t n_threads = flags_.n_threads();
    const int port = port_flag();
    analysis::serve::Study study(file_, flags_.sets);
    const auto& problems = study.base().problems;
    if (!study.base().ok()) throw sim::InputError(problems.all());
    terminal.problems(problems.all(), sim::ExitCode::invalid_input, "", "");
    analysis::serve::PageServer server(study, {.n_threads = n_threads,
                                               .lang = terminal.globals().lang,
                                               .present = present_});
    bind(server, port);
    // Ctrl-C is the normal end of a server, however often it is pressed.
    const sim::Cancellation& ends = stop_on_signals(sim::ExitCode::done);
    std::thread listener([&] { server.listen(); });
    say_address(terminal, server.guard());
    if (!no_open_) open_in_browser(server.guard().address());
    while (ends.reason() == sim::StopReason::none &&
           (keep_ || server.idle_seconds() < idle_limit_s)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    server.stop();
    listener.join();
    const bool is_id = terminal.globals().lang == "id";
    terminal.note(ends.reason() != sim::StopReason::none
                      ? (is_id ? "selesai" : "ended")
                      : (is_id ? "selesai: 15 menit tanpa permintaan; --keep mencegahnya"
                               : "ended: 15 minutes without a request; --keep prevents it"));
    return sim::ExitCode::done;
  }

 private:
  /// 0: none given.
  int port_flag() const {
    if (port_.empty()) return 0;
    const auto reading = sim::io::read_number(port_, {.min = 1024, .max = 65535, .whole = true});
    if (!reading.value) {
      throw UsageError(fmt::format("--port {}: {}", port_, reading.fault.message.english));
    }
    return static_cast<int>(*reading.value);
  }

  static void bind(analysis::serve::PageServer& server, int port) {
    if (port != 0) {
      if (server.bind(port)) return;
      throw sim::IoError("port_in_use",
                         fmt::format("port {} is in use; choose another with -p, or leave -p out",
                                     port));
    }
    for (int candidate = first_port; candidate < first_port + n_ports; ++candidate) {
      if (server.bind(candidate)) return;
    }
    throw sim::IoError("port_in_use", fmt::format("ports {} to {} are in use; choose one with -p",
                                                  first_port, first_port + n_ports - 1));
  }

  static void say_address(Terminal& terminal, const analysis::serve::Guard& guard) {
    const bool is_id = terminal.globals().lang == "id";
    terminal.answer(guard.address() + "\n");
    terminal.note(is_id ? "Buka alamat ini di peramban mesin ini; Ctrl-C mengakhiri."
                        : "Open this address in a browser of this machine; Ctrl-C ends.");
    terminal.event("result", fmt::format("\"address\":{},\"port\":{}", json_text(guard.address()),
                                         guard.port()));
  }

  RunFlags flags_;
  std::string file_ = "scenarios/palembang-baseline.yaml", port_;
  bool no_open_ = false, present_ = false, keep_ = false;
};

}  // namespace

std::unique_ptr<Command> make_serve() { return std::make_unique<Serve>(); }

}  // namespace musi::cli
