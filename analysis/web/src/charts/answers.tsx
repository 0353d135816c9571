/** F: what does more money buy? G: what would change the answer? Both are computed by commands of
 * their own; the page shows them where the data hold them. Q: was the plan carried out? */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { definitionWords, earlierColour, laterColour } from '../chart';
import { chanceBy, outcome } from '../model';
import { Choice } from '../parts/Choice';
import { draw, labelMarks, numberAxis, optionLines, roomFor } from '../plot';
import { FocusChoice, focusTitle } from './controls';
import type { Line } from './lines';
import { cursorOfLines, drawLines, lineColours, lineDashes, tableOfLines } from './lines';

interface Point {
  x: number;
  p: number;
  error: number;
}

/** Lines of a frontier: chance against a lever that takes many values among what was run. */
function frontierLines(c: Context): { path: string; lines: { name: string; points: Point[] }[] } | null {
  const lever = [...c.data.levers]
    .map((l) => ({ ...l, n: new Set(l.values.filter((v) => v != null)).size }))
    .sort((a, b) => Number(b.path === 'funding.scale_pct') - Number(a.path === 'funding.scale_pct') || b.n - a.n)[0];
  if (!lever || lever.n < 3) return null;
  // A line joins options that differ in nothing but the lever.
  const others = c.data.differences.filter((d) => d.path !== lever.path);
  const groups = new Map<string, { name: string; points: Point[] }>();
  c.data.options.forEach((option, i) => {
    const x = lever.values[i];
    if (x == null) return;
    const key = JSON.stringify(others.map((d) => d.values[i]));
    const share = chanceBy(outcome(c.data, option, c.state.definition), c.data, c.state.year);
    const line = groups.get(key) ?? { name: option.level || c.words.t('F.line'), points: [] };
    line.points.push({ x, p: share.estimate, error: share.halfWidth });
    groups.set(key, line);
  });
  const lines = [...groups.values()].filter((line) => line.points.length >= 3);
  for (const line of lines) line.points.sort((a, b) => a.x - b.x);
  return lines.length > 0 ? { path: lever.path, lines } : null;
}

export const frontier: Chart = {
  letter: 'F',
  id: 'frontier',
  question: (c) => c.words.t('F.question'),
  missing: (c) =>
    frontierLines(c)
      ? null
      : c.words.t('F.missing', { file: c.data.files[0]?.scenario_file ?? '' }),
  title(c) {
    const found = frontierLines(c);
    const all = found?.lines.flatMap((l) => l.points) ?? [];
    const best = all.reduce((a, b) => (b.p > a.p ? b : a), all[0] ?? { x: 0, p: 0, error: 0 });
    return c.words.t('F.title', {
      p: c.words.percent(best.p),
      x: c.words.short(best.x),
      lever: c.words.maybe(`lever.${found?.path ?? ''}`, found?.path ?? ''),
      year: c.state.year,
    });
  },
  subtitle: (c) => c.words.t('F.subtitle', { year: c.state.year, definition: definitionWords(c) }),
  draw(c, size) {
    const found = frontierLines(c);
    const lines = found?.lines ?? [];
    const here = c.data.levers.find((l) => l.path === found?.path)?.values[c.state.focus];
    return draw(size, {
      marginRight: roomFor(lines.map((l) => l.name), size),
      x: { ...numberAxis(c, c.words.maybe(`lever.${found?.path ?? ''}`, found?.path ?? '')), grid: false },
      y: { ...numberAxis(c, c.words.t('A.axis')), domain: [0, 100] },
      marks: lines.flatMap((line, i) => [
        ...(here == null || i > 0
          ? []
          : [Plot.ruleX([here], { stroke: '#999', strokeDasharray: '3 3' })]),
        Plot.ruleX(line.points, {
          x: 'x',
          y1: (d: Point) => Math.max(0, d.p - d.error),
          y2: (d: Point) => Math.min(100, d.p + d.error),
          stroke: lineColours[i],
        }),
        Plot.lineY(line.points, {
          x: 'x',
          y: 'p',
          stroke: lineColours[i],
          strokeWidth: 2,
          strokeDasharray: lineDashes[i] || undefined,
        }),
        Plot.dot(line.points, { x: 'x', y: 'p', r: 4, fill: lineColours[i] }),
        ...labelMarks(
          line.points.slice(-1).map((d) => ({
            x: d.x,
            y: d.p - 8 * i,
            text: line.name,
            colour: lineColours[i] ?? '#333',
          })),
        ),
      ]),
    });
  },
  table(c) {
    const found = frontierLines(c);
    return {
      columns: [
        { head: c.words.maybe(`lever.${found?.path ?? ''}`, found?.path ?? ''), show: (v) => c.words.short(v) },
        { head: c.words.t('F.level') },
        { head: c.words.t('A.axis'), show: (v) => c.words.number(v, 1) },
        { head: '±', show: (v) => c.words.number(v, 1) },
      ],
      rows: (found?.lines ?? []).flatMap((l) => l.points.map((d) => [d.x, l.name, d.p, d.error])),
    };
  },
};

