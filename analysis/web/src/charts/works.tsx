/** H: what, where, when, who pays? One future's packages as bars by site, and all in the table. */
import * as Plot from '@observablehq/plot';
import type { Chart, Context } from '../chart';
import { singleOf } from '../chart';
import { Choice } from '../parts/Choice';
import { draw } from '../plot';
import type { Works } from '../protocol';
import { FocusChoice, focusTitle } from './controls';
import { fundColours, fundWords } from './money';

interface Package {
  site: number;
  name: string;
  programme: string;
  funds: number;
  item: string;
  unit: string;
  start: number;
  end: number;
  quantity: number | null;
  cost: number | null;
  selfHelp: number | null;
  chance: number | null;
}

export function packages(c: Context, works: Works | null, future: number): Package[] {
  if (!works) return [];
  return works.future.flatMap((f, k) =>
    f !== future
      ? []
      : [
          {
            site: works.site[k] ?? 0,
            name: c.data.sites[works.site[k] ?? 0]?.name ?? '',
            programme: c.data.programmes[works.programme[k] ?? 0] ?? '',
            funds: works.funds[k] ?? 0,
            item: c.data.items[works.item[k] ?? 0]?.code ?? '',
            unit: c.data.items[works.item[k] ?? 0]?.unit ?? '',
            start: (works.start[k] ?? 0) / 12,
            end: ((works.end[k] ?? 0) + 1) / 12,
            quantity: works.quantity[k] ?? null,
            cost: works.cost[k] ?? null,
            selfHelp: works.self_help[k] ?? null,
            chance: works.chance[k] ?? null,
          },
        ],
  );
}

/** Works of the picked future if the simulator has computed them; else those that came along. */
export const worksOf = (c: Context): Works | null => singleOf(c)?.works ?? c.focus.works;

/** The future that is picked, if its works are here; else the first whose works are. */
const futureOf = (c: Context): number => {
  const held = worksOf(c)?.futures ?? [];
  return c.state.future != null && held.includes(c.state.future) ? c.state.future : (held[0] ?? 0);
};
const shown = (c: Context) => packages(c, worksOf(c), futureOf(c));
const itemWords = (c: Context, item: string) => c.words.maybe(`item.${item}`, item);
const month = (year: number): string => {
  const whole = Math.floor(year + 1e-9);
  const m = Math.min(12, Math.floor((year - whole) * 12 + 1e-6) + 1);
  return `${whole}-${String(m).padStart(2, '0')}`;
};

export const worksChart: Chart = {
  letter: 'H',
  id: 'works',
  wide: true,
  question: (c) => c.words.t('H.question'),
  missing: (c) => ((worksOf(c)?.future.length ?? 0) > 0 ? null : c.words.t('H.missing')),
  title(c) {
    const list = shown(c);
    const year = Math.floor(Math.min(...list.map((p) => p.start)));
    return c.words.t('H.title', {
      n: c.words.number((worksOf(c)?.packages ?? 0) / (worksOf(c)?.futures.length || 1)),
      sites: new Set(list.map((p) => p.site)).size,
      from: year,
      to: c.data.question.end_year,
      cost: c.words.money(
        (worksOf(c)?.cost_total ?? 0) / 1000 / (worksOf(c)?.futures.length || 1),
      ),
    });
  },
  subtitle: (c) => c.words.t('H.subtitle', { option: focusTitle(c), i: futureOf(c) }),
  controls: (c) => (
    <>
      <FocusChoice c={c} />
      <Choice
        label={c.words.t('B.one')}
        value={String(futureOf(c))}
        options={[...new Set([...(c.focus.works?.futures ?? []), futureOf(c)])].map((f) => ({
          value: String(f),
          text: c.words.t('B.future', { i: f }),
        }))}
        change={(v) => c.set({ future: Number(v) })}
      />
    </>
  ),
  height: (c) => 60 + 13 * Math.max(8, new Set(shown(c).map((p) => p.site)).size),
  draw(c, size) {
    const list = shown(c);
    const first = new Map<string, number>();
    for (const p of list) first.set(p.name, Math.min(first.get(p.name) ?? Infinity, p.start));
    const order = [...first].sort((a, b) => a[1] - b[1]).map(([name]) => name);
    const years = c.data.years;
    return draw(size, {
      marginLeft: size.narrow ? 90 : 130,
      x: {
        domain: [years[0] ?? 0, c.data.question.end_year + 1],
        tickFormat: (y: number) => String(y),
        label: null,
        axis: 'top',
        grid: true,
        ticks: years.filter((y) => y % 5 === 0),
      },
      y: { domain: order, label: null, tickSize: 0 },
      marks: [
        Plot.barX(list, {
          x1: 'start',
          x2: (p: Package) => Math.max(p.end, p.start + 0.2),
          y: 'name',
          fill: (p: Package) => fundColours[p.funds % fundColours.length],
          fillOpacity: 0.85,
          insetTop: 1.5,
          insetBottom: 1.5,
        }),
      ],
    });
  },
  notes: (c) => [
    c.words.t('H.legend', {
      n: c.words.number(worksOf(c)?.packages),
      kept: c.words.number(worksOf(c)?.future.length),
      p: c.words.percent(worksOf(c)?.shown_pct),
    }),
  ],
  legend(c) {
    const used = new Set(shown(c).map((p) => p.funds));
    return c.data.funds.flatMap((fund, f) =>
      used.has(f)
        ? [{ colour: fundColours[f % fundColours.length] ?? '#333', text: fundWords(c, fund) }]
        : [],
    );
  },
  table(c) {
    return {
      columns: [
        { head: c.words.t('D.site') },
        { head: c.words.t('H.programme') },
        { head: c.words.t('H.item') },
        { head: c.words.t('H.quantity'), show: (v) => c.words.short(v) },
        { head: c.words.t('ledger.unit') },
        { head: c.words.t('H.start') },
        { head: c.words.t('H.end') },
        { head: c.words.t('H.cost'), show: (v) => c.words.number(v) },
        { head: c.words.t('H.self_help'), show: (v) => c.words.number(v, 1) },
        { head: c.words.t('H.payer') },
        { head: c.words.t('H.chance'), show: (v) => c.words.number(v) },
      ],
      rows: [...shown(c)]
        .sort((a, b) => a.start - b.start || a.site - b.site)
        .map((p) => [
          p.name,
          c.words.maybe(`programme.${p.programme}`, p.programme),
          itemWords(c, p.item),
          p.quantity,
          p.unit,
          month(p.start),
          month(p.end - 1 / 12),
          p.cost,
          p.selfHelp,
          fundWords(c, c.data.funds[p.funds] ?? ''),
          p.chance,
        ]),
    };
  },
};
