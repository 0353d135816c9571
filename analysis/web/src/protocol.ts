/**
 * Everything that the page knows comes through these messages: embedded in a report, or sent by
 * `musi serve`, or one day by a worker that carries the simulator. INTERFACE.md 8.8;
 * `analysis/report/page_data.cpp` writes the same shapes.
 */

export type Numbers = (number | null)[];

/** Over the futures of one option, by year. */
export interface Bands {
  mean: Numbers;
  p5: Numbers;
  p25: Numbers;
  p50: Numbers;
  p75: Numbers;
  p95: Numbers;
}

export interface Headline {
  option: string;
  /** year -> [estimate, half-width of the 95 % interval], percent */
  chance_pct: Record<string, [number, number]>;
  zero_year: { '10': number | null; '50': number | null; '80': number | null; '90': number | null };
  not_reached_pct: number;
  restricted_mean_years: number;
  paid_idr_bn: number;
  replicates: number;
}

export interface Money {
  mean_by_funds: Numbers[];
  total: Bands;
}

export interface OptionData {
  name: string;
  /** its colour, where the place among the options in view does not say it */
  look?: number;
  /** a preview of few futures: chances are rounded to tens */
  rough?: boolean;
  file: number;
  title: { en: string; id: string };
  base: string;
  level: string;
  kind: 'given' | 'level' | 'solved' | 'sweep';
  futures: number;
  headline: Headline;
  solved: { value: number; low: number; high: number } | null;
  settings: Record<string, number | string | boolean>;
  /** definition -> base64, one byte a future: 0 = not by the end, else year - start year + 1 */
  zero: Record<string, string>;
  by_future: Record<string, Numbers>;
  series: Record<string, Bands>;
  paths: Record<string, Numbers[]>;
  money: Record<string, Money>;
  points: Numbers[] | null;
  sites: { zero_counts: Numbers[]; area_p50?: Numbers[] } | null;
  works: Works | null;
  /** indicators of the city: [year][measure] */
  implementation: Numbers[] | null;
}

/** Works of the futures whose packages are in the file. Packages of one item in a site and year are
 * bundled, the largest bundles kept; one entry a bundle in each list. */
export interface Works {
  futures: number[];
  /** in the result file */
  packages: number;
  bundles: number;
  /** part of the money that the kept bundles hold */
  shown_pct: number;
  /** millions of rupiah, all packages */
  cost_total: number;
  future: number[];
  site: number[];
  programme: number[];
  funds: number[];
  /** months since January of year 0 */
  start: number[];
  end: number[];
  item: number[];
  quantity: Numbers;
  /** millions of rupiah */
  cost: Numbers;
  self_help: Numbers;
  chance: Numbers;
}

export interface Question {
  city: string;
  definition: string;
  start_year: number;
  end_year: number;
  headline_year: number;
  target_years: number[];
  chance_pct: number;
  spent_from: number;
  spent_to: number;
  uncertain_inputs: number;
  without_source: number;
  sites: number;
  synthetic_sites: number;
  price_year: number;
  planned: number;
  complete: boolean;
}

export interface Site {
  id: string;
  name: string;
  kecamatan: string;
  status: string;
  latitude: number | null;
  longitude: number | null;
  area: number | null;
}

export interface Observation {
  year: number;
  month: number | null;
  value: number | null;
  low: number | null;
  high: number | null;
  indicator: string;
  series: string;
  use: string;
  source: string;
}

export interface Target {
  target_id: string;
  text_en: string;
  indicator: string;
  unit: string;
  met: string;
  source: string;
  value: number | null;
  set_year: number | null;
  target_year: number | null;
}

export interface LedgerRow {
  path: string;
  unit: string;
  status: string;
  source: string;
  note: string;
  redraw: string;
  range: Record<string, number | string>;
  drawn?: Numbers;
}

export interface ResultOrigin {
  name: string;
  musi_version: string;
  git_commit: string;
  compiler: string;
  result_format: string;
  seed: string;
  design: string;
  created: string;
  flags: string;
  scenario_file: string;
  complete: boolean;
  planned: number;
  futures: number;
  input_sha256: Record<string, string>;
  pairing: string;
  /** of a server: what the program says to compute this again; empty while it still computes */
  command?: string;
}

/** Estimate with its 95 % interval. */
export type Estimate = [number | null, number | null, number | null];

/** One input of `Drivers`. `analysis/drivers.h`. */
export interface DriverRow {
  path: string;
  unit: string;
  /** outcome where the input is low and high, or before and after a step of Morris; null: a group
   * or the luck, which have no direction */
  low: number | null;
  high: number | null;
  /** high less low, with its 95 % interval */
  effect: number | null;
  effect_low: number | null;
  effect_high: number | null;
  /** from chance, over all inputs at a false discovery rate of 10 % */
  stands_out: boolean;
  /** Morris: mean size of a change, and the spread of changes */
  screening?: Estimate | null;
  spread?: number | null;
  /** Sobol: shares of the variance, alone and in all */
  first_order?: Estimate | null;
  total?: Estimate | null;
  /** value of the input at which the chance passes a level */
  tipping: { value: number; chance_pct: number } | null;
}

