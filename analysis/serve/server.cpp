#include "analysis/serve/server.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <thread>

#include "analysis/report/report.h"
#include "analysis/report/texts.h"
#include "analysis/serve/ahead.h"
#include "analysis/serve/answers.h"
#include "analysis/serve/jobs.h"
#include "sim/core/error.h"

namespace musi::analysis::serve {
namespace {

/// Runs whose futures may still be asked for one by one.
constexpr std::size_t most_answered = 4;

Tongue tongue_of(const HttpRequest& request, const std::string& lang) {
  const std::string wanted = request.header("accept-language");
  const std::string first = wanted.empty() ? lang : wanted.substr(0, 2);
  return first == "id" ? Tongue::indonesian : Tongue::english;
}

HttpAnswer refused(const Refusal& refusal, Tongue tongue) {
  return {.status = refusal.status, .body = refusal_json(refusal, tongue)};
}

HttpAnswer invalid(const sim::InputError& error, Tongue tongue) {
  return refused({400, error.problems()}, tongue);
}

/// Status of a file error: in the way or not there yet 409, our disk 500.
HttpAnswer failed(const sim::IoError& error, Tongue tongue) {
  const bool is_conflict = error.code() == "exists" || error.code() == "not_computed" ||
                           error.code() == "not_savable";
  return refused(refusal(is_conflict ? 409 : 500, error.code(), error.what(), error.what()),
                 tongue);
}

Refusal superseded() {
  return refusal(409, "superseded", "a request with this or a higher seq came before",
                 "permintaan dengan seq ini atau lebih tinggi sudah datang", "seq");
}

template <class Number>
std::optional<Number> whole_of(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return value;
}

std::chrono::steady_clock::rep now_ticks() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

constexpr const char* ndjson = "application/x-ndjson";

}  // namespace

PageServer::PageServer(Study& study, ServerOptions options)
    : study_(study),
      options_(std::move(options)),
      schema_(schema_body()),
      scenario_(scenario_body(study)),
      last_ticks_(now_ticks()),
      http_(options_.limits, answer_headers(page_policy(true)),
            refusal_json(refusal(413, "too_large",
                                 fmt::format("headers above {} bytes or a body above {} bytes",
                                             options_.limits.header_bytes,
                                             options_.limits.body_bytes),
                                 "kepala atau isi permintaan terlalu besar"),
                         Tongue::english),
            refusal_json(refusal(400, "bad_request",
                                 "a body needs Content-Length and no encoding",
                                 "isi permintaan memerlukan Content-Length tanpa pengodean"),
                         Tongue::english),
            [this](const HttpRequest& request) { return answer(request); }) {}

PageServer::~PageServer() = default;

bool PageServer::bind(int port) {
  if (!http_.bind(port)) return false;
  guard_.set_port(port);
  return true;
}

void PageServer::listen() {
  std::thread ahead;
  if (options_.looks_ahead) ahead = std::thread([this] { compute_ahead(); });
  http_.listen();
  stops_ = true;
  if (ahead.joinable()) ahead.join();
}

/// Neighbours of the last answer, the nearest first, until somebody asks something.
void PageServer::compute_ahead() {
  std::size_t step = 1;
  std::optional<Question> question;
  while (!stops_) {
    {
      const std::lock_guard lock(mutex_);
      if (ahead_of_) {
        question = std::exchange(ahead_of_, std::nullopt);
        step = 1;
      }
    }
    const auto turn = question ? desk_.take_idle() : nullptr;
    if (turn == nullptr) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      continue;
    }
    const bool is_done = look_ahead(study_, *question, step, first_preview, options_.n_threads,
                                    turn->cancellation(), {});
    if (!is_done || ++step > most_steps()) question.reset();
  }
}

void PageServer::stop() {
  stops_ = true;
  desk_.close();
  http_.stop();
}

double PageServer::idle_seconds() const {
  if (n_at_work_ > 0) return 0.0;
  const std::chrono::steady_clock::duration idle(now_ticks() - last_ticks_);
  return std::chrono::duration<double>(idle).count();
}

