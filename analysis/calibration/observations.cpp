#include "analysis/calibration/observations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/draws.h"
#include "models/future.h"
#include "models/observation/books.h"
#include "models/score/criteria.h"
#include "sim/core/check.h"

namespace musi::analysis::calibration {
namespace {

/// Discrepancy of the model, as share of the observed value [sd]. Source: MODEL.md 26 (areas);
/// houses a hectare: its tolerance of 35 % read as a 90 % range.
constexpr double area_discrepancy = 0.15;
constexpr double density_discrepancy = 0.35 / 1.645;
/// Of a share of households, assumed [percentage points].
constexpr double service_discrepancy = 5.0;
constexpr double z90_width = 3.29;  ///< width of a 90 % range [sd]

/// Step to which a number was rounded, as its digits show: 1200 to 100, 1729.84 to 0.01.
double rounding_step(double value) {
  if (value == 0.0) return 0.0;
  double step = 1e-4;
  while (step < std::abs(value)) {
    const double next = 10.0 * step;
    const double steps = value / next;
    if (std::abs(steps - std::round(steps)) > 1e-6) break;
    step = next;
  }
  return step;
}

/// Error of the observation [sd]: of its 90 % range, else of its rounding.
double observation_sd(const Observation& o) {
  if (o.low && o.high && *o.high > *o.low) return (*o.high - *o.low) / z90_width;
  return rounding_step(*o.value) / std::sqrt(12.0);
}

double both(double a, double b) { return std::sqrt(a * a + b * b); }

std::string name_of(const Observation& o) {
  std::string when = fmt::format("{}", o.year);
  if (o.month > 0) when += fmt::format("-{:02}", o.month);
  return o.indicator + " " + when;
}

std::optional<double> start_area(const CityData& data, int year) {
  const auto found = data.city->start_area_ha.find(year);
  if (found == data.city->start_area_ha.end()) return std::nullopt;
  return found->second;
}

/// The December that a figure speaks of. A figure of the first half of a year is that of the
/// December before; so is the area from which the city folder starts a run in January.
int december_of(const Observation& o, const CityData& data) {
  if (o.month > 0) return o.month <= 6 ? o.year - 1 : o.year;
  return start_area(data, o.year) == o.value ? o.year - 1 : o.year;
}

class Matching {
 public:
  Matching(const CityData& data, const models::Scenario& scenario, Reading reading)
      : data_(data), clock_(scenario.clock), reporting_(scenario.reporting), reading_(reading) {}

  void add(const Observation& o) {
    if (!o.value) return skip(o, "it has no value", "tanpa nilai");
    if (o.place != data_.city->title_en && o.place != data_.city->name) {
      return skip(o, "only figures of the whole city are fitted",
                  "hanya angka seluruh kota yang dipakai");
    }
    if (o.indicator == "slum_area") return add_area(o);
    if (o.indicator == "houses_per_ha_in_slum") return add_density(o);
    if (o.indicator == "piped_water_share") return add_service(o, models::Criterion::c3a);
    if (o.indicator == "proper_sanitation_share") return add_service(o, models::Criterion::c5a);
    if (o.indicator == "unfit_houses" && *o.value == data_.city->official_unfit_houses) {
      return skip(o, "city.yaml gives it to every run as an input",
                  "city.yaml memberikannya sebagai masukan");
    }
    if (o.indicator == "houses_in_slum_class") {
      return skip(o,
                  "counted on an area of another definition; the houses per hectare stand for it",
                  "dihitung pada luas dengan definisi lain; diwakili rumah per hektare");
    }
    skip(o, "no number of a run has this meaning", "tidak ada angka model dengan arti ini");
  }

  Comparisons result;

 private:
  void skip(const Observation& o, std::string en, std::string id) {
    result.not_used.push_back({name_of(o), std::move(en), std::move(id)});
  }

  bool is_inside(const Observation& o, int year) {
    if (year >= clock_.start_year && year <= clock_.end_year) return true;
    skip(o, fmt::format("the end of {} lies outside the run", year),
         fmt::format("akhir {} di luar simulasi", year));
    return false;
  }

