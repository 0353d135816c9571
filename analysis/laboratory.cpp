#include "analysis/laboratory.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "analysis/scenario/variants.h"
#include "models/run.h"
#include "sim/core/check.h"

namespace musi::analysis {
namespace {

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw sim::ContractError(fmt::format("'{}' is not kept", name));
  return static_cast<std::size_t>(found - names.begin());
}

/// In the precision of the result file, so that futures from the disk are those computed now.
double rounded(double value, sim::Precision precision) {
  return precision == sim::Precision::float32 ? static_cast<double>(static_cast<float>(value))
                                              : value;
}

}  // namespace

std::vector<std::string> LaboratoryOptions::default_series() {
  std::vector<std::string> names{"zero_year", "slum_area", "slum_area_ledger", "paid"};
  for (const std::string& key : barrier_keys()) names.push_back("barrier_" + key);
  return names;
}

// --- outcomes -----------------------------------------------------------------------------------

std::vector<double> Outcomes::series(const std::string& name) const {
  const std::size_t s = index_of(*names_, name);
  std::vector<double> values;
  for (std::size_t r = 0; r < n_; ++r) {
    const std::vector<double>& row = (*futures_)[r].series[s];
    values.insert(values.end(), row.begin(), row.end());
  }
  return values;
}

std::vector<double> Outcomes::zero_years(const std::string& definition) const {
  const std::size_t s = index_of(*names_, "zero_year"), d = index_of(*definitions_, definition);
  std::vector<double> years;
  for (std::size_t r = 0; r < n_; ++r) years.push_back((*futures_)[r].series[s][d]);
  return years;
}

std::vector<double> Outcomes::sum(const std::string& name, int from, int to) const {
  const std::size_t s = index_of(*names_, name);
  std::vector<double> sums(n_, 0.0);
  for (std::size_t r = 0; r < n_; ++r) {
    const std::vector<double>& row = (*futures_)[r].series[s];
    MUSI_EXPECT(row.size() == years_->size());
    for (std::size_t y = 0; y < row.size(); ++y) {
      const int year = (*years_)[y];
      if (year >= from && year <= to && !std::isnan(row[y])) sums[r] += row[y];
    }
  }
  return sums;
}

std::vector<double> Outcomes::in_year(const std::string& name, int year) const {
  const auto found = std::find(years_->begin(), years_->end(), year);
  MUSI_EXPECT(found != years_->end());
  const auto y = static_cast<std::size_t>(found - years_->begin());
  const std::size_t s = index_of(*names_, name);
  std::vector<double> values;
  for (std::size_t r = 0; r < n_; ++r) {
    MUSI_EXPECT((*futures_)[r].series[s].size() == years_->size());
    values.push_back((*futures_)[r].series[s][y]);
  }
  return values;
}

OptionOutcome Outcomes::headline(const HeadlineQuestion& question) const {
  OptionOutcome outcome;
  outcome.name = name_;
  outcome.zero_years = zero_years(question.definition);
  outcome.physical_years = zero_years("Z1");
  outcome.spent_idr_bn = sum("paid", question.spent_from, question.spent_to);
  for (const std::string& key : barrier_keys()) {
    const std::vector<double> area = in_year("barrier_" + key, question.end_year);
    double& sum_ha = outcome.barrier_ha.emplace_back(0.0);
    for (std::size_t r = 0; r < n_; ++r) {
      if (std::isnan(outcome.zero_years[r]) && !std::isnan(area[r])) sum_ha += area[r];
    }
  }
  return outcome;
}

Outcomes Outcomes::prefix(std::size_t n) const {
  MUSI_EXPECT(n <= n_);
  Outcomes shorter = *this;
  shorter.n_ = n;
  return shorter;
}

// --- laboratory ---------------------------------------------------------------------------------

Laboratory::Laboratory(const ReadResult& read, LaboratoryOptions options)
    : read_(&read), options_(std::move(options)), experiment_(read, {}, "") {
  MUSI_EXPECT(read.maker != nullptr);
  const ResultInput& input = experiment_.result_outline();
  definitions_ = input.definitions;
  years_ = input.years;
  const std::map<std::string, std::size_t>& lengths = experiment_.lengths();
  for (const std::string& name : options_.series) {
    const auto& all = experiment_.series();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.name == name; });
    if (found == all.end()) throw sim::ContractError(fmt::format("no series '{}'", name));
    sim::SeriesInfo info = *found;
    std::erase(info.dims, "funds");
    std::size_t length = 1;
    for (const std::string& dim : info.dims) {
      // The same for all trials, whatever programmes and sources they have.
      MUSI_EXPECT(dim == "year" || dim == "definition" || dim == "site" || dim == "kecamatan" ||
                  dim == "criterion");
      length *= lengths.at(dim);
    }
    infos_.push_back(std::move(info));
    lengths_.push_back(length);
  }
}

