/** C: how likely is each year? */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { colourOf, definitionWords } from '../chart';
import { outcome, zeroCodes } from '../model';
import { draw } from '../plot';
import { FocusChoice, focusTitle } from './controls';

interface Dot {
  x: number;
  y: number;
  reached: boolean;
  future: number;
}

/** At most a hundred dots, each one hundredth of the futures in order of their year; a dot stands for
 * the future in the middle of its hundredth. */
function dots(c: Context): Dot[] {
  const codes = zeroCodes(c.focus, c.state.definition);
  const late = c.data.years.length + 1;
  const order = [...codes.keys()].sort((a, b) => (codes[a] || late) - (codes[b] || late) || a - b);
  const n = Math.min(100, codes.length);
  const heights = new Map<number, number>();
  return Array.from({ length: n }, (_, i) => {
    const future = order[Math.floor(((i + 0.5) / n) * codes.length)] ?? 0;
    const year = c.data.years[(codes[future] ?? 0) - 1] ?? null;
    const x = column(c, year);
    const y = (heights.get(x) ?? 0) + 1;
    heights.set(x, y);
    return { x, y: y - 0.5, reached: year != null, future };
  });
}

const column = (c: Context, year: number | null): number =>
  year ?? c.data.question.end_year + 2;

export const dotChart: Chart = {
  letter: 'C',
  id: 'finish-years',
  question: (c) => c.words.t('C.question'),
  title(c) {
    const o = outcome(c.data, c.focus, c.state.definition);
    const low = o.yearOf(10);
    const high = o.yearOf(90);
    const end = c.data.question.end_year;
    return c.words.t('C.title', {
      low: c.words.year(low, end),
      high: c.words.year(high, end),
      count: c.words.full(o.notReached),
      end,
    });
  },
  subtitle: (c) =>
    c.words.t('C.subtitle', {
      option: focusTitle(c),
      n: dots(c).length,
      definition: definitionWords(c),
    }),
  controls: (c) => <FocusChoice c={c} />,
  height: (c, width) => (Math.min(100, c.focus.futures) < 50 ? 200 : Math.min(300, width * 0.5)),
  draw(c, size) {
    const end = c.data.question.end_year;
    const start = c.data.years[0] ?? 0;
    const marks = dots(c);
    const tallest = Math.max(8, ...marks.map((m) => m.y + 0.5));
    const perColumn = (size.width - 90) / (end + 3 - start);
    const r = Math.max(2, Math.min(perColumn / 2, (size.height - 60) / tallest / 2) - 0.4);
    const colour = colourOf(c, c.focus);
    return draw(size, {
      marginRight: 40,
      x: {
        domain: [start, end + 3],
        ticks: [...c.data.years.filter((y) => y % (size.narrow ? 10 : 5) === 0 && y < end), end + 2],
        tickFormat: (y: number) =>
          y > end ? c.words.t('C.never', { end }) : String(y),
        label: null,
      },
      y: { domain: [0, Math.max(tallest, (size.height - 60) / (2 * r + 0.8))], axis: null },
      marks: [
        Plot.ruleX([end + 1], { stroke: '#999', strokeDasharray: '3 3' }),
        Plot.dot(
          marks.filter((m) => m.reached),
          { x: 'x', y: 'y', r, fill: colour },
        ),
        Plot.dot(
          marks.filter((m) => !m.reached),
          { x: 'x', y: 'y', r, fill: '#fff', stroke: colour, strokeWidth: 1.5 },
        ),
        Plot.dot(
          marks.filter((m) => m.future === c.state.future),
          { x: 'x', y: 'y', r: r + 3, stroke: '#D55E00', strokeWidth: 2.5 },
        ),
        Plot.ruleY([0]),
      ],
    });
  },
  notes: (c) => [c.words.t('C.legend', { end: c.data.question.end_year }), c.words.t('C.click')],
  pick(c, at, made) {
    const far = (d: Dot) => Math.hypot((made.xOf?.(d.x) ?? 0) - at.x, (made.yOf?.(d.y) ?? 0) - at.y);
    const nearest = dots(c).reduce<Dot | null>((a, d) => (!a || far(d) < far(a) ? d : a), null);
    return nearest && far(nearest) < 14 ? nearest.future : null;
  },
  table(c) {
    const o = outcome(c.data, c.focus, c.state.definition);
    return {
      columns: [
        { head: c.words.t('col.year') },
        { head: c.words.t('C.futures'), show: (v) => c.words.number(v) },
        { head: c.words.t('C.sum'), show: (v) => c.words.number(v, 1) },
      ],
      rows: [
        ...c.data.years.map((year, i) => [
          String(year),
          o.counts[i] ?? 0,
          o.chances[i]?.estimate ?? null,
        ]),
        [c.words.t('year.not_by', { end: c.data.question.end_year }), o.notReached.count, null],
      ],
    };
  },
  cursor(c) {
    const o = outcome(c.data, c.focus, c.state.definition);
    const end = c.data.question.end_year;
    const codes = zeroCodes(c.focus, c.state.definition);
    const first = (code: number) => {
      const at = codes.indexOf(code);
      return at < 0 ? undefined : at;
    };
    return [
      ...c.data.years.map((year, i) => ({
        x: year,
        pick: first(i + 1),
        text: c.words.t('C.said', { year, k: c.words.number(o.counts[i]), n: c.words.number(o.n) }),
      })),
      { x: end + 2, pick: first(0), text: `${c.words.full(o.notReached)}: ${c.words.t('year.not_by', { end })}` },
    ];
  },
};
