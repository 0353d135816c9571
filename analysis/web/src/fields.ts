/** Keys of the scenario as fields of a form. */
import type { SchemaKey } from './protocol';
import type { Simulator } from './simulator';
import type { Words } from './text';

export interface Lever {
  path: string;
  /** ends of the slider; other values can be typed */
  low: number;
  high: number;
  step: number;
}

/** Levers of the first screen, in their order. INTERFACE.md 8.1. Those without ends are no numbers. */
export const levers: Lever[] = [
  { path: 'funding.scale_pct', low: 0, high: 400, step: 10 },
  { path: 'participation.facilitators.number', low: 0, high: 200, step: 2 },
  { path: 'procedure.guideline_month', low: 0, high: 12, step: 0.5 },
  { path: 'procedure.multi_year_contract', low: 0, high: 0, step: 0 },
  { path: 'allocation.rule', low: 0, high: 0, step: 0 },
  { path: 'growth.prevention_effort_pct', low: 0, high: 100, step: 5 },
];

/** Numbers of a value as it is written: "3~8~15", "26 to 156", "100". */
export const numbersIn = (text: string): number[] =>
  (text.match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);

/** One number for a slider: the value, or the middle of what is drawn. */
export function numberOf(text: string | undefined): number | null {
  const all = numbersIn(text ?? '');
  if (all.length === 0) return null;
  if (all.length === 2) return ((all[0] ?? 0) + (all[1] ?? 0)) / 2;
  return all[all.length > 2 ? 1 : 0] ?? null;
}

/** What the scenario says without changes; empty: nothing. */
export function givenText(sim: Simulator, key: SchemaKey | undefined, path: string): string {
  const plain = sim.given(path);
  if (plain !== undefined) return plain;
  const parts = ['min', 'mode', 'mean', 'max'].map((part) => sim.given(`${path}.value.${part}`));
  const known = parts.filter((part) => part !== undefined);
  if (known.length > 0) return known.join(' ~ ');
  // Some defaults are words of the table: "by preset". They are no value that could be typed.
  const standard = key?.default ?? '';
  return /^[\d.~-]+$|^(true|false)$/.test(standard) || key?.choices.includes(standard) ? standard : '';
}

/** Months since January, in words: 3.5 is the middle of April. */
export function monthWords(words: Words, month: number): string {
  const name = (at: number) =>
    new Intl.DateTimeFormat(words.lang, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2021, at, 15));
  if (month >= 12) return words.t('sim.month_end', { month: name(11) });
  const at = Math.floor(month);
  return words.t(month - at < 0.25 ? 'sim.month_begin' : 'sim.month_mid', { month: name(at) });
}

/** A value in words, for readers of the screen too. */
export function valueWords(words: Words, path: string, value: string | number | boolean): string {
  if (typeof value === 'boolean' || value === 'true' || value === 'false') {
    return words.t(String(value) === 'true' ? 'yes' : 'no');
  }
  const number = typeof value === 'number' ? value : /^-?[\d.]+$/.test(value) ? Number(value) : null;
  if (number === null) return words.maybe(`word.${value}`, String(value));
  if (path.endsWith('_month')) return monthWords(words, number);
  return path.endsWith('_pct') ? words.percent(number, number % 1 === 0 ? 0 : 1) : words.short(number);
}

export interface Field {
  key: SchemaKey;
  path: string;
}

const place = /<(\w+)>/;

/** Every key that may be changed, with the names of this scenario in the places of the table. */
export function fieldsOf(sim: Simulator): Field[] {
  const option = sim.scenario.options.find((o) => o.name === sim.job.option);
  const paths = Object.keys(option?.values ?? {});
  const names = new Map<string, string[]>();
  const namesAt = (prefix: string): string[] => {
    let found = names.get(prefix);
    if (!found) {
      const direct = paths
        .filter((p) => p.startsWith(prefix))
        .map((p) => p.slice(prefix.length).split('.')[0] ?? '')
        .filter((n) => n && !/[[\]]/.test(n));
      const list = prefix.replace(/\.$/, '[');
      const listed = paths
        .filter((p) => p.startsWith(list) && /\]\.id$/.test(p))
        .map((p) => option?.values[p] ?? '');
      names.set(prefix, (found = [...new Set([...direct, ...listed])]));
    }
    return found;
  };
  const fields: Field[] = [];
  const add = (key: SchemaKey, path: string): void => {
    const at = place.exec(path);
    if (!at) {
      fields.push({ key, path });
      return;
    }
    for (const name of namesAt(path.slice(0, at.index))) add(key, path.replace(at[0], name));
  };
  for (const key of sim.keys) {
    if (key.role !== 'assumption' || key.refused || key.type === 'open') continue;
    if (sim.scenario.fixed.includes(key.path)) continue;
    add(key, key.path);
  }
  return fields;
}
