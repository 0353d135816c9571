// Page data that follow from simple rules, so that golden pictures do not change with the model.

const years = Array.from({ length: 27 }, (_, i) => 2019 + i);
const definitions = ['Z1', 'Z2a', 'Z2b', 'Z3', 'Z3b', 'Z4', 'Z4a', 'Z5'];
const bands = (middle, spread) => {
  const row = (factor) => years.map((_, i) => Math.max(0, Math.round(middle(i) + factor * spread(i))));
  return { mean: row(0), p5: row(-2), p25: row(-0.7), p50: row(0), p75: row(0.7), p95: row(2) };
};
const futures = 200;

function option(name, speed) {
  // Future r reaches definition d in year code 5 + ..., or never (0) where that is beyond the end.
  const zero = {};
  definitions.forEach((code, d) => {
    const codes = Array.from({ length: futures }, (_, r) => {
      const year = Math.round(5 + ((r * 37) % futures) / speed + 2 * d);
      return year > 27 ? 0 : year;
    });
    zero[code] = Buffer.from(codes).toString('base64');
  });
  const area = (i) => Math.max(0, 1700 - i * 8 * speed);
  const series = {
    slum_area: bands((i) => area(i) + 150, () => 90),
    slum_area_ledger: bands(area, () => 80),
    slum_area_reported: bands(area, () => 120),
    slum_area_decree: bands((i) => area(i - (i % 5)), () => 60),
    unfit_houses: bands((i) => 20000 + 300 * i, () => 4000),
    deprived_households: bands((i) => 42000 + 500 * i, () => 6000),
    engaged_river: bands((i) => 22 + i / 3, () => 4),
    engaged_land: bands((i) => 26 + i / 4, () => 4),
    board_strength: bands(() => 30, () => 5),
    disappointment: bands((i) => 25 - i / 3, () => 3),
    displaced: bands(() => 40, () => 10),
    cost_per_ha_cleared: bands(() => 900, () => 100),
  };
  ['land', 'money', 'guideline', 'procurement', 'participation', 'technical', 'regrowth'].forEach((key, k) => {
    series[`barrier_${key}`] = bands((i) => area(i) / (k + 3), () => 0);
  });
  const money = {};
  ['planned', 'voted', 'released', 'paid', 'returned', 'carried', 'committed', 'gap'].forEach((stage, k) => {
    const fund = (f) => years.map((_, i) => 60 - 6 * k - 4 * f + (i % 4));
    money[stage] = { mean_by_funds: [fund(0), fund(1)], total: bands((i) => fund(0)[i] + fund(1)[i], () => 8) };
  });
  const paths = {};
  for (const book of ['slum_area', 'slum_area_ledger', 'slum_area_reported']) {
    paths[book] = Array.from({ length: 20 }, (_, r) => years.map((_, i) => Math.max(0, Math.round(area(i) + 12 * ((r * 7 + i * 5) % 20) - 120))));
  }
  return {
    name, file: 0, title: { en: `Option ${name}`, id: `Opsi ${name}` }, base: name, level: '', kind: 'given', futures,
    headline: { option: name, chance_pct: {}, zero_year: { 10: 2025, 50: 2035, 80: null, 90: null }, not_reached_pct: 30, restricted_mean_years: 18, paid_idr_bn: 400, replicates: futures },
    solved: null,
    settings: { 'funding.scale_pct': 25 * speed, 'procedure.multi_year_contract': false, 'allocation.rule': 'official' },
    zero,
    by_future: {
      spent: Array.from({ length: futures }, (_, r) => 400 + (r % 50)),
      paid_total: Array.from({ length: futures }, (_, r) => 1300 + (r % 90)),
      need_left: Array.from({ length: futures }, () => 12),
      households_displaced: Array.from({ length: futures }, (_, r) => 500 + r),
    },
    series, paths, money, points: null,
    sites: {
      zero_counts: Array.from({ length: 12 }, (_, s) => years.map((_, i) => (i === s + 3 ? futures / 2 : i === s + 9 ? futures / 4 : 0))),
      area_p50: years.map((_, i) => Array.from({ length: 12 }, (_, s) => Math.max(0, 10 + s - i * (1 + s / 12)))),
    },
    implementation: years.map((_, i) => [0.5 + 0.01 * i, 7 - 0.1 * i]),
    works: {
      futures: [0], packages: 24, bundles: 24, shown_pct: 100, cost_total: 8700,
      future: Array.from({ length: 24 }, () => 0),
      site: Array.from({ length: 24 }, (_, k) => k % 12),
      programme: Array.from({ length: 24 }, (_, k) => k % 2),
      funds: Array.from({ length: 24 }, (_, k) => k % 2),
      start: Array.from({ length: 24 }, (_, k) => 2020 * 12 + 7 * k),
      end: Array.from({ length: 24 }, (_, k) => 2020 * 12 + 7 * k + 6),
      item: Array.from({ length: 24 }, (_, k) => k % 2),
      quantity: Array.from({ length: 24 }, (_, k) => 100 + k),
      cost: Array.from({ length: 24 }, (_, k) => 250 + 10 * k),
      self_help: Array.from({ length: 24 }, () => 12),
      chance: Array.from({ length: 24 }, (_, k) => 20 + k),
    },
  };
}

