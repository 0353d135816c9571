/** D: where is it slow? */
import type { Chart, Context, Size } from '../chart';
import { sequence } from '../chart';
import { siteChance, siteYear } from '../model';
import { Choice } from '../parts/Choice';
import type { Site } from '../protocol';
import { FocusChoice, focusTitle } from './controls';

const names = 'http://www.w3.org/2000/svg';

export interface Place {
  index: number;
  site: Site;
  x: number;
  y: number;
  r: number;
}

/** Where sites are: by coordinates, else tiles in rows by kecamatan. */
export function places(c: Context, size: Size): { all: Place[]; tiles: boolean; titles: { x: number; y: number; text: string }[] } {
  const known = c.data.sites.filter((s) => s.latitude != null && s.longitude != null);
  const area = (s: Site) => s.area ?? 10;
  if (known.length < c.data.sites.length / 2) return tiles(c, size);
  const lats = known.map((s) => s.latitude ?? 0);
  const lons = known.map((s) => s.longitude ?? 0);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const margin = 30;
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(
    (size.width - 2 * margin) / Math.max(1e-6, (east - west) * shrink),
    (size.height - 2 * margin) / Math.max(1e-6, north - south),
  );
  const left = (size.width - (east - west) * shrink * scale) / 2;
  const top = (size.height - (north - south) * scale) / 2;
  const most = Math.max(...c.data.sites.map(area));
  return {
    all: c.data.sites
      .map((site, index) => ({
        index,
        site,
        x: left + ((site.longitude ?? NaN) - west) * shrink * scale,
        y: top + (north - (site.latitude ?? NaN)) * scale,
        r: Math.max(4, Math.sqrt(area(site) / most) * Math.min(26, size.width / 26)),
      }))
      .filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y))
      .sort((a, b) => b.r - a.r),
    tiles: false,
    titles: [],
  };
}

function tiles(c: Context, size: Size) {
  const rows = [...new Set(c.data.sites.map((s) => s.kecamatan))].sort();
  const perRow = Math.max(1, ...rows.map((k) => c.data.sites.filter((s) => s.kecamatan === k).length));
  const step = Math.min((size.width - 150) / perRow, (size.height - 20) / rows.length);
  const all: Place[] = [];
  const titles = rows.map((text, row) => ({ x: 4, y: 14 + (row + 0.5) * step, text }));
  rows.forEach((k, row) => {
    let at = 0;
    c.data.sites.forEach((site, index) => {
      if (site.kecamatan !== k) return;
      all.push({ index, site, x: 150 + (at + 0.5) * step, y: 10 + (row + 0.5) * step, r: step * 0.42 });
      ++at;
    });
  });
  return { all, tiles: true, titles };
}

/** What colours say; the part of the area that is left where years would say nothing. */
function mode(c: Context): string {
  if (c.state.mapOf) return c.state.mapOf;
  const never = c.data.sites.filter((_, s) => siteYear(c.data, c.focus, s) == null).length;
  return never > c.data.sites.length / 2 && c.focus.sites?.area_p50 ? 'left' : 'year';
}
const byChance = (c: Context) => mode(c) === 'chance';

/** Middle slum area of a site in the chosen year, percent of its area. */
function left(c: Context, site: number): number | null {
  const area = c.data.sites[site]?.area;
  const now = c.focus.sites?.area_p50?.[c.data.years.indexOf(c.state.year)]?.[site];
  return now == null || !area ? null : (100 * now) / area;
}

function value(c: Context, site: number): { at: number; text: string } {
  if (mode(c) === 'left') {
    const part = left(c, site);
    return {
      at: part == null ? -1 : Math.max(0, Math.min(4, Math.floor(part / 20))),
      text: c.words.percent(part),
    };
  }
  if (byChance(c)) {
    const chance = siteChance(c.focus, site, c.data.years.indexOf(c.state.year)) ?? 0;
    return { at: Math.min(4, Math.floor(chance / 20)), text: c.words.percent(chance) };
  }
  const year = siteYear(c.data, c.focus, site);
  const end = c.data.question.end_year;
  if (year == null) return { at: -1, text: c.words.t('year.not_by', { end }) };
  const start = c.data.years[0] ?? 0;
  return {
    at: Math.min(4, Math.floor((5 * (year - start)) / (end - start + 1))),
    text: String(year),
  };
}

/** Bright is early, dark is late. */
const shade = (at: number): string => (at < 0 ? '#fff' : (sequence[at] ?? '#888'));
const yearShade = (c: Context, at: number): string =>
  byChance(c) || at < 0 ? shade(at) : shade(4 - at);

function svg(tag: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const node = document.createElementNS(names, tag);
  for (const [key, v] of Object.entries(attributes)) node.setAttribute(key, String(v));
  if (text) node.textContent = text;
  return node;
}

