/**
 * The panel on the left of a report: it moves between what was run. With a simulator behind the page
 * `Simulate.tsx` takes its place.
 */
import type { Context } from '../chart';
import { mostShown } from '../state';
import { Mark } from './OptionTable';

/** Levers of the first screen, in their order. */
export const firstLevers = [
  'funding.scale_pct',
  'participation.facilitators.number',
  'procedure.guideline_month',
  'procedure.guideline_preset',
  'procedure.pre_positioned_guideline',
  'procedure.multi_year_contract',
  'allocation.rule',
  'growth.prevention_effort_pct',
];

const settingText = (c: Context, value: number | string | boolean | undefined): string => {
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return c.words.t(value ? 'yes' : 'no');
  return typeof value === 'number' ? c.words.short(value) : c.words.maybe(`word.${value}`, value);
};

/** Values that were run of a path that differs, in ascending order. */
function stops(values: (number | null)[]): number[] {
  return [...new Set(values.filter((v): v is number => v != null))].sort((a, b) => a - b);
}

/** The option that has this value of the path and is most like the present one elsewhere. */
function nearestOption(c: Context, path: string, value: number): number {
  const here = c.state.focus;
  let best = here;
  let most = -1;
  c.data.options.forEach((_, i) => {
    let alike = 0;
    for (const lever of c.data.levers) {
      const v = lever.values[i];
      if (lever.path === path) {
        if (v !== value) return;
      } else if (v === lever.values[here]) ++alike;
    }
    if (alike > most) {
      most = alike;
      best = i;
    }
  });
  return best;
}

/** `most`: that many levers and nothing else, for a room. */
export function LeverPanel({ c, most }: { c: Context; most?: number }) {
  const { words, data } = c;
  const many = data.levers.filter((l) => stops(l.values).length > 1).slice(0, most);
  const pick = (path: string, value: number) => {
    const at = nearestOption(c, path, value);
    const options = c.state.options.includes(at)
      ? c.state.options
      : [...c.state.options.slice(0, mostShown - 1), at];
    c.set({ focus: at, options, future: null });
  };
  const fixed = firstLevers.filter(
    (path) => c.focus.settings[path] !== undefined && !many.some((l) => l.path === path),
  );
  return (
    <aside class="card levers" aria-labelledby="levers-title">
      <h2 id="levers-title">{words.t('levers.title')}</h2>
      <p class="subtitle">{words.t('levers.run_only')}</p>
      {many.map((lever) => {
        const steps = stops(lever.values);
        const now = lever.values[c.state.focus];
        const at = now == null ? 0 : Math.max(0, steps.indexOf(now));
        const id = `lever-${lever.path.replace(/\W/g, '-')}`;
        return (
          <div class="lever">
            <label for={id}>{words.maybe(`lever.${lever.path}`, lever.path)}</label>
            <output for={id}>{words.short(steps[at])}</output>
            <input
              id={id}
              type="range"
              min={0}
              max={steps.length - 1}
              step={1}
              value={at}
              aria-valuetext={words.short(steps[at])}
              onInput={(e) => pick(lever.path, steps[Number(e.currentTarget.value)] ?? 0)}
            />
            <small>{steps.map((s) => words.short(s)).join(' · ')}</small>
          </div>
        );
      })}
      {most === undefined && fixed.length > 0 && (
        <dl class="fixed">
          {fixed.map((path) => (
            <div>
              <dt>{words.maybe(`lever.${path}`, path)}</dt>
              <dd>{settingText(c, c.focus.settings[path])}</dd>
            </div>
          ))}
        </dl>
      )}
      <h3>{words.t('levers.options')}</h3>
      <ul class="picks">
        {data.options.map((option, i) => {
          const place = c.state.options.indexOf(i);
          const full = place < 0 && c.state.options.length >= mostShown;
          return (
            <li>
              <label>
                <input
                  type="checkbox"
                  checked={place >= 0}
                  disabled={full || (place >= 0 && c.state.options.length === 1)}
                  onChange={() => {
                    const options =
                      place >= 0
                        ? c.state.options.filter((o) => o !== i)
                        : [...c.state.options, i];
                    const focus = options.includes(c.state.focus)
                      ? c.state.focus
                      : (options[0] ?? 0);
                    c.set({ options, focus, future: null });
                  }}
                />{' '}
                {place >= 0 && <Mark place={place} />} {option.name}
              </label>
            </li>
          );
        })}
      </ul>
      <p class="note">{words.t('levers.serve', { file: data.files[0]?.name ?? '' })}</p>
    </aside>
  );
}
