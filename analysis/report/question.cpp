#include "analysis/report/question.h"

#include <algorithm>
#include <string_view>

#include "sim/io/number.h"
#include "sim/io/problems.h"

namespace musi::analysis {
namespace {

using sim::io::YamlNode;

constexpr std::string_view option_mark = "--- # option ";

/// Parts of a resolved text: one for a single option, else one behind each mark.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  if (!text.starts_with(option_mark)) return {text};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find('\n', at) + 1;
    const std::size_t next = text.find("\n" + std::string(option_mark), begin);
    const std::size_t end = next == std::string::npos ? text.size() : next + 1;
    parts.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return parts;
}

std::vector<double> numbers_of(const YamlNode* list) {
  std::vector<double> numbers;
  if (list == nullptr) return numbers;
  for (const YamlNode& item : list->items) {
    if (const auto value = sim::io::read_number(item.text, {}).value) numbers.push_back(*value);
  }
  return numbers;
}

bool is_without_source(const std::string& source) {
  // The modelling team's own judgement is no source; `check` counts alike.
  return source.empty() || source == "expert_prior";
}

std::string city_name(const Results& results) {
  sim::io::Problems problems;
  const std::string text = embedded_input(results, "/city.yaml");
  if (text.empty()) return "";
  const auto city = sim::io::parse_yaml(text, "city.yaml", problems);
  if (!city) return "";
  const YamlNode* title = city->find("title");
  if (title == nullptr) return "";
  return title->is_scalar() ? title->text : resolved_word(*title, "en");
}

}  // namespace

std::vector<std::optional<YamlNode>> resolved_options(const Results& results) {
  std::vector<std::optional<YamlNode>> trees;
  for (std::string& part : parts_of(results.provenance_text("resolved_yaml"))) {
    sim::io::Problems problems;
    trees.push_back(sim::io::parse_yaml(std::move(part), "resolved.yaml", problems));
  }
  trees.resize(results.options().size());
  return trees;
}

const YamlNode* resolved_node(const YamlNode& tree, const std::string& path) {
  const YamlNode* node = &tree;
  for (std::size_t begin = 0; begin <= path.size() && node != nullptr;) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    node = node->find(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return node;
}

std::optional<double> resolved_number(const YamlNode& tree, const std::string& path) {
  const YamlNode* node = resolved_node(tree, path);
  if (node == nullptr || !node->is_scalar()) return std::nullopt;
  return sim::io::read_number(node->text, {}).value;
}

std::string resolved_word(const YamlNode& tree, const std::string& path) {
  const YamlNode* node = resolved_node(tree, path);
  return node != nullptr && node->is_scalar() ? node->text : "";
}

std::string embedded_input(const Results& results, const std::string& ending) {
  if (!results.has("inputs")) return "";
  for (const std::string& name : results.file().names("inputs")) {
    const std::string path = "inputs/" + name;
    if (results.file().text_attribute(path, "path").value_or(name).ends_with(ending)) {
      return results.file().text(path);
    }
  }
  return "";
}

HeadlineQuestion question_of(const Results& results, const std::optional<YamlNode>& resolved) {
  HeadlineQuestion q;
  q.city = city_name(results);
  q.definition = results.headline_definition();
  q.start_year = results.years().front();
  q.end_year = results.years().back();
  q.headline_year = results.headline_year();
  q.spent_from = q.start_year;
  if (resolved) {
    for (const double year : numbers_of(resolved_node(*resolved, "targets.years"))) {
      q.years.push_back(static_cast<int>(year));
    }
    q.chance_pct = resolved_number(*resolved, "targets.chance_pct").value_or(q.chance_pct);
    const int from = static_cast<int>(
        resolved_number(*resolved, "horizon.forecast_from_year").value_or(q.start_year));
    if (from <= q.headline_year) q.spent_from = from;
  }
  q.spent_to = std::min(q.headline_year, q.end_year);
  if (results.has("input_source")) {
    const auto sources = results.file().texts("input_source");
    q.uncertain_inputs = sources.size();
    q.without_source =
        static_cast<std::size_t>(std::count_if(sources.begin(), sources.end(), is_without_source));
  }
  if (results.has("site_area_status")) {
    const auto status = results.file().texts("site_area_status");
    q.sites = status.size();
    q.synthetic_sites = static_cast<std::size_t>(
        std::count(status.begin(), status.end(), std::string("synthetic")));
  }
  q.price_year =
      static_cast<int>(results.file().number_attribute("/", "price_year").value_or(q.price_year));
  q.planned_replicates = results.replicates_planned();
  q.is_complete = results.is_complete();
  return q;
}

}  // namespace musi::analysis
