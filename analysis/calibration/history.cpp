#include "analysis/calibration/history.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/core/check.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

namespace musi::analysis::calibration {
namespace {

/// Decision number of points that are tried; no decision of the model has the top bit set.
constexpr std::uint32_t trying = 0x80000011u;

}  // namespace

double distance(const Target& target, double output, double extra_variance) {
  double gap = output - target.value;
  if (target.at_most) gap = std::max(0.0, gap);
  return std::abs(gap) / std::sqrt(target.sd * target.sd + extra_variance);
}

double Figure::at(double z) const {
  if (log_sd == 0.0 && removed == 0.0) return book;
  return std::max(0.0, book * sim::portable::exp(log_sd * z) - removed);
}

double Figure::mean() const {
  return book * sim::portable::exp(0.5 * log_sd * log_sd) - removed;
}

double Figure::variance() const {
  const double growth = sim::portable::exp(log_sd * log_sd);
  return book * book * growth * (growth - 1.0);
}

void Runs::append(const Runs& more) {
  figures.insert(figures.end(), more.figures.begin(), more.figures.end());
  points.insert(points.end(), more.points.begin(), more.points.end());
  outputs.insert(outputs.end(), more.outputs.begin(), more.outputs.end());
  futures.insert(futures.end(), more.futures.begin(), more.futures.end());
}

std::vector<double> Runs::output(std::size_t target) const {
  std::vector<double> values;
  for (const std::vector<double>& row : outputs) values.push_back(row[target]);
  return values;
}

std::vector<double> Runs::expected(std::size_t target) const {
  std::vector<double> values;
  for (std::size_t r = 0; r < size(); ++r) values.push_back(figure(r, target).mean());
  return values;
}

double Runs::publishing_variance(std::size_t target) const {
  double sum = 0.0;
  for (std::size_t r = 0; r < size(); ++r) sum += figure(r, target).variance();
  return size() == 0 ? 0.0 : sum / static_cast<double>(size());
}

void Space::add_wave(const Runs& runs) {
  std::vector<Emulator> wave;
  std::vector<double> variance;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    wave.push_back(Emulator::fit(runs.points, runs.expected(t)));
    variance.push_back(runs.publishing_variance(t));
  }
  waves_.push_back(std::move(wave));
  publishing_variance_.push_back(std::move(variance));
}

double Space::implausibility(std::span<const double> point, std::size_t target) const {
  double largest = 0.0;
  for (std::size_t w = 0; w < waves_.size(); ++w) {
    const Emulator& emulator = waves_[w][target];
    const Prediction p = emulator.at(point);
    largest = std::max(largest, distance(targets_[target], p.mean,
                                         p.variance + emulator.noise_variance() +
                                             publishing_variance_[w][target]));
  }
  return largest;
}

bool Space::holds(std::span<const double> point) const {
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    if (implausibility(point, t) >= cutoff) return false;
  }
  return true;
}

std::vector<std::size_t> Space::active() const {
  std::set<std::size_t> inputs;
  for (const std::vector<Emulator>& wave : waves_) {
    for (const Emulator& emulator : wave) {
      inputs.insert(emulator.active().begin(), emulator.active().end());
    }
  }
  return {inputs.begin(), inputs.end()};
}

Search search(const Space& space, std::size_t n_inputs, std::size_t n_points, std::uint64_t seed,
              std::size_t least_tries, std::size_t most_tries) {
  MUSI_EXPECT(least_tries > 0 && least_tries <= most_tries);
  Search found;
  const std::size_t n_targets = space.targets().size();
  std::vector<std::size_t> out(n_targets, 0);
  std::size_t held = 0, tries = 0;
  const sim::Chance chance(seed, trying, sim::start_state);
  std::vector<double> point(n_inputs);
  while (tries < most_tries && (tries < least_tries || found.points.size() < n_points)) {
    sim::Stream stream(chance, tries);
    for (double& u : point) u = stream.fine_uniform();
    bool is_held = true;
    for (std::size_t t = 0; t < n_targets; ++t) {
      if (space.implausibility(point, t) < Space::cutoff) continue;
      is_held = false;
      ++out[t];
    }
    ++tries;
    if (!is_held) continue;
    ++held;
    if (found.points.size() < n_points) found.points.push_back(point);
  }
  const double n = static_cast<double>(tries);
  found.share = static_cast<double>(held) / n;
  found.share_error = std::sqrt(found.share * (1.0 - found.share) / n);
  for (const std::size_t count : out) found.excluded.push_back(static_cast<double>(count) / n);
  return found;
}

}  // namespace musi::analysis::calibration