/** How an outcome depends on the inputs of a result: futures where an input is low against those
 * where it is high, or a design of `musi drivers`. Rows are ranked. `analysis/driver_file.h`. */
export interface Drivers {
  method?: 'regional' | 'morris' | 'sobol';
  /** "chance_by:2030" */
  of: string;
  /** percent, years, ha, IDR billion */
  unit: string;
  option: string;
  /** futures; of a design its trajectories or rows */
  futures: number;
  rows: DriverRow[];
}

export interface PageData {
  page_format: number;
  languages?: 'en' | 'id' | 'both';
  first_language?: 'en' | 'id';
  brief?: boolean;
  title: string;
  summary: string;
  question_text: string;
  question: Question;
  city_area_ha: number | null;
  years: number[];
  definitions: string[];
  funds: string[];
  programmes: string[];
  criteria: string[];
  items: { code: string; unit: string }[];
  measures: { code: string; en: string; id: string; unit: string }[];
  shown: number[];
  options: OptionData[];
  differences: { path: string; values: (string | null)[] }[];
  levers: { path: string; unit: string; values: Numbers }[];
  sites: Site[];
  observations: Observation[];
  targets: Target[];
  ledger: LedgerRow[];
  references: Record<string, { citation: string; address: string; year: string }>;
  series_words: Record<string, { unit: string; name: string; meaning: string }>;
  files: ResultOrigin[];
  thinned: { paths: number; works: number; site_years: boolean; inputs: boolean };
  drivers?: Drivers;
}

// --- with a simulator behind the page -----------------------------------------------------------

export type Setting = number | string | boolean;
export type Settings = Record<string, Setting>;

/** GET /api/scenario */
export interface ScenarioInfo {
  file: string;
  name: string;
  title: { en: string; id: string };
  lang: 'en' | 'id';
  /** facilitator view first */
  present: boolean;
  /** highest number of a request so far */
  seq: number;
  replicates: number;
  chance_pct: number;
  headline_year: number;
  end_year: number;
  has_result: boolean;
  /** paths that the command line has fixed */
  fixed: string[];
  /** lever -> values whose previews the server computes ahead, ascending: stops of the slider */
  anchors?: Record<string, string[]>;
  options: {
    name: string;
    title: { en: string; id: string };
    /** every leaf of the resolved scenario, as text */
    values: Record<string, string>;
  }[];
}

/** GET /api/schema: one row of the table of keys. */
export interface SchemaKey {
  path: string;
  type: string;
  role: string;
  unit: string;
  min: number | null;
  max: number | null;
  whole: boolean;
  choices: string[];
  default: string | null;
  meaning: string;
  source: string;
  status: string;
  heading: string;
  refused: boolean;
}

/** POST /api/run */
export interface RunRequest {
  /** grows with every request; a higher one cancels the older */
  seq: number;
  set: Settings;
  options?: string[];
  replicates: number;
  definition?: string;
}

/** POST /api/goal */
export interface GoalRequest {
  seq: number;
  vary: string;
  between: [number, number];
  chance_pct: number;
  by: number;
  set?: Settings;
  option?: string;
  definition?: string;
  replicates?: number;
}

/** POST /api/save */
export interface SaveRequest {
  name: string;
  kind: 'yaml' | 'hdf5' | 'html';
  set: Settings;
  options?: string[];
  replicates: number;
}

export interface Problem {
  event: 'problem';
  severity: 'error' | 'warning' | 'note';
  code: string;
  path?: string;
  message: string;
  exit_code?: number;
  /** of a refusal: what else is wrong */
  more?: Problem[];
}

export interface GoalResult {
  event: 'result';
  path: string;
  value: number;
  low: number | null;
  high: number | null;
  chance_pct: number;
  error_pct: number;
  reachable: boolean;
}

/** One line of an answer. Fields may be added; names never change meaning. */
export type ServerEvent =
  | { event: 'progress'; stage: string; option?: string; done: number; total: number; eta_s: number | null }
  | { event: 'preview'; futures: number; rough: boolean; method?: string; data: Partial<PageData> }
  | {
      event: 'evaluation';
      values: Record<string, number>;
      chance_pct: number;
      error_pct: number;
      done: number;
      total: number;
    }
  | { event: 'result'; data: PageData; futures: number; command: string | null }
  | GoalResult
  | { event: 'end'; exit_code: number; status: string }
  | Problem;

/** GET /api/future */
export interface FutureAnswer {
  option: string;
  replicate: number;
  works: Works | null;
  barriers: { years: number[]; ha: Record<string, Numbers> } | null;
}

/** The data that a report carries. */
export class EmbeddedSource {
  static find(): EmbeddedSource | null {
    const text = document.getElementById('musi-data')?.textContent?.trim();
    return text ? new EmbeddedSource(text) : null;
  }

  constructor(private readonly text: string) {}

  load(): Promise<PageData> {
    return Promise.resolve(JSON.parse(this.text) as PageData);
  }
}
