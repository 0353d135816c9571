/** The panel on the left of a page that can run the model. INTERFACE.md 8.1, 8.3. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Context } from '../chart';
import { baseLook } from '../chart';
import { fieldsOf, givenText, levers, numberOf, valueWords } from '../fields';
import type { Field, Lever } from '../fields';
import type { Problem, SaveRequest, SchemaKey } from '../protocol';
import { mostPins } from '../simulator';
import type { Simulator } from '../simulator';
import { Mark } from './OptionTable';

interface Part {
  c: Context;
  sim: Simulator;
}

const idOf = (path: string): string => `lever-${path.replace(/\W/g, '-')}`;
export const nameOf = (c: Context, path: string): string => c.words.maybe(`lever.${path}`, path);

const problemWords = (c: Context, problem: Problem): string =>
  c.words.maybe(`problem.${problem.code}`, problem.message || problem.code);

function Problems({ c, sim, path }: Part & { path: string }) {
  const own = sim.problems.filter((p) => p.path === path || p.path === `set.${path}`);
  if (own.length === 0) return null;
  return (
    <p class="problem" role="alert" id={`${idOf(path)}-problem`}>
      {own.map((p) => problemWords(c, p)).join(' ')}
    </p>
  );
}

function Reset({ c, sim, path }: Part & { path: string }) {
  const isChanged = sim.job.set[path] !== undefined;
  return (
    <button
      type="button"
      class="small"
      disabled={!isChanged}
      aria-label={c.words.t('sim.reset_one', { lever: nameOf(c, path) })}
      title={c.words.t('sim.reset_one', { lever: nameOf(c, path) })}
      onClick={() => sim.change(path, null)}
    >
      ↺
    </button>
  );
}

/** A number with slider and field; the slider runs while it moves. */
function NumberLever({ c, sim, lever, field }: Part & { lever: Lever; field?: SchemaKey }) {
  const { words } = c;
  const { path } = lever;
  const given = givenText(sim, field, path);
  const own = sim.job.set[path];
  const isText = typeof own === 'string' && !Number.isFinite(Number(own));
  const value = own !== undefined ? numberOf(String(own)) : numberOf(given);
  const at = value ?? (lever.low + lever.high) / 2;
  const id = idOf(path);
  // The server computes previews of its stops ahead; other values are typed.
  const ahead = (sim.scenario.anchors?.[path] ?? []).map(Number).filter(Number.isFinite);
  const stops = ahead.length > 1 ? [...new Set([...ahead, ...(value === null ? [] : [at])])].sort((a, b) => a - b) : null;
  const nearest = (v: number) =>
    (stops ?? []).reduce((best, s, i, all) => (Math.abs(s - v) < Math.abs((all[best] ?? 0) - v) ? i : best), 0);
  const spoken = isText ? String(own) : value === null ? words.t('sim.unset') : valueWords(words, path, value);
  return (
    <div class={own === undefined ? 'lever untouched' : 'lever'}>
      <label for={id}>{nameOf(c, path)}</label>
      <span class="lever-value">
        <output for={id}>{spoken}</output> <Reset c={c} sim={sim} path={path} />
      </span>
      <input
        id={id}
        type="range"
        min={stops ? 0 : Math.min(lever.low, at)}
        max={stops ? stops.length - 1 : Math.max(lever.high, at)}
        step={stops ? 1 : lever.step}
        value={stops ? nearest(at) : at}
        aria-valuetext={spoken}
        aria-describedby={`${id}-given`}
        onInput={(e) => {
          const moved = Number(e.currentTarget.value);
          sim.drag(path, stops ? (stops[moved] ?? at) : moved);
        }}
        onChange={() => sim.release()}
      />
      <small id={`${id}-given`}>
        {words.t('sim.given', { value: given ? givenWords(c, path, given) : words.t('sim.unset') })}
      </small>
      <Typed c={c} sim={sim} path={path} given={given} field={field} />
      <Problems c={c} sim={sim} path={path} />
    </div>
  );
}

const givenWords = (c: Context, path: string, given: string): string =>
  given.split(' ~ ').map((part) => valueWords(c.words, path, part)).join(' ~ ');

