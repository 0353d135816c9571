/** One A4 page: headline, two charts, options, drivers, weakest assumptions, limits. */
import { chance } from '../charts/chance';
import { area } from '../charts/area';
import type { Context } from '../chart';
import { colourOf, leadOf, titleOf } from '../chart';
import { conditions, headlineSentences, pairedSentence } from './headline';
import { Figure } from './Figure';
import { limitKeys } from './Ledger';
import { outcomeRows } from './OptionTable';

/** The widest ranges among those without a source. */
function weakest(c: Context): string[] {
  const width = (row: { drawn?: (number | null)[] }): number => {
    const [low, middle, high] = row.drawn ?? [];
    return low != null && high != null && middle ? Math.abs((high - low) / middle) : 0;
  };
  return c.data.ledger
    .filter((row) => row.source === '' || row.source === 'expert_prior')
    .sort((a, b) => width(b) - width(a))
    .slice(0, 3)
    .map((row) => row.note || row.path);
}

export function Brief({ c }: { c: Context }) {
  const { words, data } = c;
  const base = c.options[0];
  const lead = leadOf(c);
  if (!base || !lead) return null;
  const pairs = c.options.map((o) => pairedSentence(c, base, o)).filter((s) => s != null);
  return (
    <article class="brief" lang={words.lang}>
      <h1>{words.t('page.title', { city: data.question.city })}</h1>
      <p class="answer">{headlineSentences(c, lead).join(' ')}</p>
      <p class="terms">
        {titleOf(c, lead)}. {conditions(c)}
      </p>
      <h2 class="unseen">{words.t('page.charts')}</h2>
      <div class="pair">
        <Figure chart={chance} context={c} />
        <Figure chart={area} context={c} />
      </div>
      <table class="options">
        <thead>
          <tr>
            <th scope="col">{words.t('E.quantity')}</th>
            {c.options.map((o) => (
              <th scope="col" style={{ borderTop: `3px solid ${colourOf(c, o)}` }}>
                {titleOf(c, o)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outcomeRows(c)
            .slice(0, 8)
            .map((row) => (
              <tr>
                <th scope="row">{row.name}</th>
                {row.cells.map((cell) => (
                  <td class="number">{cell}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
      {pairs.length > 0 && <p>{pairs.slice(0, 2).join(' ')}</p>}
      <div class="pair">
        <section>
          <h2>{words.t('brief.drivers')}</h2>
          {data.drivers ? (
            <ul>
              {data.drivers.rows.slice(0, 3).map((row) => (
                <li lang="en">{data.ledger.find((r) => r.path === row.path)?.note || row.path}</li>
              ))}
            </ul>
          ) : (
            <p>{words.t('G.missing', { file: data.files[0]?.name ?? '' })}</p>
          )}
        </section>
        <section>
          <h2>{words.t('brief.weakest')}</h2>
          <ul>
            {weakest(c).map((note) => (
              <li lang="en">{note}</li>
            ))}
          </ul>
        </section>
      </div>
      <section class="limits">
        <h2>{words.t('limits.title')}</h2>
        <p>
          {limitKeys
            .map((k) =>
              words.t(k, { n: data.question.synthetic_sites, all: data.question.sites }),
            )
            .join(' ')}
        </p>
      </section>
    </article>
  );
}
