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
import { leadOf, titleOf } from './chart';
import { later } from './parts/later';
import { Present } from './parts/Present';
import { SimulatePanel } from './parts/Simulate';
import { EmbeddedSource } from './protocol';
import type { PageData } from './protocol';
import { Refusal, Server } from './server';
import { Simulator } from './simulator';
import type { Saved } from './simulator';
import type { State } from './state';
import { allows, fromFragment, longestAddress, packed, toFragment, unpacked } from './state';
import { wordsOf } from './text';
import type { Lang } from './text';

function Header({ c }: { c: Context }) {
  const { words, data, state } = c;
  const lead = leadOf(c);
  const present = state.view === 'present';
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
        <button
          type="button"
          aria-pressed={present}
          onClick={() => c.set({ view: present ? 'full' : 'present' })}
        >
          {words.t('page.present')}
        </button>
        <button type="button" onClick={() => window.print()}>
          {words.t('page.print')}
        </button>
      </div>
      {state.view !== 'brief' && (
        <>
          <h1>{words.t('page.title', { city: data.question.city })}</h1>
          {data.question.complete ? null : <p class="warning">{words.t('page.partial')}</p>}
          {lead && !present && (
            <>
              <p class="option-name">{titleOf(c, lead)}</p>
              <p class="answer">
                {headlineSentences(c, lead).map((sentence) => (
                  <span>{sentence} </span>
                ))}
              </p>
              <p class="terms">{conditions(c)}</p>
            </>
          )}
          <div class="controls" hidden={present}>
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

/** What the address says of the simulator, and keeps saying while it changes. */
function useChanges(sim: Simulator | null, shown: number): { text: string | null; tooLong: boolean } {
  const [text, setText] = useState<string | null>(sim ? '' : null);
  useEffect(() => {
    if (!sim) return undefined;
    let isLast = true;
    const saved = sim.saved();
    if (Object.keys(saved).length === 0) setText('');
    else void packed(saved).then((s) => isLast && setText(s));
    return () => {
      isLast = false;
    };
  }, [sim, shown, sim?.job, sim?.pins]);
  const tooLong = (text?.length ?? 0) > longestAddress - 100;
  return { text: tooLong ? '' : text, tooLong };
}

/** Counts what the simulator says. */
function useSimulator(sim: Simulator | null): number {
  const [count, setCount] = useState(0);
  useEffect(() => sim?.listen(() => setCount((n) => n + 1)), [sim]);
  return count;
}

function Page({ first, sim, isDamaged }: { first: PageData; sim: Simulator | null; isDamaged: boolean }) {
  const reading = useMemo(() => fromFragment(location.hash, first), [first]);
  const [state, setState] = useState<State>(() =>
    sim?.scenario.present && !location.hash ? { ...reading.state, view: 'present' } : reading.state,
  );
  const [notice, setNotice] = useState(reading.damaged || isDamaged);
  useSimulator(sim);
  const words = useMemo(() => wordsOf(state.lang), [state.lang]);
  const data = (sim ? sim.data(words) : null) ?? first;
  const changes = useChanges(sim, sim?.shown ?? 0);
  const set = useCallback((change: Partial<State>) => setState((s) => ({ ...s, ...change })), []);

  useEffect(() => {
    if (sim) sim.lang = state.lang;
    document.documentElement.lang = state.lang;
    document.title = words.t('page.title', { city: data.question.city });
  }, [state.lang]);
  useEffect(() => {
    history.replaceState(history.state, '', toFragment(state, data, changes.text));
  }, [state, changes.text]);
  useEffect(() => {
    const listen = () => {
      const next = fromFragment(location.hash, data);
      setState((s) => ({ ...next.state, guess: s.guess }));
      setNotice(next.damaged);
      if (sim && next.changes) void restore(sim, next.changes).then((isGood) => isGood || setNotice(true));
    };
    addEventListener('hashchange', listen);
    return () => removeEventListener('hashchange', listen);
  }, [data]);
  // What the levers say is in view first; a reader may look at another option until they move again.
  useEffect(() => {
    if (sim) setState((s) => ({ ...s, focus: sim.focus, future: null }));
  }, [sim, sim?.job, sim?.pins, sim?.isStale, data.options.length]);

  const shown = sim ? data.shown : state.options;
  const options = shown.map((i) => data.options[i]).filter((o) => o != null);
  const focus = data.options[state.focus] ?? options[options.length - 1];
  useEffect(() => {
    const isHere = state.future == null || focus?.works?.futures.includes(state.future);
    if (sim && focus && !isHere) void sim.pick(focus, state.future ?? 0);
  }, [sim, state.future, focus?.name]);

  const context = useMemo<Context | null>(
    () =>
      focus ? { data, state: { ...state, options: shown }, words, options, focus, set, sim } : null,
    [data, state, words, sim],
  );
  // Progress and messages leave the charts alone: most of the work of the page is in them.
  const grid = useMemo(() => {
    if (!context || state.view !== 'full') return null;
    const c = context;
    return (
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
    );
  }, [context, sim?.isStale]);
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
      {changes.tooLong && (
        <p class="warning" role="status">
          {words.t('sim.too_long')}
        </p>
      )}
      {state.view !== 'full' ? (
        <main id="charts">{state.view === 'brief' ? <Brief c={c} /> : <Present c={c} />}</main>
      ) : (
        <div class="columns">
          {sim ? <SimulatePanel c={c} sim={sim} /> : <LeverPanel c={c} />}
          <main id="charts" tabIndex={-1}>
            <h2 class="unseen">{words.t('page.charts')}</h2>
            {grid}
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

/** False: the changes in the address do not fit this scenario. */
async function restore(sim: Simulator, text: string): Promise<boolean> {
  const saved = await unpacked(text);
  return typeof saved === 'object' && saved !== null ? sim.restore(saved as Saved) : false;
}

function Waiting({ sim, lang }: { sim: Simulator | null; lang: Lang }) {
  useSimulator(sim);
  const words = wordsOf(lang);
  const run = sim?.running;
  const problems = sim?.problems ?? [];
  return (
    <main class="start">
      <h1>musi</h1>
      <p role="status">
        {words.t('sim.first')}{' '}
        {run && words.t('sim.of', { k: words.number(run.drawn), n: words.number(run.total) })}
      </p>
      {problems.map((p) => (
        <p class="problem" role="alert">
          {words.maybe(`problem.${p.code}`, p.message)}
        </p>
      ))}
    </main>
  );
}

async function startWithServer(place: HTMLElement, server: Server): Promise<void> {
  const asked = /[#&]l=(en|id)\b/.exec(location.hash)?.[1] as Lang | undefined;
  let lang: Lang = asked ?? 'en';
  place.replaceChildren();
  try {
    const [scenario, keys] = await Promise.all([server.scenario(), server.schema()]);
    lang = asked ?? (scenario.lang === 'id' ? 'id' : 'en');
    document.documentElement.lang = lang;
    server.lang = lang;
    const opened = scenario.has_result ? await server.result() : null;
    const sim = new Simulator(server, scenario, keys, opened);
    const found = /[#&]s=([\w-]+)/.exec(location.hash)?.[1];
    let isDamaged = false;
    if (found) isDamaged = !(await restore(sim, found));
    else sim.goOn();
    render(<Waiting sim={sim} lang={lang} />, place);
    const first = await new Promise<PageData>((done) => {
      const look = () => {
        const data = sim.data(wordsOf(lang));
        if (data) {
          stop();
          done({ ...data, first_language: lang });
        }
      };
      const stop = sim.listen(look);
      look();
    });
    render(null, place);
    render(<Page first={first} sim={sim} isDamaged={isDamaged} />, place);
    sayReady(place);
  } catch (error) {
    const words = wordsOf(lang);
    const problem = error instanceof Refusal ? error.problem : null;
    const text = problem ? words.maybe(`problem.${problem.code}`, problem.message) : String(error);
    render(
      <main class="start">
        <h1>musi</h1>
        <p class="problem" role="alert">
          {text}
        </p>
      </main>,
      place,
    );
  }
}

/** Charts are asked for after the first frame; `later` says when all are drawn. */
function sayReady(place: HTMLElement): void {
  requestAnimationFrame(() => setTimeout(() => later(place, () => undefined), 30));
}

async function start(): Promise<void> {
  const place = document.getElementById('app');
  const source = EmbeddedSource.find();
  if (!place) return;
  if (!source) {
    // Without data and without a server the words that stand there are all there is.
    const server = Server.find();
    if (server) await startWithServer(place, server);
    return;
  }
  const data = await source.load();
  const wanted = wantedFigures(location.hash);
  if (wanted) {
    await leaveFigures(data, wanted);
    return;
  }
  place.replaceChildren();
  render(<Page first={data} sim={null} isDamaged={false} />, place);
  sayReady(place);
}

void start();
