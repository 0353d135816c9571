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
}

/** How a result depends on its inputs; in the file only if a command has put it there. */
export interface Drivers {
  of: string;
  rows: { path: string; low: number; high: number; effect: number; tipping?: number | null }[];
}

export interface FrontierData {
  path: string;
  year: number;
  lines: { name: string; points: [number, number, number][] }[];
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
  frontier?: FrontierData;
}

// --- with a simulator behind the page -----------------------------------------------------------

/** POST /api/run */
export interface RunRequest {
  /** grows with every request; a higher one cancels the older */
  seq: number;
  set: Record<string, number | string | boolean>;
  options?: string[];
  replicates: number;
  definition: string;
}

/** POST /api/goal */
export interface GoalRequest {
  seq: number;
  vary: string;
  between: [number, number];
  chance_pct: number;
  by: number;
}

export interface Problem {
  event: 'problem';
  severity: 'error' | 'warning' | 'note';
  code: string;
  path?: string;
  message: string;
  exit_code?: number;
}

/** One line of an answer. Fields may be added; names never change meaning. */
export type ServerEvent =
  | { event: 'progress'; stage: string; option?: string; done: number; total: number; eta_s: number | null }
  | { event: 'preview'; futures: number; rough: boolean; data: PageData }
  | { event: 'evaluation'; values: Record<string, number>; chance_pct: number; error_pct: number }
  | { event: 'result'; data?: PageData; [field: string]: unknown }
  | { event: 'end'; exit_code: number; status: string; elapsed_s: number }
  | Problem;

/**
 * Where data come from. A report answers from what it holds; a server runs the model. The page
 * never asks which one it is, only what it can do.
 */
export interface PageSource {
  /** the data to start with */
  load(): Promise<PageData>;
  /** levers run the model instead of moving between what was run */
  canRun: boolean;
  /** runs and reports until the end; resolves when the answer ends */
  run?(request: RunRequest, listen: (event: ServerEvent) => void): Promise<void>;
  goal?(request: GoalRequest, listen: (event: ServerEvent) => void): Promise<void>;
  cancel?(seq: number): void;
  /** works programme and barriers of one future */
  future?(option: string, replicate: number): Promise<Works>;
}

/** The data that a report carries. */
export class EmbeddedSource implements PageSource {
  canRun = false;

  static find(): EmbeddedSource | null {
    const text = document.getElementById('musi-data')?.textContent?.trim();
    return text ? new EmbeddedSource(text) : null;
  }

  constructor(private readonly text: string) {}

  load(): Promise<PageData> {
    return Promise.resolve(JSON.parse(this.text) as PageData);
  }
}
