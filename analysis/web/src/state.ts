/** What the reader has chosen, and its form in the address. INTERFACE.md 8.3. */
import type { PageData } from './protocol';
import type { Lang } from './text';

export type View = 'full' | 'brief' | 'present';

export interface State {
  lang: Lang;
  view: View;
  /** rows of data.options in view, the first is the one that others are compared with */
  options: number[];
  /** option of the charts that show one */
  focus: number;
  definition: string;
  year: number;
  chart: string;
  /** a single future, by number; null: none picked */
  future: number | null;
  /** which book of area B shows; empty: the one of the definition */
  area: string;
  stage: string;
  site: number;
  /** colours of the map: left, year or chance; empty: year, or left where no site gets there */
  mapOf: string;
  /** indicator of carrying out */
  measure: string;
  /** lines or map */
  frontier: string;
  /** futures of a hundred that a room has guessed; null: no numbers are shown to it yet */
  guess: number | null;
}

export const mostShown = 4;
/** Longer addresses are cut by mail programs and chats. */
export const longestAddress = 2000;

export function firstState(data: PageData): State {
  const shown = data.shown.slice(0, mostShown);
  return {
    lang: data.first_language ?? 'en',
    view: data.brief ? 'brief' : 'full',
    options: shown,
    focus: shown[0] ?? 0,
    definition: data.question.definition,
    year: data.question.headline_year,
    chart: '',
    future: null,
    area: '',
    stage: 'paid',
    site: 0,
    mapOf: '',
    measure: '',
    frontier: 'lines',
    guess: null,
  };
}

/** Only what differs from the start, so that addresses stay short. `changes`: of a simulator, which
 * names its options itself. */
export function toFragment(state: State, data: PageData, changes: string | null): string {
  const first = firstState(data);
  const parts = ['v=1', `l=${state.lang}`];
  const names = state.options.map((i) => encodeURIComponent(data.options[i]?.name ?? ''));
  if (changes === null && state.options.join() !== first.options.join()) parts.push(`o=${names.join(',')}`);
  if (changes === null && state.focus !== first.focus) {
    parts.push(`f=${encodeURIComponent(data.options[state.focus]?.name ?? '')}`);
  }
  if (state.definition !== first.definition) parts.push(`d=${state.definition}`);
  if (state.year !== first.year) parts.push(`y=${state.year}`);
  if (state.view !== 'full') parts.push(`p=${state.view}`);
  if (state.chart) parts.push(`c=${state.chart}`);
  if (state.future != null) parts.push(`n=${state.future}`);
  if (changes) parts.push(`s=${changes}`);
  return `#${parts.join('&')}`;
}

export interface Reading {
  state: State;
  /** of the scenario, for a page with a simulator */
  changes: string;
  /** something in the address could not be used */
  damaged: boolean;
}

export function fromFragment(fragment: string, data: PageData): Reading {
  const state = firstState(data);
  const text = fragment.replace(/^#/, '');
  if (!text) return { state, changes: '', damaged: false };
  let damaged = text.length > longestAddress;
  let changes = '';
  const index = (name: string): number => {
    let plain = '';
    try {
      plain = decodeURIComponent(name);
    } catch {
      damaged = true;
    }
    const at = data.options.findIndex((o) => o.name === plain);
    if (at < 0) damaged = true;
    return at;
  };
  for (const part of damaged ? [] : text.split('&')) {
    const [key, ...rest] = part.split('=');
    const value = rest.join('=');
    switch (key) {
      case 'v':
        if (value !== '1') damaged = true;
        break;
      case 'l':
        if ((value === 'en' || value === 'id') && allows(data, value)) state.lang = value;
        else damaged = true;
        break;
      case 'o': {
        const found = value.split(',').map(index).filter((i) => i >= 0);
        if (found.length > 0) state.options = found.slice(0, mostShown);
        if (!state.options.includes(state.focus)) state.focus = state.options[0] ?? 0;
        break;
      }
      case 'f': {
        const at = index(value);
        if (at >= 0) state.focus = at;
        break;
      }
      case 'd':
        if (data.definitions.includes(value)) state.definition = value;
        else damaged = true;
        break;
      case 'y':
        if (data.years.includes(Number(value))) state.year = Number(value);
        else damaged = true;
        break;
      case 'p':
        if (value === 'brief' || value === 'present') state.view = value;
        else damaged = true;
        break;
      case 'c':
        if (/^[A-Q]$/.test(value)) state.chart = value;
        else damaged = true;
        break;
      case 'n':
        if (/^\d{1,7}$/.test(value)) state.future = Number(value);
        else damaged = true;
        break;
      case 's':
        changes = value;
        break;
      default:
        damaged = true;
    }
  }
  return { state, changes, damaged };
}

const pumped = async (bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());

/** Deflated base64url. */
export async function packed(value: unknown): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const bytes = await pumped(text, new CompressionStream('deflate-raw'));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Undefined: no value can be read from it. */
export async function unpacked(text: string): Promise<unknown> {
  try {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    const bytes = Uint8Array.from(plain, (c) => c.charCodeAt(0));
    const whole = await pumped(bytes, new DecompressionStream('deflate-raw'));
    return JSON.parse(new TextDecoder().decode(whole));
  } catch {
    return undefined;
  }
}

export function allows(data: PageData, lang: Lang): boolean {
  return !data.languages || data.languages === 'both' || data.languages === lang;
}