export const map: Chart = {
  letter: 'D',
  id: 'map',
  question: (c) => c.words.t('D.question'),
  missing: (c) => (c.focus.sites && c.data.sites.length > 0 ? null : c.words.t('missing.series')),
  title(c) {
    if (mode(c) === 'left') {
      const parts = c.data.sites.map((_, s) => left(c, s)).filter((p): p is number => p != null);
      return c.words.t('D.title_left', {
        k: parts.filter((p) => p < 50).length,
        n: c.data.sites.length,
        year: c.state.year,
      });
    }
    if (byChance(c)) {
      const at = c.data.years.indexOf(c.state.year);
      const likely = c.data.sites.filter((_, s) => (siteChance(c.focus, s, at) ?? 0) >= 50).length;
      return c.words.t('D.title_chance', {
        k: likely,
        n: c.data.sites.length,
        year: c.state.year,
      });
    }
    const by = c.data.question.headline_year;
    const early = c.data.sites.filter((_, s) => (siteYear(c.data, c.focus, s) ?? 9999) <= by).length;
    const never = c.data.sites.filter((_, s) => siteYear(c.data, c.focus, s) == null).length;
    return c.words.t('D.title', {
      k: early,
      n: c.data.sites.length,
      year: by,
      never,
      end: c.data.question.end_year,
    });
  },
  subtitle: (c) =>
    c.words.t(places(c, { width: 400, height: 300, narrow: false }).tiles ? 'D.subtitle_tiles' : 'D.subtitle', {
      option: focusTitle(c),
    }),
  controls: (c) => (
    <>
      <FocusChoice c={c} />
      <Choice
        label={c.words.t('D.show')}
        value={mode(c)}
        options={[
          { value: 'left', text: c.words.t('D.by_left') },
          { value: 'year', text: c.words.t('D.by_year') },
          { value: 'chance', text: c.words.t('D.by_chance') },
        ]}
        change={(mapOf) => c.set({ mapOf })}
      />
      {mode(c) !== 'year' && (
        <label class="choice">
          <span>{c.words.t('col.year')}</span>
          <input
            type="range"
            min={c.data.years[0]}
            max={c.data.question.end_year}
            value={c.state.year}
            aria-valuetext={String(c.state.year)}
            onInput={(e) => c.set({ year: Number(e.currentTarget.value) })}
          />
          <output>{c.state.year}</output>
        </label>
      )}
    </>
  ),
  height: (_, width) => Math.max(280, Math.min(520, width * 0.75)),
  draw(c, size) {
    const root = svg('svg', {
      width: size.width,
      height: size.height,
      viewBox: `0 0 ${size.width} ${size.height}`,
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
    }) as SVGSVGElement;
    const pattern = svg('pattern', {
      id: `hatch-${c.focus.name.replace(/\W/g, '-')}`,
      width: 5,
      height: 5,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    });
    pattern.append(svg('rect', { width: 1.4, height: 5, fill: '#000', 'fill-opacity': 0.45 }));
    const defs = svg('defs', {});
    defs.append(pattern);
    root.append(defs);
    const found = places(c, size);
    for (const t of found.titles) root.append(svg('text', { x: t.x, y: t.y }, t.text));
    for (const p of found.all) {
      const v = value(c, p.index);
      const common = { cx: p.x, cy: p.y, r: p.r };
      const group = svg('g', { class: 'site' });
      group.append(
        svg('circle', {
          ...common,
          fill: yearShade(c, v.at),
          stroke: p.index === c.state.site ? '#D55E00' : '#333',
          'stroke-width': p.index === c.state.site ? 3 : 1,
          'stroke-dasharray': v.at < 0 ? '3 2' : 'none',
        }),
      );
      if (p.site.status === 'synthetic') {
        group.append(svg('circle', { ...common, fill: `url(#${pattern.id})`, stroke: 'none' }));
      }
      group.append(svg('title', {}, `${p.site.name}: ${v.text}`));
      group.addEventListener('click', () => c.set({ site: p.index }));
      root.append(group);
    }
    return { node: root };
  },
  legend(c) {
    const { words, data } = c;
    const start = data.years[0] ?? 0;
    const end = data.question.end_year;
    const bound = (k: number) => start + Math.ceil((k * (end - start + 1)) / 5);
    const classes = [0, 1, 2, 3, 4].map((k) => ({
      colour: yearShade(c, k),
      text: mode(c) !== 'year'
        ? `${20 * k}–${20 * (k + 1)} %`
        : `${bound(k)}–${Math.min(end, bound(k + 1) - 1)}`,
    }));
    return [
      ...classes,
      ...(mode(c) !== 'year' ? [] : [{ colour: '#fff', text: words.t('year.not_by', { end }) }]),
      { colour: '#ddd', text: words.t('D.hatched'), hatched: true },
    ];
  },
  table(c) {
    const at = c.data.years.indexOf(c.state.year);
    return {
      columns: [
        { head: c.words.t('D.site') },
        { head: c.words.t('D.kecamatan') },
        { head: c.words.t('D.area'), show: (v) => c.words.number(v, 2) },
        { head: c.words.t('ledger.status') },
        { head: c.words.t('D.half'), show: String },
        {
          head: c.words.t('D.left', { year: c.state.year }),
          show: (v) => c.words.number(v, 1),
        },
        {
          head: c.words.t('D.chance', { year: c.state.year }),
          show: (v) => c.words.number(v, 1),
        },
      ],
      rows: c.data.sites.map((site, s) => [
        `${site.name} (${site.id})`,
        site.kecamatan,
        site.area,
        c.words.maybe(`status.${site.status}`, site.status),
        siteYear(c.data, c.focus, s),
        left(c, s),
        siteChance(c.focus, s, at),
      ]),
    };
  },
};
