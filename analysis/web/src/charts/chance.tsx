/** A: how sure by when? */
import type { Chart, Context } from '../chart';
import { definitionWords, leadOf } from '../chart';
import { chanceBy, outcome } from '../model';
import * as Plot from '@observablehq/plot';
import { draw, labelMarks, numberAxis, optionLines, roomFor, shorten, spread, yearAxis } from '../plot';

function rows(c: Context) {
  return optionLines(c).map((line) => ({
    ...line,
    result: outcome(c.data, line.option, c.state.definition),
  }));
}

export const chance: Chart = {
  letter: 'A',
  id: 'chance',
  question: (c) => c.words.t('A.question'),
  title(c) {
    const lead = leadOf(c);
    const first = rows(c).find((row) => row.option === lead);
    if (!first) return '';
    const year = c.data.question.headline_year;
    const share = chanceBy(first.result, c.data, year);
    return c.words.t('A.title', { option: first.title, count: c.words.full(share), year });
  },
  subtitle: (c) => c.words.t('A.subtitle', { definition: definitionWords(c) }),
  height: (_, width) => Math.max(260, Math.min(400, width * 0.62)),
  draw(c, size) {
    const { words, data } = c;
    const end = data.question.end_year;
    const all = rows(c);
    const marks: Plot.Markish[] = [
      Plot.ruleY([50, data.question.chance_pct], { stroke: '#999', strokeDasharray: '2 3' }),
      Plot.text(
        [
          { y: 50, text: words.t('A.half') },
          { y: data.question.chance_pct, text: words.t('A.wanted', { p: data.question.chance_pct }) },
        ],
        {
          x: data.years[0],
          y: 'y',
          text: 'text',
          textAnchor: 'start',
          dy: -7,
          dx: 3,
          fill: '#555',
          fontSize: size.font ? 16 : 11,
        },
      ),
    ];
    all.forEach((row) => {
      const points = data.years.map((year, i) => ({
        year,
        p: row.result.chances[i]?.estimate ?? 0,
        low: row.result.chances[i]?.low ?? 0,
        high: row.result.chances[i]?.high ?? 0,
      }));
      marks.push(
        Plot.areaY(points, {
          x: 'year',
          y1: 'low',
          y2: 'high',
          fill: row.colour,
          fillOpacity: 0.13,
          curve: 'step-after',
        }),
        Plot.lineY(points, {
          x: 'year',
          y: 'p',
          stroke: row.colour,
          strokeWidth: 2.2,
          strokeDasharray: row.dash || undefined,
          curve: 'step-after',
        }),
      );
      for (const percent of [50, data.question.chance_pct]) {
        const year = row.result.yearOf(percent);
        if (year == null) continue;
        marks.push(
          Plot.ruleX([{ year, percent }], {
            x: 'year',
            y1: 0,
            y2: 'percent',
            stroke: row.colour,
            strokeOpacity: 0.7,
            strokeDasharray: '1 3',
          }),
        );
      }
    });
    const labels = spread(
      all.map((row) => {
        const left = row.result.notReached;
        const tail =
          left.count === 0
            ? words.t('A.all_reached')
            : words.t('A.not_by', {
                end,
                k: words.number(left.n > 100 ? Math.round(left.estimate) : left.count),
                n: words.number(Math.min(100, left.n)),
              });
        return {
          x: end,
          y: 100 - left.estimate,
          text: size.narrow
            ? shorten(row.option.name, 10)
            : `${shorten(row.option.name, 26)}\n${tail}`,
          colour: row.colour,
        };
      }),
      size.narrow ? 7 : 13,
      97,
      4,
    );
    return draw(size, {
      marginRight: roomFor(labels.map((l) => l.text), size),
      x: yearAxis(c, size),
      y: { ...numberAxis(c, words.t('A.axis')), domain: [0, 100] },
      marks: [...marks, ...labelMarks(labels)],
    });
  },
  table(c) {
    const all = rows(c);
    return {
      columns: [
        { head: c.words.t('col.year'), show: String },
        ...all.flatMap((row) => [
          { head: `${row.option.name}, %`, show: (v: number) => c.words.number(v, 1) },
          { head: `${row.option.name}, ±`, show: (v: number) => c.words.number(v, 1) },
        ]),
      ],
      rows: c.data.years.map((year, i) => [
        year,
        ...all.flatMap((row) => [
          row.result.chances[i]?.estimate ?? null,
          row.result.chances[i]?.halfWidth ?? null,
        ]),
      ]),
    };
  },
  cursor(c) {
    const all = rows(c);
    return c.data.years.map((year, i) => ({
      x: year,
      text: `${year}: ${all
        .map((row) => {
          const s = row.result.chances[i];
          return s ? `${row.option.name} ${c.words.chance(s)}` : '';
        })
        .join('; ')}`,
    }));
  },
};
