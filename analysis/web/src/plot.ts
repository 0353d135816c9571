/** Observable Plot with the manners of this page: fonts, axes, labels. */
import * as Plot from '@observablehq/plot';
import type { Context, Drawing, Size } from './chart';
import { colourOf, lookOf, optionDashes, titleOf } from './chart';
import type { OptionData } from './protocol';

const font = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

/** Years without thousands separators, fewer of them on narrow screens. */
export function yearAxis(c: Context, size: Size): Plot.ScaleOptions {
  const years = c.data.years;
  const step = size.width < 420 ? 10 : 5;
  return {
    domain: [years[0] ?? 0, years[years.length - 1] ?? 1],
    ticks: years.filter((y) => y % step === 0),
    tickFormat: (y: number) => String(y),
    label: null,
  } as Plot.ScaleOptions;
}

export function numberAxis(c: Context, label: string): Plot.ScaleOptions {
  return {
    tickFormat: (v: number) => c.words.short(v),
    label,
    labelArrow: 'none',
    grid: true,
  } as Plot.ScaleOptions;
}

/** The domain of a drawing, wide enough for the last one too while a lever is dragged. */
function held(size: Size, name: 'x' | 'y', scale: Plot.ScaleOptions | undefined): Plot.ScaleOptions | undefined {
  const domain = scale?.domain as unknown[] | undefined;
  const [low, high] = domain ?? [];
  if (!size.axes || domain?.length !== 2 || typeof low !== 'number' || typeof high !== 'number') {
    return scale;
  }
  const last = size.axes[name];
  const kept: [number, number] =
    size.axes.held && last ? [Math.min(low, last[0]), Math.max(high, last[1])] : [low, high];
  size.axes[name] = kept;
  return { ...scale, domain: kept };
}

export function draw(size: Size, wanted: Plot.PlotOptions): Drawing {
  const options = {
    ...wanted,
    x: held(size, 'x', wanted.x as Plot.ScaleOptions),
    y: held(size, 'y', wanted.y as Plot.ScaleOptions),
  };
  const letters = size.font ?? 13;
  const part = letters / 13;
  const node = Plot.plot({
    width: size.width,
    height: size.height,
    marginTop: 24 * part,
    marginLeft: 60 * part,
    marginBottom: part * ((options.x as { label?: string | null } | undefined)?.label ? 46 : 28),
    style: { fontFamily: font, fontSize: `${letters}px`, background: 'transparent', overflow: 'visible' },
    ...options,
  });
  const place = (name: 'x' | 'y') => {
    const scale = node.scale(name);
    return scale ? (value: number) => Number(scale.apply(value)) : undefined;
  };
  return { node: node as unknown as SVGSVGElement, xOf: place('x'), yOf: place('y') };
}

export interface Label {
  x: number;
  y: number;
  text: string;
  colour: string;
}

/** Pushes labels apart that would cover each other. `gap`: in units of the y axis. */
export function spread(labels: Label[], gap: number, top: number, bottom = 0): Label[] {
  const sorted = labels.map((l) => ({ ...l })).sort((a, b) => a.y - b.y);
  let floor = bottom;
  for (const label of sorted) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  let ceiling = top;
  for (const label of [...sorted].reverse()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - gap;
  }
  return sorted;
}

export const labelMarks = (labels: Label[], dx = 6): Plot.Markish[] =>
  labels.map((l) =>
    Plot.text([l], {
      x: 'x',
      y: 'y',
      text: 'text',
      fill: l.colour,
      stroke: '#fff',
      strokeWidth: 4,
      paintOrder: 'stroke',
      textAnchor: 'start',
      dx,
      fontWeight: 600,
      lineAnchor: 'middle',
    }),
  );

/** Pixels beside the marks that the longest label needs. */
export const roomFor = (labels: string[], size: Size): number =>
  Math.min(
    size.width * 0.42,
    14 + ((size.font ?? 13) / 13) * 8.1 * Math.max(4, ...labels.flatMap((l) => l.split('\n')).map((l) => l.length)),
  );

export interface OptionLine {
  option: OptionData;
  colour: string;
  dash: string;
  title: string;
}

export function optionLines(c: Context): OptionLine[] {
  return c.options.map((option) => ({
    option,
    colour: colourOf(c, option),
    dash: optionDashes[lookOf(c, option)] ?? '',
    title: titleOf(c, option),
  }));
}

export const shorten = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