  void add_area(const Observation& o) {
    if (!o.series.empty() && o.series != "city") {
      return skip(o, "area of another definition: " + o.series,
                  "luas dengan definisi lain: " + o.series);
    }
    const int year = december_of(o, data_);
    if (!is_inside(o, year)) return;
    const auto& decrees = data_.city->decree_years;
    const bool is_decree = o.month == 0 && year == o.year &&
                           std::find(decrees.begin(), decrees.end(), o.year) != decrees.end();
    Comparison c;
    c.quantity = area_quantity(is_decree, year);
    c.target = {.name = name_of(o),
                .unit = "ha",
                .value = *o.value,
                .sd = both(area_discrepancy * *o.value, observation_sd(o))};
    c.time = year + 1.0;
    c.is_area = true;
    keep(o, std::move(c));
  }

  /// Every published figure names its book and is published with error (MODEL.md 20.4): that of a
  /// decree too, as definition Z2b reads it. Nothing is removed on paper where the figure is the
  /// area on the ground.
  Quantity area_quantity(bool is_decree, int year) const {
    Quantity q{.series = "slum_area", .year = year};
    q.is_published = true;
    if (reading_ == Reading::measured) return q;
    q.is_less_removed = true;
    if (is_decree || reporting_ == models::ReportingMode::frozen) {
      q.series = "slum_area_decree";
    } else if (reporting_ == models::ReportingMode::plan_driven) {
      q = {.series = "slum_area_reported", .year = year};  // of last year's figure, error and all
    } else {
      q.series = "slum_area_ledger";
    }
    return q;
  }

  /// Taken at the start of the run: what is fitted is the starting state.
  bool is_at_start(const Observation& o) {
    if (std::abs(o.year - clock_.start_year) <= 1) return true;
    skip(o, fmt::format("it speaks of {}, not of the start of the run", o.year),
         fmt::format("ini tentang {}, bukan awal simulasi", o.year));
    return false;
  }

  void add_density(const Observation& o) {
    if (!is_at_start(o)) return;
    Comparison c;
    c.quantity = {.series = "start_households", .divisor = "start_area"};
    c.target = {.name = name_of(o),
                .unit = "1/ha",
                .value = *o.value,
                .sd = both(density_discrepancy * *o.value, observation_sd(o))};
    keep(o, std::move(c));
  }

  /// Slums are served no better than the whole city: an upper bound.
  void add_service(const Observation& o, models::Criterion lacking) {
    if (!is_at_start(o)) return;
    Comparison c;
    c.quantity = {.series = "start_mean_share",
                  .index = models::index(lacking),
                  .from = 100.0,
                  .factor = -1.0};
    c.target = {.name = name_of(o),
                .unit = "%",
                .value = 100.0 * *o.value,
                .sd = both(service_discrepancy, 100.0 * observation_sd(o)),
                .at_most = true};
    keep(o, std::move(c));
  }

  void keep(const Observation& o, Comparison c) {
    c.source = o.source;
    if (!c.is_area) c.time = o.year + (o.month > 0 ? (o.month - 0.5) / 12.0 : 0.5);
    result.used.push_back(std::move(c));
  }

