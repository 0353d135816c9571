#include "models/scenario.h"

#include "models/finance/lines.h"
#include "models/programmes/catalogue.h"

namespace musi::models {
namespace {

Distribution distribution_of(const ParamSpec& s) {
  Distribution d;
  switch (s.form) {
    case Form::fixed: d = constant(s.central); break;
    case Form::triangular_whole:
    case Form::triangular: d.kind = DistributionKind::triangular; break;
    case Form::log_triangular_whole:
    case Form::log_triangular: d.kind = DistributionKind::log_triangular; break;
  }
  if (!d.is_constant()) {
    d.a = s.low;
    d.b = s.central;
    d.c = s.high;
  }
  d.whole = s.form == Form::triangular_whole || s.form == Form::log_triangular_whole;
  return d;
}

Uncertain input(std::string path, std::string unit, Distribution value) {
  Uncertain u;
  u.path = std::move(path);
  u.unit = std::move(unit);
  u.value = std::move(value);
  return u;
}

Uncertain not_set(std::string path, std::string unit) {
  Uncertain u = input(std::move(path), std::move(unit), constant(0.0));
  u.is_set = false;
  return u;
}

Distribution three_points(DistributionKind kind, double low, double mode, double high) {
  Distribution d;
  d.kind = kind;
  d.a = low;
  d.b = mode;
  d.c = high;
  return d;
}

SourceSpec source(const std::string& id, SourceKind kind, CarryRule rule, double share_pct,
                  double from_ha, double to_ha) {
  SourceSpec s;
  s.id = id;
  s.kind = kind;
  s.carry_rule = rule;
  const std::string prefix = "funding.sources." + id + ".";
  s.share_pct = input(prefix + "share_pct", "%", constant(share_pct));
  s.share_pct.status = Status::estimated;
  s.share_pct.source = "antara_334822";
  s.annual_idr_bn = not_set(prefix + "annual_idr_bn", "IDR billion a year");
  s.scale_pct = not_set(prefix + "scale_pct", "%");
  s.effective_month = not_set(prefix + "effective_month", "month");
  s.authority_min_ha = from_ha;
  s.authority_max_ha = to_ha;
  return s;
}

std::vector<const Uncertain*> all_inputs(const Scenario& s) {
  std::vector<const Uncertain*> all;
  for (const Uncertain& p : s.parameters) all.push_back(&p);
  all.insert(all.end(), {&s.start.area_ha, &s.funding.total_idr_bn_per_year, &s.funding.scale_pct,
                         &s.participation.fixed_engaged_pct, &s.participation.facilitators_number,
                         &s.allocation.sites_per_year, &s.procedure.guideline_month,
                         &s.procedure.officers, &s.prevention_effort_pct});
  for (const SourceSpec& f : s.funding.sources) {
    all.insert(all.end(), {&f.share_pct, &f.annual_idr_bn, &f.scale_pct, &f.effective_month});
    for (const auto& [year, amount] : f.schedule) all.push_back(&amount);
  }
  for (const ProgrammeSpec& p : s.programmes) {
    if (!p.enabled) continue;
    all.insert(all.end(),
               {&p.share_pct, &p.gate_engaged_pct, &p.guideline_month, &p.min_package_idr_mn,
                &p.max_package_idr_mn, &p.staff_load_officer_months, &p.sites_per_year,
                &p.units_per_year});
    for (const auto& [year, amount] : p.amount_idr_bn) all.push_back(&amount);
    for (const auto& [param, cost] : p.unit_costs) all.push_back(&cost);
    for (const auto& [year, month] : p.guideline_schedule) all.push_back(&month);
  }
  all.push_back(&s.funding.department_budget_idr_bn);
  for (const LineSpec& line : s.funding.lines) {
    all.insert(all.end(), {&line.share_pct, &line.effect});
  }
  for (const auto& [year, month] : s.procedure.guideline_schedule) all.push_back(&month);
  return all;
}

}  // namespace

std::vector<const Uncertain*> Scenario::uncertain_inputs() const {
  std::vector<const Uncertain*> inputs;
  for (const Uncertain* u : all_inputs(*this)) {
    if (u->is_set && !u->value.is_constant()) inputs.push_back(u);
  }
  return inputs;
}

std::vector<Uncertain*> Scenario::mutable_uncertain_inputs() {
  std::vector<Uncertain*> inputs;
  for (const Uncertain* u : uncertain_inputs()) {
    inputs.push_back(const_cast<Uncertain*>(u));  // a part of *this, which is not const
  }
  return inputs;
}

std::vector<const Uncertain*> Scenario::design_inputs() const {
  std::vector<const Uncertain*> inputs;
  for (const Uncertain* u : uncertain_inputs()) {
    if (u->redraw == Redraw::per_replicate) inputs.push_back(u);
  }
  return inputs;
}

namespace {

/// The lines of MODEL.md 14.4 with their shares and declared effects.
void set_lines(Scenario& s) {
  s.funding.department_budget_idr_bn =
      not_set("funding.department_budget_idr_bn", "IDR billion a year");
  for (const LineInfo& info : budget_lines()) {
    LineSpec& line = s.funding.lines[static_cast<std::size_t>(info.line)];
    const std::string prefix = "funding.lines." + std::string(info.word) + ".";
    line.share_pct = input(prefix + "share_pct", "%", constant(info.share_pct));
    line.effect = not_set(prefix + "effect", std::string(info.effect_unit));
    if (info.effect_doc.empty()) continue;
    line.effect.is_set = true;
    line.effect.value = info.low == info.high
                            ? constant(info.central)
                            : three_points(DistributionKind::triangular, info.low, info.central,
                                           info.high);
    line.effect.note = std::string(info.effect_doc);
  }
}

}  // namespace

Scenario default_scenario() {
  Scenario s;
  for (std::size_t i = 0; i < n_params; ++i) {
    const ParamSpec& spec = param_specs()[i];
    Uncertain& u = s.parameters[i];
    u = input("parameters." + spec.scenario_key(), std::string(spec.unit), distribution_of(spec));
    u.redraw = spec.redraw;
    u.status = spec.status;
    u.source = std::string(spec.source);
    u.note = std::string(spec.doc);
  }
  s.start.area_ha = not_set("start.area_ha", "ha");
  s.funding.total_idr_bn_per_year =
      input("funding.total_idr_bn_per_year", "IDR billion a year",
            three_points(DistributionKind::log_triangular, 26, 68, 156));
  s.funding.total_idr_bn_per_year.source = "antara_296922";
  s.funding.scale_pct = input("funding.scale_pct", "%", constant(100));
  s.participation.fixed_engaged_pct = not_set("participation.fixed_engaged_pct", "%");
  s.participation.facilitators_number = not_set("participation.facilitators.number", "persons");
  s.allocation.sites_per_year =
      input("allocation.sites_per_year", "sites a year",
            three_points(DistributionKind::log_triangular, 10, 20, 45));
  s.allocation.sites_per_year.value.whole = true;
  s.allocation.sites_per_year.status = Status::measured;
  s.allocation.sites_per_year.source = "palembang_go_id_2017;palembangpos_2017;beritapagi_2018_02";
  s.procedure.guideline_month = not_set("procedure.guideline_month", "month");
  s.procedure.officers = input("procedure.officers", "persons",
                               three_points(DistributionKind::triangular, 10, 20, 40));
  s.prevention_effort_pct = input("growth.prevention_effort_pct", "%", constant(0));
  using enum SourceKind;
  s.funding.sources = {
      source("kotaku", loan, CarryRule::split_years, 35, 15, 1e9),
      source("apbn", state, CarryRule::return_, 20, 15, 1e9),
      source("apbd_province", province, CarryRule::carry_if_contracted, 3, 10, 15),
      source("apbd_city", city, CarryRule::carry_if_contracted, 40, 0, 10),
      source("private", private_, CarryRule::carry_if_contracted, 2, 0, 1e9),
  };
  set_lines(s);
  s.programmes = programme_catalogue();
  return s;
}

}  // namespace musi::models
