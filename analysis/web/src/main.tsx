/** The page: one state, one context, the same parts for a report and for a server. */
import { render } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Context } from './chart';
import { firstCharts, laterCharts } from './charts';
import { Brief } from './parts/Brief';
import { Figure } from './parts/Figure';
import { Ledger, Limits, Reproduce } from './parts/Ledger';
import { LeverPanel } from './parts/Levers';
import { leaveFigures, wantedFigures } from './parts/figures';
import { OptionTable } from './parts/OptionTable';
import { conditions, headlineSentences } from './parts/headline';
import { titleOf } from './chart';
import { EmbeddedSource } from './protocol';
import type { PageData, PageSource } from './protocol';
import type { State } from './state';
import { allows, fromFragment, toFragment } from './state';
import { wordsOf } from './text';
import type { Lang } from './text';

function Header({ c }: { c: Context }) {
  const { words, data, state } = c;
  const base = c.options[0];
  const languages: Lang[] = ['id', 'en'];
  return (
    <header class="top">
      <div class="bar">
        <div class="switch" role="group" aria-label={words.t('page.language')}>
          {languages
            .filter((lang) => allows(data, lang))
            .map((lang) => (
              <button
                type="button"
                lang={lang}
                aria-pressed={state.lang === lang}
                onClick={() => c.set({ lang })}
              >
                {lang === 'id' ? 'Bahasa Indonesia' : 'English'}
              </button>
            ))}
        </div>
        <button
          type="button"
          onClick={() => c.set({ view: state.view === 'brief' ? 'full' : 'brief' })}
        >
          {words.t(state.view === 'brief' ? 'page.full' : 'page.brief')}
        </button>
        <button type="button" onClick={() => window.print()}>
          {words.t('page.print')}
        </button>
      </div>
      {state.view !== 'brief' && (
        <>
          <h1>{words.t('page.title', { city: data.question.city })}</h1>
          {data.question.complete ? null : <p class="warning">{words.t('page.partial')}</p>}
          {base && (
            <>
              <p class="option-name">{titleOf(c, base)}</p>
              <p class="answer">
                {headlineSentences(c, base).map((sentence) => (
                  <span>{sentence} </span>
                ))}
              </p>
              <p class="terms">{conditions(c)}</p>
            </>
          )}
          <div class="controls">
            <label class="choice">
              <span>{words.t('control.definition')}</span>{' '}
              <select
                value={state.definition}
                onChange={(e) => c.set({ definition: e.currentTarget.value })}
              >
                {data.definitions.map((code) => (
                  <option value={code} selected={code === state.definition}>
                    {words.maybe(`definition.${code}`, code)} ({code})
                  </option>
                ))}
              </select>
            </label>
            <label class="choice">
              <span>{words.t('control.year')}</span>{' '}
              <input
                type="range"
                min={data.years[0]}
                max={data.years[data.years.length - 1]}
                value={state.year}
                aria-valuetext={String(state.year)}
                onInput={(e) => c.set({ year: Number(e.currentTarget.value) })}
              />{' '}
              <output>{state.year}</output>
            </label>
          </div>
        </>
      )}
    </header>
  );
}

function Page({ source, first }: { source: PageSource; first: PageData }) {
  const reading = useMemo(() => fromFragment(location.hash, first), [first]);
  const [state, setState] = useState<State>(reading.state);
  const [notice, setNotice] = useState(reading.damaged);
  const data = first;
  const words = useMemo(() => wordsOf(state.lang), [state.lang]);
  const set = useCallback((change: Partial<State>) => setState((s) => ({ ...s, ...change })), []);

  useEffect(() => {
    history.replaceState(null, '', toFragment(state, data));
    document.documentElement.lang = state.lang;
    document.title = words.t('page.title', { city: data.question.city });
  }, [state]);
  useEffect(() => {
    const listen = () => {
      const next = fromFragment(location.hash, data);
      setState(next.state);
      setNotice(next.damaged);
    };
    addEventListener('hashchange', listen);
    return () => removeEventListener('hashchange', listen);
  }, [data]);

  const options = state.options.map((i) => data.options[i]).filter((o) => o != null);
  const focus = data.options[state.focus] ?? options[0];
  const context = useMemo<Context | null>(
    () => (focus ? { data, state, words, options, focus, set } : null),
    [data, state, words],
  );
  if (!context) return null;
  const c = context;
  return (
    <>
      <a class="skip" href="#charts">
        {words.t('page.skip')}
      </a>
      <Header c={c} />
      {notice && (
        <p class="warning" role="status">
          {words.t('page.damaged')}{' '}
          <button type="button" onClick={() => setNotice(false)}>
            {words.t('page.close')}
          </button>
        </p>
      )}
      {state.view === 'brief' ? (
        <main id="charts">
          <Brief c={c} />
        </main>
      ) : (
        <div class="columns">
          {source.canRun ? null : <LeverPanel c={c} />}
          <main id="charts" tabIndex={-1}>
            <h2 class="unseen">{words.t('page.charts')}</h2>
            <div class="grid">
              {firstCharts.map((chart) => (
                <Figure key={chart.letter} chart={chart} context={c} />
              ))}
              <OptionTable c={c} />
              {laterCharts.map((chart) => (
                <Figure key={chart.letter} chart={chart} context={c} />
              ))}
              <Ledger c={c} />
              <Limits c={c} />
              <Reproduce c={c} />
            </div>
          </main>
        </div>
      )}
      <footer>
        {(data.thinned.paths < 20 || !data.thinned.site_years) && (
          <p>{words.t('page.thinned', { paths: data.thinned.paths })}</p>
        )}
        {words.t('page.made', {
          version: data.files[0]?.musi_version ?? '',
          created: data.files[0]?.created ?? '',
        })}
      </footer>
    </>
  );
}

async function start(): Promise<void> {
  const place = document.getElementById('app');
  const source = EmbeddedSource.find();
  if (!place || !source) return; // without data the words that stand there are all there is
  const data = await source.load();
  const wanted = wantedFigures(location.hash);
  if (wanted) {
    await leaveFigures(data, wanted);
    return;
  }
  place.replaceChildren();
  render(<Page source={source} first={data} />, place);
  document.documentElement.dataset.ready = 'yes';
}

void start();