HttpAnswer PageServer::answer(const HttpRequest& request) {
  last_ticks_ = now_ticks();
  const Tongue tongue = tongue_of(request, options_.lang);
  Visitor visitor;
  visitor.host = request.header("host");
  visitor.token = request.header("x-musi-token");
  visitor.content_type = request.header("content-type");
  if (request.headers.contains("origin")) visitor.origin = request.header("origin");
  visitor.is_post = request.method == "POST";
  visitor.is_api = request.path != "/";
  if (const auto refusal = guard_.check(visitor)) return refused(*refusal, tongue);
  try {
    return route(request, tongue);
  } catch (const sim::InputError& error) {
    return invalid(error, tongue);
  } catch (const sim::IoError& error) {
    return failed(error, tongue);
  } catch (const std::bad_alloc&) {
    return refused(refusal(500, "out_of_memory", "out of memory", "memori habis"), tongue);
  } catch (const std::exception& error) {
    return refused(refusal(500, "internal", error.what(), error.what()), tongue);
  }
}

HttpAnswer PageServer::route(const HttpRequest& request, Tongue tongue) {
  const std::string& path = request.path;
  if (request.method == "GET" || request.method == "HEAD") {
    if (path == "/") return page();
    if (path == "/api/schema") return {.body = schema_};
    if (path == "/api/scenario") return scenario();
    if (path == "/api/result") {
      if (study_.is_result()) return result_data();
      return refused(refusal(404, "no_result", "a scenario is open: ask /api/run for its futures",
                             "yang dibuka adalah skenario: minta hasilnya lewat /api/run"),
                     tongue);
    }
    if (path == "/api/future") return future(request, tongue);
  }
  if (request.method == "POST") {
    if (path == "/api/run") return run(request, tongue);
    if (path == "/api/goal") return goal(request, tongue);
    if (path == "/api/cancel") return cancel(request, tongue);
    if (path == "/api/save") return save(request, tongue);
  }
  return refused(refusal(404, "not_found", "there is nothing here", "tidak ada apa-apa di sini"),
                 tongue);
}

HttpAnswer PageServer::page() const {
  PageParts parts;
  parts.lang = options_.lang;
  parts.title = Texts(options_.lang)("page.title", {{"city", study_.base().city->city->title_en}});
  HttpAnswer answer;
  answer.type = "text/html; charset=utf-8";
  answer.body = page_html(parts);
  return answer;
}

HttpAnswer PageServer::scenario() const {
  return {.body = scenario_ + fmt::format(",\"lang\":{},\"present\":{},\"seq\":{}}}\n",
                                          json_string(options_.lang), options_.present,
                                          desk_.last_seq())};
}

HttpAnswer PageServer::result_data() {
  const std::lock_guard lock(mutex_);
  if (result_.empty()) result_ = study_.result_data();
  return {.body = result_};
}

void PageServer::remember(std::int64_t seq, std::shared_ptr<Setup> setup) {
  const std::lock_guard lock(mutex_);
  answered_.emplace_front(seq, std::move(setup));
  if (answered_.size() > most_answered) answered_.pop_back();
}

namespace {

/// Counts a long answer as work for as long as it lasts.
class AtWork {
 public:
  AtWork(std::atomic<int>& count, std::atomic<std::chrono::steady_clock::rep>& last)
      : count_(count), last_(last) {
    ++count_;
  }
  ~AtWork() {
    last_ = now_ticks();
    --count_;
  }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

 private:
  std::atomic<int>& count_;
  std::atomic<std::chrono::steady_clock::rep>& last_;
};

}  // namespace

HttpAnswer PageServer::run(const HttpRequest& request, Tongue tongue) {
  auto reading = read_run(request.body);
  if (const auto* refusal = std::get_if<Refusal>(&reading)) return refused(*refusal, tongue);
  const RunRequest asked = std::get<RunRequest>(reading);
  if (!desk_.announce(asked.seq)) return refused(superseded(), tongue);
  const std::shared_ptr<Setup> setup = study_.setup(asked.question);
  remember(asked.seq, setup);
  HttpAnswer answer;
  answer.type = ndjson;
  answer.stream = [this, asked, setup, tongue](HttpSink& sink) {
    const AtWork at_work(n_at_work_, last_ticks_);
    stream_job(desk_, asked.seq, tongue, options_.most_run_seconds, sink,
               [&](Events& events, sim::Cancellation& cancellation) {
                 const auto code =
                     run_job(study_, asked.question, setup,
                             {options_.n_threads, options_.looks_ahead}, events, cancellation);
                 const std::lock_guard lock(mutex_);
                 if (code == sim::ExitCode::done) ahead_of_ = asked.question;
                 return code;
               });
  };
  return answer;
}

