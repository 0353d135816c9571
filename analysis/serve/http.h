#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP on 127.0.0.1 with hard limits; the only file that sees cpp-httplib is http.cpp.
namespace musi::analysis::serve {

struct HttpLimits {
  std::size_t header_bytes = 8 * 1024;
  std::size_t body_bytes = 256 * 1024;
  std::size_t connections = 8;       ///< answered at the same time
  std::size_t waiting = 64;          ///< further ones that wait; others are closed
  int idle_read_ms = 10'000;         ///< silence after which an unfinished request is dropped
  int whole_read_ms = 30'000;        ///< time for one request to arrive
  int keep_alive_ms = 5'000;         ///< silence after which a connection is closed
};

struct HttpRequest {
  std::string method, path, body;
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  ///< by lower-case name; the first of each

  /// Empty if it is not there.
  std::string header(const std::string& name) const;
};

/// The receiving end of a long answer.
class HttpSink {
 public:
  virtual ~HttpSink() = default;
  /// False: the reader has gone.
  virtual bool write(std::string_view bytes) = 0;
  /// Whether somebody still reads. Costs one system call.
  virtual bool is_open() = 0;
};

struct HttpAnswer {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  /// Instead of `body`: writes the answer piece by piece and returns at its end.
  std::function<void(HttpSink&)> stream = {};
};

/// Answers requests with a few threads. Headers and body of a request are read whole, within the
/// limits, before anything looks at them.
class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  /// `headers`: of every answer. `too_large`, `malformed`: bodies of the answers that the server
  /// gives by itself.
  HttpServer(HttpLimits limits, std::vector<std::pair<std::string, std::string>> headers,
             std::string too_large, std::string malformed, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Takes a port of 127.0.0.1; false if it is in use or not allowed.
  bool bind(int port);
  /// Answers until stop(); bind() first.
  void listen();
  /// From any thread; streams that run are told by their sink.
  void stop();
  std::size_t n_connections() const;  ///< open now

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace musi::analysis::serve