/// What one luck and one table of years need: the same rules as between options of a file.
void Laboratory::check_common(const Variant& variant) const {
  const models::Scenario& a = experiment_.variants().front()->scenario;
  const models::Scenario& b = variant.scenario;
  const bool is_common =
      a.clock.start_year == b.clock.start_year && a.clock.end_year == b.clock.end_year &&
      a.funding.price_year == b.funding.price_year && a.start.subset == b.start.subset &&
      a.sampling.replicates == b.sampling.replicates && a.sampling.seed == b.sampling.seed &&
      a.sampling.design == b.sampling.design && a.sampling.draws == b.sampling.draws &&
      a.sampling.repeats_per_draw == b.sampling.repeats_per_draw;
  if (is_common) return;
  sim::Problem problem;
  problem.code = "not_comparable";
  problem.place.file = read_->file;
  problem.message = "a value changes horizon, price year, list of sites or sampling";
  problem.message_indonesian =
      "suatu nilai mengubah rentang tahun, tahun harga, daftar lokasi, atau pengambilan sampel";
  problem.remark = "all trials of one experiment share these; run a scenario of its own";
  problem.remark_indonesian = "semua percobaan memakai hal itu bersama; buat skenario lain";
  throw sim::InputError({problem});
}

std::size_t Laboratory::add(const Trial& trial) {
  for (std::size_t t = 0; t < trials_.size(); ++t) {
    if (trials_[t].trial.variant == trial.variant && trials_[t].trial.values == trial.values &&
        trials_[t].points.empty()) {
      return t;
    }
  }
  trials_.push_back(entry_of(trial));
  return trials_.size() - 1;
}

std::size_t Laboratory::add_points(const std::string& variant,
                                   std::vector<std::vector<double>> points,
                                   std::size_t first_future) {
  Entry entry = entry_of({.variant = variant, .values = {}});
  MUSI_EXPECT(!points.empty());
  for (const std::vector<double>& point : points) {
    MUSI_EXPECT(point.size() == entry.dimensions.size());
  }
  entry.points = std::move(points);
  entry.first_future = first_future;
  trials_.push_back(std::move(entry));
  return trials_.size() - 1;
}

Laboratory::Entry Laboratory::entry_of(const Trial& trial) const {
  sim::io::Problems problems;
  auto variant = std::make_unique<Variant>(
      read_->maker->make(trial.variant, trial.values, *read_->city, problems));
  problems.throw_if_errors();
  check_common(*variant);
  Entry entry;
  entry.trial = trial;
  entry.dimensions = experiment_.luck().dimensions(variant->scenario);
  const std::vector<sim::SeriesInfo> own = models::series_of(variant->scenario, *read_->city->city);
  for (const sim::SeriesInfo& kept : infos_) {
    const auto found = std::find_if(own.begin(), own.end(),
                                    [&](const auto& info) { return info.name == kept.name; });
    MUSI_EXPECT(found != own.end());
    entry.series.push_back(static_cast<std::size_t>(found - own.begin()));
  }
  entry.variant = std::move(variant);
  return entry;
}

/// Kept series only; those by source of money summed over it.
sim::RunRecord Laboratory::compute(const Entry& entry, std::size_t replicate) const {
  const models::Scenario& scenario = entry.variant->scenario;
  const CommonLuck& luck = experiment_.luck();
  const sim::RunRecord all =
      models::run_future(scenario, *read_->city->city,
                         luck.run_seed(entry.first_future + replicate),
                         entry.points.empty() ? luck.point(scenario, entry.dimensions, replicate)
                                              : entry.points.at(replicate));
  sim::RunRecord kept;
  for (std::size_t s = 0; s < infos_.size(); ++s) {
    const std::vector<double>& from = all.series[entry.series[s]];
    std::vector<double>& to = kept.series.emplace_back(lengths_[s], 0.0);
    MUSI_EXPECT(from.size() % lengths_[s] == 0);
    const std::size_t n_funds = from.size() / lengths_[s];
    const sim::Precision precision = precision_of(infos_[s]);
    for (std::size_t i = 0; i < to.size(); ++i) {
      for (std::size_t f = 0; f < n_funds; ++f) to[i] += from[i * n_funds + f];
      to[i] = rounded(to[i], precision);
    }
  }
  return kept;
}

