#include "analysis/cli/progress.h"

#include <catch2/catch.hpp>
#include <string>

#include "sim/io/text.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using namespace musi::cli;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

/// A run whose stderr is a terminal; what it shows there and prints is in `out`.
tests::Finished run_on_terminal(const std::string& environment, const std::string& arguments) {
  const Scratch scratch;
  return run_program(environment +
                     " script -qec '" MUSI_PROGRAM " run " MUSI_SOURCE_DIR
                     "/tests/scenarios/small.yaml -n 200 -j 1 --time-limit 20s -o " +
                     scratch.file("x.h5") + " " + arguments + "' /dev/null </dev/null");
}

}  // namespace

TEST_CASE("a bar is as long as its share and always fills its width", "[unit]") {
  CHECK(bar_text(0.5, 10, false) == "#####-----");
  CHECK(bar_text(0.0, 4, false) == "----");
  CHECK(bar_text(2.0, 4, false) == "####");
  CHECK(bar_text(0.5, 4, true) == "██  ");
  CHECK(bar_text(0.5 + 1.0 / 32.0, 4, true) == "██▏ ");
  for (double share = 0.0; share <= 1.0; share += 0.01) {
    CHECK(sim::io::n_characters(bar_text(share, 13, true)) == 13);
    CHECK(bar_text(share, 13, false).size() == 13);
  }
}

TEST_CASE("time left is rounded and never says zero", "[unit]") {
  CHECK(time_left_text(0.0, "en") == "a few seconds left");
  CHECK(time_left_text(22.0, "en") == "about 20 s left");
  CHECK(time_left_text(58.0, "en") == "about 1 min left");
  CHECK(time_left_text(170.0, "en") == "about 3 min left");
  CHECK(time_left_text(1728.0, "en") == "about 30 min left");
  CHECK(time_left_text(7300.0, "en") == "about 2 h left");
  CHECK(time_left_text(170.0, "id") == "sisa sekitar 3 menit");
}

TEST_CASE("time left follows the last fifth of the runs and hides at first", "[unit]") {
  TimeLeft left;
  CHECK(!left.seconds(1000));
  left.add(1.0, 10);
  CHECK(!left.seconds(1000));  // 1 % after 1 s
  left.add(2.0, 20);
  CHECK(left.seconds(1000));  // 2 %
  TimeLeft early;
  early.add(3.5, 1);
  CHECK(early.seconds(1000));  // 3 s have passed
  TimeLeft slower;             // 400 runs in 4 s, then 100 in 10 s
  for (int i = 1; i <= 4; ++i) slower.add(i, static_cast<std::size_t>(100 * i));
  for (int i = 1; i <= 10; ++i) slower.add(4.0 + i, static_cast<std::size_t>(400 + 10 * i));
  CHECK(slower.seconds(600).value() == Approx(10.0));
}

TEST_CASE("bars are drawn on a terminal, in characters that it knows", "[messages]") {
  const auto blocks = run_on_terminal("env -u NO_COLOR TERM=xterm LC_ALL=C.UTF-8", "");
  CHECK(contains(blocks.out, "\x1b["));
  CHECK(contains(blocks.out, "█"));
  CHECK(contains(blocks.out, "total"));
  CHECK(contains(blocks.out, "/400"));
  const auto hashes = run_on_terminal("env TERM=xterm LC_ALL=C", "");
  CHECK(contains(hashes.out, "#-"));
  CHECK(!contains(hashes.out, "█"));
}

TEST_CASE("no bars without a terminal, with TERM=dumb, --plain or --quiet", "[messages]") {
  CHECK(!contains(run_on_terminal("env TERM=dumb LC_ALL=C.UTF-8", "").out, "\x1b["));
  CHECK(!contains(run_on_terminal("env TERM=xterm LC_ALL=C.UTF-8", "--plain").out, "\x1b["));
  CHECK(!contains(run_on_terminal("env TERM=xterm LC_ALL=C.UTF-8", "--quiet").out, "\x1b["));
}

TEST_CASE("a narrow terminal gets numbers without a bar", "[messages]") {
  const auto narrow = run_on_terminal("env TERM=xterm LC_ALL=C.UTF-8 COLUMNS=40", "");
  CHECK(contains(narrow.out, "/400"));
  CHECK(!contains(narrow.out, "█"));
}
