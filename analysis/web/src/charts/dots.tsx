/** C: how likely is each year? */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { definitionWords, optionColours, placeOf } from '../chart';
import { outcome } from '../model';
import { draw } from '../plot';
import { FocusChoice, focusTitle } from './controls';

/** At most a hundred dots, each one hundredth of the futures in order of their year. */
function dots(c: Context): (number | null)[] {
  const o = outcome(c.data, c.focus, c.state.definition);
  const sorted: (number | null)[] = [];
  o.counts.forEach((count, i) => {
    for (let k = 0; k < count; ++k) sorted.push(c.data.years[i] ?? null);
  });
  while (sorted.length < o.n) sorted.push(null);
  const n = Math.min(100, o.n);
  return Array.from({ length: n }, (_, i) => sorted[Math.floor(((i + 0.5) / n) * o.n)] ?? null);
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
    const heights = new Map<number, number>();
    const marks = dots(c).map((year) => {
      const x = column(c, year);
      const y = (heights.get(x) ?? 0) + 1;
      heights.set(x, y);
      return { x, y, reached: year != null };
    });
    const tallest = Math.max(8, ...heights.values());
    const perColumn = (size.width - 90) / (end + 3 - start);
    const r = Math.max(2, Math.min(perColumn / 2, (size.height - 60) / tallest / 2) - 0.4);
    const colour = optionColours[placeOf(c, c.focus)] ?? '#000';
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
          { x: 'x', y: (m: { y: number }) => m.y - 0.5, r, fill: colour },
        ),
        Plot.dot(
          marks.filter((m) => !m.reached),
          { x: 'x', y: (m: { y: number }) => m.y - 0.5, r, fill: '#fff', stroke: colour, strokeWidth: 1.5 },
        ),
        Plot.ruleY([0]),
      ],
    });
  },
  notes: (c) => [c.words.t('C.legend', { end: c.data.question.end_year })],
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
    return [
      ...c.data.years.map((year, i) => ({
        x: year,
        text: c.words.t('C.said', { year, k: c.words.number(o.counts[i]), n: c.words.number(o.n) }),
      })),
      { x: end + 2, text: `${c.words.full(o.notReached)}: ${c.words.t('year.not_by', { end })}` },
    ];
  },
};
