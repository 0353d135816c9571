/** N: do people join? O: who is left behind? */
import type { Chart, Context } from '../chart';
import { FocusChoice, focusTitle } from './controls';
import type { Line } from './lines';
import { cursorOfLines, drawLines, lineColours, lineDashes, tableOfLines } from './lines';

function linesOf(c: Context, names: string[]): Line[] {
  return names
    .filter((name) => c.focus.series[name])
    .map((name, i) => ({
      name: c.words.maybe(`series.${name}`, c.data.series_words[name]?.name ?? name),
      colour: lineColours[i] ?? '#333',
      dash: lineDashes[i] ?? '',
      values: c.focus.series[name]?.p50 ?? [],
      low: c.focus.series[name]?.p5,
      high: c.focus.series[name]?.p95,
    }));
}

const joining = (c: Context) =>
  linesOf(c, ['engaged_river', 'engaged_land', 'board_strength', 'disappointment']);

export const participation: Chart = {
  letter: 'N',
  id: 'participation',
  question: (c) => c.words.t('N.question'),
  missing: (c) => (joining(c).length > 0 ? null : c.words.t('missing.series')),
  title(c) {
    const at = c.data.years.indexOf(c.state.year);
    const value = (name: string) => c.words.percent(c.focus.series[name]?.p50[at]);
    return c.words.t('N.title', {
      year: c.state.year,
      river: value('engaged_river'),
      land: value('engaged_land'),
    });
  },
  subtitle: (c) => c.words.t('N.subtitle', { option: focusTitle(c) }),
  controls: (c) => <FocusChoice c={c} />,
  draw: (c, size) => drawLines(c, size, joining(c), '%'),
  table: (c) => tableOfLines(c, joining(c), (v) => c.words.number(v, 1)),
  cursor: (c) => cursorOfLines(c, joining(c), (v) => c.words.percent(v)),
  notes(c) {
    const facilitators = c.focus.settings['participation.facilitators.number'];
    return facilitators === undefined
      ? []
      : [c.words.t('N.facilitators', { n: String(facilitators) })];
  },
};

const needs = (c: Context) => linesOf(c, ['deprived_households', 'unfit_houses']);

export const households: Chart = {
  letter: 'O',
  id: 'households',
  question: (c) => c.words.t('O.question'),
  missing: (c) => (needs(c).length > 0 ? null : c.words.t('missing.series')),
  title(c) {
    const last = c.data.years.length - 1;
    return c.words.t('O.title', {
      year: c.data.question.end_year,
      n: c.words.number(c.focus.series.deprived_households?.p50[last]),
      ha: c.words.ha(c.focus.series.slum_area_ledger?.p50[last]),
    });
  },
  subtitle: (c) => c.words.t('O.subtitle', { option: focusTitle(c) }),
  controls: (c) => <FocusChoice c={c} />,
  draw: (c, size) => drawLines(c, size, needs(c), c.words.t('O.axis')),
  table(c) {
    const lines = [...needs(c), ...linesOf(c, ['displaced', 'slum_area', 'slum_area_ledger'])];
    return tableOfLines(c, lines, (v) => c.words.number(v));
  },
  cursor: (c) => cursorOfLines(c, needs(c), (v) => c.words.number(v)),
  notes(c) {
    const mean = (key: string): number | null => {
      const list = (c.focus.by_future[key] ?? []).filter((v): v is number => v != null);
      return list.length > 0 ? list.reduce((a, b) => a + b, 0) / list.length : null;
    };
    const displaced = mean('households_displaced');
    const relocated = mean('households_relocated');
    return [
      c.words.t('O.legend'),
      ...(displaced == null
        ? []
        : [
            c.words.t('O.displaced', {
              n: c.words.number(displaced),
              rehoused: relocated == null ? c.words.t('O.unknown') : c.words.number(relocated),
            }),
          ]),
    ];
  },
};
