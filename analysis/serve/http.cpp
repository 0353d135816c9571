#include "analysis/serve/http.h"

#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace musi::analysis::serve {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// After a refusal so much more is read and thrown away, so that the sender gets to see it.
constexpr std::size_t most_drained = 16u << 20;
constexpr std::size_t most_requests_per_connection = 10'000;
constexpr int poll_slice_ms = 50;
/// Silence after which a connection gives way to one that waits.
constexpr int give_way_ms = 500;

/// The number behind a header, or nothing if it is no plain count.
std::optional<std::size_t> count_of(std::string_view text) {
  std::size_t value = 0;
  if (text.empty() || text.size() > 15) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return small;
}

/// A connection of a browser, with limits on what is read from it.
class Connection {
 public:
  Connection(socket_t socket, const HttpLimits& limits, const std::atomic<bool>& stops)
      : socket_(socket), limits_(limits), stops_(stops) {}

  enum class Arrival { request, closed, too_large, malformed };

  /// Waits for the next request and reads it whole.
  Arrival next(const std::function<bool()>& others_wait) {
    request_.clear();
    read_at_ = 0;
    const auto idle_since = Clock::now();
    while (buffer_.empty()) {
      const auto idle = std::chrono::duration_cast<milliseconds>(Clock::now() - idle_since);
      if (stops_ || idle.count() > limits_.keep_alive_ms) return Arrival::closed;
      // A request may be on its way just now: only a connection that was silent for a while goes.
      if (has_served_ && idle.count() > give_way_ms && others_wait()) return Arrival::closed;
      if (wait(POLLIN, poll_slice_ms) && !fill()) return Arrival::closed;
    }
    has_served_ = true;
    const auto begin = Clock::now();
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (buffer_.size() > limits_.header_bytes) return Arrival::too_large;
      if (!more(begin)) return Arrival::closed;
    }
    if (end + 4 > limits_.header_bytes) return Arrival::too_large;
    return read_body(end + 4, begin);
  }

  const std::string& request() const { return request_; }
  std::string_view body() const { return std::string_view(request_).substr(head_bytes_); }

  /// A short answer that closes the connection.
  void refuse(int status, const char* reason, const std::string& headers, const std::string& body) {
    write(fmt::format("HTTP/1.1 {} {}\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n"
                      "Connection: close\r\n\r\n{}",
                      status, reason, headers, body.size(), body));
    ::shutdown(socket_, SHUT_WR);
    const auto begin = Clock::now();
    for (std::size_t drained = 0; drained < most_drained && more(begin);) {
      drained += buffer_.size();
      buffer_.clear();
    }
  }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!wait(POLLOUT, limits_.idle_read_ms)) return false;
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Whether the other side still reads. A browser that goes away closes both directions.
  bool is_open() {
    if (stops_) return false;
    pollfd poll_for{.fd = socket_, .events = POLLIN | POLLRDHUP, .revents = 0};
    if (::poll(&poll_for, 1, 0) < 0) return errno == EINTR;
    if ((poll_for.revents & (POLLERR | POLLHUP | POLLRDHUP | POLLNVAL)) != 0) return false;
    return true;
  }

  /// Bytes of the request that was read, as httplib asks for them.
  ssize_t read(char* target, std::size_t size) {
    const std::size_t n = std::min(size, request_.size() - read_at_);
    std::memcpy(target, request_.data() + read_at_, n);
    read_at_ += n;
    return static_cast<ssize_t>(n);
  }

  socket_t socket() const { return socket_; }

 private:
  Arrival read_body(std::size_t head, Clock::time_point begin) {
    head_bytes_ = head;
    std::size_t length = 0;
    bool has_length = false, expects = false;
    for (std::size_t at = buffer_.find("\r\n"); at + 2 < head;) {
      const std::size_t from = at + 2, to = buffer_.find("\r\n", from);
      const std::string_view line = std::string_view(buffer_).substr(from, to - from);
      const std::size_t colon = line.find(':');
      const std::string name = lower(line.substr(0, colon));
      std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
      while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) {
        value.remove_prefix(1);
      }
      // Bodies of unknown or changed length are not needed, and hide what a limit would count.
      if (name == "transfer-encoding" || name == "content-encoding") return Arrival::malformed;
      if (name == "expect") expects = true;
      if (name == "content-length") {
        const auto count = count_of(value);
        if (!count || has_length) return Arrival::malformed;
        has_length = true;
        length = *count;
      }
      at = to;
    }
    if (length > limits_.body_bytes) return Arrival::too_large;
    if (expects && !write("HTTP/1.1 100 Continue\r\n\r\n")) return Arrival::closed;
    while (buffer_.size() < head + length) {
      if (!more(begin)) return Arrival::closed;
    }
    request_ = buffer_.substr(0, head + length);
    buffer_.erase(0, head + length);
    return Arrival::request;
  }

  /// Reads what comes next, within the time for one request.
  bool more(Clock::time_point begin) {
    const auto taken = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
    if (taken.count() > limits_.whole_read_ms) return false;
    return wait(POLLIN, limits_.idle_read_ms) && fill();
  }

  /// True if the socket is ready (or broken); false after the time, or when the server stops.
  bool wait(short events, int at_most_ms) {
    for (int waited = 0; waited <= at_most_ms; waited += poll_slice_ms) {
      pollfd poll_for{.fd = socket_, .events = events, .revents = 0};
      const int ready = ::poll(&poll_for, 1, std::min(poll_slice_ms, at_most_ms - waited));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return false;
      if (stops_) return false;
    }
    return false;
  }

  bool fill() {
    char bytes[16 * 1024];
    const ssize_t n = ::recv(socket_, bytes, sizeof bytes, 0);
    if (n <= 0) return n < 0 && errno == EINTR;
    buffer_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }

  socket_t socket_;
  const HttpLimits& limits_;
  const std::atomic<bool>& stops_;
  bool has_served_ = false;
  std::string buffer_;   ///< read from the socket, not used yet
  std::string request_;  ///< the request at work
  std::size_t head_bytes_ = 0, read_at_ = 0;
};

