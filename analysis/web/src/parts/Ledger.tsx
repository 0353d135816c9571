/** Assumptions with source and status, limits, how to compute it again, how to cite. */
import { useState } from 'preact/hooks';
import type { Context, TableData } from '../chart';
import { runCommand } from '../commands';
import type { LedgerRow } from '../protocol';
import { csvOf, download } from './export';

const hasSource = (row: LedgerRow): boolean => row.source !== '' && row.source !== 'expert_prior';

/** Low, middle and high: what was drawn, else what the range says. */
function range(row: LedgerRow): [number | null, number | null, number | null] {
  if (row.drawn) return [row.drawn[0] ?? null, row.drawn[1] ?? null, row.drawn[2] ?? null];
  const number = (key: string): number | null => {
    const v = row.range[key];
    return typeof v === 'number' ? v : null;
  };
  return [number('min') ?? number('low'), number('mode') ?? number('mean'), number('max') ?? number('high')];
}

function ledgerTable(c: Context, rows: LedgerRow[]): TableData {
  const { t } = c.words;
  return {
    columns: ['path', 'meaning', 'low', 'middle', 'high', 'unit', 'status', 'source'].map((k) => ({
      head: c.words.maybe(`ledger.${k}`, k),
    })),
    rows: rows.map((row) => {
      const [low, middle, high] = range(row);
      return [
        row.path,
        row.note,
        low,
        middle,
        high,
        row.unit,
        c.words.maybe(`status.${row.status}`, row.status),
        hasSource(row) ? row.source : t('ledger.no_source'),
      ];
    }),
  };
}

export function Ledger({ c }: { c: Context }) {
  const { words, data } = c;
  const [search, setSearch] = useState('');
  const [without, setWithout] = useState(false);
  const [all, setAll] = useState(false);
  const wanted = search.trim().toLowerCase();
  const rows = data.ledger.filter(
    (row) =>
      (!without || !hasSource(row)) &&
      (!wanted || `${row.path} ${row.note} ${row.source}`.toLowerCase().includes(wanted)),
  );
  const shown = all || wanted ? rows : rows.slice(0, 12);
  return (
    <section class="card wide" id="assumptions" aria-labelledby="assumptions-title">
      <h2 id="assumptions-title">
        {words.t('ledger.title', {
          n: data.question.uncertain_inputs,
          m: data.question.without_source,
        })}
      </h2>
      <p>{words.t('ledger.intro')}</p>
      <div class="controls">
        <label class="choice">
          <span>{words.t('ledger.search')}</span>{' '}
          <input
            type="search"
            value={search}
            onInput={(e) => setSearch(e.currentTarget.value)}
          />
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={without}
            onChange={(e) => setWithout(e.currentTarget.checked)}
          />{' '}
          {words.t('ledger.without')}
        </label>
      </div>
      <div
        class="scroll tall"
        tabIndex={0}
        role="group"
        aria-label={words.t('ledger.region')}
      >
        <table class="ledger">
          <thead>
            <tr>
              {ledgerTable(c, []).columns.map((column) => (
                <th scope="col">{column.head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const [low, middle, high] = range(row);
              return (
                <tr>
                  <th scope="row">
                    <code>{row.path}</code>
                  </th>
                  <td lang="en">{row.note}</td>
                  <td class="number">{words.short(low)}</td>
                  <td class="number">{words.short(middle)}</td>
                  <td class="number">{words.short(high)}</td>
                  <td>{row.unit}</td>
                  <td>{words.maybe(`status.${row.status}`, row.status)}</td>
                  <td class={hasSource(row) ? '' : 'lack'}>
                    {hasSource(row)
                      ? row.source.split(/[;, ]+/).map((key) => <Source c={c} id={key} />)
                      : words.t('ledger.no_source')}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div class="tools">
        {!wanted && rows.length > 12 && (
          <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? words.t('ledger.fewer') : words.t('ledger.all', { n: rows.length })}
          </button>
        )}
        <button
          type="button"
          onClick={() => download('assumptions.csv', csvOf(ledgerTable(c, rows)), 'text/csv')}
        >
          CSV
        </button>
      </div>
    </section>
  );
}

function Source({ c, id }: { c: Context; id: string }) {
  const known = c.data.references[id];
  return known ? <abbr title={`${known.citation} ${known.address}`}>{id} </abbr> : <span>{id} </span>;
}

export const limitKeys = [
  'limits.prediction',
  'limits.design',
  'limits.synthetic',
  'limits.participation',
  'limits.step',
  'limits.definition',
] as const;

export function Limits({ c }: { c: Context }) {
  const q = c.data.question;
  return (
    <section class="card wide limits" id="limits" aria-labelledby="limits-title">
      <h2 id="limits-title">{c.words.t('limits.title')}</h2>
      <ul>
        {limitKeys.map((key) => (
          <li>{c.words.t(key, { n: q.synthetic_sites, all: q.sites })}</li>
        ))}
      </ul>
    </section>
  );
}

export function Reproduce({ c }: { c: Context }) {
  const { words, data } = c;
  const first = data.files[0];
  const scenario = document.getElementById('musi-scenario')?.textContent ?? '';
  const save = () =>
    download(first?.scenario_file ?? 'scenario.yaml', scenario, 'application/yaml');
  return (
    <section class="card wide" id="reproduce" aria-labelledby="reproduce-title">
      <h2 id="reproduce-title">{words.t('reproduce.title')}</h2>
      <p>{words.t('reproduce.intro')}</p>
      <pre tabIndex={0}>
        {data.files
          .map((f) => `${runCommand(f)}\nmusi reproduce results/${f.name}`)
          .join('\n')}
      </pre>
      <dl class="facts">
        {data.files.map((f) => (
          <div>
            <dt>{f.name}</dt>
            <dd>
              musi {f.musi_version}, {f.git_commit.slice(0, 12)}, {f.compiler},{' '}
              {words.t('reproduce.seed', { seed: f.seed })}, {f.design},{' '}
              {words.t('reproduce.futures', { n: words.number(f.futures) })}
              {f.created && `, ${f.created}`}
              {!f.complete && ` (${words.t('reproduce.partial', { n: words.number(f.planned) })})`}
            </dd>
          </div>
        ))}
      </dl>
      {scenario && (
        <div class="tools">
          <button type="button" onClick={save}>
            {words.t('reproduce.scenario')}
          </button>
        </div>
      )}
      <h3>{words.t('cite.title')}</h3>
      <p class="cite">
        {data.files
          .map((f) =>
            words.t('cite.text', {
              title: data.title,
              version: f.musi_version,
              commit: f.git_commit,
              seed: f.seed,
              n: words.number(f.futures),
              file: f.name,
            }),
          )
          .join(' ')}
      </p>
    </section>
  );
}
