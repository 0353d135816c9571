/**
 * Every chart as files, for `musi report --figures`: it opens the report in a browser without a
 * window and reads what this leaves in the page.
 */
import type { Context } from '../chart';
import { charts } from '../charts';
import { commandOf } from '../commands';
import type { PageData } from '../protocol';
import { firstState } from '../state';
import type { Lang } from '../text';
import { wordsOf } from '../text';
import { csvOf, pngOf, svgOf } from './export';

interface FigureFile {
  /** behind the name of the result: "A-chance-en.svg" */
  name: string;
  /** text, or base64 for png */
  content: string;
}

export function contextOf(data: PageData, lang: Lang): Context {
  const state = { ...firstState(data), lang };
  const options = state.options.map((i) => data.options[i]).filter((o) => o != null);
  const focus = options[0];
  if (!focus) throw new Error('no option');
  return { data, state, words: wordsOf(lang), options, focus, set: () => undefined, sim: null };
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

async function filesOf(c: Context, formats: string[]): Promise<FigureFile[]> {
  const files: FigureFile[] = [];
  const width = 800;
  for (const chart of charts) {
    if (chart.missing?.(c)) continue;
    const name = `${chart.letter}-${chart.id}-${c.words.lang}`;
    if (formats.includes('csv')) files.push({ name: `${name}.csv`, content: csvOf(chart.table(c)) });
    if (!formats.includes('svg') && !formats.includes('png')) continue;
    const size = { width, height: chart.height?.(c, width) ?? 420, narrow: false };
    const { node } = chart.draw(c, size);
    if (!(node instanceof SVGSVGElement)) continue;
    const svg = svgOf(node, {
      title: chart.title(c),
      subtitle: chart.subtitle(c),
      command: commandOf(c, chart),
      legend: chart.legend?.(c) ?? [],
    });
    if (formats.includes('svg')) files.push({ name: `${name}.svg`, content: svg });
    if (formats.includes('png')) {
      files.push({ name: `${name}.png`, content: await base64(await pngOf(svg)) });
    }
  }
  return files;
}

/** `#figures=svg,csv&l=id`: formats and language; null for the address of a reader. */
export function wantedFigures(fragment: string): { formats: string[]; lang: Lang } | null {
  const found = /^#figures=([a-z,]+)&l=(en|id)$/.exec(fragment);
  return found ? { formats: (found[1] ?? '').split(','), lang: found[2] as Lang } : null;
}

export async function leaveFigures(
  data: PageData,
  wanted: { formats: string[]; lang: Lang },
): Promise<void> {
  const place = document.createElement('pre');
  place.id = 'musi-figures';
  try {
    place.textContent = JSON.stringify(await filesOf(contextOf(data, wanted.lang), wanted.formats));
  } catch (error) {
    place.textContent = JSON.stringify({ error: String(error) });
  }
  document.body.replaceChildren(place);
}
