/** K: why believe it? Published figures beside what the model says for the same year. */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { draw, numberAxis, yearAxis } from '../plot';
import type { Bands, Observation } from '../protocol';
import { FocusChoice, focusTitle } from './controls';

/** Published indicators that a series of the result answers. */
const answers: Record<string, string> = {
  slum_area: 'slum_area_reported',
  unfit_houses: 'unfit_houses',
  houses_repaired: 'houses_repaired',
};

interface Row {
  observation: Observation;
  low: number | null;
  mid: number | null;
  high: number | null;
  inside: boolean | null;
}

function modelled(c: Context, o: Observation): Bands | null {
  const name = answers[o.indicator];
  if (!name) return null;
  return c.focus.series[name] ?? (name === 'slum_area_reported' ? (c.focus.series.slum_area ?? null) : null);
}

function rows(c: Context): Row[] {
  return c.data.observations
    .filter((o) => o.use !== 'do_not_use' && o.value != null)
    .map((observation) => {
      const at = c.data.years.indexOf(observation.year);
      const b = at < 0 ? null : modelled(c, observation);
      const [low, mid, high] = [b?.p5[at] ?? null, b?.p50[at] ?? null, b?.p95[at] ?? null];
      const inside =
        low == null || high == null || observation.value == null
          ? null
          : (observation.low ?? observation.value) <= high &&
            (observation.high ?? observation.value) >= low;
      return { observation, low, mid, high, inside };
    });
}

const areaRows = (c: Context) => rows(c).filter((r) => r.observation.indicator === 'slum_area');
const compared = (c: Context) => rows(c).filter((r) => r.inside != null);

/** Straight and exponential lines through the rows that may be fitted: what any office can draw. */
function reference(c: Context): { name: string; at: (year: number) => number }[] {
  const fit = c.data.observations.filter(
    (o) => o.indicator === 'slum_area' && o.use === 'calibrate' && (o.value ?? 0) > 0,
  );
  if (fit.length < 2) return [];
  const line = (ys: number[]): ((year: number) => number) | null => {
    const xs = fit.map((o) => o.year);
    const mx = xs.reduce((a, b) => a + b, 0) / xs.length;
    const my = ys.reduce((a, b) => a + b, 0) / ys.length;
    const sxx = xs.reduce((s, x) => s + (x - mx) ** 2, 0);
    if (sxx === 0) return null;
    const slope = xs.reduce((s, x, i) => s + (x - mx) * ((ys[i] ?? my) - my), 0) / sxx;
    return (year) => my + slope * (year - mx);
  };
  const straight = line(fit.map((o) => o.value ?? 0));
  const log = line(fit.map((o) => Math.log(o.value ?? 1)));
  return [
    ...(straight ? [{ name: 'linear', at: (y: number) => Math.max(0, straight(y)) }] : []),
    ...(log ? [{ name: 'exponential', at: (y: number) => Math.exp(log(y)) }] : []),
  ];
}

export const record: Chart = {
  letter: 'K',
  id: 'track-record',
  question: (c) => c.words.t('K.question'),
  missing: (c) => (compared(c).length > 0 ? null : c.words.t('K.missing')),
  title(c) {
    const all = compared(c);
    return c.words.t('K.title', {
      k: all.filter((r) => r.inside).length,
      n: all.length,
    });
  },
  subtitle: (c) => c.words.t('K.subtitle', { option: focusTitle(c) }),
  controls: (c) => <FocusChoice c={c} />,
  draw(c, size) {
    const seen = areaRows(c);
    const years = c.data.years;
    const b = c.focus.series.slum_area_reported ?? c.focus.series.slum_area;
    const last = Math.max(...seen.map((r) => r.observation.year), (years[0] ?? 0) + 5) + 1;
    const first = Math.min(years[0] ?? 0, ...seen.map((r) => r.observation.year));
    const band = years
      .map((year, i) => ({ year, low: b?.p5[i] ?? NaN, mid: b?.p50[i] ?? NaN, high: b?.p95[i] ?? NaN }))
      .filter((d) => d.year <= last);
    return draw(size, {
      marginRight: 90,
      x: { ...yearAxis(c, size), domain: [first, last], ticks: undefined },
      y: { ...numberAxis(c, c.words.t('unit.axis_ha')), zero: true },
      marks: [
        Plot.areaY(band, { x: 'year', y1: 'low', y2: 'high', fill: '#0072B2', fillOpacity: 0.15 }),
        Plot.lineY(band, { x: 'year', y: 'mid', stroke: '#0072B2', strokeWidth: 2 }),
        ...reference(c).map((r) => {
          const points = band.map((d) => ({ year: d.year, v: r.at(d.year) }));
          return [
            Plot.lineY(points, { x: 'year', y: 'v', stroke: '#666', strokeDasharray: '4 3' }),
            Plot.text(points.slice(-1), {
              x: 'year',
              y: 'v',
              text: () => c.words.maybe(`K.${r.name}`, r.name),
              textAnchor: 'start',
              dx: 4,
              fill: '#555',
            }),
          ];
        }),
        Plot.ruleX(
          seen.filter((r) => r.observation.low != null && r.observation.high != null),
          {
            x: (r: Row) => r.observation.year,
            y1: (r: Row) => r.observation.low,
            y2: (r: Row) => r.observation.high,
          },
        ),
        Plot.dot(seen, {
          x: (r: Row) => r.observation.year,
          y: (r: Row) => r.observation.value,
          r: 5,
          symbol: (r: Row) => (r.observation.use === 'calibrate' ? 'circle' : 'square'),
          fill: (r: Row) => (r.inside === false ? '#D55E00' : r.inside ? '#111' : '#fff'),
          stroke: '#111',
        }),
      ],
      symbol: { type: 'identity' },
    } as Plot.PlotOptions);
  },
  notes: (c) => [
    c.words.t('K.legend'),
    ...compared(c)
      .filter((r) => !r.inside)
      .map((r) =>
        c.words.t('K.miss', {
          indicator: c.words.maybe(`indicator.${r.observation.indicator}`, r.observation.indicator),
          year: r.observation.year,
          seen: c.words.number(r.observation.value),
          low: c.words.number(r.low),
          high: c.words.number(r.high),
          source: r.observation.source,
        }),
      ),
  ],
  table(c) {
    const v = (x: number) => c.words.short(x);
    return {
      columns: [
        { head: c.words.t('K.indicator') },
        { head: c.words.t('col.year'), show: String },
        { head: c.words.t('col.observed'), show: v },
        { head: c.words.t('col.p5'), show: v },
        { head: c.words.t('col.p50'), show: v },
        { head: c.words.t('col.p95'), show: v },
        { head: c.words.t('K.inside') },
        { head: c.words.t('K.use') },
        { head: c.words.t('col.source') },
      ],
      rows: rows(c).map((r) => [
        c.words.maybe(`indicator.${r.observation.indicator}`, r.observation.indicator),
        r.observation.year,
        r.observation.value,
        r.low,
        r.mid,
        r.high,
        r.inside == null ? null : c.words.t(r.inside ? 'yes' : 'no'),
        c.words.maybe(`use.${r.observation.use}`, r.observation.use),
        r.observation.source,
      ]),
    };
  },
  cursor: (c) =>
    areaRows(c).map((r) => ({
      x: r.observation.year,
      text: `${r.observation.year}: ${c.words.ha(r.observation.value)} (${r.observation.source})`,
    })),
};
