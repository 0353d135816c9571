#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "analysis/exports/table_parts.h"
#include "analysis/statistics.h"

/// Tables by future, by year and by site.
namespace musi::analysis {
namespace {

/// Datasets with one number for each option, future and year.
std::vector<std::string> city_series(const Results& results) {
  const std::vector<std::string> wanted{"option", "replicate", "year"};
  std::vector<std::string> names;
  for (const std::string& name : results.file().names()) {
    if (results.file().is_group(name)) continue;
    if (results.file().shape(name).size() != wanted.size()) continue;
    if (results.file().dims(name) == wanted) names.push_back(name);
  }
  return names;
}

std::vector<std::string> added(std::vector<std::string> columns,
                               const std::vector<std::string>& more) {
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

/// First year by which at least half of the futures have reached zero; nothing if they have not.
ExportCell half_reached(std::vector<double> years) {
  if (years.empty()) return {};
  for (double& year : years) {
    if (std::isnan(year)) year = std::numeric_limits<double>::infinity();
  }
  const auto middle = years.begin() + static_cast<std::ptrdiff_t>((years.size() - 1) / 2);
  std::nth_element(years.begin(), middle, years.end());
  return std::isinf(*middle) ? ExportCell() : ExportCell(*middle);
}

/// Money of the packages of each site in each kept future of an option. Shape: [site][future].
std::vector<std::vector<double>> paid_by_site(const Results& results, std::size_t option,
                                              std::size_t n_sites) {
  std::vector<std::vector<double>> paid(n_sites);
  if (!results.has("works/cost")) return paid;
  const auto& file = results.file();
  const auto options = file.numbers("works/option_index"),
             replicates = file.numbers("works/replicate_index"),
             sites = file.numbers("works/site_index"), cost = file.numbers("works/cost");
  std::map<int, std::size_t> future;
  for (std::size_t i = 0; i < cost.size(); ++i) {
    if (options[i] == static_cast<double>(option)) {
      future.emplace(static_cast<int>(replicates[i]), 0);
    }
  }
  std::size_t n = 0;
  for (auto& [replicate, row] : future) row = n++;
  for (auto& row : paid) row.assign(n, 0.0);
  for (std::size_t i = 0; i < cost.size(); ++i) {
    if (options[i] != static_cast<double>(option) || std::isnan(cost[i])) continue;
    paid[static_cast<std::size_t>(sites[i])][future.at(static_cast<int>(replicates[i]))] +=
        cost[i] / 1000.0;  // from 1e6 to 1e9 rupiah
  }
  return paid;
}

}  // namespace

ExportTable futures_table(const Results& results, const std::vector<std::size_t>& options) {
  std::vector<std::string> columns{"option", "level", "replicate"};
  for (const std::string& z : results.definitions()) columns.push_back("zero_year_" + z);
  for (const std::string& z : results.definitions()) columns.push_back("reached_" + z);
  columns = added(columns, {"paid_idr_bn", "need_left_idr_bn"});
  if (results.has("input_value")) columns = added(columns, results.file().texts("input"));
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const std::size_t n = results.n_replicates(), n_definitions = results.definitions().size();
    const auto row_of = [&](const char* name, std::size_t o, std::size_t length) {
      return results.has(name) ? results.series(name, o)
                               : std::vector<double>(length, std::nan(""));
    };
    const std::size_t n_inputs =
        results.has("input_value") ? results.file().shape("input")[0] : 0;
    for (const std::size_t o : options) {
      const auto zero = results.series("zero_year", o), paid = row_of("paid_total", o, n),
                 need = row_of("need_left", o, n), inputs = row_of("input_value", o, n * n_inputs);
      for (std::size_t r = 0; r < n; ++r) {
        ExportRow row = names.row(o);
        row.emplace_back(static_cast<double>(r));
        for (std::size_t d = 0; d < n_definitions; ++d) {
          row.push_back(number_cell(zero[r * n_definitions + d]));
        }
        for (std::size_t d = 0; d < n_definitions; ++d) {
          row.emplace_back(std::isnan(zero[r * n_definitions + d]) ? 0.0 : 1.0);
        }
        row.push_back(number_cell(paid[r]));
        row.push_back(number_cell(need[r]));
        for (std::size_t i = 0; i < n_inputs; ++i) {
          row.push_back(float_cell(inputs[r * n_inputs + i]));
        }
        sink(row);
      }
    }
  };
  return {"futures", columns, rows};
}

ExportTable chance_table(const Results& results, const std::vector<std::size_t>& options) {
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const std::size_t n_definitions = results.definitions().size();
    for (const std::size_t o : options) {
      const auto chance = results.series("chance_zero", o),
                 error = results.series("chance_zero_error", o);
      for (std::size_t d = 0; d < n_definitions; ++d) {
        for (std::size_t y = 0; y < results.years().size(); ++y) {
          ExportRow row = names.row(o);
          row.emplace_back(results.definitions()[d]);
          row.emplace_back(static_cast<double>(results.years()[y]));
          row.push_back(number_cell(chance[y * n_definitions + d]));
          row.push_back(number_cell(error[y * n_definitions + d]));
          sink(row);
        }
      }
    }
  };
  return {"chance", {"option", "level", "definition", "year", "chance_pct", "error_pct"}, rows};
}

