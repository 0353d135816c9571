#include "sim/io/file.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace musi::sim;
using namespace musi::sim::io;
namespace fs = std::filesystem;

namespace {

/// A folder that goes with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() /
                  ("musi_file_test_" + std::to_string(::getpid()) + "_" +
                   std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  std::ptrdiff_t n_files() const {
    return std::distance(fs::directory_iterator(path), fs::directory_iterator());
  }
};

template <typename Action>
std::string code_of(Action action) {
  try {
    action();
  } catch (const IoError& error) {
    return error.code();
  }
  return "";
}

}  // namespace

TEST_CASE("a file that is written reads back", "[unit]") {
  const Folder folder;
  write_file(folder / "a.txt", "one\n");
  CHECK(read_file(folder / "a.txt") == "one\n");
  write_file(folder / "a.txt", "two\n");
  CHECK(read_file(folder / "a.txt") == "two\n");
  write_file(folder / "new/deep/b.txt", "x", Existing::refuse, true);
  CHECK(read_file(folder / "new/deep/b.txt") == "x");
}

TEST_CASE("an existing file is refused before anything is written", "[messages]") {
  const Folder folder;
  write_file(folder / "a.txt", "one");
  CHECK(code_of([&] { write_file(folder / "a.txt", "two", Existing::refuse); }) == "exists");
  CHECK(read_file(folder / "a.txt") == "one");
  CHECK(folder.n_files() == 1);
}

TEST_CASE("a file that appears while another is written is kept", "[messages]") {
  const Folder folder;
  AtomicFile file(folder / "a.txt", Existing::refuse);
  write_file(folder / "a.txt", "other");
  CHECK(code_of([&] { file.commit(); }) == "exists");
  CHECK(read_file(folder / "a.txt") == "other");
}

TEST_CASE("without commit nothing remains", "[unit]") {
  const Folder folder;
  {
    AtomicFile file(folder / "a.txt", Existing::replace);
    std::ofstream(file.temporary()) << "half";
    CHECK(folder.n_files() == 1);
    CHECK_FALSE(fs::exists(folder / "a.txt"));
  }
  CHECK(folder.n_files() == 0);
}

TEST_CASE("paths that cannot be written are refused", "[messages]") {
  const Folder folder;
  write_file(folder / "file", "x");
  CHECK(code_of([&] { write_file(folder / "file/b", "x"); }) == "cannot_write");
  CHECK(code_of([&] { write_file(folder / "none/b", "x"); }) == "cannot_write");
  CHECK(code_of([&] { write_file(folder.path.string(), "x"); }) == "cannot_write");
}

TEST_CASE("a full disk is told from other errors", "[messages]") {
  CHECK(code_of([] { write_file("/dev/full", "x"); }) == "disk_full");
  CHECK(code_of([] { write_file("/dev/null", "x"); }).empty());
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a link is followed and permissions stay", "[unit]") {
  const Folder folder;
  write_file(folder / "real", "one");
  fs::permissions(folder / "real", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(folder / "real", folder / "link");
  write_file(folder / "link", "two");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(read_file(folder / "real") == "two");
  CHECK(fs::status(folder / "real").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a missing file names the nearest one", "[messages]") {
  const Folder folder;
  write_file(folder / "sites.csv", "x");
  try {
    read_file(folder / "site.csv");
    FAIL("no exception");
  } catch (const IoError& error) {
    CHECK(error.code() == "cannot_open");
    CHECK(std::string(error.what()).find("did you mean '" + (folder / "sites.csv") + "'?") !=
          std::string::npos);
  }
  CHECK(code_of([&] { read_file(folder.path.string()); }) == "cannot_open");
}

TEST_CASE("a file above the limit is not read", "[messages]") {
  const Folder folder;
  write_file(folder / "a.txt", "12345");
  fs::resize_file(folder / "a.txt", 100u << 20);  // sparse
  Problems problems;
  CHECK_FALSE(read_file(folder / "a.txt", 2u << 20, problems));
  REQUIRE(problems.all().size() == 1);
  CHECK(problems.all()[0].code == "too_large");
  CHECK(problems.all()[0].message == "the file has 104,857,600 bytes; the limit is 2,097,152");
  CHECK_FALSE(read_file("/dev/zero", 1000, problems));
  CHECK(problems.all().size() == 2);
}
