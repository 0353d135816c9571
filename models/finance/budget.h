#pragma once

#include <array>
#include <vector>

#include "models/world.h"
#include "sim/core/process.h"

/// How much money a year has, MODEL.md 11.1, and how it is split over sources and programmes.
namespace musi::models {

/// Numbers of the process of voted money. Source: all assumed.
struct BudgetProcess {
  double level = 0.0;      ///< ln B* [ln IDR million]
  double growth = 0.0;     ///< g [1/yr]
  double pull = 0.4;       ///< phi_B [1/yr]
  double sd = 0.2;         ///< s_B
};

/// ln B of the next year: ln B + g + phi_B (ln B* - ln B) + s_B z.
constexpr double next_log_budget(const BudgetProcess& p, double log_budget, double z) {
  return log_budget + p.growth + p.pull * (p.level - log_budget) + p.sd * z;
}
/// ln B of the first year, from the stationary distribution (B* itself without pull).
double first_log_budget(const BudgetProcess& p, double z);

/// B* = total^(1-tau) (target_ha c)^tau. [ln IDR million]
double log_budget_level(double total_idr_mn, double target_ha, double cost_idr_mn_per_ha,
                        double target_pull);

/// Money that levers take before the shares are split: facilitators by number, elders when they
/// are appointed, the complaint desk. Negative: the programme has no such claim. [IDR million]
double first_claim(const World& world, const ProgrammeSpec& programme, int year);

/// Hectares that the official path wants to lose this year; 0 without path. [ha]
double target_hectares(const World& world, int year);

/// Money of one year. [IDR million of 2019; [programme][source]]
struct YearMoney {
  std::vector<std::vector<double>> voted, planned;
  std::vector<double> source_voted, source_planned;
  double department = 0.0;                                ///< the office's own money
  std::array<double, n_budget_lines> lines{};             ///< of it, without slum effect
  std::vector<std::vector<double>> line_works;            ///< works that lines build in sites
};

/// Splits the money of sources over programmes: own amounts first, then shares, each programme
/// drawing on its payers in order; what a source has left goes to its programmes in proportion.
/// `shares` sum to 1; `amounts` < 0: none; `payers`: indices of sources. Shape:
/// [programme][source].
std::vector<std::vector<double>> split_money(const std::vector<double>& source_money,
                                             const std::vector<double>& shares,
                                             const std::vector<double>& amounts,
                                             const std::vector<std::vector<std::size_t>>& payers);

/// Shares of the programmes active in a year: the group sums of community, household, contractor,
/// facilitation and relocation are drawn, proportions inside a group stay; rescaled to 1. Shape:
/// [programme].
std::vector<double> programme_shares(const World& world, int year);

/// Sources that a programme draws on, in order, as indices.
std::vector<std::size_t> payers_of(const Scenario& scenario, const ProgrammeSpec& programme);

bool is_active(const ProgrammeSpec& programme, int year);

/// What the planning agency expects a coming year to vote for slums: the median of the process as
/// it stands, without shocks. Missing where money is scripted or never binds. [IDR million of 2019]
/// Source: MODEL.md 5.2 (months 6-7); nothing in the model acts on it.
double provisional_ceiling(const World& world, int year);

/// Sets up the books of all sources and programmes over the years of the run.
void open_books(World& world);

/// January: amounts of the year are drawn or read, planned and voted.
void vote_budget(World& world, const sim::Step& step);

}  // namespace musi::models
