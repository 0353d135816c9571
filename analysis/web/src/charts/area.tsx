/** B: what path does the slum area take? */
import type { Chart, Context } from '../chart';
import { bookOf, colourOf } from '../chart';
import { bands } from '../model';
import { Choice } from '../parts/Choice';
import * as Plot from '@observablehq/plot';
import { draw, labelMarks, numberAxis, optionLines, roomFor, shorten, spread, yearAxis } from '../plot';
import { FocusChoice, focusTitle } from './controls';

const books = ['slum_area', 'slum_area_ledger', 'slum_area_reported', 'slum_area_decree'] as const;

const bookHere = (c: Context): string => c.state.area || bookOf(c.state.definition);

const shown = (c: Context) => bands(c.focus, bookHere(c)) ?? bands(c.focus, 'slum_area');
const bookWords = (c: Context, book = bookHere(c)) => c.words.maybe(`book.${book}`, book);

/** Published figures of the whole city that may be compared. */
export const areaObservations = (c: Context) =>
  c.data.observations.filter(
    (o) =>
      o.indicator === 'slum_area' &&
      o.use !== 'do_not_use' &&
      o.value != null &&
      o.year >= (c.data.years[0] ?? 0),
  );

/** Official targets that name a year and an area that can be drawn: so far all of them are 0 %. */
const areaTargets = (c: Context) =>
  c.data.targets.filter(
    (t) =>
      t.indicator === 'slum_area_share' &&
      t.value === 0 &&
      t.target_year != null &&
      t.target_year >= (c.data.years[0] ?? 0) &&
      t.target_year <= c.data.question.end_year,
  );