export const fixture = {
  page_format: 1, languages: 'both', first_language: 'en', brief: false,
  title: 'A city by rule', summary: 'Numbers by simple rules', question_text: 'When?',
  question: {
    city: 'Rule City', definition: 'Z2a', start_year: 2019, end_year: 2045, headline_year: 2030, target_years: [2025, 2030, 2040],
    chance_pct: 80, spent_from: 2022, spent_to: 2030, uncertain_inputs: 3, without_source: 2, sites: 12, synthetic_sites: 4,
    price_year: 2019, planned: futures, complete: true,
  },
  city_area_ha: 35000, years, definitions, funds: ['apbd_city', 'apbn'], programmes: ['kotaku_community', 'bsps'], criteria: ['1a'],
  items: [{ code: 'path', unit: 'm' }, { code: 'drain', unit: 'm' }],
  measures: [{ code: 'P1', en: 'Targeting', id: 'Ketepatan sasaran', unit: '1' }, { code: 'S4', en: 'Month of the guideline', id: 'Bulan juknis', unit: 'month' }],
  shown: [0, 1], options: [option('today', 4), option('double', 8), option('half', 2)],
  differences: [{ path: 'funding.scale_pct', values: ['100', '200', '50'] }],
  levers: [{ path: 'funding.scale_pct', unit: 'pct', values: [100, 200, 50] }],
  sites: Array.from({ length: 12 }, (_, s) => ({
    id: `S${s}`, name: `Site ${s}`, kecamatan: s < 6 ? 'North' : 'South', status: s < 4 ? 'synthetic' : 'reported',
    latitude: -3 + 0.01 * ((s * 5) % 12), longitude: 104.7 + 0.012 * ((s * 7) % 12), area: 10 + s,
  })),
  observations: [
    { year: 2019, month: null, value: 1720, low: null, high: null, indicator: 'slum_area', series: 'city', use: 'calibrate', source: 'source_a' },
    { year: 2021, month: null, value: 1215, low: 1100, high: 1300, indicator: 'slum_area', series: 'city', use: 'calibrate', source: 'source_b' },
    { year: 2023, month: null, value: 1500, low: null, high: null, indicator: 'slum_area', series: 'city', use: 'check', source: 'source_b' },
  ],
  targets: [{ target_id: 'T1', text_en: 'none by 2020', indicator: 'slum_area_share', unit: 'percent', met: 'no', source: 'source_a', value: 0, set_year: 2016, target_year: 2020 }],
  ledger: [
    { path: 'parameters.a_pct', unit: 'pct', status: 'assumed', source: '', note: 'first input', redraw: 'per_replicate', range: { min: 1, mode: 2, max: 4 }, drawn: [1.2, 2.1, 3.6] },
    { path: 'parameters.b', unit: '1', status: 'expert', source: 'expert_prior', note: 'second input', redraw: 'per_year', range: { min: 0, mode: 1, max: 9 } },
    { path: 'parameters.c_ha', unit: 'ha', status: 'measured', source: 'source_a', note: 'third input', redraw: 'per_site', range: { as_written: '3 to 4' }, drawn: [3, 3.5, 4] },
  ],
  references: { source_a: { citation: 'Office A, yearbook', address: 'https://example.org/a', year: '2019' } },
  series_words: {},
  files: [{
    name: 'rule.h5', musi_version: '0.1.0', git_commit: '0'.repeat(40), compiler: 'GNU 12.2.0', result_format: '1.0', seed: '0x11', design: 'sobol',
    created: '2026-11-22', flags: '', scenario_file: 'rule.yaml', complete: true, planned: futures, futures, input_sha256: {}, pairing: 'x',
  }],
  thinned: { paths: 20, works: 20, site_years: true, inputs: true },
  drivers: {
    of: 'chance_by:2030', unit: 'percent', option: 'today', futures,
    rows: [
      { path: 'parameters.a_pct', unit: '%', low: 20, high: 55, effect: 35, effect_low: 21, effect_high: 47, stands_out: true, tipping: { value: 2.4, chance_pct: 50 } },
      { path: 'parameters.b', unit: '', low: 41, high: 30, effect: -11, effect_low: -24, effect_high: 3, stands_out: false, tipping: null },
    ],
  },
};
