#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/report/page_json.h"
#include "analysis/serve/study.h"
#include "models/indicators/works_rows.h"
#include "sim/core/check.h"
#include "sim/core/error.h"

namespace musi::analysis::serve {
namespace {

namespace fs = std::filesystem;

/// Futures between two looks at the other options: the smallest preview.
constexpr std::size_t futures_per_round = 8;

}  // namespace

std::size_t Futures::count(std::size_t option) const {
  const std::lock_guard lock(mutex_);
  return records_[option].size();
}

std::size_t Futures::count() const {
  const std::lock_guard lock(mutex_);
  std::size_t n = 0;
  for (const auto& option : records_) n += option.size();
  return n;
}

std::size_t Futures::n_complete() const {
  const std::lock_guard lock(mutex_);
  std::size_t n = records_.front().size();
  for (const auto& option : records_) n = std::min(n, option.size());
  return n;
}

bool Futures::add(std::size_t option, std::size_t replicate, sim::RunRecord record) {
  const std::lock_guard lock(mutex_);
  if (replicate != records_[option].size()) return false;
  records_[option].push_back(std::move(record));
  return true;
}

void Futures::each(std::size_t option, std::size_t n,
                   const std::function<void(std::size_t, const sim::RunRecord&)>& take) const {
  const std::lock_guard lock(mutex_);
  MUSI_EXPECT(records_.at(option).size() >= n);
  for (std::size_t r = 0; r < n; ++r) take(r, records_[option][r]);
}

std::size_t Futures::n_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0;
  for (const auto& option : records_) {
    if (option.empty()) continue;
    std::size_t one = option.front().rows.size() * sizeof(float);
    for (const auto& series : option.front().series) one += series.size() * sizeof(double);
    bytes += one * option.size();
  }
  return bytes;
}

Setup::Setup(ReadResult read, std::string flags, CommonLuck luck, std::shared_ptr<Futures> futures)
    : read_(std::move(read)),
      experiment_(read_, {}, std::move(flags), std::move(luck)),
      futures_(std::move(futures)) {}

namespace {

/// Takes futures in the order of the plan. One that was given up ends its option.
class Collector final : public sim::Recorder {
 public:
  Collector(Futures& futures, std::size_t first,
            const std::function<void(std::size_t, std::size_t)>& progress)
      : futures_(futures), first_(first), progress_(progress) {}

  void write(std::size_t option, std::size_t k, sim::RunRecord record) override {
    if (record.series.empty()) return;
    if (futures_.add(option, first_ + k, std::move(record)) && progress_) {
      progress_(option, futures_.count());
    }
  }

 private:
  Futures& futures_;
  std::size_t first_;
  const std::function<void(std::size_t, std::size_t)>& progress_;
};

}  // namespace

bool Setup::run_to(std::size_t n, std::size_t n_threads, const sim::Cancellation& cancellation,
                   const std::function<void(std::size_t, std::size_t)>& progress) {
  MUSI_EXPECT(n <= n_replicates());
  std::vector<std::size_t> had;
  for (std::size_t o = 0; o < n_options(); ++o) had.push_back(futures_->count(o));
  const std::size_t first = *std::min_element(had.begin(), had.end());
  if (first >= n) return true;
  sim::RunPlan plan;
  plan.n_options = n_options();
  plan.n_replicates = n - first;
  plan.batch = futures_per_round;
  plan.run = [&](std::size_t option, std::size_t k) {
    const std::size_t replicate = first + k;
    if (replicate < had[option]) return sim::RunRecord{};  // is there
    return experiment_.run(option, replicate, &cancellation);
  };
  Collector collector(*futures_, first, progress);
  run_ensemble(plan, collector, {.n_threads = n_threads, .cancellation = &cancellation});
  return n_complete() >= n;
}

sim::RecordStore Setup::records(const Experiment& experiment, std::size_t n) const {
  sim::RecordStore store(experiment.series(), experiment.lengths(), n_options(), n);
  for (std::size_t o = 0; o < n_options(); ++o) {
    futures_->each(o, n, [&](std::size_t r, const sim::RunRecord& record) {
      store.write(o, r, record);
    });
  }
  return store;
}