  const CityData& data_;
  const sim::Clock& clock_;
  models::ReportingMode reporting_;
  Reading reading_;
};

}  // namespace

std::string word(Reading reading) {
  return reading == Reading::measured ? "measured" : "administrative";
}

FallRange stated_fall(Reading reading) {
  return reading == Reading::measured ? FallRange{160.0, 250.0} : FallRange{65.0, 100.0};
}

std::vector<Target> Comparisons::targets() const {
  std::vector<Target> targets;
  for (const Comparison& c : used) targets.push_back(c.target);
  return targets;
}

Comparisons comparisons(const CityData& data, const models::Scenario& scenario, Reading reading) {
  Matching matching(data, scenario, reading);
  for (const Observation& o : data.observed) {
    if (o.use == "calibrate") {
      matching.add(o);
    } else {
      ++matching.result.n_not_read;
    }
  }
  return std::move(matching.result);
}

std::vector<RivalBook> rival_books(const std::vector<Comparison>& compared) {
  const auto is_of_book = [](const Comparison& c) { return c.quantity.is_published; };
  if (std::none_of(compared.begin(), compared.end(), is_of_book)) return {};
  const auto with = [&](const char* series, bool is_less_removed) {
    std::vector<Comparison> other = compared;
    for (Comparison& c : other) {
      if (!is_of_book(c)) continue;
      if (series) c.quantity.series = series;
      c.quantity.is_less_removed = is_less_removed;
    }
    return other;
  };
  return {{"score book, in a year of a decree its list, less what is removed on paper",
           "buku skor, pada tahun SK daftar SK, dikurangi yang dihapus di atas kertas", compared},
          {"list of the decree in force, less that", "daftar SK yang berlaku, dikurangi itu",
           with("slum_area_decree", true)},
          {"the ground, less that", "lapangan, dikurangi itu", with("slum_area", true)},
          {"as the first, nothing removed on paper",
           "seperti yang pertama, tanpa penghapusan di atas kertas", with(nullptr, false)}};
}

std::optional<Known> starting_area(const CityData& data, const models::Scenario& scenario) {
  const auto area = start_area(data, scenario.clock.start_year);
  if (!area) return std::nullopt;
  return Known{static_cast<double>(scenario.clock.start_year), *area};
}

std::vector<std::string> needed_series() {
  return {"slum_area_reported", "slum_area_ledger", "slum_area_decree", "start_households",
          "start_area",         "start_mean_share", "site_area",        "houses_repaired"};
}

std::vector<std::vector<double>> numbers_of(const Outcomes& outcomes,
                                            const std::vector<Comparison>& comparisons) {
  const std::size_t n = outcomes.n_replicates();
  std::vector<std::vector<double>> outputs(n);
  for (const Comparison& c : comparisons) {
    const Quantity& q = c.quantity;
    std::vector<double> numbers;
    if (q.year > 0) {
      numbers = outcomes.in_year(q.series, q.year);
    } else {
      const std::vector<double> all = outcomes.series(q.series);
      const std::size_t width = n == 0 ? 0 : all.size() / n;
      for (std::size_t r = 0; r < n; ++r) numbers.push_back(all[r * width + q.index]);
    }
    const std::vector<double> divisors =
        q.divisor.empty() ? std::vector<double>(n, 1.0) : outcomes.series(q.divisor);
    for (std::size_t r = 0; r < n; ++r) {
      outputs[r].push_back(q.from + q.factor * numbers[r] / divisors[r]);
    }
  }
  return outputs;
}

void publish(Runs& runs, const std::vector<std::vector<double>>& numbers,
             const std::vector<Comparison>& comparisons, const models::Scenario& scenario,
             const models::City& city,
             const std::function<std::uint64_t(std::size_t)>& run_seed) {
  MUSI_EXPECT(numbers.size() == runs.size() && runs.futures.size() == runs.size());
  runs.outputs.clear();
  runs.figures.clear();
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const std::uint64_t seed = run_seed(runs.futures[r]);
    const models::Future future(scenario, city, seed, runs.points[r]);
    std::vector<double> outputs;
    std::vector<Figure> figures;
    for (std::size_t t = 0; t < comparisons.size(); ++t) {
      const Quantity& q = comparisons[t].quantity;
      Figure figure{numbers[r][t]};
      double output = figure.book;
      if (q.is_published) {
        const int n_decembers = q.year - scenario.clock.start_year + 1;
        figure.log_sd = future[models::Param::report_log_sd];
        if (q.is_less_removed) {
          figure.removed = n_decembers * future[models::Param::report_admin_removal];
        }
        const sim::Step step{12 * n_decembers - 1, seed};
        sim::Stream luck(step.chance(models::Draw::report_noise), city.key);
        output = models::published_area(figure.book, models::report_error(luck, figure.log_sd),
                                        figure.removed);
      }
      outputs.push_back(output);
      figures.push_back(figure);
    }
    runs.outputs.push_back(std::move(outputs));
    runs.figures.push_back(std::move(figures));
  }
}

}  // namespace musi::analysis::calibration