/** A field for numbers, ranges and words; what cannot be read is said beside it by the program. */
function Typed(p: Part & { path: string; given: string; field?: SchemaKey }) {
  const { c, sim, path } = p;
  const shown = String(sim.job.set[path] ?? p.given).replace(/ ~ /g, '~');
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const commit = () => {
    const typed = text.trim();
    if (typed === shown) return;
    if (typed === '' || typed === p.given) sim.change(path, null);
    else sim.change(path, /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : typed);
  };
  return (
    <input
      class="typed"
      type="text"
      autocomplete="off"
      spellcheck={false}
      value={text}
      aria-label={c.words.t('sim.typed', { lever: nameOf(c, path), unit: p.field?.unit ?? '' })}
      aria-invalid={sim.problems.some((q) => q.path === path)}
      onInput={(e) => setText(e.currentTarget.value)}
      onChange={commit}
      onKeyDown={(e) => e.key === 'Enter' && commit()}
    />
  );
}

function ToggleLever({ c, sim, path, field }: Part & { path: string; field?: SchemaKey }) {
  const now = String(sim.job.set[path] ?? givenText(sim, field, path)) === 'true';
  return (
    <div class={sim.job.set[path] === undefined ? 'lever untouched' : 'lever'}>
      <label>
        <input type="checkbox" checked={now} onChange={() => sim.change(path, !now)} />{' '}
        {nameOf(c, path)}
      </label>
      <Reset c={c} sim={sim} path={path} />
      <Problems c={c} sim={sim} path={path} />
    </div>
  );
}

function ChoiceLever({ c, sim, path, field }: Part & { path: string; field?: SchemaKey }) {
  const given = givenText(sim, field, path);
  const now = String(sim.job.set[path] ?? given);
  const choices = field?.choices ?? [];
  return (
    <div class={sim.job.set[path] === undefined ? 'lever untouched' : 'lever'}>
      <label for={idOf(path)}>{nameOf(c, path)}</label>
      <Reset c={c} sim={sim} path={path} />
      <select
        id={idOf(path)}
        value={now}
        onChange={(e) => sim.change(path, e.currentTarget.value === given ? null : e.currentTarget.value)}
      >
        {(choices.includes(now) ? choices : [now, ...choices]).map((word) => (
          <option value={word} selected={word === now}>
            {c.words.maybe(`word.${word}`, word)}
          </option>
        ))}
      </select>
      <Problems c={c} sim={sim} path={path} />
    </div>
  );
}

export function LeverOf({ c, sim, lever }: Part & { lever: Lever }) {
  const field = sim.keys.find((key) => key.path === lever.path);
  if (sim.scenario.fixed.includes(lever.path)) {
    return (
      <p class="note">
        {nameOf(c, lever.path)}: {String(sim.given(lever.path) ?? '')} ({c.words.t('sim.fixed')})
      </p>
    );
  }
  const row = { c, sim, path: lever.path, ...(field ? { field } : {}) };
  if (field?.type === 'toggle') return <ToggleLever {...row} />;
  if (field && field.choices.length > 0) return <ChoiceLever {...row} />;
  return <NumberLever c={c} sim={sim} lever={lever} {...(field ? { field } : {})} />;
}

/** How many futures are drawn: of the answer in view, and of the run that goes on. */
export function Ring({ c, sim }: Part) {
  const { words } = c;
  const run = sim.running;
  const shown = c.focus.futures;
  const total = run?.total ?? sim.futures;
  const drawn = run?.drawn ?? Math.min(shown, total);
  const part = total > 0 ? Math.min(1, drawn / total) : 0;
  const round = 2 * Math.PI * 15;
  const text = c.focus.rough
    ? words.t('sim.rough', { n: words.number(shown) })
    : words.t('sim.drawn', { n: words.number(shown) });
  return (
    <div class="ring">
      <svg
        width="40"
        height="40"
        viewBox="0 0 40 40"
        role="progressbar"
        aria-label={words.t('sim.progress')}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={drawn}
        aria-valuetext={words.t('sim.of', { k: words.number(drawn), n: words.number(total) })}
      >
        <circle cx="20" cy="20" r="15" fill="none" stroke="#dfe3e8" stroke-width="7" />
        <circle
          cx="20"
          cy="20"
          r="15"
          fill="none"
          stroke={run ? '#0072B2' : '#1d7a4f'}
          stroke-width="7"
          stroke-dasharray={`${part * round} ${round}`}
          transform="rotate(-90 20 20)"
        />
      </svg>
      <p class={c.focus.rough || sim.isStale ? 'is-rough' : ''} role="status">
        <strong>{sim.isStale ? words.t('sim.waiting') : text}</strong>
      </p>
      {run && (
        <span class="ring-more" aria-hidden="true">
          {run.ahead
            ? words.t('sim.ahead')
            : words.t('sim.of', { k: words.number(run.drawn), n: words.number(run.total) })}
        </span>
      )}
      {run && (
        <button type="button" class="small" onClick={() => void sim.stop()}>
          {words.t('sim.stop')}
        </button>
      )}
    </div>
  );
}

