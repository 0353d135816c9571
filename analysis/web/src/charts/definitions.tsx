/** P: how much hangs on what "0 %" means? */
import type { Chart, Context } from '../chart';
import { chanceBy, outcome } from '../model';
import { FocusChoice, focusTitle } from './controls';
import type { Line } from './lines';
import { cursorOfLines, drawLines, lineColours, lineDashes, tableOfLines } from './lines';

const lines = (c: Context): Line[] =>
  c.data.definitions.map((code, i) => ({
    name: `${code} ${c.words.maybe(`definition.${code}`, '')}`.trim(),
    colour: lineColours[i % lineColours.length] ?? '#333',
    dash: lineDashes[i % lineDashes.length] ?? '',
    values: outcome(c.data, c.focus, code).chances.map((s) => s.estimate),
  }));

export const definitions: Chart = {
  letter: 'P',
  id: 'definitions',
  question: (c) => c.words.t('P.question'),
  title(c) {
    const year = c.data.question.headline_year;
    const all = c.data.definitions
      .map((code) => ({ code, share: chanceBy(outcome(c.data, c.focus, code), c.data, year) }))
      .sort((a, b) => a.share.estimate - b.share.estimate);
    const low = all[0];
    const high = all[all.length - 1];
    if (!low || !high) return '';
    const name = (code: string) => `${code}: ${c.words.maybe(`definition.${code}`, code)}`;
    return c.words.t('P.title', {
      year,
      low: c.words.chance(low.share),
      high: c.words.chance(high.share),
      first: name(low.code),
      second: name(high.code),
    });
  },
  subtitle: (c) => c.words.t('P.subtitle', { option: focusTitle(c) }),
  controls: (c) => <FocusChoice c={c} />,
  draw: (c, size) =>
    drawLines(c, size, lines(c), c.words.t('A.axis'), { top: 100, step: true }),
  table: (c) => tableOfLines(c, lines(c), (v) => c.words.number(v, 1)),
  cursor: (c) => cursorOfLines(c, lines(c), (v) => c.words.percent(v)),
  notes(c) {
    const q = c.data.question;
    const cost = c.focus.series.cost_per_ha_cleared;
    const at = c.data.years.indexOf(q.spent_to);
    const middle = cost?.p50.slice(0, at + 1).filter((v): v is number => v != null) ?? [];
    return middle.length === 0
      ? []
      : [
          c.words.t('P.cost', {
            cost: c.words.money(middle.reduce((a, b) => a + b, 0) / middle.length / 1000),
            to: q.spent_to,
          }),
        ];
  },
};
