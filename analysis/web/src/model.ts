/** What follows from the data: chances, years, paired differences. Mirrors analysis/statistics.cpp. */
import type { Bands, OptionData, PageData } from './protocol';

const z95 = 1.959963984540054;

export interface Share {
  count: number;
  n: number;
  /** percent */
  estimate: number;
  low: number;
  high: number;
  halfWidth: number;
  /** of a preview: rounded to tens when it is written */
  rough?: boolean;
}

/** Wilson's 95 % interval, which keeps an error at 0 and 100 %. */
export function share(count: number, n: number, rough = false): Share {
  const p = count / n;
  const z2 = z95 * z95;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return {
    count,
    n,
    estimate: 100 * p,
    low: 100 * Math.max(0, middle - half),
    high: 100 * Math.min(1, middle + half),
    halfWidth: 100 * half,
    rough,
  };
}

const decoded = new WeakMap<OptionData, Map<string, Uint8Array>>();

/** Code of each future: 0 = not by the end, else year - start year + 1. */
export function zeroCodes(option: OptionData, definition: string): Uint8Array {
  let known = decoded.get(option);
  if (!known) decoded.set(option, (known = new Map()));
  let codes = known.get(definition);
  if (!codes) {
    const bytes = atob(option.zero[definition] ?? '');
    codes = Uint8Array.from(bytes, (c) => c.charCodeAt(0));
    known.set(definition, codes);
  }
  return codes;
}

export interface Outcome {
  n: number;
  /** futures that reach zero first in each year */
  counts: number[];
  /** chance by the end of each year */
  chances: Share[];
  notReached: Share;
  /** first year by which the share has reached it; null: not by the end */
  yearOf(percent: number): number | null;
}

export function outcome(data: PageData, option: OptionData, definition: string): Outcome {
  const codes = zeroCodes(option, definition);
  const n = codes.length;
  const counts = data.years.map(() => 0);
  for (const code of codes) if (code > 0) counts[code - 1] = (counts[code - 1] ?? 0) + 1;
  let sum = 0;
  const sums = counts.map((c) => (sum += c));
  return {
    n,
    counts,
    chances: sums.map((s) => share(s, n, option.rough)),
    notReached: share(n - sum, n, option.rough),
    yearOf(percent) {
      const at = sums.findIndex((s) => s >= (percent / 100) * n - 1e-9);
      return at < 0 ? null : (data.years[at] ?? null);
    },
  };
}

export function chanceBy(o: Outcome, data: PageData, year: number): Share {
  const at = Math.max(0, Math.min(data.years.length - 1, year - (data.years[0] ?? 0)));
  return o.chances[at] ?? share(0, Math.max(1, o.n));
}

export interface Paired {
  n: number;
  earlier: number;
  equal: number;
  later: number;
  /** mean, the clock stopped one year after the end for futures that do not reach zero */
  years: number;
  /** years gained -> futures */
  gains: Map<number, number>;
}

/** Options whose futures have the same luck. While a server draws more, those that both have. */
export function canPair(data: PageData, a: OptionData, b: OptionData): boolean {
  const pairing = data.files[a.file]?.pairing;
  if (pairing === onePairing) return true;
  return pairing === data.files[b.file]?.pairing && a.futures === b.futures;
}

/** Of all answers of one server: the first futures of each are the same. */
export const onePairing = 'one server';

export function paired(data: PageData, a: OptionData, b: OptionData, definition: string): Paired {
  const x = zeroCodes(a, definition);
  const y = zeroCodes(b, definition);
  const censored = data.years.length + 1;
  const n = Math.min(x.length, y.length);
  const result: Paired = { n, earlier: 0, equal: 0, later: 0, years: 0, gains: new Map() };
  for (let i = 0; i < n; ++i) {
    const gain = (x[i] || censored) - (y[i] || censored);
    if (gain > 0) ++result.earlier;
    else if (gain < 0) ++result.later;
    else ++result.equal;
    result.years += gain / n;
    result.gains.set(gain, (result.gains.get(gain) ?? 0) + 1);
  }
  return result;
}

export const barrierKeys = [
  'land',
  'money',
  'guideline',
  'procurement',
  'participation',
  'technical',
  'regrowth',
] as const;

export function bands(option: OptionData, name: string): Bands | null {
  return option.series[name] ?? null;
}

/** Sum over the years from..to of a list by year. */
export function sumYears(data: PageData, list: (number | null)[], from: number, to: number): number {
  let sum = 0;
  data.years.forEach((year, i) => {
    if (year >= from && year <= to) sum += list[i] ?? 0;
  });
  return sum;
}

/** Weighted share of futures per site that are at zero by the year, percent. */
export function siteChance(option: OptionData, site: number, yearIndex: number): number | null {
  const counts = option.sites?.zero_counts[site];
  if (!counts) return null;
  let sum = 0;
  for (let y = 0; y <= yearIndex; ++y) sum += counts[y] ?? 0;
  return (100 * sum) / option.futures;
}

/** Median year of a site; null: not by the end in half of the futures or more. */
export function siteYear(data: PageData, option: OptionData, site: number): number | null {
  const counts = option.sites?.zero_counts[site];
  if (!counts) return null;
  let sum = 0;
  for (let y = 0; y < counts.length; ++y) {
    sum += counts[y] ?? 0;
    if (sum >= option.futures / 2 - 1e-9) return data.years[y] ?? null;
  }
  return null;
}
