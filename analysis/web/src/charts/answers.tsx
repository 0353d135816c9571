/** F: what does more money buy? The page shows it where the data hold enough points. Q: was the plan
 * carried out? */
import * as Plot from '@observablehq/plot';
import type { Chart, Context, Drawing, Size } from '../chart';
import { definitionWords, onSequence, sequence } from '../chart';
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

interface FrontierLine {
  name: string;
  points: Point[];
}

/** Lines of a frontier: chance against a lever that takes many values among what was run. */
function frontierLines(c: Context): { path: string; lines: FrontierLine[] } | null {
  const lever = [...c.data.levers]
    .map((l) => ({ ...l, n: new Set(l.values.filter((v) => v != null)).size }))
    .sort((a, b) => Number(b.path === 'funding.scale_pct') - Number(a.path === 'funding.scale_pct') || b.n - a.n)[0];
  if (!lever || lever.n < 3) return null;
  // A line joins options that differ in nothing but the lever.
  const others = c.data.differences.filter((d) => d.path !== lever.path);
  const groups = new Map<string, FrontierLine>();
  c.data.options.forEach((option, i) => {
    const x = lever.values[i];
    if (x == null) return;
    const key = JSON.stringify(others.map((d) => d.values[i]));
    const share = chanceBy(outcome(c.data, option, c.state.definition), c.data, c.state.year);
    const line = groups.get(key) ?? { name: lineName(c, i, lever.path) || option.level || c.words.t('F.line'), points: [] };
    line.points.push({ x, p: share.estimate, error: share.halfWidth });
    groups.set(key, line);
  });
  const lines = [...groups.values()].filter((line) => line.points.length >= 3);
  for (const line of lines) line.points.sort((a, b) => a.x - b.x);
  return lines.length > 0 ? { path: lever.path, lines } : null;
}

/** What a line of the frontier holds fixed: the other levers of the option. */
const lineName = (c: Context, option: number, path: string): string =>
  c.data.levers
    .filter((l) => l.path !== path && new Set(l.values).size > 1 && l.values[option] != null)
    .map((l) => `${c.words.maybe(`lever.${l.path}`, l.path)} ${c.words.short(l.values[option])}`)
    .join(', ');

/** Names of lines differ at their ends. */
const ending = (text: string, letters: number): string =>
  text.length > letters ? `…${text.slice(1 - letters)}` : text;

/** Chance as colour: lever across, lines down. Each cell has its number, since colours alone say little. */
function drawMap(c: Context, size: Size, path: string, lines: FrontierLine[]): Drawing {
  const cells = lines.flatMap((line) => line.points.map((d) => ({ ...d, name: line.name })));
  const classOf = (d: { p: number }) => Math.min(4, Math.floor(d.p / 20));
  const values = [...new Set(cells.map((d) => d.x))].sort((a, b) => a - b);
  return draw(size, {
    marginLeft: size.narrow ? 115 : 190,
    x: { domain: values, label: c.words.maybe(`lever.${path}`, path), tickFormat: (v: number) => c.words.short(v) },
    y: { domain: lines.map((l) => l.name), label: null, tickFormat: (name: string) => ending(name, size.narrow ? 14 : 26) },
    marks: [
      Plot.cell(cells, { x: 'x', y: 'name', fill: (d: Point) => sequence[classOf(d)], inset: 1 }),
      Plot.text(cells, {
        x: 'x',
        y: 'name',
        text: (d: Point) => c.words.percent(d.p),
        fill: (d: Point) => onSequence[classOf(d)],
      }),
    ],
  } as Plot.PlotOptions);
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
  controls: (c) => (
    <Choice
      label={c.words.t('D.show')}
      value={c.state.frontier}
      options={(['lines', 'map'] as const).map((value) => ({ value, text: c.words.t(`F.${value}`) }))}
      change={(value) => c.set({ frontier: value })}
    />
  ),
  legend: (c) =>
    c.state.frontier === 'map'
      ? sequence.map((colour, i) => ({ colour, text: `${20 * i}–${20 * (i + 1)} %` }))
      : [],
  draw(c, size) {
    const found = frontierLines(c);
    const lines = found?.lines ?? [];
    if (c.state.frontier === 'map') return drawMap(c, size, found?.path ?? '', lines);
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
