/** G: what would change the answer? Low against high quarters of the futures that were run, or the
 * design (Morris, Sobol) that `musi drivers` left beside the result. */
import * as Plot from '@observablehq/plot';
import type { Chart, Context, Drawing, Size } from '../chart';
import { earlierColour, laterColour } from '../chart';
import { draw, numberAxis, shorten } from '../plot';
import type { DriverRow } from '../protocol';

/** The row of a design in which nothing but the luck is another. */
const luck = 'chance events';
const neutralColour = '#8a8a8a';

type Shown = DriverRow & { name: string };

/** Size of a change (Morris) or share of the variance in percent (Sobol) with its 95 % interval. */
interface Size95 {
  estimate: number;
  low: number;
  high: number;
}

const methodOf = (c: Context) => c.data.drivers?.method ?? 'regional';
const sizeHead = (c: Context) =>
  c.words.t(methodOf(c) === 'morris' ? 'G.size.morris' : 'G.size.sobol');
const isDesign = (c: Context) => methodOf(c) !== 'regional';

function sizeOf(c: Context, row: DriverRow): Size95 | null {
  const [e, low, high] = (methodOf(c) === 'morris' ? row.screening : row.total) ?? [];
  if (e == null) return null;
  const scale = methodOf(c) === 'sobol' ? 100 : 1;
  return { estimate: scale * e, low: scale * (low ?? e), high: scale * (high ?? e) };
}

/** Beyond noise: above what another luck does (Morris), or with an interval above zero (Sobol). */
function isAboveNoise(c: Context, row: DriverRow): boolean {
  const size = sizeOf(c, row);
  if (!size || row.path === luck) return false;
  const noise = c.data.drivers?.rows.find((r) => r.path === luck);
  const floor = methodOf(c) === 'morris' && noise ? (sizeOf(c, noise)?.estimate ?? 0) : 0;
  return size.low > floor;
}

const counts = (c: Context, row: DriverRow) => (isDesign(c) ? isAboveNoise(c, row) : row.stands_out);

/** Value of the outcome that drivers are of, with its unit. */
function outcomeWords(c: Context, value: number | null): string {
  const unit = c.data.drivers?.unit ?? '';
  if (unit === 'percent') return c.words.percent(value);
  if (unit === 'IDR billion') return c.words.money(value);
  return unit === 'ha' ? c.words.ha(value) : c.words.short(value);
}

/** "chance_by:2030" in words. */
function ofWords(c: Context): string {
  const [kind = '', years = ''] = (c.data.drivers?.of ?? '').split(':');
  return c.words.maybe(`G.of.${kind}`, kind).replace('{year}', years.replace('..', '–'));
}

function inputWords(c: Context, path: string): string {
  if (path === luck) return c.words.t('G.luck');
  if (path === 'all other inputs') return c.words.t('G.others');
  return c.data.ledger.find((r) => r.path === path)?.note || path;
}

const hasEnds = (r: DriverRow) => r.low != null && r.high != null;

const shownDrivers = (c: Context): Shown[] =>
  (c.data.drivers?.rows ?? [])
    .filter((r) => (isDesign(c) ? sizeOf(c, r) != null : hasEnds(r)))
    .slice(0, 10)
    .map((r) => ({ ...r, name: inputWords(c, r.path) }));

/** From where the input is low to where it is high. */
function drawEnds(c: Context, size: Size, rows: Shown[]): Drawing {
  const ends = rows.flatMap((r) => [r.low ?? 0, r.high ?? 0]);
  const far = Math.max(1e-9, Math.max(...ends) - Math.min(...ends));
  const [from, to] = [Math.min(...ends) - far * 0.15, Math.max(...ends) + far * 0.15];
  return draw(size, {
    marginLeft: size.narrow ? 130 : 270,
    x: { ...numberAxis(c, ofWords(c)), domain: [from, to] },
    y: { domain: rows.map((r) => r.name), label: null, tickSize: 0 },
    marks: [
      Plot.barX(rows, {
        x1: 'low',
        x2: 'high',
        y: 'name',
        fill: (r: Shown) => ((r.effect ?? 0) >= 0 ? earlierColour : laterColour),
        fillOpacity: (r: Shown) => (r.stands_out ? 1 : 0.35),
        insetTop: 5,
        insetBottom: 5,
      }),
      Plot.dot(rows, { x: 'low', y: 'name', r: 4, fill: '#fff', stroke: '#222', strokeWidth: 1.5 }),
      Plot.dot(rows, { x: 'high', y: 'name', r: 4, fill: '#222' }),
    ],
  });
}

