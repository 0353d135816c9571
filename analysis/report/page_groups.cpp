#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/report/page_json.h"

/// The groups of a result file that not every result has: works programme and implementation.
namespace musi::analysis {
namespace {

/// Columns of /works as numbers, one entry a package.
using Columns = std::map<std::string, std::vector<double>>;

Columns columns_of_works(const Results& results) {
  Columns columns;
  if (!results.has("works")) return columns;
  for (const std::string& name : results.file().names("works")) {
    const std::string path = "works/" + name;
    if (results.file().type(path) == sim::io::H5Type::text) continue;
    columns[name] = results.file().numbers(path);
  }
  return columns;
}

/// Months since January of year 0; a package without a date begins when it ends.
Json month_json(double year, double month) {
  if (std::isnan(year) || year < 0.0) return nullptr;
  return static_cast<int>(year) * 12 + static_cast<int>(month) - 1;
}

/// Works of one kind in a site that end in one year: what a page shows as one bar.
struct Bundle {
  Json future, start, end;
  double site = 0, programme = 0, funds = 0, item = 0;
  double quantity = 0, cost = 0, self_help = 0, chance = 0;
};

/// Thousands of packages would fill the page: they are bundled, and the largest bundles kept.
class Works {
 public:
  void add(const Columns& all, std::size_t i, const PageDetail& detail) {
    const auto at = [&](const char* name) { return all.at(name)[i]; };
    const Json future = number_json(at("replicate_index"));
    if (std::find(futures_.begin(), futures_.end(), future) == futures_.end()) {
      if (futures_.size() >= detail.n_works) return;
      futures_.push_back(future);
    }
    ++n_packages_;
    Bundle& b = bundles_[{at("replicate_index"), at("site_index"), at("programme_index"),
                          at("funds_index"), at("item_index"), at("end_year")}];
    b.future = future;
    b.site = at("site_index");
    b.programme = at("programme_index");
    b.funds = at("funds_index");
    b.item = at("item_index");
    const Json end = month_json(at("end_year"), at("end_month"));
    Json start = month_json(at("start_year"), at("start_month"));
    if (start.is_null()) start = end;
    b.start = b.start.is_null() ? start : std::min(b.start, start);
    b.end = b.end.is_null() ? end : std::max(b.end, end);
    const double cost = std::isnan(at("cost")) ? 0.0 : at("cost");
    b.quantity += at("quantity");
    b.self_help += at("self_help_cost");
    b.chance = std::max(b.chance, at("chance_in_year"));
    b.cost += cost;
    cost_ += cost;
  }

  Json json() const {
    if (futures_.empty()) return nullptr;
    std::vector<const Bundle*> kept;
    for (const auto& [key, bundle] : bundles_) kept.push_back(&bundle);
    std::stable_sort(kept.begin(), kept.end(),
                     [](const Bundle* a, const Bundle* b) { return a->cost > b->cost; });
    kept.resize(std::min(kept.size(), most_bundles * futures_.size()));
    double shown = 0.0;
    for (const Bundle* b : kept) shown += b->cost;
    const auto list = [&](auto&& value) {
      Json values = Json::array();
      for (const Bundle* b : kept) values.push_back(value(*b));
      return values;
    };
    const auto numbers = [&](double Bundle::*field) {
      // Three digits: a plan of a model is no bill of quantities.
      return list([&](const Bundle& b) { return number_json(round_to(b.*field, 3)); });
    };
    return {{"futures", futures_},
            {"packages", n_packages_},
            {"bundles", bundles_.size()},
            {"shown_pct", number_json(cost_ > 0.0 ? round_to(100.0 * shown / cost_, 3) : 100.0)},
            {"cost_total", number_json(cost_)},
            {"future", list([](const Bundle& b) { return b.future; })},
            {"site", numbers(&Bundle::site)},
            {"programme", numbers(&Bundle::programme)},
            {"funds", numbers(&Bundle::funds)},
            {"item", numbers(&Bundle::item)},
            {"start", list([](const Bundle& b) { return b.start; })},
            {"end", list([](const Bundle& b) { return b.end; })},
            {"quantity", numbers(&Bundle::quantity)},
            {"cost", numbers(&Bundle::cost)},
            {"self_help", numbers(&Bundle::self_help)},
            {"chance", numbers(&Bundle::chance)}};
  }

 private:
  static constexpr std::size_t most_bundles = 2000;

  static double round_to(double value, int digits) {
    return std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
  }

  Json futures_ = Json::array();
  std::map<std::array<double, 6>, Bundle> bundles_;
  std::size_t n_packages_ = 0;
  double cost_ = 0.0;
};

}  // namespace

Json works_json(const Results& results, std::size_t option, const PageDetail& detail) {
  const Columns all = columns_of_works(results);
  if (all.empty() || !all.contains("option_index")) return nullptr;
  Works works;
  for (std::size_t i = 0; i < all.at("option_index").size(); ++i) {
    if (static_cast<std::size_t>(all.at("option_index")[i]) == option) works.add(all, i, detail);
  }
  return works.json();
}

Json items_json(const Results& results) {
  Json items = Json::array();
  if (!results.has("item")) return items;
  const auto codes = results.file().texts("item");
  const auto units = results.has("item_unit") ? results.file().texts("item_unit")
                                              : std::vector<std::string>(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    items.push_back({{"code", codes[i]}, {"unit", units[i]}});
  }
  return items;
}

Json measures_json(const Results& results) {
  Json rows = Json::array();
  if (!results.has("implementation/measure")) return rows;
  const auto texts = [&](const char* name) {
    return results.file().texts(std::string("implementation/") + name);
  };
  const auto codes = texts("measure"), en = texts("measure_title_en"),
             id = texts("measure_title_id"), units = texts("measure_unit");
  for (std::size_t i = 0; i < codes.size(); ++i) {
    rows.push_back({{"code", codes[i]}, {"en", en[i]}, {"id", id[i]}, {"unit", units[i]}});
  }
  return rows;
}

Json implementation_json(const Results& results, std::size_t option) {
  if (!results.has("implementation/value")) return nullptr;
  // Shape: year, kecamatan, measure; the first kecamatan is the city.
  const std::vector<std::size_t> shape = results.file().shape("implementation/value");
  const std::size_t n_places = shape.at(2), n_measures = shape.at(3);
  const std::vector<double> values = results.file().row("implementation/value", option);
  Json rows = Json::array();
  for (std::size_t y = 0; y < shape.at(1); ++y) {
    rows.push_back(numbers_json(std::span(values).subspan(y * n_places * n_measures, n_measures)));
  }
  return rows;
}

}  // namespace musi::analysis
