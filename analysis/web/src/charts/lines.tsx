/** Charts of several series by year of one option: N, O, P, Q share their marks. */
import * as Plot from '@observablehq/plot';
import type { Column, Context, Drawing, Size, TableData } from '../chart';
import { draw, labelMarks, numberAxis, roomFor, shorten, spread, yearAxis } from '../plot';

export interface Line {
  name: string;
  colour: string;
  dash?: string;
  values: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
}

export const lineColours = ['#0072B2', '#D55E00', '#009E73', '#98467A', '#000000', '#8A5F00', '#1D6F9F', '#5F5F5F'];
export const lineDashes = ['', '7 3', '2 3', '9 3 2 3', '4 2', '1 2', '6 2 1 2', '3 3'];

export function drawLines(
  c: Context,
  size: Size,
  lines: Line[],
  axis: string,
  options: { top?: number; bottom?: number; step?: boolean; years?: number[] } = {},
): Drawing {
  const years = options.years ?? c.data.years;
  const top =
    options.top ??
    Math.max(1e-9, ...lines.flatMap((l) => [...l.values, ...(l.high ?? [])]).map((v) => v ?? 0)) * 1.04;
  const marks: Plot.Markish[] = [];
  for (const line of lines) {
    const points = years.map((year, i) => ({
      year,
      v: line.values[i] ?? NaN,
      low: line.low?.[i] ?? NaN,
      high: line.high?.[i] ?? NaN,
    }));
    if (line.low && line.high) {
      marks.push(
        Plot.areaY(points, { x: 'year', y1: 'low', y2: 'high', fill: line.colour, fillOpacity: 0.1 }),
      );
    }
    marks.push(
      Plot.lineY(points, {
        x: 'year',
        y: 'v',
        stroke: line.colour,
        strokeWidth: 2,
        strokeDasharray: line.dash || undefined,
        curve: options.step ? 'step-after' : 'linear',
      }),
    );
  }
  const lastOf = (values: (number | null)[]): number =>
    [...values].reverse().find((v) => v != null) ?? 0;
  const labels = lines.map((line) => ({
    x: years[years.length - 1] ?? 0,
    y: lastOf(line.values),
    text: shorten(line.name, size.narrow ? 11 : 24),
    colour: line.colour,
  }));
  return draw(size, {
    marginRight: roomFor(labels.map((l) => l.text), size),
    x: yearAxis(c, size),
    y: { ...numberAxis(c, axis), domain: [options.bottom ?? 0, top] },
    marks: [
      ...marks,
      ...labelMarks(spread(labels, top * (16 / Math.max(60, size.height - 60)), top)),
    ],
  });
}

export function tableOfLines(
  c: Context,
  lines: Line[],
  show: Column['show'],
  years: number[] = c.data.years,
): TableData {
  return {
    columns: [
      { head: c.words.t('col.year'), show: String },
      ...lines.flatMap((l) => [
        { head: l.name, show },
        ...(l.low ? [{ head: `${l.name}, 5 %`, show }, { head: `${l.name}, 95 %`, show }] : []),
      ]),
    ],
    rows: years.map((year, i) => [
      year,
      ...lines.flatMap((l) => [
        l.values[i] ?? null,
        ...(l.low ? [l.low[i] ?? null, l.high?.[i] ?? null] : []),
      ]),
    ]),
  };
}

export const cursorOfLines = (c: Context, lines: Line[], show: (v: number | null) => string) =>
  c.data.years.map((year, i) => ({
    x: year,
    text: `${year}: ${lines.map((l) => `${l.name} ${show(l.values[i] ?? null)}`).join('; ')}`,
  }));