/// Takes futures in the order of the plan: each joins its trial, full batches go to the disk.
class Laboratory::Collector final : public sim::Recorder {
 public:
  Collector(Laboratory& laboratory, std::span<const std::size_t> trials)
      : laboratory_(laboratory), trials_(trials), waiting_(trials.size()) {}

  void write(std::size_t option, std::size_t replicate, sim::RunRecord record) override {
    Entry& entry = laboratory_.trials_[trials_[option]];
    if (replicate < entry.futures.size()) return;  // was there
    MUSI_EXPECT(replicate == entry.futures.size());
    const bool is_new = !laboratory_.parts_ || !laboratory_.parts_->has(trials_[option], replicate);
    if (laboratory_.parts_ && is_new) {
      waiting_[option].push_back(laboratory_.parts_->encoded(record));
    }
    entry.futures.push_back(std::move(record));
    if ((replicate + 1) % runs_per_batch == 0) flush(option);
  }

  void flush() {
    for (std::size_t option = 0; option < trials_.size(); ++option) flush(option);
  }

 private:
  void flush(std::size_t option) {
    if (waiting_[option].empty()) return;
    const std::size_t n = laboratory_.trials_[trials_[option]].futures.size();
    laboratory_.parts_->keep(trials_[option], n - waiting_[option].size(), waiting_[option]);
    waiting_[option].clear();
  }

  Laboratory& laboratory_;
  std::span<const std::size_t> trials_;
  std::vector<std::vector<std::string>> waiting_;
};

bool Laboratory::run(std::span<const std::size_t> trials, std::size_t n_replicates) {
  MUSI_EXPECT(n_replicates <= experiment_.n_replicates());
  std::size_t n_there = 0;
  for (const std::size_t trial : trials) {
    n_there += std::min(n_replicates, trials_.at(trial).futures.size());
  }
  sim::RunPlan plan;
  plan.n_options = trials.size();
  plan.n_replicates = n_replicates;
  plan.batch = runs_per_batch;
  if (n_there == plan.n_runs()) return true;
  std::vector<std::size_t> had;  // `futures` grow while other threads look
  for (const std::size_t trial : trials) had.push_back(trials_[trial].futures.size());
  std::atomic<std::size_t> n_new{0};
  plan.run = [&](std::size_t option, std::size_t replicate) {
    if (replicate < had[option]) return sim::RunRecord{};
    if (parts_ && parts_->has(trials[option], replicate)) {
      return parts_->record(trials[option], replicate);
    }
    ++n_new;
    return compute(trials_[trials[option]], replicate);
  };
  sim::EnsembleOptions how;
  how.n_threads = options_.n_threads;
  how.cancellation = options_.cancellation;
  how.progress = [&](std::size_t n_done, std::size_t) {
    const sim::RunPlan::Position at = plan.position(n_done - 1);
    if (at.replicate < had[at.option] || !options_.each_future) return;
    options_.each_future(trials[at.option]);
  };
  Collector collector(*this, trials);
  const sim::EnsembleReport report = run_ensemble(plan, collector, how);
  collector.flush();
  n_computed_ += n_new;
  return report.n_done == plan.n_runs();
}

Outcomes Laboratory::outcomes(std::size_t trial) const {
  const Entry& entry = trials_.at(trial);
  Outcomes outcomes;
  outcomes.name_ = entry.variant->name;
  outcomes.n_ = entry.futures.size();
  outcomes.names_ = &options_.series;
  outcomes.years_ = &years_;
  outcomes.definitions_ = &definitions_;
  outcomes.futures_ = &entry.futures;
  return outcomes;
}

void Laboratory::forget(std::size_t trial) { trials_.at(trial).futures = {}; }

std::vector<std::string> Laboratory::keep_in(const std::string& folder, const RunIdentity& question,
                                             bool resume) {
  MUSI_EXPECT(trials_.empty());
  RunIdentity identity = experiment_.identity();
  identity.insert(identity.end(), question.begin(), question.end());
  RunParts parts(folder, infos_, experiment_.lengths());
  if (!resume || !parts.exists()) {
    parts.begin(identity);
  } else {
    std::vector<std::string> changes = parts.changes(identity);
    if (!changes.empty()) return changes;
    parts.load();
  }
  parts_.emplace(std::move(parts));
  return {};
}

void Laboratory::remove_kept() {
  if (parts_) parts_->remove();
  parts_.reset();
}

}  // namespace musi::analysis