/// What httplib reads from and writes to: a request that is there whole.
class RequestStream final : public httplib::Stream {
 public:
  explicit RequestStream(Connection& connection) : connection_(connection) {}
  bool is_readable() const override { return true; }
  bool is_writable() const override { return connection_.is_open(); }
  ssize_t read(char* target, std::size_t size) override { return connection_.read(target, size); }
  ssize_t write(const char* bytes, std::size_t size) override {
    return connection_.write({bytes, size}) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  socket_t socket() const override { return connection_.socket(); }

 private:
  Connection& connection_;
};

/// A few threads and a short queue. A connection that finds the queue full is closed at once.
class Workers final : public httplib::TaskQueue {
 public:
  Workers(const HttpLimits& limits, std::atomic<std::size_t>& n_waiting, bool& turns_away)
      : most_waiting_(limits.waiting), n_waiting_(n_waiting), turns_away_(turns_away) {
    for (std::size_t i = 0; i < limits.connections; ++i) {
      threads_.emplace_back([this] { work(); });
    }
  }

  void enqueue(std::function<void()> task) override {
    std::unique_lock lock(mutex_);
    if (tasks_.size() >= most_waiting_) {
      lock.unlock();
      turns_away_ = true;  // read by the task, which runs here, on the accepting thread
      task();
      turns_away_ = false;
      return;
    }
    tasks_.push_back(std::move(task));
    count_waiting();
    ready_.notify_one();
  }

  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void work() {
    while (true) {
      std::function<void()> task;
      {
        std::unique_lock lock(mutex_);
        ++n_idle_;
        ready_.wait(lock, [this] { return ends_ || !tasks_.empty(); });
        --n_idle_;
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
        count_waiting();
      }
      task();
    }
  }

  /// Tasks beyond those that a free thread is about to take.
  void count_waiting() {
    n_waiting_ = tasks_.size() > n_idle_ ? tasks_.size() - n_idle_ : std::size_t{0};
  }

  std::size_t most_waiting_, n_idle_ = 0;
  std::atomic<std::size_t>& n_waiting_;
  bool& turns_away_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> tasks_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

class Sink final : public HttpSink {
 public:
  explicit Sink(httplib::DataSink& sink) : sink_(sink) {}
  bool write(std::string_view bytes) override { return sink_.write(bytes.data(), bytes.size()); }
  bool is_open() override { return sink_.is_writable(); }