/** How much an input matters in a design, with intervals; the colour tells the direction. */
function drawSizes(c: Context, size: Size, rows: Shown[]): Drawing {
  const bars = rows.map((r) => ({ ...r, ...(sizeOf(c, r) as Size95), counts: counts(c, r) }));
  const far = Math.max(1e-9, ...bars.map((r) => r.high));
  type Bar = (typeof bars)[number];
  return draw(size, {
    marginLeft: size.narrow ? 130 : 270,
    x: { ...numberAxis(c, sizeHead(c)), domain: [0, far * 1.05] },
    y: { domain: rows.map((r) => r.name), label: null, tickSize: 0 },
    marks: [
      Plot.barX(bars, {
        x1: 0,
        x2: (r: Bar) => Math.max(0, r.estimate),
        y: 'name',
        fill: (r: Bar) =>
          r.effect == null ? neutralColour : r.effect >= 0 ? earlierColour : laterColour,
        fillOpacity: (r: Bar) => (r.counts ? 1 : 0.35),
        insetTop: 5,
        insetBottom: 5,
      }),
      Plot.ruleY(bars, {
        x1: (r: Bar) => Math.max(0, r.low),
        x2: (r: Bar) => Math.max(0, r.high),
        y: 'name',
        stroke: '#222',
        strokeWidth: 1.5,
      }),
    ],
  });
}

export const drivers: Chart = {
  letter: 'G',
  id: 'drivers',
  question: (c) => c.words.t('G.question'),
  missing: (c) =>
    shownDrivers(c).length > 0 ? null : c.words.t('G.missing', { file: c.data.files[0]?.name ?? '' }),
  title(c) {
    const first = c.data.drivers?.rows.find((r) => counts(c, r));
    return first
      ? c.words.t('G.title', { input: inputWords(c, first.path) })
      : c.words.t(isDesign(c) ? 'G.none.design' : 'G.none', {
          n: c.words.number(c.data.drivers?.futures),
        });
  },
  subtitle: (c) =>
    c.words.t(`G.subtitle.${methodOf(c)}`, {
      of: ofWords(c),
      option: c.data.drivers?.option ?? '',
      n: c.words.number(c.data.drivers?.futures),
    }),
  height: (c) => 70 + 28 * shownDrivers(c).length,
  draw(c, size) {
    const rows = shownDrivers(c).map((r) => ({ ...r, name: shorten(r.name, size.narrow ? 15 : 38) }));
    return isDesign(c) ? drawSizes(c, size, rows) : drawEnds(c, size, rows);
  },
  legend: (c) =>
    isDesign(c)
      ? [
          { colour: earlierColour, text: c.words.t('G.rises') },
          { colour: laterColour, text: c.words.t('G.falls') },
          { colour: neutralColour, text: c.words.t('G.no_direction') },
        ]
      : [
          { colour: '#ffffff', text: c.words.t('G.low') },
          { colour: '#222222', text: c.words.t('G.high') },
        ],
  notes(c) {
    const rows = shownDrivers(c).filter((r) => counts(c, r) && hasEnds(r)).slice(0, 3);
    const sentence = methodOf(c) === 'morris' ? 'G.sentence.morris' : 'G.sentence';
    return [
      ...rows.map((r) =>
        c.words.t(sentence, {
          input: r.name,
          low: outcomeWords(c, r.low),
          high: outcomeWords(c, r.high),
        }),
      ),
      ...rows.flatMap((r) =>
        r.tipping
          ? [
              c.words.t('G.tips', {
                input: r.name,
                value: `${c.words.short(r.tipping.value)} ${r.unit}`.trim(),
                p: c.words.percent(r.tipping.chance_pct),
              }),
            ]
          : [],
      ),
      c.words.t(`G.legend.${methodOf(c)}`),
    ];
  },
  table(c) {
    const short = (v: unknown) => c.words.short(v as number | null);
    const sizes = isDesign(c)
      ? [
          { head: sizeHead(c), show: short },
          { head: c.words.t('G.size_low'), show: short },
          { head: c.words.t('G.size_high'), show: short },
        ]
      : [];
    return {
      columns: [
        { head: c.words.t('ledger.path') },
        { head: c.words.t('ledger.meaning') },
        ...sizes,
        { head: c.words.t(methodOf(c) === 'morris' ? 'G.before' : 'G.low'), show: short },
        { head: c.words.t(methodOf(c) === 'morris' ? 'G.after' : 'G.high'), show: short },
        { head: c.words.t('G.effect'), show: short },
        { head: c.words.t('G.interval_low'), show: short },
        { head: c.words.t('G.interval_high'), show: short },
        { head: c.words.t('G.stands_out') },
        { head: c.words.t('G.tipping'), show: short },
      ],
      rows: (c.data.drivers?.rows ?? []).map((r) => {
        const size = sizeOf(c, r);
        return [
          r.path,
          inputWords(c, r.path),
          ...(isDesign(c) ? [size?.estimate ?? null, size?.low ?? null, size?.high ?? null] : []),
          r.low,
          r.high,
          r.effect,
          r.effect_low,
          r.effect_high,
          c.words.t(counts(c, r) ? 'yes' : 'no'),
          r.tipping?.value ?? null,
        ];
      }),
    };
  },
};