ExportTable years_table(const Results& results, const std::vector<std::size_t>& options) {
  std::vector<std::string> columns{"option", "level", "year", "quantity", "unit", "mean"};
  const std::vector<double> percent = results.has("quantile")
                                          ? results.file().numbers("quantile")
                                          : std::vector<double>();
  for (const double p : percent) columns.push_back(quantile_column(p));
  const auto rows = [&results, options, percent](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const std::size_t n_years = results.years().size();
    std::vector<double> p;
    for (const double value : percent) p.push_back(value / 100.0);
    const std::vector<std::string> series = city_series(results);
    for (const std::size_t o : options) {
      for (const std::string& name : series) {
        const std::vector<double> all = results.series(name, o);
        const std::string unit = results.file().text_attribute(name, "units").value_or("");
        for (std::size_t y = 0; y < n_years; ++y) {
          std::vector<double> values;
          for (std::size_t k = y; k < all.size(); k += n_years) {
            if (!std::isnan(all[k])) values.push_back(all[k]);
          }
          if (values.empty()) continue;  // points of a sweep keep no years
          ExportRow row = names.row(o);
          row.emplace_back(static_cast<double>(results.years()[y]));
          row.emplace_back(name);
          row.emplace_back(unit);
          row.push_back(float_cell(mean(values)));
          for (const double q : quantiles(values, p)) row.push_back(float_cell(q));
          sink(row);
        }
      }
    }
  };
  return {"years", columns, rows};
}

std::vector<SiteOutcome> site_outcomes(const Results& results, std::size_t option) {
  const std::size_t n_sites = results.file().shape("site")[0];
  const std::vector<double> zero = results.series("site_zero_year", option);
  const auto paid = paid_by_site(results, option, n_sites);
  std::vector<SiteOutcome> outcomes(n_sites);
  for (std::size_t s = 0; s < n_sites; ++s) {
    std::vector<double> years;
    for (std::size_t k = s; k < zero.size(); k += n_sites) years.push_back(zero[k]);
    if (years.empty()) continue;
    const auto count = std::count_if(years.begin(), years.end(), [&](double year) {
      return year <= static_cast<double>(results.headline_year());
    });
    outcomes[s].chance_by_headline_pct =
        100.0 * share(static_cast<std::size_t>(count), years.size()).estimate;
    outcomes[s].zero_year_p50 = half_reached(std::move(years));
    if (paid[s].size() >= 2) outcomes[s].paid_idr_bn_p50 = float_cell(quantile(paid[s], 0.5));
  }
  return outcomes;
}

ExportTable sites_table(const Results& results, const std::vector<std::size_t>& options) {
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto ids = results.file().texts("site");
    const auto kelurahan = texts_or_empty(results, "site_name", ids.size()),
               kecamatan = texts_or_empty(results, "site_kecamatan", ids.size()),
               status = texts_or_empty(results, "site_area_status", ids.size());
    const auto area = numbers_or_missing(results, "site_area_initial", ids.size());
    for (const std::size_t o : options) {
      const auto outcomes = site_outcomes(results, o);
      for (std::size_t s = 0; s < ids.size(); ++s) {
        ExportRow row = names.row(o);
        for (const std::string& text : {ids[s], kelurahan[s], kecamatan[s]}) row.emplace_back(text);
        row.push_back(number_cell(area[s]));
        row.emplace_back(status[s]);
        row.push_back(outcomes[s].zero_year_p50);
        row.push_back(outcomes[s].chance_by_headline_pct);
        row.push_back(outcomes[s].paid_idr_bn_p50);
        sink(row);
      }
    }
  };
  return {"sites",
          {"option", "level", "site_id", "kelurahan", "kecamatan", "area_ha_start", "area_status",
           "zero_year_p50", "chance_by_headline_pct", "paid_idr_bn_p50"},
          rows};
}

}  // namespace musi::analysis