std::vector<double> Setup::series(std::size_t option, const std::string& name,
                                  std::size_t n) const {
  const auto& all = experiment_.series();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.name == name; });
  MUSI_EXPECT(found != all.end());
  const auto s = static_cast<std::size_t>(found - all.begin());
  std::vector<double> values;
  futures_->each(option, n, [&](std::size_t, const sim::RunRecord& record) {
    values.insert(values.end(), record.series.at(s).begin(), record.series.at(s).end());
  });
  return values;
}

std::string Setup::page(std::size_t n, bool is_whole) const {
  const bool has_draws = is_whole && n == n_replicates();
  ResultInput input = has_draws ? experiment_.result_input() : experiment_.result_outline();
  input.provenance.replicates_planned = n_replicates();
  if (!is_whole) {
    input.provenance.inputs.clear();
    input.provenance.scenario_yaml.clear();
  }
  const std::string path = scratch().file(read_.name + ".h5");
  write_result(path, input, records(experiment_, n));
  const Results results(path);
  std::vector<std::size_t> shown;
  for (std::size_t o = 0; o < std::min<std::size_t>(n_options(), 4); ++o) shown.push_back(o);
  PageDetail detail;
  detail.with_site_years = is_whole;
  detail.with_static_parts = is_whole;
  if (!is_whole) detail.n_works = 1;
  std::string data = page_data({&results}, shown, detail);
  std::error_code ignored;
  fs::remove_all(fs::path(path).parent_path(), ignored);
  return data;
}

std::string Setup::future_json(std::size_t option, std::size_t replicate) const {
  ResultInput input = experiment_.result_outline();
  input.options = {input.options.at(option)};
  for (ResultLever& lever : input.levers) lever.values = {lever.values.at(option)};
  input.provenance.inputs.clear();
  input.provenance.replicates_planned = 1;
  input.works_replicates = 1;
  input.write_all_works = true;
  sim::RecordStore store(experiment_.series(), experiment_.lengths(), 1, 1);
  store.write(0, 0, experiment_.run_with_works(option, replicate));
  const std::string path = scratch().file(read_.name + ".h5");
  write_result(path, input, store);
  const Results results(path);
  PageDetail detail;
  detail.n_works = 1;
  Json works = works_json(results, 0, detail);
  if (works.is_object()) {  // the file counts from its only future
    works["futures"] = Json::array({replicate});
    for (Json& number : works["future"]) number = replicate;
  }
  Json barriers = Json::object();
  for (const std::string& key : barrier_keys()) {
    barriers[key] = numbers_json(results.series("barrier_" + key, 0));
  }
  Json paths = Json::object();
  for (const char* name : {"slum_area", "slum_area_ledger", "slum_area_reported"}) {
    if (results.has(name)) paths[name] = numbers_json(results.series(name, 0));
  }
  const Json answer = {{"option", option_name(option)},
                       {"replicate", replicate},
                       {"years", results.years()},
                       {"works", std::move(works)},
                       {"barriers", {{"years", results.years()}, {"ha", std::move(barriers)}}},
                       {"paths", std::move(paths)}};
  std::error_code ignored;
  fs::remove_all(fs::path(path).parent_path(), ignored);
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// --- files that nobody keeps --------------------------------------------------------------------

ScratchFolder::ScratchFolder() {
  // In memory if the system has such a folder: page data pass through a file for a moment.
  const fs::path memory = "/dev/shm";
  std::error_code failed;
  const bool has_memory = fs::is_directory(memory, failed) && ::access(memory.c_str(), W_OK) == 0;
  std::string name =
      ((has_memory ? memory : fs::temp_directory_path(failed)) / "musi-serve-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw sim::IoError("cannot_write", fmt::format("cannot make the folder '{}'", name));
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string ScratchFolder::file(const std::string& name) {
  const fs::path folder = fs::path(path_) / fmt::format("{}", count_++);
  fs::create_directories(folder);
  return (folder / name).string();
}

ScratchFolder& scratch() {
  static ScratchFolder folder;
  return folder;
}

}  // namespace musi::analysis::serve
