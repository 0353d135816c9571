#include "tests/validation/evidence.h"

#include <algorithm>
#include <cctype>

namespace musi::tests {
namespace {

int digits(const std::string& text, std::size_t at) {
  int number = 0;
  for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0; ++at) {
    number = 10 * number + (text[at] - '0');
  }
  return number;
}

using Part = std::vector<Target> (*)(const Effort&);

std::vector<Target> gather(const std::vector<Part>& parts, const Effort& effort,
                           int (*number)(const Target&)) {
  std::vector<Target> all;
  for (const Part part : parts) {
    const std::vector<Target> rows = part(effort);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  std::stable_sort(all.begin(), all.end(), [&](const Target& a, const Target& b) {
    return number(a) < number(b);
  });
  return all;
}

std::string in_a_cell(std::string text) {
  std::replace(text.begin(), text.end(), '|', '/');
  return text;
}

}  // namespace

std::vector<Target> all_targets(const Effort& effort) {
  return gather({start_targets, unit_targets, money_targets, hindcast_targets, area_targets,
                 engagement_targets, household_targets},
                effort, target_number);
}

std::vector<Target> all_docking_cases(const Effort& effort) {
  return gather({docking_of_areas, docking_of_people}, effort, docking_number);
}

int target_number(const Target& target) { return digits(target.number, 0); }

int docking_number(const Target& target) {
  return target.number.starts_with('D') ? digits(target.number, 1) : 0;
}

std::string markdown(const std::vector<Target>& rows) {
  std::string text =
      "| # | pattern | value | wanted | use | verdict |\n|---|---|---|---|---|---|\n";
  for (const Target& t : rows) {
    const std::string spread = t.spread.empty() ? "" : " (" + t.spread + ")";
    text += fmt::format("| {} | {} | {:.4g} {}{} | {} | {} | {} |\n", t.number,
                        in_a_cell(t.pattern), t.value, t.unit, in_a_cell(spread), wanted(t),
                        word(t.use), in_a_cell(verdict(t)));
  }
  return text;
}

}  // namespace musi::tests
