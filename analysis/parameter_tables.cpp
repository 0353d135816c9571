#include "analysis/parameter_tables.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "models/parameters.h"

namespace musi::analysis {
namespace {

using models::ParamGroup;
using models::ParamSpec;

struct Heading {
  ParamGroup group;
  std::string_view title;
};

constexpr Heading headings[] = {
    {ParamGroup::start, "Start"},
    {ParamGroup::people, "People"},
    {ParamGroup::participation, "Participation"},
    {ParamGroup::money, "Money"},
    {ParamGroup::procedure, "Procedure and delivery"},
    {ParamGroup::costs, "Unit costs"},
    {ParamGroup::ageing, "Ageing"},
    {ParamGroup::investment, "Household investment"},
    {ParamGroup::livelihoods, "Livelihoods, training, credit"},
    {ParamGroup::land_growth, "Land, growth, hazards"},
    {ParamGroup::books, "Books"},
};

/// A cell: a bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out.empty() ? "–" : out;
}

/// Unit in words: "pct_per_month" reads "% per month".
std::string unit_words(const ParamSpec& p) {
  std::string words;
  std::string_view rest = p.unit;
  while (!rest.empty()) {
    const std::size_t end = rest.find('_');
    std::string_view word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (word == "pct") word = "%";
    if (word == "idr") word = "Rp";
    if (word == "mn") word = "million";
    words += words.empty() ? "" : " ";
    words += word;
  }
  if (p.price_year != 0) words += fmt::format(" of {}", p.price_year);
  return cell(words);
}

std::string source_words(std::string_view sources) {
  std::string words;
  while (!sources.empty()) {
    const std::size_t end = sources.find(';');
    words += words.empty() ? "" : ", ";
    words += fmt::format("`{}`", sources.substr(0, end));
    sources = end == std::string_view::npos ? std::string_view{} : sources.substr(end + 1);
  }
  return cell(words);
}

/// "triangular, whole" and the like.
std::string form_words(const ParamSpec& p) {
  std::string words(word(p.form));
  for (char& c : words) c = c == '_' ? ' ' : c;
  const bool is_whole = p.form == models::Form::triangular_whole ||
                        p.form == models::Form::log_triangular_whole;
  return is_whole ? words + ", whole" : words;
}

std::string row_of(const ParamSpec& p) {
  return fmt::format("| `{}` | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", p.scenario_key(),
                     cell(p.doc), unit_words(p), p.low, p.central, p.high, form_words(p),
                     word(p.redraw), word(p.status), source_words(p.source));
}

}  // namespace

std::string parameter_tables_markdown() {
  std::string text;
  for (const Heading& heading : headings) {
    text += fmt::format(
        "{}#### {}\n\n"
        "| key | meaning | unit | low | central | high | form | redraw | status | source |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n",
        text.empty() ? "" : "\n", heading.title);
    for (const ParamSpec& p : models::param_specs()) {
      if (p.group == heading.group) text += row_of(p);
    }
  }
  return text;
}

std::string parameter_status_markdown() {
  std::array<int, 8> count{};
  for (const ParamSpec& p : models::param_specs()) ++count[static_cast<std::size_t>(p.status)];
  std::string text = "| status | parameters |\n|---|---|\n";
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] > 0) {
      text += fmt::format("| {} | {} |\n", word(static_cast<models::Status>(i)), count[i]);
    }
  }
  return text + fmt::format("| all | {} |\n", models::n_params);
}

}  // namespace musi::analysis
