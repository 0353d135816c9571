/** Words and numbers in both languages. INTERFACE.md 8.6. */
import both from 'musi:texts';
import type en from '../../text/en.json';
import type { Share } from './model';

export type Lang = 'en' | 'id';
export type Key = keyof typeof en;
export type Values = Record<string, string | number>;

export interface Words {
  lang: Lang;
  /** text of a key with `{name}` replaced */
  t(key: Key, values?: Values): string;
  /** text of a key made at run time; the fallback where there is none */
  maybe(key: string, fallback: string): string;
  number(value: number | null | undefined, decimals?: number): string;
  /** significant digits for values of any size */
  short(value: number | null | undefined): string;
  percent(value: number | null | undefined, decimals?: number): string;
  ha(value: number | null | undefined): string;
  /** from billions of rupiah */
  money(idrBn: number | null | undefined): string;
  /** "in 62 of 100 futures" */
  count(share: Share): string;
  /** "62 % ± 3" */
  chance(share: Share): string;
  /** "in 62 of 100 futures (62 % ± 3)" */
  full(share: Share): string;
  year(year: number | null, end: number): string;
  list(words: string[]): string;
}

function grouped(value: number, decimals: number, lang: Lang): string {
  const digits = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction] = digits.split('.');
  const sign = value < 0 && Number(digits) !== 0 ? '−' : '';
  const group = whole.replace(/\B(?=(\d{3})+$)/g, lang === 'id' ? '.' : ',');
  return sign + group + (fraction ? (lang === 'id' ? ',' : '.') + fraction : '');
}

export function wordsOf(lang: Lang): Words {
  const at = lang === 'id' ? 1 : 0;
  const none = '–';
  const t = (key: Key, values: Values = {}): string =>
    (both[key]?.[at] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  const number = (value: number | null | undefined, decimals = 0): string =>
    value == null || !Number.isFinite(value) ? none : grouped(value, decimals, lang);
  const decimalsOf = (value: number): number => {
    const size = Math.abs(value);
    return size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  };
  const short = (value: number | null | undefined): string => {
    if (value == null || !Number.isFinite(value)) return none;
    const text = number(value, decimalsOf(value));
    return /[.,]\d*$/.test(text) && decimalsOf(value) > 0 ? text.replace(/[.,]?0+$/, '') : text;
  };
  /** per 100 where there are more futures than that; else the count itself */
  const perHundred = (s: Share): [number, number] =>
    s.n > 100 ? [Math.min(99, Math.max(1, Math.round(s.estimate))), 100] : [s.count, s.n];
  const money = (idrBn: number | null | undefined): string => {
    if (idrBn == null || !Number.isFinite(idrBn)) return none;
    const size = Math.abs(idrBn);
    if (size >= 1000) return t('money.trillion', { x: number(idrBn / 1000, size >= 1e5 ? 0 : 1) });
    if (size >= 1) return t('money.billion', { x: number(idrBn, size >= 10 ? 0 : 1) });
    if (size === 0) return t('money.billion', { x: 0 });
    return t('money.million', { x: number(idrBn * 1000, 0) });
  };
  const tens = (s: Share): number => Math.round(s.estimate / 10);
  const chance = (s: Share): string => {
    if (s.rough) return t('chance.about', { p: 10 * tens(s) });
    if (s.estimate > 0 && s.estimate < 1) return t('chance.under_one');
    return t('chance.pm', {
      p: number(s.estimate),
      e: number(Math.max(1, Math.round(s.halfWidth))),
    });
  };
  const count = (s: Share): string => {
    if (s.rough) return t('chance.rough', { k: tens(s) });
    // An event not seen in n futures has a chance below about 3/n; n/3 in one digit.
    const third = Math.max(1, Math.floor(s.n / 3));
    const power = 10 ** Math.floor(Math.log10(third));
    const bound = number(Math.floor(third / power) * power);
    if (s.count === 0) return t('chance.none', { n: number(s.n), bound });
    if (s.count === s.n) return t('chance.all', { n: number(s.n), bound });
    const [k, n] = perHundred(s);
    return t('chance.count', { k: number(k), n: number(n) });
  };
  return {
    lang,
    t,
    maybe: (key, fallback) => both[key]?.[at] ?? fallback,
    number,
    short,
    percent: (value, decimals = 0) => t('unit.percent', { x: number(value, decimals) }),
    ha: (value) =>
      t('unit.ha', { x: number(value, value != null && Math.abs(value) < 10 ? 1 : 0) }),
    money,
    count,
    chance,
    full: (s) =>
      s.count === 0 || s.count === s.n || s.rough ? count(s) : `${count(s)} (${chance(s)})`,
    year: (year, end) => (year == null ? t('year.not_by', { end }) : String(year)),
    list: (words) =>
      words.length < 2
        ? words.join('')
        : `${words.slice(0, -1).join(', ')} ${t('list.and')} ${words[words.length - 1] ?? ''}`,
  };
}
