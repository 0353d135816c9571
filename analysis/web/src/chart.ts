/** What every chart gives: a finding, marks, a table, and points for the keyboard. */
import type { ComponentChildren } from 'preact';
import type { OptionData, PageData, Works } from './protocol';
import type { Simulator } from './simulator';
import type { State } from './state';
import type { Words } from './text';

export interface Context {
  data: PageData;
  state: State;
  words: Words;
  /** options in view, the first is compared with */
  options: OptionData[];
  /** the option of charts that show one */
  focus: OptionData;
  set(change: Partial<State>): void;
  /** runs the model; null in a report */
  sim: Simulator | null;
}

/** Works and barriers of one future, computed again by the simulator. */
export interface OneFuture {
  option: string;
  replicate: number;
  works: Works | null;
  /** barrier -> hectares by year */
  barriers: Record<string, (number | null)[]> | null;
}

export type Cell = string | number | null;

export interface Column {
  head: string;
  /** how a number is written in the table; CSV has plain numbers */
  show?: (value: number) => string;
}

export interface TableData {
  columns: Column[];
  rows: Cell[][];
}

/** A place for the keyboard cursor: where on the x axis, and what is read out. */
export interface CursorPoint {
  x: number;
  text: string;
  /** future that Enter picks */
  pick?: number;
}

export interface Drawing {
  node: SVGSVGElement | HTMLElement;
  /** pixels of the drawing for a value of the x axis */
  xOf?: (value: number) => number;
  yOf?: (value: number) => number;
}

export interface Size {
  width: number;
  height: number;
  /** no room for labels beside the marks */
  narrow: boolean;
  /** axes of the last drawing; held while a lever is dragged, so that marks move and scales do not */
  axes?: Axes;
  /** letters in pixels; 13 if not given */
  font?: number;
}

export interface Axes {
  held: boolean;
  x?: [number, number];
  y?: [number, number];
}

export interface Chart {
  letter: string;
  id: string;
  /** the finding, as one sentence */
  title(c: Context): string;
  /** what is asked */
  question(c: Context): string;
  /** unit, price year, definition */
  subtitle(c: Context): string;
  /** null: it can be drawn; else why not and how to get it */
  missing?(c: Context): string | null;
  /** width over height; height in pixels if above 10 */
  height?: (c: Context, width: number) => number;
  draw(c: Context, size: Size): Drawing;
  table(c: Context): TableData;
  cursor?(c: Context): CursorPoint[];
  /** the future that is drawn at this place, in pixels of the drawing */
  pick?(c: Context, at: { x: number; y: number }, made: Drawing): number | null;
  /** switches above the marks */
  controls?(c: Context): ComponentChildren;
  /** colours and what they mean, where labels beside the marks have no room */
  legend?(c: Context): { colour: string; text: string; hatched?: boolean }[];
  /** words below the marks */
  notes?(c: Context): string[];
  wide?: boolean;
}

/** One option keeps its colour, dash and marker everywhere. INTERFACE.md 8.5. The last two: a fourth
 * pinned option, and the base case beside which a simulator shows the others. */
export const optionColours = ['#000000', '#0072B2', '#D55E00', '#009E73', '#98467A', '#6B6B6B'];
export const optionDashes = ['', '7 3', '2 3', '9 3 2 3', '4 2', ''];
export const optionSymbols = ['circle', 'square', 'triangle', 'diamond', 'cross', 'ring'] as const;
export const baseLook = 5;

/** Cividis in five classes. */
export const sequence = ['#00204C', '#3C4D6E', '#7C7B78', '#BCAF6F', '#FFE945'];
/** Text that is readable on each class of the sequence. */
export const onSequence = ['#fff', '#fff', '#fff', '#000', '#000'];
export const earlierColour = '#0072B2';
export const laterColour = '#D55E00';

export function placeOf(c: Context, option: OptionData): number {
  return Math.max(0, c.options.indexOf(option));
}

/** The picked future of the option in focus, if the simulator has computed it. */
export function singleOf(c: Context): OneFuture | null {
  const one = c.sim?.single ?? null;
  return one && one.option === c.focus.name && one.replicate === c.state.future ? one : null;
}

/** Which of the colours an option has: its own with a simulator, else by its place. */
export const lookOf = (c: Context, option: OptionData): number => option.look ?? placeOf(c, option);
export const colourOf = (c: Context, option: OptionData): string =>
  optionColours[lookOf(c, option)] ?? '#000';

/** The option that sentences are about: what the levers say, or the first of a report. */
export const leadOf = (c: Context): OptionData | undefined => (c.sim ? c.focus : c.options[0]);

export function titleOf(c: Context, option: OptionData): string {
  const base = option.title[c.words.lang] || option.title.en;
  return base || option.name;
}

/** The book that a definition of zero reads. */
export function bookOf(definition: string): string {
  if (definition === 'Z2a') return 'slum_area_reported';
  return definition === 'Z2b' ? 'slum_area_decree' : 'slum_area';
}

export const definitionWords = (c: Context, code = c.state.definition): string =>
  `${c.words.maybe(`definition.${code}`, code)} (${code})`;
