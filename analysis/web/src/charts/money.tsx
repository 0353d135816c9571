/** I: does the budget add up? */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { sumYears } from '../model';
import { Choice } from '../parts/Choice';
import { draw, numberAxis, yearAxis } from '../plot';
import { FocusChoice, focusTitle } from './controls';

const stages = [
  'planned',
  'voted',
  'released',
  'paid',
  'returned',
  'carried',
  'committed',
  'gap',
] as const;

export const fundColours = [
  '#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#8C8C8C', '#D55E00', '#44546A',
];

export const fundWords = (c: Context, id: string): string => c.words.maybe(`funds.${id}`, id);
const stageWords = (c: Context, stage = c.state.stage): string =>
  c.words.maybe(`stage.${stage}`, stage);
const total = (c: Context, stage: string) => c.focus.money[stage]?.total.mean ?? [];

export const money: Chart = {
  letter: 'I',
  id: 'money',
  wide: true,
  question: (c) => c.words.t('I.question'),
  missing: (c) => (c.focus.money.paid ? null : c.words.t('missing.series')),
  title(c) {
    const q = c.data.question;
    const sum = (stage: string) => sumYears(c.data, total(c, stage), q.spent_from, q.spent_to);
    return c.words.t('I.title', {
      from: q.spent_from,
      to: q.spent_to,
      voted: c.words.money(sum('voted')),
      paid: c.words.money(sum('paid')),
      gap: c.words.money(sum('gap')),
    });
  },
  subtitle: (c) =>
    c.words.t('I.subtitle', { option: focusTitle(c), price_year: c.data.question.price_year }),
  controls: (c) => (
    <>
      <FocusChoice c={c} />
      <Choice
        label={c.words.t('I.stage')}
        value={c.state.stage}
        options={stages
          .filter((s) => c.focus.money[s])
          .map((s) => ({ value: s, text: stageWords(c, s) }))}
        change={(stage) => c.set({ stage })}
      />
    </>
  ),
  height: (_, width) => Math.max(260, Math.min(380, width * 0.4)),
  draw(c, size) {
    const rows = c.data.funds.flatMap((fund, f) =>
      c.data.years.map((year, i) => ({
        fund,
        f,
        year,
        v: c.focus.money[c.state.stage]?.mean_by_funds[f]?.[i] ?? 0,
      })),
    );
    const line = (stage: string) =>
      c.data.years.map((year, i) => ({ year, v: total(c, stage)[i] ?? NaN }));
    const half = 0.38;
    const compared = ['voted', 'paid'].filter((s) => s !== c.state.stage && c.focus.money[s]);
    return draw(size, {
      marginRight: 24,
      x: {
        ...yearAxis(c, size),
        domain: [(c.data.years[0] ?? 0) - 0.6, c.data.question.end_year + 0.6],
      },
      y: numberAxis(c, c.words.t('I.axis')),
      marks: [
        Plot.rectY(rows, {
          x1: (d: { year: number }) => d.year - half,
          x2: (d: { year: number }) => d.year + half,
          y: 'v',
          fill: (d: { f: number }) => fundColours[d.f % fundColours.length],
          order: 'f',
        }),
        ...compared.map((stage, i) =>
          Plot.ruleY(line(stage), {
            x1: (d: { year: number }) => d.year - 0.46,
            x2: (d: { year: number }) => d.year + 0.46,
            y: 'v',
            stroke: '#111',
            strokeWidth: 2.4,
            strokeDasharray: i === 0 ? undefined : '2 2',
          }),
        ),
        Plot.ruleY([0]),
      ],
    });
  },
  legend: (c) =>
    c.data.funds.map((fund, f) => ({
      colour: fundColours[f % fundColours.length] ?? '#333',
      text: fundWords(c, fund),
    })),
  notes(c) {
    const compared = ['voted', 'paid'].filter((s) => s !== c.state.stage && c.focus.money[s]);
    return [
      c.words.t('I.legend', {
        stage: stageWords(c),
        lines: compared.map((s) => stageWords(c, s)).join(', '),
      }),
    ];
  },
  table(c) {
    const bn = (v: number) => c.words.number(v, 1);
    return {
      columns: [
        { head: c.words.t('col.year'), show: String },
        { head: c.words.t('I.source') },
        ...stages.filter((s) => c.focus.money[s]).map((s) => ({ head: stageWords(c, s), show: bn })),
      ],
      rows: c.data.years.flatMap((year, i) => [
        ...c.data.funds.map((fund, f) => [
          year,
          fundWords(c, fund),
          ...stages
            .filter((s) => c.focus.money[s])
            .map((s) => c.focus.money[s]?.mean_by_funds[f]?.[i] ?? null),
        ]),
        [
          year,
          c.words.t('I.total'),
          ...stages.filter((s) => c.focus.money[s]).map((s) => total(c, s)[i] ?? null),
        ],
      ]),
    };
  },
  cursor: (c) =>
    c.data.years.map((year, i) => ({
      x: year,
      text: `${year}: ${stages
        .filter((s) => c.focus.money[s])
        .map((s) => `${stageWords(c, s)} ${c.words.money(total(c, s)[i])}`)
        .join('; ')}`,
    })),
};