function Pins({ c, sim }: Part) {
  const { words } = c;
  const [name, setName] = useState('');
  const pin = () => {
    sim.pin(name.trim().slice(0, 40));
    setName('');
  };
  return (
    <section class="pins">
      <h3>{words.t('sim.pins', { n: mostPins })}</h3>
      <ul class="picks">
        <li>
          <Mark place={baseLook} /> {sim.base.option} <small>({words.t('sim.base')})</small>
        </li>
        {sim.pins.map((pinned, i) => (
          <li>
            <Mark place={i + 1} /> {pinned.name}{' '}
            <button
              type="button"
              class="small"
              aria-label={words.t('sim.load', { name: pinned.name })}
              title={words.t('sim.load', { name: pinned.name })}
              onClick={() => sim.choose({ option: pinned.option, set: pinned.set })}
            >
              ↶
            </button>{' '}
            <button
              type="button"
              class="small"
              aria-label={words.t('sim.unpin', { name: pinned.name })}
              title={words.t('sim.unpin', { name: pinned.name })}
              onClick={() => sim.unpin(i)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <div class="row">
        <input
          type="text"
          maxLength={40}
          value={name}
          placeholder={sim.freeName()}
          aria-label={words.t('sim.pin_name')}
          onInput={(e) => setName(e.currentTarget.value)}
        />
        <button type="button" disabled={!sim.canPin} onClick={pin}>
          {words.t('sim.pin')}
        </button>
      </div>
    </section>
  );
}

function GoalForm({ c, sim }: Part) {
  const { words } = c;
  const q = c.data.question;
  const numbers = levers.filter((l) => l.step > 0 && !sim.scenario.fixed.includes(l.path));
  const [path, setPath] = useState(numbers[0]?.path ?? '');
  const lever = numbers.find((l) => l.path === path) ?? numbers[0];
  const [chance, setChance] = useState(q.chance_pct);
  const [by, setBy] = useState(q.headline_year);
  const [ends, setEnds] = useState<[number, number]>([lever?.low ?? 0, lever?.high ?? 1]);
  const goal = sim.goal;
  const number = (label: string, value: number, change: (v: number) => void) => (
    <label>
      {label}{' '}
      <input type="number" step="any" value={value} onChange={(e) => change(Number(e.currentTarget.value))} />
    </label>
  );
  const value = (v: number | null | undefined) =>
    v == null ? '–' : valueWords(words, goal?.request.vary ?? path, v);
  const result = goal?.result;
  return (
    <details class="goal">
      <summary>{words.t('goal.title', { p: words.number(chance) })}</summary>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void sim.seek({ vary: path, between: ends, chance_pct: chance, by, definition: c.state.definition });
        }}
      >
        <label>
          {words.t('goal.lever')}{' '}
          <select
            value={path}
            onChange={(e) => {
              const next = numbers.find((l) => l.path === e.currentTarget.value);
              setPath(e.currentTarget.value);
              if (next) setEnds([next.low, next.high]);
            }}
          >
            {numbers.map((l) => (
              <option value={l.path} selected={l.path === path}>
                {nameOf(c, l.path)}
              </option>
            ))}
          </select>
        </label>
        {number(words.t('goal.from'), ends[0], (v) => setEnds([v, ends[1]]))}
        {number(words.t('goal.to'), ends[1], (v) => setEnds([ends[0], v]))}
        {number(words.t('goal.chance'), chance, setChance)}
        {number(words.t('goal.by'), by, setBy)}
        <div class="row">
          <button type="submit" disabled={goal?.running ?? false}>
            {words.t('goal.start')}
          </button>
          {goal?.running && (
            <button type="button" onClick={() => void sim.stop()}>
              {words.t('sim.stop')}
            </button>
          )}
        </div>
      </form>
      {goal?.running && (
        <progress max={goal.total} value={goal.tried.length} aria-label={words.t('goal.progress')} />
      )}
      {goal && goal.tried.length > 0 && (
        <ul class="tried">
          {goal.tried.slice(-4).map((t) => (
            <li>{words.t('goal.tried', { value: value(t.value), p: words.percent(t.chance) })}</li>
          ))}
        </ul>
      )}
      <div role="status">
        {result && (
          <p>
            {result.reachable
              ? words.t('goal.found', {
                  value: value(result.value),
                  low: value(result.low),
                  high: value(result.high),
                  p: words.percent(result.chance_pct),
                  by: goal.request.by,
                })
              : words.t('goal.not', {
                  p: words.percent(result.chance_pct),
                  value: value(result.value),
                  by: goal.request.by,
                })}
          </p>
        )}
      </div>
      {result && !goal.running && (
        <div class="row">
          <button type="button" onClick={() => sim.change(goal.request.vary, result.value)}>
            {words.t('goal.use', { value: value(result.value) })}
          </button>
          <button type="button" onClick={() => sim.closeGoal()}>
            {words.t('page.close')}
          </button>
        </div>
      )}
    </details>
  );
}

function Saving({ c, sim }: Part) {
  const { words } = c;
  const [name, setName] = useState(`${sim.scenario.name}-1`);
  const [said, setSaid] = useState('');
  const save = async (kind: SaveRequest['kind']) => {
    setSaid('');
    try {
      const { path } = await sim.save(name, kind);
      setSaid(words.t('save.done', { path }));
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const kinds: [SaveRequest['kind'], string][] = [
    ['yaml', words.t('save.yaml')],
    ['hdf5', words.t('save.hdf5')],
    ['html', words.t('save.html')],
  ];
  return (
    <details class="saving">
      <summary>{words.t('save.title')}</summary>
      <label>
        {words.t('save.name')}{' '}
        <input
          type="text"
          maxLength={64}
          pattern="[a-z0-9\-]+"
          value={name}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      <div class="row">
        {kinds.map(([kind, text]) => (
          <button type="button" onClick={() => void save(kind)}>
            {text}
          </button>
        ))}
      </div>
      <p role="status">{said}</p>
    </details>
  );
}

function FieldRow({ c, sim, field }: Part & { field: Field }) {
  const { key, path } = field;
  const { words } = c;
  const row = { c, sim, path, field: key };
  const given = givenText(sim, key, path);
  return (
    <div class="field">
      {key.type === 'toggle' ? (
        <ToggleLever {...row} />
      ) : key.type === 'choice' ? (
        <ChoiceLever {...row} />
      ) : (
        <div class={sim.job.set[path] === undefined ? 'lever untouched' : 'lever'}>
          <span>
            {nameOf(c, path)} {key.unit && <small>[{key.unit}]</small>}
          </span>
          <Reset c={c} sim={sim} path={path} />
          <Typed {...row} given={given} />
          <Problems c={c} sim={sim} path={path} />
        </div>
      )}
      <p class="note">
        <span lang="en">{key.meaning}</span>
        {' · '}
        {key.status ? words.maybe(`status.${key.status}`, key.status) : words.t('sim.no_status')}
        {' · '}
        {key.source || words.t('ledger.no_source')}
      </p>
    </div>
  );
}

const mostRows = 60;

/** Every key of the schema table: what a slider of the first screen does not reach. */
function MoreAssumptions({ c, sim }: Part) {
  const { words } = c;
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const [heading, setHeading] = useState('');
  const fields = useMemo(() => (open ? fieldsOf(sim) : []), [open, sim, sim.job.option]);
  const headings = [...new Set(fields.map((f) => f.key.heading))];
  const wanted = search.trim().toLowerCase();
  const chosen = heading || headings[0];
  const rows = fields.filter((f) =>
    wanted
      ? `${f.path} ${nameOf(c, f.path)} ${f.key.meaning}`.toLowerCase().includes(wanted)
      : f.key.heading === chosen,
  );
  const changed = Object.keys(sim.job.set).filter((path) => !levers.some((l) => l.path === path));
  return (
    <details class="more" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        {words.t('sim.more', { n: sim.keys.filter((k) => k.role === 'assumption').length })}
        {changed.length > 0 && <strong> ({words.t('sim.changed', { n: changed.length })})</strong>}
      </summary>
      {open && (
        <>
          <label>
            {words.t('ledger.search')}{' '}
            <input type="search" value={search} onInput={(e) => setSearch(e.currentTarget.value)} />
          </label>
          <label>
            {words.t('sim.heading')}{' '}
            <select lang="en" value={chosen} disabled={wanted !== ''} onChange={(e) => setHeading(e.currentTarget.value)}>
              {headings.map((h) => (
                <option value={h} selected={h === chosen}>
                  {h}
                </option>
              ))}
            </select>
          </label>
          {rows.length > mostRows && <p class="note">{words.t('sim.too_many', { n: mostRows, all: rows.length })}</p>}
          {rows.slice(0, mostRows).map((field) => (
            <FieldRow key={field.path} c={c} sim={sim} field={field} />
          ))}
        </>
      )}
    </details>
  );
}

/** Problems that belong to no lever that can be seen. */
export function OtherProblems({ c, sim }: Part) {
  const others = sim.problems.filter((p) => !p.path || !levers.some((l) => l.path === p.path));
  if (others.length === 0) return null;
  return (
    <div class="problem" role="alert">
      {others.slice(0, 5).map((p) => (
        <p>
          {p.path && <code>{p.path}: </code>}
          {problemWords(c, p)}
        </p>
      ))}
    </div>
  );
}

export function SimulatePanel({ c, sim }: Part) {
  const { words } = c;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const undo = (e: KeyboardEvent) => {
      const isText = e.target instanceof HTMLInputElement && /text|search|number/.test(e.target.type);
      if (!(e.ctrlKey || e.metaKey) || e.key !== 'z' || e.shiftKey || isText) return;
      e.preventDefault();
      sim.undo();
    };
    addEventListener('keydown', undo);
    return () => removeEventListener('keydown', undo);
  }, [sim]);
  const sizes = [...new Set([50, 100, 200, 500, 1000, sim.futures])].sort((a, b) => a - b);
  return (
    <aside ref={panel} class="card levers simulate" aria-labelledby="levers-title">
      <h2 id="levers-title">{words.t('levers.title')}</h2>
      <Ring c={c} sim={sim} />
      <OtherProblems c={c} sim={sim} />
      {sim.scenario.options.length > 1 && (
        <label class="lever">
          <span>{words.t('sim.start_from')}</span>
          <select
            value={sim.job.option}
            onChange={(e) => sim.choose({ ...sim.job, option: e.currentTarget.value })}
          >
            {sim.scenario.options.map((o) => (
              <option value={o.name} selected={o.name === sim.job.option}>
                {o.title[words.lang] || o.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {levers.map((lever) => (
        <LeverOf key={lever.path} c={c} sim={sim} lever={lever} />
      ))}
      <div class="row">
        <button type="button" disabled={!sim.canUndo} onClick={() => sim.undo()}>
          {words.t('sim.undo')}
        </button>
        <button
          type="button"
          disabled={Object.keys(sim.job.set).length === 0}
          onClick={() => sim.choose({ option: sim.job.option, set: {} })}
        >
          {words.t('sim.reset')}
        </button>
      </div>
      <MoreAssumptions c={c} sim={sim} />
      <Pins c={c} sim={sim} />
      <GoalForm c={c} sim={sim} />
      <label class="lever">
        <span>{words.t('sim.futures')}</span>
        <select value={String(sim.futures)} onChange={(e) => sim.setFutures(Number(e.currentTarget.value))}>
          {sizes.map((n) => (
            <option value={String(n)} selected={n === sim.futures}>
              {words.number(n)}
            </option>
          ))}
        </select>
      </label>
      <Saving c={c} sim={sim} />
    </aside>
  );
}
