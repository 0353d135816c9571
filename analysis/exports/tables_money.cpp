#include <fmt/format.h>

#include <array>

#include "analysis/exports/table_parts.h"
#include "analysis/headline.h"
#include "analysis/statistics.h"

/// Tables of works, money and barriers.
namespace musi::analysis {
namespace {

constexpr std::array<const char*, 8> stages{"planned",  "voted",   "released",  "paid",
                                            "returned", "carried", "committed", "gap"};

/// Mean, 5 % and 95 % of the numbers at `first`, `first + step`, ...
void add_summary(const std::vector<double>& all, std::size_t first, std::size_t step,
                 ExportRow& row) {
  std::vector<double> values;
  for (std::size_t k = first; k < all.size(); k += step) values.push_back(all[k]);
  row.push_back(float_cell(mean(values)));
  const std::array<double, 2> p{0.05, 0.95};
  for (const double q : quantiles(values, p)) row.push_back(float_cell(q));
}

/// "2024-07"; nothing for an unknown date.
ExportCell month_cell(double year, double month) {
  if (!(year > 0.0) || !(month > 0.0)) return {};
  return fmt::format("{:04.0f}-{:02.0f}", year, month);
}

/// A word of a list; nothing for an index outside of it.
ExportCell word_cell(const std::vector<std::string>& words, double index) {
  if (!(index >= 0.0) || index >= static_cast<double>(words.size())) return {};
  return words[static_cast<std::size_t>(index)];
}

}  // namespace

ExportTable works_table(const Results& results, const std::vector<std::size_t>& options) {
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto& file = results.file();
    const auto of = [&](const char* name) { return file.numbers(std::string("works/") + name); };
    const auto option = of("option_index"), replicate = of("replicate_index"),
               site = of("site_index"), rt = of("rt_index"), programme = of("programme_index"),
               funds = of("funds_index"), item = of("item_index"), start_year = of("start_year"),
               start_month = of("start_month"), end_year = of("end_year"),
               end_month = of("end_month"), quantity = of("quantity"), cost = of("cost"),
               self_help = of("self_help_cost"), chance = of("chance_in_year");
    const auto sites = file.texts("site"), programmes = texts_or_empty(results, "programme", 0),
               sources = texts_or_empty(results, "funds", 0), items = file.texts("item"),
               units = texts_or_empty(results, "item_unit", items.size()),
               rts = texts_or_empty(results, "rt/rt_id", 0);
    for (const std::size_t o : options) {
      for (std::size_t i = 0; i < option.size(); ++i) {
        if (option[i] != static_cast<double>(o)) continue;
        ExportRow row = names.row(o);
        row.push_back(number_cell(replicate[i]));
        row.push_back(word_cell(sites, site[i]));
        row.push_back(word_cell(rts, rt[i]));
        row.push_back(word_cell(programmes, programme[i]));
        row.push_back(word_cell(items, item[i]));
        row.push_back(float_cell(quantity[i]));
        row.push_back(word_cell(units, item[i]));
        row.push_back(month_cell(start_year[i], start_month[i]));
        row.push_back(month_cell(end_year[i], end_month[i]));
        row.push_back(float_cell(cost[i]));
        row.push_back(float_cell(self_help[i]));
        row.push_back(word_cell(sources, funds[i]));
        row.push_back(float_cell(chance[i]));
        sink(row);
      }
    }
  };
  return {"works",
          {"option", "level", "replicate", "site_id", "rt_id", "programme", "item", "quantity",
           "unit", "start", "end", "cost_idr_mn", "self_help_idr_mn", "payer", "chance_pct"},
          rows};
}

ExportTable money_table(const Results& results, const std::vector<std::size_t>& options) {
  std::vector<std::string> columns{"option", "level", "year", "funds"};
  for (const char* stage : stages) {
    for (const char* part : {"_mean", "_p05", "_p95"}) columns.push_back(std::string(stage) + part);
  }
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto funds = results.file().texts("funds");
    const auto kinds = texts_or_empty(results, "option_kind", results.options().size());
    const std::size_t step = results.years().size() * funds.size();
    for (const std::size_t o : options) {
      if (kinds[o] == "sweep") continue;  // points of a sweep keep no years
      std::vector<std::vector<double>> all;
      for (const char* stage : stages) {
        all.push_back(results.has(stage) ? results.series(stage, o) : std::vector<double>());
      }
      for (std::size_t k = 0; k < step; ++k) {
        ExportRow row = names.row(o);
        row.emplace_back(static_cast<double>(results.years()[k / funds.size()]));
        row.emplace_back(funds[k % funds.size()]);
        for (const auto& values : all) add_summary(values, k, step, row);
        sink(row);
      }
    }
  };
  return {"money", columns, rows};
}

ExportTable barriers_table(const Results& results, const std::vector<std::size_t>& options) {
  std::vector<std::string> columns{"option", "level", "year"};
  for (const std::string& key : barrier_keys()) columns.push_back(key + "_ha");
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto kinds = texts_or_empty(results, "option_kind", results.options().size());
    const std::size_t n_years = results.years().size();
    for (const std::size_t o : options) {
      if (kinds[o] == "sweep") continue;
      std::vector<std::vector<double>> all;
      for (const std::string& key : barrier_keys()) {
        all.push_back(results.has("barrier_" + key) ? results.series("barrier_" + key, o)
                                                    : std::vector<double>());
      }
      for (std::size_t y = 0; y < n_years; ++y) {
        ExportRow row = names.row(o);
        row.emplace_back(static_cast<double>(results.years()[y]));
        for (const auto& areas : all) {
          std::vector<double> values;
          for (std::size_t k = y; k < areas.size(); k += n_years) values.push_back(areas[k]);
          row.push_back(float_cell(mean(values)));
        }
        sink(row);
      }
    }
  };
  return {"barriers", columns, rows};
}

ExportTable site_barriers_table(const Results& results, const std::vector<std::size_t>& options) {
  std::vector<std::string> columns{"option", "level", "site_id", "year"};
  for (const std::string& key : barrier_keys()) columns.push_back(key + "_ha");
  const auto rows = [&results, options](const ExportSink& sink) {
    const OptionNames names = option_names(results);
    const auto kinds = texts_or_empty(results, "option_kind", results.options().size());
    const auto sites = results.file().texts("site");
    for (const std::size_t o : options) {
      if (kinds[o] == "sweep") continue;
      std::vector<std::vector<double>> all;
      for (const std::string& key : barrier_keys()) {
        all.push_back(results.series("site_barrier_" + key, o));
      }
      for (std::size_t s = 0; s < sites.size(); ++s) {
        for (std::size_t y = 0; y < results.years().size(); ++y) {
          ExportRow row = names.row(o);
          row.emplace_back(sites[s]);
          row.emplace_back(static_cast<double>(results.years()[y]));
          for (const auto& areas : all) row.push_back(float_cell(areas[y * sites.size() + s]));
          sink(row);
        }
      }
    }
  };
  return {"site_barriers", columns, rows};
}

}  // namespace musi::analysis
