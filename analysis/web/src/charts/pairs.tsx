/** L: is B better than A? */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { earlierColour, laterColour, titleOf } from '../chart';
import { canPair, paired } from '../model';
import { Choice } from '../parts/Choice';
import { pairedSentence } from '../parts/headline';
import { draw } from '../plot';
import type { OptionData } from '../protocol';

/** The option that is compared: the one in focus, else the second in view. */
function other(c: Context): OptionData | undefined {
  return c.focus !== c.options[0] && c.options.includes(c.focus) ? c.focus : c.options[1];
}

function result(c: Context) {
  const base = c.options[0];
  const b = other(c);
  return base && b ? paired(c.data, base, b, c.state.definition) : null;
}

const rows = (c: Context) =>
  [...(result(c)?.gains ?? new Map<number, number>())]
    .map(([years, n]) => ({ years, n }))
    .sort((a, b) => a.years - b.years);

export const pairs: Chart = {
  letter: 'L',
  id: 'paired',
  question: (c) => c.words.t('L.question'),
  missing(c) {
    const base = c.options[0];
    const b = other(c);
    if (!base || !b) return c.words.t('L.one');
    return canPair(c.data, base, b) ? null : c.words.t('E.unpaired');
  },
  title(c) {
    const base = c.options[0];
    const b = other(c);
    return base && b ? (pairedSentence(c, base, b) ?? '').replace(/\.$/, '') : '';
  },
  subtitle: (c) => c.words.t('L.subtitle', { end: c.data.question.end_year }),
  controls: (c) =>
    c.options.length < 3 ? null : (
      <Choice
        label={c.words.t('control.option')}
        value={String(c.data.options.indexOf(other(c) ?? c.focus))}
        options={c.state.options.slice(1).map((i) => ({
          value: String(i),
          text: c.data.options[i]?.name ?? '',
        }))}
        change={(v) => c.set({ focus: Number(v), future: null })}
      />
    ),
  draw(c, size) {
    const data = rows(c);
    const n = result(c)?.n ?? 1;
    const most = Math.max(2, ...data.map((d) => Math.abs(d.years)));
    return draw(size, {
      x: { domain: [-most - 0.7, most + 0.7], label: c.words.t('L.axis'), labelArrow: 'none' },
      y: {
        label: c.words.t('A.axis'),
        labelArrow: 'none',
        grid: true,
        tickFormat: (v: number) => c.words.short(v),
      },
      marks: [
        Plot.rectY(data, {
          x1: (d: { years: number }) => d.years - 0.42,
          x2: (d: { years: number }) => d.years + 0.42,
          y: (d: { n: number }) => (100 * d.n) / n,
          fill: (d: { years: number }) =>
            d.years > 0 ? earlierColour : d.years < 0 ? laterColour : '#8C8C8C',
        }),
        Plot.ruleY([0]),
        Plot.ruleX([0], { stroke: '#333', strokeDasharray: '3 3' }),
        Plot.text(
          [
            { x: most * 0.6, text: c.words.t('L.earlier') },
            { x: -most * 0.6, text: c.words.t('L.later') },
          ],
          { x: 'x', text: 'text', frameAnchor: 'top', dy: -8, fontWeight: 600 },
        ),
      ],
    });
  },
  table(c) {
    return {
      columns: [
        { head: c.words.t('L.axis') },
        { head: c.words.t('C.futures'), show: (v) => c.words.number(v) },
      ],
      rows: rows(c).map((d) => [String(d.years), d.n]),
    };
  },
  cursor: (c) =>
    rows(c).map((d) => ({
      x: d.years,
      text: c.words.t('L.said', {
        years: c.words.number(d.years),
        k: c.words.number(d.n),
        n: c.words.number(result(c)?.n),
      }),
    })),
  notes(c) {
    const base = c.options[0];
    const b = other(c);
    if (!base || !b) return [];
    return [c.words.t('L.legend', { base: titleOf(c, base), other: titleOf(c, b) })];
  },
};