export const area: Chart = {
  letter: 'B',
  id: 'area',
  question: (c) => c.words.t('B.question'),
  missing: (c) => (shown(c) ? null : c.words.t('missing.series')),
  title(c) {
    const b = shown(c);
    const at = c.data.years.indexOf(c.data.question.headline_year);
    return c.words.t('B.title', {
      book: bookWords(c),
      low: c.words.number(b?.p5[at]),
      high: c.words.ha(b?.p95[at]),
      mid: c.words.ha(b?.p50[at]),
      year: c.data.question.headline_year,
    });
  },
  subtitle: (c) =>
    c.words.t('B.subtitle', {
      option: focusTitle(c),
      n: c.focus.paths[bookHere(c)]?.length ?? 0,
    }),
  controls: (c) => (
    <>
      <FocusChoice c={c} />
      <Choice
        label={c.words.t('B.book')}
        value={bookHere(c)}
        options={books
          .filter((book) => c.focus.series[book])
          .map((book) => ({ value: book, text: bookWords(c, book) }))}
        change={(value) => c.set({ area: value })}
      />
      {(c.focus.paths[bookHere(c)]?.length ?? 0) > 0 && (
        <Choice
          label={c.words.t('B.one')}
          value={c.state.future == null ? '' : String(c.state.future)}
          options={[
            { value: '', text: c.words.t('B.none') },
            ...(c.focus.paths[bookHere(c)] ?? []).map((_, i) => ({
              value: String(i),
              text: c.words.t('B.future', { i }),
            })),
          ]}
          change={(value) => c.set({ future: value === '' ? null : Number(value) })}
        />
      )}
    </>
  ),
  height: (_, width) => Math.max(260, Math.min(400, width * 0.62)),
  draw(c, size) {
    const { data, words } = c;
    const b = shown(c);
    if (!b) return { node: document.createElement('div') };
    const colour = colourOf(c, c.focus);
    const by = (list: (number | null)[]) =>
      data.years.map((year, i) => ({ year, v: list[i] ?? NaN }));
    const band = (low: (number | null)[], high: (number | null)[]) =>
      data.years.map((year, i) => ({ year, low: low[i] ?? NaN, high: high[i] ?? NaN }));
    const observed = areaObservations(c);
    const paths = c.focus.paths[bookHere(c)] ?? [];
    const top = Math.max(
      1,
      ...b.p95.map((v) => v ?? 0),
      ...observed.map((o) => o.value ?? 0),
      ...paths.flat().map((v) => v ?? 0),
    );
    const marks: Plot.Markish[] = [
      Plot.areaY(band(b.p5, b.p95), { x: 'year', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.12 }),
      Plot.areaY(band(b.p25, b.p75), { x: 'year', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.2 }),
      ...paths.map((path, i) =>
        Plot.lineY(by(path), {
          x: 'year',
          y: 'v',
          stroke: colour,
          strokeWidth: c.state.future === i ? 3 : 0.7,
          strokeOpacity: c.state.future === i ? 1 : 0.4,
        }),
      ),
      Plot.lineY(by(b.p50), { x: 'year', y: 'v', stroke: colour, strokeWidth: 2.2 }),
    ];
    const labels = [];
    for (const line of optionLines(c)) {
      const other = bands(line.option, bookHere(c));
      if (!other) continue;
      if (line.option !== c.focus) {
        marks.push(
          Plot.lineY(by(other.p50), {
            x: 'year',
            y: 'v',
            stroke: line.colour,
            strokeWidth: 1.6,
            strokeDasharray: line.dash || '5 3',
          }),
        );
      }
      labels.push({
        x: data.question.end_year,
        y: other.p50[data.years.length - 1] ?? 0,
        text: shorten(line.option.name, size.narrow ? 9 : 20),
        colour: line.colour,
      });
    }
    marks.push(
      Plot.ruleX(
        observed.filter((o) => o.low != null && o.high != null),
        { x: 'year', y1: 'low', y2: 'high', stroke: '#333' },
      ),
      Plot.dot(observed, {
        x: 'year',
        y: 'value',
        r: 4,
        fill: (o: { use: string }) => (o.use === 'calibrate' ? '#333' : '#fff'),
        stroke: '#333',
        strokeWidth: 1.5,
        symbol: 'circle',
      }),
      Plot.dot(areaTargets(c), {
        x: 'target_year',
        y: 'value',
        symbol: 'diamond2',
        r: 5,
        fill: '#fff',
        stroke: '#B00020',
        strokeWidth: 1.8,
      }),
    );
    return draw(size, {
      marginRight: roomFor(labels.map((l) => l.text), size),
      x: yearAxis(c, size),
      y: { ...numberAxis(c, words.t('unit.axis_ha')), domain: [0, top * 1.04] },
      marks: [...marks, ...labelMarks(spread(labels, top * 0.06, top))],
    });
  },
  pick(c, at, made) {
    let nearest = 14;
    let found: number | null = null;
    (c.focus.paths[bookHere(c)] ?? []).forEach((path, future) =>
      path.forEach((value, i) => {
        const x = made.xOf?.(c.data.years[i] ?? 0) ?? 0;
        const far = Math.hypot(x - at.x, (made.yOf?.(value ?? 0) ?? 0) - at.y);
        if (value != null && far < nearest) {
          nearest = far;
          found = future;
        }
      }),
    );
    return found;
  },
  notes(c) {
    const sources = [...new Set(areaObservations(c).map((o) => o.source))];
    return [
      c.words.t('B.legend', { sources: sources.join(', ') || c.words.t('B.no_sources') }),
    ];
  },
  table(c) {
    const b = shown(c);
    const ha = (v: number) => c.words.number(v, 1);
    const keys = ['p5', 'p25', 'p50', 'p75', 'p95', 'mean'] as const;
    return {
      columns: [
        { head: c.words.t('col.year'), show: String },
        ...keys.map((k) => ({ head: c.words.maybe(`col.${k}`, k), show: ha })),
        { head: c.words.t('col.observed'), show: ha },
        { head: c.words.t('col.source') },
      ],
      rows: c.data.years.map((year, i) => {
        const seen = areaObservations(c).filter((o) => o.year === year);
        return [
          year,
          ...keys.map((k) => b?.[k][i] ?? null),
          seen[0]?.value ?? null,
          seen.map((o) => `${o.source}${seen.length > 1 ? ` (${o.value ?? ''})` : ''}`).join('; ') ||
            null,
        ];
      }),
    };
  },
  cursor(c) {
    const b = shown(c);
    return c.data.years.map((year, i) => ({
      x: year,
      text: c.words.t('B.said', {
        year,
        mid: c.words.ha(b?.p50[i]),
        low: c.words.number(b?.p5[i]),
        high: c.words.ha(b?.p95[i]),
      }),
    }));
  },
};
