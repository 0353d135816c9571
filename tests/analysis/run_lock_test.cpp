#include "analysis/run_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/core/error.h"
#include "tests/support/run_program.h"

using namespace musi;

TEST_CASE("a second lock on one output is refused with the process id of the first", "[unit]") {
  const tests::Scratch scratch;
  const std::string output = scratch.file("x.h5");
  std::optional<analysis::RunLock> lock(std::in_place, output);
  try {
    const analysis::RunLock second(output);
    FAIL("two locks");
  } catch (const sim::IoError& error) {
    CHECK(error.code() == "locked");
    const std::string message = error.what();
    CHECK(message.find("process " + std::to_string(getpid())) != std::string::npos);
  }
  lock.reset();
  CHECK(!std::filesystem::exists(output + ".lock"));
  CHECK_NOTHROW(analysis::RunLock(output));
}

TEST_CASE("the lock of a process that died is taken over", "[unit]") {
  const tests::Scratch scratch;
  const std::string output = scratch.file("x.h5");
  const pid_t child = fork();
  if (child == 0) {
    auto* lock = new analysis::RunLock(output);  // dies without its destructor
    static_cast<void>(lock);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(std::filesystem::exists(output + ".lock"));
  CHECK_NOTHROW(analysis::RunLock(output));
}
