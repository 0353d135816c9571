#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/error.h"

/// Who may ask the page server, INTERFACE.md 8.8.
namespace musi::analysis::serve {

/// A refusal: HTTP status and what is wrong. The status is one of 400, 403, 404, 409, 413, 500.
struct Refusal {
  int status = 400;
  std::vector<sim::Problem> problems;
};

/// One problem in both languages. `remark`: what to do.
Refusal refusal(int status, std::string code, std::string message, std::string indonesian,
                std::string path = "");

/// What a request says about where it comes from.
struct Visitor {
  std::string host, token, content_type;
  std::optional<std::string> origin;
  bool is_post = false;
  bool is_api = false;  ///< below /api/
};

/// Secret of one start, and the checks of every request.
class Guard {
 public:
  /// 128 random bits of the system. IoError if there are none.
  Guard();
  explicit Guard(std::string token) : token_(std::move(token)) {}

  const std::string& token() const { return token_; }
  /// Known once the socket is bound.
  void set_port(int port) { port_ = port; }
  int port() const { return port_; }
  std::string address() const;

  /// Foreign Host or Origin, missing or wrong token: 403; a POST that is no JSON: 400.
  std::optional<Refusal> check(const Visitor& visitor) const;

 private:
  bool is_own_host(std::string_view host) const;

  std::string token_;
  int port_ = 0;
};

/// Headers of every answer; `policy` is the content security policy of the page.
std::vector<std::pair<std::string, std::string>> answer_headers(const std::string& policy);

}  // namespace musi::analysis::serve
