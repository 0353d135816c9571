#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/served_study.h"

using musi::tests::HttpClient;
using musi::tests::HttpReply;
using musi::tests::Served;

namespace {

const char* const small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

/// `musi serve` as a process with a terminal's view of signals.
class ServeProcess {
 public:
  explicit ServeProcess(const std::vector<std::string>& flags) {
    int out[2];
    if (::pipe(out) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::signal(SIGINT, SIG_DFL);
      ::dup2(out[1], STDOUT_FILENO);
      ::close(out[0]);
      std::FILE* const quiet = std::freopen("/dev/null", "w", stderr);
      std::vector<std::string> words{MUSI_PROGRAM, "serve", small, "--no-open"};
      words.insert(words.end(), flags.begin(), flags.end());
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      if (quiet != nullptr) ::execv(MUSI_PROGRAM, arguments.data());
      ::_exit(99);
    }
    ::close(out[1]);
    std::FILE* const stream = ::fdopen(out[0], "r");
    char line[256] = {};
    if (std::fgets(line, sizeof line, stream) != nullptr) address_ = line;
    std::fclose(stream);
  }
  ~ServeProcess() {
    if (pid_ > 0) stop(SIGKILL);
  }
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  /// `http://127.0.0.1:8059/?t=...`, empty if it ended before.
  const std::string& address() const { return address_; }
  int port() const {
    const std::size_t at = address_.find("127.0.0.1:");
    return at == std::string::npos ? 0 : std::atoi(address_.c_str() + at + 10);
  }
  void send(int signal) const { ::kill(pid_, signal); }
  /// Exit code after a signal, or of a process that ends by itself (0).
  int stop(int signal) {
    if (signal != 0) ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  std::string address_;
};

double resident_mib() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  long all = 0, resident = 0;
  const int n = file == nullptr ? 0 : std::fscanf(file, "%ld %ld", &all, &resident);
  if (file != nullptr) std::fclose(file);
  return n == 2 ? static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1048576.0 : 0.0;
}

}  // namespace

TEST_CASE("200 requests a second for 30 s are all answered, and no memory is lost",
          "[unit][slow]") {
  using Clock = std::chrono::steady_clock;
  constexpr int n_clients = 4, per_second = 200, n_seconds = 30;
  constexpr auto step = std::chrono::microseconds(1'000'000 * n_clients / per_second);
  const Served served(small);
  const std::string wrong = served.get("/api/schema", "X-Musi-Token: wrong\r\n");
  std::atomic<int> n_answered{0}, n_other{0};
  std::vector<double> memory;
  std::atomic<bool> ends{false};
  std::thread watch([&] {
    while (!ends) {
      memory.push_back(resident_mib());
      for (int i = 0; i < 10 && !ends; ++i) ::usleep(100'000);
    }
  });
  std::vector<std::thread> clients;
  for (int c = 0; c < n_clients; ++c) {
    clients.emplace_back([&] {
      auto next = Clock::now();
      std::unique_ptr<HttpClient> client;
      for (int i = 0; i < per_second * n_seconds / n_clients; ++i, next += step) {
        std::this_thread::sleep_until(next);
        // Connections that stay and connections that come and go; pages, tables, refusals, runs.
        if (client == nullptr || i % 7 == 0) client = std::make_unique<HttpClient>(served.port());
        const bool is_refused = i % 5 == 0;
        client->send(is_refused   ? wrong
                     : i % 5 == 1 ? served.get("/", "")
                     : i % 5 == 2 ? served.get("/api/scenario")
                     : i % 5 == 3 ? served.post("/api/run", "{\"seq\":")
                                  : served.get("/api/result"));
        const int expected[] = {403, 200, 200, 400, 404};
        const HttpReply reply = client->receive();
        const bool is_right = reply.status == expected[i % 5] && !reply.body.empty();
        ++(is_right ? n_answered : n_other);
        if (reply.header("Connection") == "close") client = nullptr;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  ends = true;
  watch.join();
  CHECK(n_answered == per_second * n_seconds);
  CHECK(n_other == 0);
  REQUIRE(memory.size() > 10);
  INFO("MiB after 5 s: " << memory[5] << ", at the end: " << memory.back());
  CHECK(memory.back() - memory[5] < 4.0);
}

TEST_CASE("Ctrl-C is the normal end of serve, also during a run", "[unit]") {
  ServeProcess quiet({});
  REQUIRE(quiet.port() > 0);
  CHECK(quiet.stop(SIGINT) == 0);
  ServeProcess busy({});
  REQUIRE(busy.port() > 0);
  std::string token = busy.address().substr(busy.address().find("t=") + 2);
  token.pop_back();  // line end
  HttpClient client(busy.port());
  const std::string body = R"({"seq":1,"set":{},"replicates":10000})";
  client.send("POST /api/run HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(busy.port()) +
              "\r\nX-Musi-Token: " + token + "\r\nContent-Type: application/json\r\n" +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  REQUIRE(client.read_until("\"event\":\"progress\""));
  CHECK(busy.stop(SIGINT) == 0);
  // A shell or a job script may send it to the process and to its group.
  ServeProcess twice({});
  REQUIRE(twice.port() > 0);
  twice.send(SIGINT);
  CHECK(twice.stop(SIGINT) == 0);
}

TEST_CASE("a port in use is code 4 if it was asked for, else the next one is taken", "[unit]") {
  ServeProcess first({});
  REQUIRE(first.port() > 0);
  ServeProcess second({});
  CHECK(second.port() != first.port());  // lower where another server has ended in between
  CHECK(second.port() < 8059 + 10);
  ServeProcess third({"-p", std::to_string(first.port())});
  CHECK(third.address().empty());
  CHECK(third.stop(0) == 4);
  ServeProcess fourth({"-p", "80x"});
  CHECK(fourth.stop(0) == 2);
}
