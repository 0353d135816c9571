/** Charts as files: SVG, PNG at twice the size, CSV with plain numbers. */
import type { Cell, TableData } from '../chart';

const svgNames = 'http://www.w3.org/2000/svg';

export function csvOf(table: TableData): string {
  const cell = (value: Cell): string => {
    const text = value == null ? '' : String(value);
    return /[",\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const lines = [table.columns.map((c) => cell(c.head)), ...table.rows.map((r) => r.map(cell))];
  return `${lines.map((l) => l.join(',')).join('\n')}\n`;
}

/** Stands alone: white ground, title, description, and the command that made it. */
export function svgOf(
  node: SVGElement,
  words: {
    title: string;
    subtitle: string;
    command: string;
    legend: { colour: string; text: string }[];
  },
): string {
  const inner = node.cloneNode(true) as SVGElement;
  inner.querySelectorAll('.cursor').forEach((mark) => mark.remove());
  const width = Number(node.getAttribute('width')) || node.getBoundingClientRect().width;
  const height = Number(node.getAttribute('height')) || node.getBoundingClientRect().height;
  const head = 56;
  const perRow = Math.max(1, Math.floor(width / 170));
  const legendRows = Math.ceil(words.legend.length / perRow);
  const command = words.command.split('\n').flatMap((l) => wrapped(l, Math.floor(width / 4.9))).slice(0, 6);
  const foot = 12 + 11 * command.length + 18 * legendRows;
  const svg = document.createElementNS(svgNames, 'svg');
  svg.setAttribute('xmlns', svgNames);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height + head + foot));
  svg.setAttribute('viewBox', `0 0 ${width} ${height + head + foot}`);
  svg.setAttribute('font-family', 'system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif');
  const add = (parent: Element, tag: string, attributes: Record<string, string>, text = ''): void => {
    const child = document.createElementNS(svgNames, tag);
    for (const [name, value] of Object.entries(attributes)) child.setAttribute(name, value);
    child.textContent = text;
    parent.append(child);
  };
  add(svg, 'title', {}, words.title);
  add(svg, 'desc', {}, `${words.subtitle}. ${words.command}`);
  add(svg, 'rect', { width: '100%', height: '100%', fill: '#fff' });
  const perLine = Math.max(20, Math.floor(width / 8.2));
  wrapped(words.title, perLine).slice(0, 2).forEach((line, i) =>
    add(svg, 'text', { x: '8', y: String(18 + 17 * i), 'font-size': '15', 'font-weight': '600' }, line),
  );
  add(svg, 'text', { x: '8', y: '52', 'font-size': '11', fill: '#555' }, words.subtitle);
  const place = document.createElementNS(svgNames, 'g');
  place.setAttribute('transform', `translate(0 ${head})`);
  inner.setAttribute('width', String(width));
  inner.setAttribute('height', String(height));
  place.append(inner);
  svg.append(place);
  words.legend.forEach((entry, i) => {
    const x = 8 + (i % perRow) * 170;
    const y = height + head + 4 + 18 * Math.floor(i / perRow);
    add(svg, 'rect', { x: String(x), y: String(y), width: '12', height: '12', fill: entry.colour });
    add(svg, 'text', { x: String(x + 17), y: String(y + 10), 'font-size': '11' }, entry.text);
  });
  command.forEach((line, i) => {
    const y = String(height + head + foot - 7 - 11 * (command.length - 1 - i));
    add(svg, 'text', { x: '8', y, 'font-size': '9', fill: '#555' }, line);
  });
  return new XMLSerializer().serializeToString(svg);
}

export function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + word.length + 1 > letters) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) lines.push(line);
  return lines;
}

/** 1,600 pixels wide at the width of 800. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    await new Promise<void>((done, failed) => {
      image.onload = () => done();
      image.onerror = () => failed(new Error('the drawing cannot be read back'));
      image.src = address;
    });
    const canvas = document.createElement('canvas');
    const scale = Math.max(2, 1600 / image.naturalWidth);
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((done, failed) =>
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function download(name: string, content: Blob | string, type = 'text/plain'): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
