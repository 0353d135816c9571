#include "analysis/serve/guard.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cstdint>

namespace musi::analysis::serve {
namespace {

/// Takes the same time wherever two texts differ, so that a token cannot be guessed letter by
/// letter.
bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(
                                                         static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

std::string random_token() {
  std::array<std::uint8_t, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw sim::IoError("no_random", "the system gives no random numbers for the token");
  }
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

Refusal refusal(int status, std::string code, std::string message, std::string indonesian,
                std::string path) {
  sim::Problem problem;
  problem.code = std::move(code);
  problem.place.file = "request";
  problem.message = std::move(message);
  problem.message_indonesian = std::move(indonesian);
  problem.path = std::move(path);
  return {status, {std::move(problem)}};
}

Guard::Guard() : token_(random_token()) {}

std::string Guard::address() const {
  return fmt::format("http://127.0.0.1:{}/?t={}", port_, token_);
}

bool Guard::is_own_host(std::string_view host) const {
  return host == fmt::format("127.0.0.1:{}", port_) || host == fmt::format("localhost:{}", port_);
}

std::optional<Refusal> Guard::check(const Visitor& visitor) const {
  if (!is_own_host(visitor.host)) {
    return refusal(403, "foreign_host", "this server answers only to 127.0.0.1 and localhost",
                   "server ini hanya menjawab 127.0.0.1 dan localhost");
  }
  if (visitor.origin) {
    constexpr std::string_view scheme = "http://";
    const std::string_view origin = *visitor.origin;
    if (!origin.starts_with(scheme) || !is_own_host(origin.substr(scheme.size()))) {
      return refusal(403, "foreign_origin", "requests of other pages are refused",
                     "permintaan dari halaman lain ditolak");
    }
  }
  if (!visitor.is_api) return std::nullopt;
  if (!are_equal(visitor.token, token_)) {
    return refusal(403, "wrong_token",
                   "the token is missing or wrong; open the address that musi serve printed",
                   "token tidak ada atau salah; buka alamat yang dicetak musi serve");
  }
  const std::string_view type =
      std::string_view(visitor.content_type).substr(0, visitor.content_type.find(';'));
  if (visitor.is_post && type != "application/json") {
    return refusal(400, "not_json", "POST needs Content-Type: application/json",
                   "POST memerlukan Content-Type: application/json");
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> answer_headers(const std::string& policy) {
  return {{"Content-Security-Policy", policy},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cache-Control", "no-store"}};
}

}  // namespace musi::analysis::serve