 private:
  httplib::DataSink& sink_;
};

HttpRequest request_of(const httplib::Request& from, std::string_view body) {
  HttpRequest request;
  request.method = from.method;
  request.path = from.path;
  request.body = std::string(body);
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  for (const auto& [name, value] : from.headers) request.headers.emplace(lower(name), value);
  return request;
}

/// Of the accepting thread only.
thread_local bool turns_away = false;

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

class HttpServer::Listener final : public httplib::Server {
 public:
  Listener(HttpLimits limits, std::vector<std::pair<std::string, std::string>> headers,
           std::string too_large, std::string malformed, HttpServer::Handler handler)
      : limits_(limits),
        too_large_(std::move(too_large)),
        malformed_(std::move(malformed)),
        handler_(std::move(handler)) {
    httplib::Headers all;
    for (const auto& [name, value] : headers) {
      all.emplace(name, value);
      own_headers_ += fmt::format("{}: {}\r\n", name, value);
    }
    set_default_headers(all);
    set_tcp_nodelay(true);
    // A port is ours alone: without SO_REUSEPORT, which httplib sets, a second server is refused.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    new_task_queue = [this] { return new Workers(limits_, n_waiting_, turns_away); };
    set_keep_alive_max_count(most_requests_per_connection);
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
      return HandlerResponse::Handled;
    });
  }

  void listen_until_stopped() {
    has_begun_ = true;
    if (!stops_) listen_after_bind();
    is_over_ = true;
  }

  /// httplib forgets a stop that comes before it listens.
  void stop_all() {
    stops_ = true;
    if (!has_begun_) return;
    while (!is_running() && !is_over_) std::this_thread::sleep_for(milliseconds(1));
    if (!is_over_) stop();
  }
  std::size_t n_connections() const { return n_connections_; }

 private:
  /// httplib's own reading has no limit on headers and drains bodies of any length; this one has.
  bool process_and_close_socket(socket_t socket) override {
    if (!turns_away) {
      ++n_connections_;
      serve(socket);
      --n_connections_;
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
  }

  void serve(socket_t socket) {
    Connection connection(socket, limits_, stops_);
    connection_at_work = &connection;
    const auto others_wait = [this] { return n_waiting_ > 0; };
    for (std::size_t n = 0; n < most_requests_per_connection; ++n) {
      const Connection::Arrival arrival = connection.next(others_wait);
      if (arrival == Connection::Arrival::closed) break;
      if (arrival == Connection::Arrival::too_large) {
        connection.refuse(413, "Payload Too Large", own_headers_, too_large_);
        break;
      }
      if (arrival == Connection::Arrival::malformed) {
        connection.refuse(400, "Bad Request", own_headers_, malformed_);
        break;
      }
      RequestStream stream(connection);
      const bool closes = n + 1 == most_requests_per_connection || n_waiting_ > 0 || stops_;
      bool is_closed = false;
      const bool is_well = process_request(stream, closes, is_closed, [](httplib::Request& r) {
        for (const char* name : {"Accept-Encoding", "Range", "Expect"}) r.headers.erase(name);
        r.ranges.clear();
      });
      if (!is_well || is_closed || closes) break;
    }
    connection_at_work = nullptr;
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    HttpAnswer answer = handler_(request_of(request, connection_at_work->body()));
    response.status = answer.status;
    if (!answer.stream) {
      response.set_content(answer.body, answer.type.c_str());
      return;
    }
    const bool is_head = request.method == "HEAD";
    response.set_chunked_content_provider(
        answer.type.c_str(),
        [stream = std::move(answer.stream), is_head](std::size_t, httplib::DataSink& data) {
          Sink sink(data);
          if (!is_head) stream(sink);
          data.done();
          return true;
        });
  }

  static thread_local Connection* connection_at_work;

  HttpLimits limits_;
  std::string too_large_, malformed_, own_headers_;
  HttpServer::Handler handler_;
  std::atomic<bool> stops_{false}, has_begun_{false}, is_over_{false};
  std::atomic<std::size_t> n_waiting_{0}, n_connections_{0};
};

thread_local Connection* HttpServer::Listener::connection_at_work = nullptr;

HttpServer::HttpServer(HttpLimits limits, std::vector<std::pair<std::string, std::string>> headers,
                       std::string too_large, std::string malformed, Handler handler)
    : listener_(std::make_unique<Listener>(limits, std::move(headers), std::move(too_large),
                                           std::move(malformed), std::move(handler))) {}

HttpServer::~HttpServer() = default;

bool HttpServer::bind(int port) { return listener_->bind_to_port("127.0.0.1", port); }
void HttpServer::listen() { listener_->listen_until_stopped(); }
void HttpServer::stop() { listener_->stop_all(); }
std::size_t HttpServer::n_connections() const { return listener_->n_connections(); }

}  // namespace musi::analysis::serve
