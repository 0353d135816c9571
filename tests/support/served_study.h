#pragma once

#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "analysis/serve/server.h"
#include "tests/support/http_client.h"

namespace musi::tests {

/// A page server on a port of its own, for as long as this object lives.
class Served {
 public:
  explicit Served(const std::string& file, analysis::serve::ServerOptions options = quiet())
      : study(file, {}), server(study, options) {
    int port = 20'000 + static_cast<int>(::getpid()) % 20'000;
    while (!server.bind(port)) ++port;
    listener_ = std::thread([this] { server.listen(); });
  }
  ~Served() {
    server.stop();
    listener_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  /// Nothing is computed that nobody asked for.
  static analysis::serve::ServerOptions quiet() {
    analysis::serve::ServerOptions options;
    options.n_threads = 2;
    options.looks_ahead = false;
    return options;
  }

  int port() const { return server.guard().port(); }
  std::string host() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string token() const { return "X-Musi-Token: " + server.guard().token() + "\r\n"; }

  std::string get(const std::string& path, const std::string& headers) const {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers + "\r\n";
  }
  std::string get(const std::string& path) const { return get(path, token()); }
  std::string post(const std::string& path, const std::string& body,
                   const std::string& headers) const {
    return "POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  std::string post(const std::string& path, const std::string& body) const {
    return post(path, body, token() + "Content-Type: application/json\r\n");
  }
  /// The answer to one request on a connection of its own.
  HttpReply ask(const std::string& request) const {
    HttpClient client(port());
    client.send(request);
    return client.receive();
  }

  analysis::serve::Study study;
  analysis::serve::PageServer server;

 private:
  std::thread listener_;
};

}  // namespace musi::tests
