#include "sim/io/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <system_error>
#include <vector>

#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::sim::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// Owning descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  /// Result of close(2), which reports late write errors.
  int close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd);
  }

 private:
  int fd_;
};

std::string reason(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

[[noreturn]] void fail_to_open(const std::string& file, const std::string& why) {
  std::string message = fmt::format("cannot open '{}': {}", printable(file), why);
  if (const auto nearest = nearest_file(file)) {
    message += fmt::format("; did you mean '{}'?", printable(*nearest));
  }
  throw IoError("cannot_open", message);
}

[[noreturn]] void fail_to_write(const std::string& file, int error, std::size_t needed = 0) {
  if (error != ENOSPC && error != EDQUOT) {
    throw IoError("cannot_write",
                  fmt::format("cannot write '{}': {}", printable(file), reason(error)));
  }
  std::string message = fmt::format("disk full while writing '{}'", printable(file));
  struct statvfs disk{};
  const fs::path parent = fs::path(file).parent_path();
  if (::statvfs(parent.empty() ? "." : parent.c_str(), &disk) == 0) {
    const auto free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
    if (needed > 0) {
      message += fmt::format(": {} bytes needed,", number_in_words(static_cast<double>(needed)));
    } else {
      message += ":";
    }
    message += fmt::format(" {} free", number_in_words(free));
  }
  throw IoError("disk_full", message);
}

void report_too_large(const std::string& file, std::optional<std::size_t> size, std::size_t limit,
                      Text way_out, Problems& problems) {
  const auto words = [](std::size_t n, Language language) {
    return number_in_words(static_cast<double>(n), language);
  };
  const std::string english = words(limit, Language::english);
  const std::string indonesian = words(limit, Language::indonesian);
  Text message = {fmt::format("the input has more than {} bytes, which is the limit", english),
                  fmt::format("masukan melebihi batas {} bita", indonesian)};
  if (size) {
    message = Text{fmt::format("the file has {} bytes; the limit is {}",
                               words(*size, Language::english), english),
                   fmt::format("berkas berisi {} bita; batasnya {}",
                               words(*size, Language::indonesian), indonesian)};
  }
  Problem& problem = problems.error("too_large", {file}, std::move(message));
  set_hint(problem, std::move(way_out));
}

/// Bytes until the end of the input or one above the limit.
std::string read_bytes(int fd, const std::string& file, std::size_t most, std::size_t expected) {
  std::string bytes;
  bytes.reserve(expected);
  std::vector<char> buffer(1u << 16);
  while (bytes.size() <= most) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_to_open(file, reason(errno));
    if (n == 0) break;
    bytes.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return bytes;
}

struct Kind {
  std::string_view start;
  std::string_view english;
  std::string_view indonesian;
};

constexpr std::array<Kind, 8> kinds{{
    {"\x89HDF", "an HDF5 file", "berkas HDF5"},
    {"\x89PNG", "a PNG picture", "gambar PNG"},
    {"PK\x03\x04", "a ZIP or XLSX file", "berkas ZIP atau XLSX"},
    {"\xD0\xCF\x11\xE0", "an old Excel or Word file", "berkas Excel atau Word lama"},
    {"%PDF", "a PDF file", "berkas PDF"},
    {"\x1F\x8B", "a gzip file", "berkas gzip"},
    {"\xFF\xD8\xFF", "a JPEG picture", "gambar JPEG"},
    {"\x7F"
     "ELF",
     "a program", "program"},
}};

void report_not_text(const std::string& bytes, const std::string& file, std::size_t at,
                     Problems& problems) {
  for (const Kind& kind : kinds) {
    if (!bytes.starts_with(kind.start)) continue;
    Problem& problem =
        problems.error("not_text", {file},
                       Text{fmt::format("this is no text, it starts like {}", kind.english),
                            fmt::format("ini bukan teks, awalnya seperti {}", kind.indonesian)});
    if (kind.start == kinds[0].start) {
      set_hint(problem, {"for a result use 'musi inspect'", "untuk hasil pakai 'musi inspect'"});
    }
    return;
  }
  const auto byte = static_cast<std::uint8_t>(bytes[at]);
  const auto line =
      1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string start = printable(std::string_view(bytes).substr(0, 16));
  Problem& problem = problems.error(
      "not_text", {file, static_cast<int>(line)},
      Text{fmt::format("this is no text: byte {} is the control character \\x{:02x}", at, byte),
           fmt::format("ini bukan teks: bita {} adalah karakter kendali \\x{:02x}", at, byte)});
  set_remark(problem, {fmt::format("the file starts with '{}'", start),
                       fmt::format("berkas diawali '{}'", start)});
}

bool is_control(char c) {
  return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

bool looks_like_utf16(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return true;
  // Without mark: Latin text has a zero in each second byte.
  if (bytes.size() < 4) return false;
  const bool little = bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0;
  const bool big = bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0;
  return little || big;
}

const Text save_as_utf8{"save the file as UTF-8", "simpan berkas sebagai UTF-8"};

void unify_line_ends(std::string& bytes) {
  if (bytes.find('\r') == std::string::npos) return;
  std::size_t to = 0;
  for (std::size_t from = 0; from < bytes.size(); ++from) {
    const bool pair = bytes[from] == '\r' && from + 1 < bytes.size() && bytes[from + 1] == '\n';
    if (pair) continue;
    bytes[to++] = bytes[from] == '\r' ? '\n' : bytes[from];
  }
  bytes.resize(to);
}

}  // namespace

std::optional<std::string> nearest_file(const std::string& file) {
  const fs::path path(file);
  const fs::path parent = path.parent_path();
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entries(parent.empty() ? fs::path(".") : parent, error);
  for (; !error && entries != fs::directory_iterator() && names.size() < 10'000;
       entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const auto nearest = nearest_name(path.filename().string(), names);
  if (!nearest || *nearest == path.filename().string()) return std::nullopt;
  return (parent / *nearest).string();
}

std::optional<std::string> read_file(const std::string& file, std::size_t most_bytes,
                                     Problems& problems, Text way_out) {
  if (file == "-") {
    std::string bytes = read_bytes(STDIN_FILENO, "standard input", most_bytes, 0);
    if (bytes.size() <= most_bytes) return bytes;
    report_too_large(file, std::nullopt, most_bytes, std::move(way_out), problems);
    return std::nullopt;
  }
  Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) fail_to_open(file, reason(errno));
  struct stat status{};
  if (::fstat(descriptor.get(), &status) != 0) fail_to_open(file, reason(errno));
  if (S_ISDIR(status.st_mode)) fail_to_open(file, "it is a directory");
  const auto size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (size > most_bytes) {
    report_too_large(file, size, most_bytes, std::move(way_out), problems);
    return std::nullopt;
  }
  std::string bytes = read_bytes(descriptor.get(), file, most_bytes, size);
  if (bytes.size() <= most_bytes) return bytes;
  report_too_large(file, std::nullopt, most_bytes, std::move(way_out), problems);
  return std::nullopt;
}

std::string read_file(const std::string& file) {
  Problems none;
  return *read_file(file, no_limit - 1, none);
}

bool clean_text(std::string& bytes, const std::string& file, Problems& problems) {
  if (looks_like_utf16(bytes)) {
    Problem& problem =
        problems.error("not_utf8", {file},
                       Text{"the file is UTF-16 (byte offset 0)", "berkas ini UTF-16 (bita 0)"});
    set_hint(problem, save_as_utf8);
    return false;
  }
  const auto control = std::find_if(bytes.begin(), bytes.end(), is_control);
  const auto control_at = static_cast<std::size_t>(control - bytes.begin());
  const std::optional<std::size_t> invalid = first_invalid_utf8(bytes);
  const bool known_binary = std::any_of(kinds.begin(), kinds.end(), [&bytes](const Kind& kind) {
    return bytes.starts_with(kind.start);
  });
  if (known_binary || control != bytes.end()) {
    report_not_text(bytes, file, std::min(control_at, bytes.size() - 1), problems);
    return false;
  }
  if (invalid) {
    const std::string_view before = std::string_view(bytes).substr(0, *invalid);
    const auto breaks = std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 = 0
    const auto column = 1 + static_cast<int>(n_characters(before.substr(start)));
    const auto byte = static_cast<std::uint8_t>(bytes[*invalid]);
    Problem& problem = problems.error(
        "not_utf8", {file, static_cast<int>(breaks) + 1, column, column + 1},
        Text{fmt::format("byte \\x{:02x} at byte offset {} is not UTF-8", byte, *invalid),
             fmt::format("bita \\x{:02x} pada bita ke-{} bukan UTF-8", byte, *invalid)});
    set_hint(problem, save_as_utf8);
    return false;
  }
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  std::size_t marks = 0;
  while (bytes.compare(marks, mark.size(), mark) == 0) marks += mark.size();
  bytes.erase(0, marks);
  unify_line_ends(bytes);
  return true;
}

AtomicFile::AtomicFile(std::string target, Existing existing)
    : target_(std::move(target)), existing_(existing) {
  std::error_code error;
  const fs::file_status status = fs::status(target_, error);
  if (fs::is_directory(status)) {
    throw IoError("cannot_write",
                  fmt::format("cannot write '{}': it is a directory", printable(target_)));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    direct_ = true;
    temporary_ = target_;
    return;
  }
  if (fs::exists(status) && existing_ == Existing::refuse) {
    throw IoError("exists", fmt::format("'{}' exists", printable(target_)));
  }
  real_ = target_;
  if (fs::exists(status)) {
    const fs::path followed = fs::canonical(target_, error);
    if (!error) real_ = followed.string();
    if (::access(real_.c_str(), W_OK) != 0) fail_to_write(target_, errno);
  }
  static std::atomic<unsigned> counter{0};
  temporary_ = fmt::format("{}.{}-{}.part", real_, ::getpid(), counter++);
  const mode_t mode = 0666;
  Descriptor file(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.is_open()) {
    const int why = errno;
    temporary_.clear();
    fail_to_write(target_, why);
  }
  struct stat old{};
  if (::stat(real_.c_str(), &old) == 0) ::fchmod(file.get(), old.st_mode & 0777);
}

AtomicFile::~AtomicFile() {
  if (!done_ && !direct_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  if (direct_) {
    done_ = true;
    return;
  }
  Descriptor file(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0 || file.close() != 0) {
    fail_to_write(target_, errno);
  }
  if (existing_ == Existing::refuse) {
    // A link fails if the name appeared meanwhile; file systems without links fall back to a
    // rename.
    if (::link(temporary_.c_str(), real_.c_str()) == 0) {
      ::unlink(temporary_.c_str());
      done_ = true;
    } else if (errno == EEXIST) {
      throw IoError("exists", fmt::format("'{}' exists", printable(target_)));
    }
  }
  if (!done_ && std::rename(temporary_.c_str(), real_.c_str()) != 0) fail_to_write(target_, errno);
  done_ = true;
  const fs::path parent = fs::path(real_).parent_path();
  const Descriptor folder(
      ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // The file is complete by now; a folder that cannot be flushed is no reason to fail.
  if (folder.is_open()) ::fsync(folder.get());
}

void write_file(const std::string& target, std::string_view bytes, Existing existing,
                bool make_parents) {
  const fs::path parent = fs::path(target).parent_path();
  if (make_parents && !parent.empty()) {
    std::error_code error;
    fs::create_directories(parent, error);
    if (error) fail_to_write(target, error.value());
  }
  AtomicFile atomic(target, existing);
  Descriptor file(::open(atomic.temporary().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!file.is_open()) fail_to_write(target, errno);
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t n = ::write(file.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_to_write(target, errno, bytes.size());
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  if (file.close() != 0) fail_to_write(target, errno, bytes.size());
  atomic.commit();
}

}  // namespace musi::sim::io
