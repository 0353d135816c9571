/** J: why this site in this year? */
import type { Chart, Context } from '../chart';
import { siteChance, siteYear } from '../model';
import { Choice } from '../parts/Choice';
import { FocusChoice, focusTitle } from './controls';
import { drawLines, optionLinesOfSite } from './site_lines';
import { packages } from './works';

const site = (c: Context) => c.data.sites[c.state.site];
const rank = (c: Context): number => {
  const year = (s: number) => siteYear(c.data, c.focus, s) ?? 9999;
  const own = year(c.state.site);
  return 1 + c.data.sites.filter((_, s) => year(s) < own).length;
};

export const siteCard: Chart = {
  letter: 'J',
  id: 'site',
  question: (c) => c.words.t('J.question'),
  missing: (c) => (c.focus.sites && site(c) ? null : c.words.t('missing.series')),
  title: (c) =>
    c.words.t('J.title', {
      site: site(c)?.name ?? '',
      kecamatan: site(c)?.kecamatan ?? '',
      year: c.words.year(siteYear(c.data, c.focus, c.state.site), c.data.question.end_year),
      rank: rank(c),
      n: c.data.sites.length,
    }),
  subtitle: (c) =>
    c.words.t('J.subtitle', {
      option: focusTitle(c),
      area: c.words.ha(site(c)?.area),
      status: c.words.maybe(`status.${site(c)?.status ?? ''}`, site(c)?.status ?? ''),
    }),
  controls: (c) => (
    <>
      <Choice
        label={c.words.t('D.site')}
        value={String(c.state.site)}
        options={c.data.sites.map((s, i) => ({ value: String(i), text: `${s.name} (${s.id})` }))}
        change={(v) => c.set({ site: Number(v) })}
      />
      <FocusChoice c={c} />
    </>
  ),
  draw: (c, size) => drawLines(c, size, optionLinesOfSite(c), c.words.t('A.axis'), { top: 100, step: true }),
  notes(c) {
    const works = c.focus.works;
    const future = works?.futures[0];
    const area = c.focus.sites?.area_p50;
    const last = c.data.years.length - 1;
    return [
      ...(area
        ? [
            c.words.t('J.area', {
              start: c.words.ha(area[0]?.[c.state.site]),
              end: c.words.ha(area[last]?.[c.state.site]),
              year: c.data.question.end_year,
            }),
          ]
        : []),
      ...(works && future !== undefined
        ? [
            c.words.t('J.works', {
              n: packages(c, works, future).filter((p) => p.site === c.state.site).length,
              i: future,
            }),
          ]
        : []),
    ];
  },
  table(c) {
    return {
      columns: [
        { head: c.words.t('col.year'), show: String },
        ...c.options.map((o) => ({
          head: `${o.name}, %`,
          show: (v: number) => c.words.number(v, 1),
        })),
        { head: c.words.t('J.left'), show: (v) => c.words.number(v, 2) },
      ],
      rows: c.data.years.map((year, i) => [
        year,
        ...c.options.map((o) => siteChance(o, c.state.site, i)),
        c.focus.sites?.area_p50?.[i]?.[c.state.site] ?? null,
      ]),
    };
  },
  cursor: (c) =>
    c.data.years.map((year, i) => ({
      x: year,
      text: `${year}: ${c.options
        .map((o) => `${o.name} ${c.words.percent(siteChance(o, c.state.site, i))}`)
        .join('; ')}`,
    })),
};
