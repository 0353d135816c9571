#include "analysis/serve/guard.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "analysis/report/report.h"
#include "analysis/serve/messages.h"
#include "tests/support/served_study.h"

using namespace musi;
using namespace musi::analysis::serve;
using musi::tests::HttpClient;
using musi::tests::HttpReply;
using musi::tests::Served;

namespace {

const char* const small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

const std::string json = "Content-Type: application/json\r\n";

bool is_up(const Served& served) { return served.ask(served.get("/api/schema")).status == 200; }

std::string run_body(const std::string& set) {
  static int seq = 100;  // a refused request has used its number up
  return "{\"seq\":" + std::to_string(++seq) + ",\"replicates\":8,\"set\":" + set + "}";
}

}  // namespace

TEST_CASE("a token has 128 bits and is new at every start", "[unit]") {
  std::set<std::string> tokens;
  for (int i = 0; i < 20; ++i) tokens.insert(Guard().token());
  CHECK(tokens.size() == 20);
  for (const std::string& token : tokens) {
    CHECK(token.size() == 32);
    CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}

TEST_CASE("the page comes with all headers of the contract, and no data", "[unit]") {
  const Served served(small);
  const HttpReply reply = served.ask(served.get("/", ""));
  CHECK(reply.status == 200);
  CHECK(reply.header("Content-Security-Policy") == analysis::page_policy(true));
  CHECK(reply.header("Content-Security-Policy").find("frame-ancestors 'none'") !=
        std::string::npos);
  CHECK(reply.header("X-Content-Type-Options") == "nosniff");
  CHECK(reply.header("Referrer-Policy") == "no-referrer");
  CHECK(reply.header("Cache-Control") == "no-store");
  CHECK(reply.header("Access-Control-Allow-Origin").empty());
  CHECK(reply.header("Content-Type").starts_with("text/html"));
  CHECK(reply.body.find("musi-program") != std::string::npos);
  CHECK(reply.body.find("\"options\":[") == std::string::npos);
}

TEST_CASE("a missing token, a wrong one, a foreign Host and a foreign Origin get 403", "[unit]") {
  const Served served(small);
  const std::string& token = served.server.guard().token();
  std::string other = token;
  other[0] = other[0] == '0' ? '1' : '0';
  CHECK(served.ask(served.get("/api/schema", "")).status == 403);
  CHECK(served.ask(served.get("/api/schema", "X-Musi-Token: " + other + "\r\n")).status == 403);
  CHECK(served.ask(served.get("/api/schema", "X-Musi-Token: " + token + "0\r\n")).status == 403);
  CHECK(served.ask(served.post("/api/run", run_body("{}"), json)).status == 403);
  const std::string port = std::to_string(served.port());
  for (const std::string& host : {std::string("evil.example"), "evil.example:" + port,
                                  std::string("127.0.0.1"), "127.0.0.1:" + port + "0",
                                  "127.0.0.1." + port, std::string()}) {
    INFO(host);
    CHECK(served
              .ask("GET /api/schema HTTP/1.1\r\nHost: " + host + "\r\n" + served.token() + "\r\n")
              .status == 403);
    CHECK(served.ask("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status == 403);
  }
  for (const std::string& origin : {std::string("https://evil.example"), std::string("null"),
                                    "https://127.0.0.1:" + port, std::string("http://127.0.0.1")}) {
    INFO(origin);
    const HttpReply reply = served.ask(
        served.get("/api/schema", served.token() + "Origin: " + origin + "\r\n"));
    CHECK(reply.status == 403);
    CHECK(reply.header("Access-Control-Allow-Origin").empty());
  }
  for (const std::string& origin : {"http://127.0.0.1:" + port, "http://localhost:" + port}) {
    CHECK(served.ask(served.get("/api/schema", served.token() + "Origin: " + origin + "\r\n"))
              .status == 200);
  }
  CHECK(is_up(served));
}

TEST_CASE("refusals are problems in both languages, with the headers of every answer",
          "[messages]") {
  const Served served(small);
  const HttpReply english = served.ask(served.get("/api/schema", ""));
  const HttpReply indonesian = served.ask(served.get("/api/schema", "Accept-Language: id-ID\r\n"));
  CHECK(english.body.find(R"("code":"wrong_token")") != std::string::npos);
  CHECK(english.body.find("the token is missing or wrong") != std::string::npos);
  CHECK(indonesian.body.find("token tidak ada atau salah") != std::string::npos);
  CHECK(english.header("Cache-Control") == "no-store");
}

TEST_CASE("bodies above 256 KiB are refused with 413 and the server stays up", "[unit]") {
  const Served served(small);
  const HttpReply just = served.ask(
      served.post("/api/run", std::string(most_body_bytes, ' ')));
  CHECK(just.status == 400);  // read, but no JSON
  const HttpReply reply = served.ask(served.post("/api/run", std::string(10'000'000, ' ')));
  CHECK(reply.status == 413);
  CHECK(reply.body.find("too_large") != std::string::npos);
  CHECK(reply.header("X-Content-Type-Options") == "nosniff");
  CHECK(is_up(served));
}

TEST_CASE("a body of unknown length or in an encoding is refused and not read as a request",
          "[unit]") {
  const Served served(small);
  HttpClient client(served.port());
  const std::string hidden = served.get("/api/schema");
  client.send("POST /api/run HTTP/1.1\r\nHost: " + served.host() + "\r\n" + served.token() + json +
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden);
  CHECK(client.receive().status == 400);
  CHECK(client.receive().status == 0);  // closed: nothing behind it was answered
  CHECK(served
            .ask(served.post("/api/run", "{}",
                             served.token() + json + "Content-Encoding: gzip\r\n"))
            .status == 400);
  CHECK(served.ask(served.post("/api/run", "{}", served.token() + json + "Content-Length: 2\r\n"))
            .status == 400);
  CHECK(is_up(served));
}

TEST_CASE("headers above 8 KiB are refused, and a request that never ends is dropped", "[unit]") {
  auto options = Served::quiet();
  options.limits.idle_read_ms = 200;
  options.limits.whole_read_ms = 600;
  const Served served(small, options);
  CHECK(served.ask(served.get("/api/schema", "X-Long: " + std::string(9000, 'a') + "\r\n"))
            .status == 413);
  HttpClient silent(served.port());
  silent.send("GET / HTTP/1.1\r\nHost: ");
  CHECK(silent.receive().status == 0);
  HttpClient slow(served.port());
  bool is_dropped = false;
  for (int i = 0; i < 40 && !is_dropped; ++i) {  // a letter at a time, never silent for long
    is_dropped = !slow.send("G");
    ::usleep(50'000);
  }
  CHECK(slow.receive().status == 0);
  CHECK(is_up(served));
}

TEST_CASE("what is no request, no path and no JSON is refused", "[unit]") {
  const Served served(small);
  CHECK(served.ask("NONSENSE\r\n\r\n").status == 400);
  for (const char* path : {"/../../etc/passwd", "/api/../../etc/passwd",
                           "/%2e%2e/%2e%2e/etc/passwd", "/api/", "/api/unknown",
                           "/musi-program", "//etc/passwd"}) {
    INFO(path);
    CHECK(served.ask(served.get(path)).status == 404);
  }
  CHECK(served.ask(served.post("/api/run", "{\"seq\":1,")).status == 400);
  CHECK(served.ask(served.post("/api/run", "[]")).status == 400);
  CHECK(served.ask(served.post("/api/run", std::string(100'000, '['))).status == 400);
  CHECK(served.ask(served.post("/api/run", "{}", served.token() + "Content-Type: text/plain\r\n"))
            .status == 400);
  CHECK(served.ask("DELETE /api/run HTTP/1.1\r\nHost: " + served.host() + "\r\n" + served.token() +
                   "\r\n")
            .status == 404);
  CHECK(is_up(served));
}

TEST_CASE("what a run may not do is refused before anything is run", "[unit]") {
  const Served served(small);
  const auto refused = [&](const std::string& body, const std::string& code) {
    INFO(body.substr(0, 200));
    const HttpReply reply = served.ask(served.post("/api/run", body));
    CHECK(reply.status == 400);
    CHECK(reply.body.find("\"code\":\"" + code + "\"") != std::string::npos);
  };
  for (const char* path : {"city", "extends", "outputs.file", "sampling.draws", "sampling.seed",
                           "outputs", "options", "set"}) {
    refused(run_body("{\"" + std::string(path) + "\":\"/etc/passwd\"}"), "refused_key");
  }
  refused(run_body(R"({"funding.scale_pct":"{dist: empirical, file: /etc/passwd}"})"),
          "refused_key");
  std::string many = "{";
  for (int i = 0; i < 65; ++i) many += (i ? ",\"a" : "\"a") + std::to_string(i) + "\":1";
  refused(run_body(many + "}"), "too_many_paths");
  refused(run_body(R"({"funding.scale_pct":[1,2]})"), "wrong_type");
  refused(run_body(R"({"funding.scael_pct":200})"), "unknown_path");
  refused(run_body(R"({"funding.scale_pct":-5})"), "out_of_range");
  refused(R"({"seq":1,"replicates":10001,"set":{}})", "out_of_range");
  refused(R"({"seq":1,"replicates":0,"set":{}})", "out_of_range");
  refused(R"({"seq":1.5,"replicates":8,"set":{}})", "bad_request");
  refused(R"({"seq":999,"replicates":8,"set":{},"options":["nobody"]})", "unknown_choice");
  CHECK(served.server.desk().n_started() == 0);
  CHECK(is_up(served));
}

TEST_CASE("names of files to save are plain words", "[unit]") {
  const Served served(small);
  for (const char* name : {"", "../x", "a/b", "a.b", "-a", "A", "a b", "results/x", "\\u0000"}) {
    INFO(name);
    const HttpReply reply = served.ask(served.post(
        "/api/save", std::string(R"({"kind":"yaml","set":{},"name":")") + name + "\"}"));
    CHECK(reply.status == 400);
  }
}
