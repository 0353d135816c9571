/** E: options side by side, what differs first. */
import { useState } from 'preact/hooks';
import type { Cell, Context, TableData } from '../chart';
import { colourOf, lookOf, optionColours, optionSymbols, titleOf } from '../chart';
import { canPair, chanceBy, outcome, paired } from '../model';
import { csvOf, download } from './export';
import { commandOf } from '../commands';

const mean = (list: (number | null)[] | undefined): number | null => {
  const known = (list ?? []).filter((v): v is number => v != null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
};

interface Row {
  name: string;
  /** as shown */
  cells: string[];
  /** as numbers where there are some */
  raw: Cell[];
}

export function outcomeRows(c: Context): Row[] {
  const { data, words, options } = c;
  const q = data.question;
  const rows: Row[] = [];
  const all = options.map((o) => outcome(data, o, c.state.definition));
  const years = [...new Set([q.headline_year, ...q.target_years])]
    .filter((y) => y >= q.headline_year && y <= q.end_year)
    .sort((a, b) => a - b);
  for (const year of years) {
    const shares = all.map((o) => chanceBy(o, data, year));
    rows.push({
      name: words.t('E.chance', { year }),
      cells: shares.map((s) => words.chance(s)),
      raw: shares.map((s) => s.estimate),
    });
  }
  for (const percent of [50, q.chance_pct]) {
    const found = all.map((o) => o.yearOf(percent));
    rows.push({
      name:
        percent === 50 ? words.t('E.half') : words.t('E.wanted', { p: words.number(percent) }),
      cells: found.map((y) => words.year(y, q.end_year)),
      raw: found,
    });
  }
  rows.push({
    name: words.t('E.not_by', { end: q.end_year }),
    cells: all.map((o) => words.full(o.notReached)),
    raw: all.map((o) => o.notReached.estimate),
  });
  const money = (name: string, key: string) => {
    const means = options.map((o) => mean(o.by_future[key]));
    if (means.every((m) => m == null)) return;
    rows.push({ name, cells: means.map((m) => words.money(m)), raw: means });
  };
  money(words.t('E.spent', { from: q.spent_from, to: q.spent_to }), 'spent');
  money(words.t('E.paid_total'), 'paid_total');
  money(words.t('E.need_left', { end: q.end_year }), 'need_left');
  const displaced = options.map((o) => mean(o.by_future.households_displaced));
  if (displaced.some((d) => d != null)) {
    rows.push({
      name: words.t('E.displaced'),
      cells: displaced.map((d) => words.number(d)),
      raw: displaced,
    });
  }
  const base = options[0];
  if (base && options.length > 1) {
    const pairs = options.map((o) =>
      o !== base && canPair(data, base, o) ? paired(data, base, o, c.state.definition) : null,
    );
    rows.push({
      name: words.t('E.earlier', { base: base.name }),
      cells: pairs.map((p, i) =>
        p
          ? words.t('E.of', { k: words.number(p.earlier), n: words.number(p.n) })
          : i === 0
            ? '–'
            : words.t('E.unpaired'),
      ),
      raw: pairs.map((p) => p?.earlier ?? null),
    });
    rows.push({
      name: words.t('E.years', { base: base.name }),
      cells: pairs.map((p) => (p ? words.number(p.years, 1) : '–')),
      raw: pairs.map((p) => p?.years ?? null),
    });
  }
  return rows;
}

function differenceRows(c: Context): Row[] {
  const rows: Row[] = [];
  for (const d of c.data.differences) {
    const values = c.state.options.map((i) => d.values[i] ?? null);
    if (values.every((v) => v === values[0])) continue;
    rows.push({ name: d.path, cells: values.map((v) => v ?? '–'), raw: values });
  }
  return rows;
}

export function OptionTable({ c }: { c: Context }) {
  const { words } = c;
  const [all, setAll] = useState(false);
  const differences = differenceRows(c);
  const shown = all ? differences : differences.slice(0, 8);
  const outcomes = outcomeRows(c);
  const table = (): TableData => ({
    columns: [{ head: words.t('E.quantity') }, ...c.options.map((o) => ({ head: o.name }))],
    rows: [...differences, ...outcomes].map((row) => [row.name, ...row.raw]),
  });
  const body = (rows: Row[], heading: string) => (
    <tbody>
      <tr class="group">
        <th scope="colgroup" colSpan={c.options.length + 1}>
          {heading}
        </th>
      </tr>
      {rows.map((row) => (
        <tr>
          <th scope="row">{row.name}</th>
          {row.cells.map((cell) => (
            <td class="number">{cell}</td>
          ))}
        </tr>
      ))}
    </tbody>
  );
  return (
    <section id="chart-E" class="card wide" aria-labelledby="options-title">
      <h3 id="options-title">
        <span class="letter" aria-hidden="true">
          E
        </span>{' '}
        {words.t('E.title')}
      </h3>
      <p class="subtitle">{words.t('E.subtitle')}</p>
      <div class="scroll" tabIndex={0} role="group" aria-label={words.t('E.title')}>
        <table class="options">
          <thead>
            <tr>
              <th scope="col">{words.t('E.quantity')}</th>
              {c.options.map((o) => (
                <th scope="col" style={{ borderTop: `4px solid ${colourOf(c, o)}` }}>
                  <Mark place={lookOf(c, o)} /> {titleOf(c, o)}
                  {titleOf(c, o) !== o.name && <small> ({o.name})</small>}
                </th>
              ))}
            </tr>
          </thead>
          {differences.length > 0 && body(shown, words.t('E.assumptions'))}
          {body(outcomes, words.t('E.outcomes'))}
        </table>
      </div>
      <div class="tools">
        {differences.length > 8 && (
          <button type="button" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? words.t('E.fewer') : words.t('E.more', { n: differences.length })}
          </button>
        )}
        <button type="button" onClick={() => download('options.csv', csvOf(table()), 'text/csv')}>
          CSV
        </button>
        <details class="inline">
          <summary>{words.t('figure.reproduce')}</summary>
          <pre tabIndex={0}>{commandOf(c)}</pre>
        </details>
      </div>
    </section>
  );
}

/** Colour, form and place of an option, for those who see no colours. */
export function Mark({ place }: { place: number }) {
  const colour = optionColours[place] ?? '#000';
  const form = optionSymbols[place] ?? 'circle';
  const paths: Record<string, string> = {
    circle: 'M6 1a5 5 0 1 0 .01 0z',
    square: 'M1.5 1.5h9v9h-9z',
    triangle: 'M6 1l5 9.5H1z',
    diamond: 'M6 .5L11.5 6 6 11.5.5 6z',
    cross: 'M4 1h4v3h3v4H8v3H4V8H1V4h3z',
    ring: 'M6 1a5 5 0 1 0 .01 0zM6 3.4a2.6 2.6 0 1 1-.01 0z',
  };
  return (
    <svg class="mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d={paths[form]} fill={colour} />
    </svg>
  );
}
