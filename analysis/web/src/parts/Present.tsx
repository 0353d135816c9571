/** For a room: one chart, large letters, three levers; no numbers before the room has guessed. */
import { useState } from 'preact/hooks';
import type { Context } from '../chart';
import { definitionWords, leadOf } from '../chart';
import { charts } from '../charts';
import { levers } from '../fields';
import { chanceBy, outcome } from '../model';
import { Choice } from './Choice';
import { Figure } from './Figure';
import { headlineSentences } from './headline';
import { LeverPanel } from './Levers';
import { LeverOf, OtherProblems, Ring } from './Simulate';

const shownLetters = ['A', 'B', 'C', 'D', 'M'];

export function Present({ c }: { c: Context }) {
  const { words, data } = c;
  const [text, setText] = useState('');
  const guess = c.state.guess;
  const lead = leadOf(c);
  if (!lead) return null;
  const year = data.question.headline_year;
  const chart = charts.find((one) => one.letter === c.state.chart) ?? charts[0];
  const share = chanceBy(outcome(data, lead, c.state.definition), data, year);
  const tell = () => {
    const number = Math.round(Number(text));
    if (text.trim() !== '' && number >= 0 && number <= 100) c.set({ guess: number });
  };
  return (
    <div class="present">
      <p class="terms">{definitionWords(c)}</p>
      {guess !== null && (
        <>
          <h2 class="unseen">{words.t('page.charts')}</h2>
          <p class="answer" role="status">
            {words.t('present.answer', { guess, year, count: words.full(share) })}
          </p>
          <p>{headlineSentences(c, lead).slice(1, 3).join(' ')}</p>
        </>
      )}
      <div class="present-body">
        {guess !== null && chart ? (
          <Figure key={chart.letter} chart={chart} context={c} large />
        ) : (
          <form
            class="card guess"
            onSubmit={(e) => {
              e.preventDefault();
              tell();
            }}
          >
            <h2>{words.t('present.first')}</h2>
            <label>
              {words.t('present.question', { year })}{' '}
              <input
                type="number"
                min={0}
                max={100}
                value={text}
                onInput={(e) => setText(e.currentTarget.value)}
              />{' '}
              {words.t('present.of')}
            </label>{' '}
            <button type="submit">{words.t('present.show')}</button>
          </form>
        )}
        <div class="present-levers">
          {c.sim ? (
            <section class="card simulate" aria-label={words.t('levers.title')}>
              {guess !== null && <Ring c={c} sim={c.sim} />}
              <OtherProblems c={c} sim={c.sim} />
              {levers.slice(0, 3).map((lever) => (
                <LeverOf key={lever.path} c={c} sim={c.sim!} lever={lever} />
              ))}
            </section>
          ) : (
            <LeverPanel c={c} most={3} />
          )}
          <div class="card">
            <Choice
              label={words.t('present.chart')}
              value={chart?.letter ?? 'A'}
              options={charts
                .filter((one) => shownLetters.includes(one.letter))
                .map((one) => ({ value: one.letter, text: one.question(c) }))}
              change={(letter) => c.set({ chart: letter })}
            />
            <div class="row">
              <button type="button" disabled={guess === null} onClick={() => c.set({ guess: null })}>
                {words.t('present.again')}
              </button>
              <button type="button" onClick={() => c.set({ view: 'full' })}>
                {words.t('page.full')}
              </button>
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}