export const drivers: Chart = {
  letter: 'G',
  id: 'drivers',
  question: (c) => c.words.t('G.question'),
  missing: (c) =>
    c.data.drivers ? null : c.words.t('G.missing', { file: c.data.files[0]?.name ?? '' }),
  title: (c) => c.words.t('G.title', { input: inputWords(c, c.data.drivers?.rows[0]?.path ?? '') }),
  subtitle: (c) => c.words.t('G.subtitle', { of: c.data.drivers?.of ?? '' }),
  height: (c) => 60 + 26 * Math.min(12, c.data.drivers?.rows.length ?? 0),
  draw(c, size) {
    const rows = (c.data.drivers?.rows ?? []).slice(0, 12).map((r) => ({
      ...r,
      name: inputWords(c, r.path),
    }));
    return draw(size, {
      marginLeft: size.narrow ? 120 : 220,
      x: numberAxis(c, c.words.t('G.axis')),
      y: { domain: rows.map((r) => r.name), label: null },
      marks: [
        Plot.barX(rows, {
          x1: 'low',
          x2: 'high',
          y: 'name',
          fill: (r: { effect: number }) => (r.effect >= 0 ? earlierColour : laterColour),
        }),
      ],
    });
  },
  table: (c) => ({
    columns: [
      { head: c.words.t('ledger.path') },
      { head: c.words.t('G.low'), show: (v) => c.words.short(v) },
      { head: c.words.t('G.high'), show: (v) => c.words.short(v) },
      { head: c.words.t('G.tipping'), show: (v) => c.words.short(v) },
    ],
    rows: (c.data.drivers?.rows ?? []).map((r) => [r.path, r.low, r.high, r.tipping ?? null]),
  }),
};

const inputWords = (c: Context, path: string): string =>
  c.data.ledger.find((r) => r.path === path)?.note || path;

/** The indicator that is shown; first the three composites, if they are there. */
function measure(c: Context): number {
  const at = c.data.measures.findIndex((m) => m.code === (c.state.measure || 'programme'));
  return Math.max(0, at);
}

const measureWords = (c: Context, i: number): string => {
  const m = c.data.measures[i];
  return m ? `${m[c.words.lang]} (${m.code})` : '';
};

function measureLines(c: Context): Line[] {
  return optionLines(c).map((line) => ({
    name: line.option.name,
    colour: line.colour,
    dash: line.dash,
    values: line.option.implementation?.map((row) => row[measure(c)] ?? null) ?? [],
  }));
}

/** Indicators may be below zero (a rank correlation). */
const isSigned = (c: Context) =>
  measureLines(c).some((line) => line.values.some((v) => (v ?? 0) < 0));

export const carrying: Chart = {
  letter: 'Q',
  id: 'carrying-out',
  question: (c) => c.words.t('Q.question'),
  missing: (c) => (c.focus.implementation ? null : c.words.t('Q.missing')),
  title(c) {
    const at = c.data.years.indexOf(c.state.year);
    const line = measureLines(c)[Math.max(0, c.options.indexOf(c.focus))];
    return c.words.t('Q.title', {
      measure: measureWords(c, measure(c)),
      year: c.state.year,
      value: c.words.short(line?.values[at]),
    });
  },
  subtitle: (c) => c.words.t('Q.subtitle', { option: focusTitle(c) }),
  controls: (c) => (
    <>
      <FocusChoice c={c} />
      <Choice
        label={c.words.t('Q.measure')}
        value={c.data.measures[measure(c)]?.code ?? ''}
        options={c.data.measures.map((m, i) => ({ value: m.code, text: measureWords(c, i) }))}
        change={(v) => c.set({ measure: v })}
      />
    </>
  ),
  draw: (c, size) =>
    drawLines(c, size, measureLines(c), c.data.measures[measure(c)]?.unit ?? '', {
      bottom: isSigned(c) ? -1 : 0,
    }),
  table: (c) => tableOfLines(c, measureLines(c), (v) => c.words.short(v)),
  cursor: (c) => cursorOfLines(c, measureLines(c), (v) => c.words.short(v)),
};
