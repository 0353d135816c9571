#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

/// A plain HTTP client for tests of the page server: sends exactly what it is told, keeps the
/// connection if the server does.
namespace musi::tests {

struct HttpReply {
  int status = 0;  ///< 0: the connection was closed without an answer
  std::string head;
  std::string body;  ///< chunks put together

  /// Value of a header, empty if it is not there.
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void* const place = &address;
    if (::connect(socket_, static_cast<const sockaddr*>(place), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("no server");
    }
  }
  ~HttpClient() { close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// As a browser that is closed: nothing more is read.
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Head and body of the next answer.
  HttpReply receive() {
    HttpReply reply;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return {};
    }
    reply.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = std::atoi(reply.head.substr(9, 3).c_str());
    if (reply.header("Transfer-Encoding") == "chunked") {
      while (auto chunk = next_chunk()) {
        if (chunk->empty()) break;
        reply.body += *chunk;
      }
      return reply;
    }
    const auto length = static_cast<std::size_t>(std::atol(reply.header("Content-Length").c_str()));
    while (buffer_.size() < length && more()) {
    }
    reply.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return reply;
  }

  /// Reads the head of a long answer and then bytes until `word` is among them.
  bool read_until(std::string_view word) {
    while (buffer_.find(word) == std::string::npos) {
      if (!more()) return false;
    }
    return true;
  }

 private:
  /// Nothing after the connection has ended; empty for the last chunk.
  std::optional<std::string> next_chunk() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!more()) return std::nullopt;
    }
    const std::size_t size = std::strtoul(buffer_.substr(0, end).c_str(), nullptr, 16);
    while (buffer_.size() < end + 4 + size) {
      if (!more()) return std::nullopt;
    }
    std::string chunk = buffer_.substr(end + 2, size);
    buffer_.erase(0, end + 4 + size);
    return chunk;
  }

  bool more() {
    pollfd waits{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waits, 1, 120'000) <= 0) return false;
    char bytes[65536];
    const ssize_t n = ::recv(socket_, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }

  int socket_;
  std::string buffer_;
};

}  // namespace musi::tests
