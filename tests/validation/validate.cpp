#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/validation/evidence.h"

/// Prints the 34 targets of MODEL.md section 26 and the 18 docking cases of section 27 with value,
/// tolerance, use and verdict. Called by scenarios/validate.

namespace {

using namespace musi::tests;

constexpr int n_targets = 34;
constexpr int n_docking_cases = 18;

constexpr std::string_view usage =
    "usage: scenarios/validate [--no-install] [--quick] [--write]\n"
    "Computes the 34 targets and 18 docking cases of the model anew, at fixed seeds, and prints\n"
    "value, tolerance, use (V verification, C calibration, P check) and verdict of each.\n"
    "  --quick   fewer futures: the same rows, wider errors\n"
    "  --write   also writes the table into models/README.md\n"
    "Ends with 0 if every V row and docking case is met, else with 6. C and P rows that are "
    "missed\n"
    "are shown as missed, with the likely reason; no parameter is moved to meet them.\n";

/// Numbers of targets or cases; missed: at least one of its rows is.
struct Tally {
  std::set<int> all, missed;
};

Tally tally(const std::vector<Target>& rows, int (*number)(const Target&)) {
  Tally t;
  for (const Target& row : rows) {
    t.all.insert(number(row));
    if (!row.met()) t.missed.insert(number(row));
  }
  return t;
}

std::string listed(const std::set<int>& numbers) {
  std::string text;
  for (const int n : numbers) text += fmt::format("{}{}", text.empty() ? "" : ", ", n);
  return text.empty() ? "none" : text;
}

std::string summary(const Tally& targets, const Tally& cases) {
  return fmt::format("targets: {} of {}, all rows met in {}; missed: {}\n"
                     "docking cases: {} of {}, met {}; missed: {}\n",
                     targets.all.size(), n_targets, targets.all.size() - targets.missed.size(),
                     listed(targets.missed), cases.all.size(), n_docking_cases,
                     cases.all.size() - cases.missed.size(), listed(cases.missed));
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

/// Replaces the generated section `evidence` of models/README.md.
void write_table(const std::string& table) {
  const std::string name = MUSI_SOURCE_DIR "/models/README.md";
  std::ifstream in(name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::string begin = "<!-- BEGIN generated evidence -->\n";
  const std::size_t first = text.find(begin);
  const std::size_t last = text.find("<!-- END generated evidence -->");
  if (first == std::string::npos || last == std::string::npos || last < first) {
    throw std::runtime_error("models/README.md has no section 'evidence'");
  }
  std::ofstream(name, std::ios::binary)
      << text.substr(0, first + begin.size()) << table << text.substr(last);
}

void print(const std::vector<Target>& rows) {
  std::puts("# | pattern | value | wanted | use | verdict");
  for (const Target& t : rows) std::puts(row(t).c_str());
  std::puts("");
  std::fflush(stdout);
}

int validate(bool quick, bool write) {
  const auto began = std::chrono::steady_clock::now();
  const Effort& effort = quick ? quick_effort : full_effort;
  const std::vector<Target> cases = all_docking_cases(effort);
  print(cases);
  const std::vector<Target> targets = all_targets(effort);
  print(targets);
  const Tally of_targets = tally(targets, target_number), of_cases = tally(cases, docking_number);
  const std::string told = summary(of_targets, of_cases);
  std::fputs(told.c_str(), stdout);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
  fmt::print("{:.0f} s\n", spent.count());
  if (write) {
    write_table(fmt::format("`scenarios/validate{}` on {}.\n\n```text\n{}```\n\n{}\n{}",
                            quick ? " --quick" : "", today(), told, markdown(targets),
                            markdown(cases)));
  }
  bool holds = of_targets.all.size() == n_targets && of_cases.all.size() == n_docking_cases &&
               of_cases.missed.empty();
  for (const Target& t : targets) holds = holds && (t.met() || t.use != Use::verification);
  return holds ? 0 : 6;
}

}  // namespace

int main(int argc, char** argv) {
  bool quick = false, write = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    quick = quick || word == "--quick";
    write = write || word == "--write";
    if (word == "--help" || word == "-h") {
      fmt::print("{}", usage);
      return 0;
    }
    if (word != "--quick" && word != "--write") {
      fmt::print(stderr, "unknown option {}\n{}", word, usage);
      return 2;
    }
  }
  try {
    return validate(quick, write);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