HttpAnswer PageServer::goal(const HttpRequest& request, Tongue tongue) {
  auto reading = read_goal(request.body);
  if (const auto* refusal = std::get_if<Refusal>(&reading)) return refused(*refusal, tongue);
  const GoalRequest asked = std::get<GoalRequest>(reading);
  if (!desk_.announce(asked.seq)) return refused(superseded(), tongue);
  HttpAnswer answer;
  answer.type = ndjson;
  answer.stream = [this, asked, tongue](HttpSink& sink) {
    const AtWork at_work(n_at_work_, last_ticks_);
    stream_job(desk_, asked.seq, tongue, options_.most_run_seconds, sink,
               [&](Events& events, sim::Cancellation& cancellation) {
                 return goal_job(study_, asked, options_.n_threads, events, cancellation);
               });
  };
  return answer;
}

HttpAnswer PageServer::cancel(const HttpRequest& request, Tongue tongue) {
  const auto reading = read_cancel(request.body);
  if (const auto* refusal = std::get_if<Refusal>(&reading)) return refused(*refusal, tongue);
  desk_.cancel(std::get<CancelRequest>(reading).seq);
  return {.status = 204, .body = ""};
}

HttpAnswer PageServer::save(const HttpRequest& request, Tongue tongue) {
  const auto reading = read_save(request.body);
  if (const auto* refusal = std::get_if<Refusal>(&reading)) return refused(*refusal, tongue);
  const AtWork at_work(n_at_work_, last_ticks_);
  const Study::Saved saved = study_.save(std::get<SaveRequest>(reading));
  return {.body = fmt::format(
              "{{\"path\":{},\"kind\":{},\"bytes\":{},\"sha256\":{},\"command\":{}}}\n",
              json_string(saved.path), json_string(saved.kind), saved.bytes,
              json_string(saved.sha256), json_string(saved.command))};
}

HttpAnswer PageServer::future(const HttpRequest& request, Tongue tongue) {
  const auto parameter = [&](const char* name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
  };
  const auto replicate = whole_of<std::size_t>(parameter("replicate"));
  std::optional<std::int64_t> run;
  if (!parameter("run").empty()) run = whole_of<std::int64_t>(parameter("run")).value_or(-1);
  std::shared_ptr<Setup> setup;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [seq, answered] : answered_) {
      if (run && *run != seq) continue;
      setup = answered;
      break;
    }
  }
  if (setup == nullptr && !run) {
    // Nothing was run yet: the scenario as it is.
    setup = study_.setup({.set = {},
                          .options = {},
                          .replicates = static_cast<std::size_t>(
                              study_.base().variants.front().scenario.sampling.replicates)});
  }
  if (setup == nullptr) {
    return refused(refusal(404, "not_found", "no run of this number is kept",
                           "hasil dengan nomor ini tidak disimpan", "run"),
                   tongue);
  }
  const std::string wanted = parameter("option");
  for (std::size_t o = 0; o < setup->n_options(); ++o) {
    if (!wanted.empty() && setup->option_name(o) != wanted) continue;
    if (!replicate || *replicate >= setup->n_replicates()) {
      return refused(refusal(400, "out_of_range", "'replicate' is no number of a future",
                             "'replicate' bukan nomor kemungkinan", "replicate"),
                     tongue);
    }
    const AtWork at_work(n_at_work_, last_ticks_);
    return {.body = setup->future_json(o, *replicate) + "\n"};
  }
  return refused(refusal(404, "unknown_choice", "there is no such option", "opsi ini tidak ada",
                         "option"),
                 tongue);
}

}  // namespace musi::analysis::serve
