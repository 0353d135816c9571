/** M: what stands in the way? */
import type { Chart, Context } from '../chart';
import { singleOf } from '../chart';
import { barrierKeys } from '../model';
import * as Plot from '@observablehq/plot';
import { draw, labelMarks, numberAxis, roomFor, spread, yearAxis } from '../plot';
import { FocusChoice, focusTitle } from './controls';

/** Told apart by people who see no red or green; labelled beside the marks anyway. */
const colours: Record<string, string> = {
  land: '#44546A',
  money: '#0072B2',
  guideline: '#56B4E9',
  procurement: '#CC79A7',
  participation: '#E69F00',
  technical: '#8C8C8C',
  regrowth: '#D55E00',
};
/** Readable as text on white. */
const inks: Record<string, string> = {
  land: '#44546A',
  money: '#0072B2',
  guideline: '#1D6F9F',
  procurement: '#98467A',
  participation: '#8A5F00',
  technical: '#5F5F5F',
  regrowth: '#B04E00',
};

/** Of the picked future if it was computed, else the mean. */
const mean = (c: Context, key: string) =>
  singleOf(c)?.barriers?.[key] ?? c.focus.series[`barrier_${key}`]?.mean ?? [];
const barrierWords = (c: Context, key: string) => c.words.maybe(`barrier.${key}`, key);

export const barriers: Chart = {
  letter: 'M',
  id: 'barriers',
  question: (c) => c.words.t('M.question'),
  missing: (c) => (c.focus.series.barrier_land ? null : c.words.t('missing.series')),
  title(c) {
    const at = c.data.years.indexOf(c.state.year);
    const total = barrierKeys.reduce((sum, key) => sum + (mean(c, key)[at] ?? 0), 0);
    const worst = [...barrierKeys].sort((a, b) => (mean(c, b)[at] ?? 0) - (mean(c, a)[at] ?? 0))[0];
    if (!worst || total <= 0) return c.words.t('M.none', { year: c.state.year });
    const held = mean(c, worst)[at] ?? 0;
    return c.words.t('M.title', {
      year: c.state.year,
      barrier: barrierWords(c, worst),
      ha: c.words.ha(held),
      total: c.words.ha(total),
      percent: c.words.percent((100 * held) / total),
    });
  },
  subtitle: (c) =>
    singleOf(c)?.barriers
      ? c.words.t('M.one', { option: focusTitle(c), i: c.state.future ?? 0 })
      : c.words.t('M.subtitle', { option: focusTitle(c) }),
  controls: (c) => <FocusChoice c={c} />,
  draw(c, size) {
    const { data, words } = c;
    const rows = barrierKeys.flatMap((key) =>
      data.years.map((year, i) => ({ key, year, ha: mean(c, key)[i] ?? 0 })),
    );
    const last = data.years.length - 1;
    const totals = data.years.map((_, i) =>
      barrierKeys.reduce((sum, key) => sum + (mean(c, key)[i] ?? 0), 0),
    );
    const top = Math.max(1, ...totals);
    let base = 0;
    const labels = barrierKeys.map((key) => {
      const value = mean(c, key)[last] ?? 0;
      base += value;
      return {
        x: data.question.end_year,
        y: base - value / 2,
        text: barrierWords(c, key),
        colour: inks[key] ?? '#333',
      };
    });
    const made = draw(size, {
      marginRight: roomFor(labels.map((l) => l.text), size),
      x: yearAxis(c, size),
      y: { ...numberAxis(c, words.t('unit.axis_ha')), domain: [0, top * 1.02] },
      marks: [
        Plot.areaY(rows, {
          x: 'year',
          y: 'ha',
          z: 'key',
          fill: (d: { key: string }) => colours[d.key],
          order: [...barrierKeys],
          stroke: '#fff',
          strokeWidth: 0.8,
        }),
        Plot.ruleY([0]),
        ...labelMarks(spread(labels, top * (15 / (size.height - 50)), top)),
      ],
    });
    return made;
  },
  table(c) {
    return {
      columns: [
        { head: c.words.t('col.year'), show: String },
        ...barrierKeys.map((key) => ({
          head: `${barrierWords(c, key)}, ha`,
          show: (v: number) => c.words.number(v, 1),
        })),
      ],
      rows: c.data.years.map((year, i) => [year, ...barrierKeys.map((key) => mean(c, key)[i] ?? null)]),
    };
  },
  cursor: (c) =>
    c.data.years.map((year, i) => ({
      x: year,
      text: `${year}: ${barrierKeys
        .filter((key) => (mean(c, key)[i] ?? 0) >= 0.5)
        .map((key) => `${barrierWords(c, key)} ${c.words.ha(mean(c, key)[i])}`)
        .join('; ')}`,
    })),
};
