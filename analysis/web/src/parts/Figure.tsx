/** A chart with caption, table, cursor and files. INTERFACE.md 8.2, 8.5. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Axes, Chart, Column, Context, Drawing, TableData } from '../chart';
import { commandOf } from '../commands';
import { csvOf, download, pngOf, svgOf } from './export';
import { isNearView, later, notLater } from './later';

const svgNames = 'http://www.w3.org/2000/svg';

export function shownCell(column: Column | undefined, cell: string | number | null): string {
  if (cell == null) return '–';
  if (typeof cell === 'string') return cell;
  return column?.show ? column.show(cell) : String(cell);
}

export function Table({ table, caption }: { table: TableData; caption: string }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th scope="col">{column.head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr>
              {row.map((cell, i) =>
                i === 0 ? (
                  <th scope="row">{shownCell(table.columns[i], cell)}</th>
                ) : (
                  <td class={typeof cell === 'number' ? 'number' : ''}>
                    {shownCell(table.columns[i], cell)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function useWidth(): [preact.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = ref.current;
    if (!node) return undefined;
    const measure = () => setWidth(Math.max(260, Math.floor(node.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

export function Figure(p: { chart: Chart; context: Context; large?: boolean }) {
  const { chart, context } = p;
  const { words } = context;
  const { t } = words;
  const [frame, width] = useWidth();
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const axes = useRef<Axes>({ held: false });
  const [open, setOpen] = useState<'' | 'table' | 'command'>('');
  const [cursor, setCursor] = useState(-1);
  const [said, setSaid] = useState('');

  const missing = chart.missing?.(context) ?? null;
  const title = missing ? chart.question(context) : chart.title(context);
  const subtitle = missing ? '' : chart.subtitle(context);
  const command = commandOf(context, chart);
  const name = `${context.data.files[0]?.name.replace(/\.h5$/, '') ?? 'musi'}-${chart.letter}-${chart.id}-${words.lang}`;
  const points = useMemo(
    () => (missing ? [] : (chart.cursor?.(context) ?? [])),
    [context.data, context.state, words],
  );

  useEffect(() => {
    const node = place.current;
    if (!node || width === 0 || missing) return undefined;
    const show = () => {
      const height = p.large
        ? Math.max(300, Math.min(width * 0.5, innerHeight * 0.6))
        : (chart.height?.(context, width) ?? Math.max(230, Math.min(360, width * 0.6)));
      axes.current.held = context.sim?.dragging ?? false;
      const narrow = width < (p.large ? 700 : 480);
      const font = p.large && !narrow ? 20 : undefined;
      const made = chart.draw(context, { width, height, narrow, font, axes: axes.current });
      drawing.current = made;
      made.node.setAttribute('role', 'img');
      made.node.setAttribute('aria-label', title);
      // Plot labels groups that have no role, which readers of the screen may not use.
      made.node.querySelectorAll('[aria-label]').forEach((mark) => mark.removeAttribute('aria-label'));
      node.replaceChildren(made.node);
    };
    if (isNearView(node.parentElement ?? node)) show();
    else later(node, show);
    return () => notLater(node);
  }, [context.data, context.state, words, width]);

  useEffect(() => {
    const node = drawing.current?.node;
    const at = points[cursor];
    if (!(node instanceof SVGSVGElement) || !drawing.current?.xOf || !at) return;
    const x = drawing.current.xOf(at.x);
    const line = document.createElementNS(svgNames, 'line');
    const height = node.getAttribute('height') ?? '100';
    for (const [key, value] of Object.entries({ x1: x, x2: x, y1: 16, y2: Number(height) - 24 })) {
      line.setAttribute(key, String(value));
    }
    line.setAttribute('class', 'cursor');
    node.append(line);
    return () => line.remove();
  }, [cursor, points, width, context.data, context.state]);

  const pick = (future: number | null | undefined) => {
    if (future == null) return;
    const held = context.sim !== null || (context.focus.works?.futures.includes(future) ?? false);
    setSaid(t(held ? 'figure.picked' : 'figure.not_held', { i: future }));
    context.set({ future });
  };
  const click = (event: MouseEvent) => {
    const made = drawing.current;
    if (!chart.pick || !made) return;
    const box = made.node.getBoundingClientRect();
    pick(chart.pick(context, { x: event.clientX - box.left, y: event.clientY - box.top }, made));
  };
  const move = (event: KeyboardEvent) => {
    if (points.length === 0) return;
    if (event.key === 'Enter') pick(points[cursor]?.pick);
    const last = points.length - 1;
    const to: Record<string, number> = {
      ArrowRight: Math.min(last, cursor + 1),
      ArrowLeft: Math.max(0, cursor < 0 ? last : cursor - 1),
      Home: 0,
      End: last,
      Escape: -1,
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next);
    setSaid(points[next]?.text ?? '');
  };

  const picture = (): string =>
    drawing.current?.node instanceof SVGSVGElement
      ? svgOf(drawing.current.node, {
          title,
          subtitle,
          command,
          legend: chart.legend?.(context) ?? [],
        })
      : '';
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    setSaid(t('figure.copied'));
  };

  return (
    <figure
      id={`chart-${chart.letter}`}
      class={chart.wide || p.large ? 'card wide' : 'card'}
      aria-busy={context.sim?.isStale ?? false}
    >
      <figcaption>
        <h3>
          <span class="letter" aria-hidden="true">
            {chart.letter}
          </span>{' '}
          {title}
        </h3>
        {subtitle && <p class="subtitle">{subtitle}</p>}
      </figcaption>
      {missing ? (
        <p class="missing">{missing}</p>
      ) : (
        <>
          {chart.controls && <div class="controls">{chart.controls(context)}</div>}
          <div
            ref={frame}
            class="marks"
            tabIndex={0}
            role="group"
            aria-label={`${t('figure.chart', { letter: chart.letter })}: ${chart.question(context)} ${points.length > 0 ? t('figure.keys') : ''}`}
            onKeyDown={move}
          >
            <div ref={place} class={chart.pick ? 'picks-futures' : ''} onClick={click} />
          </div>
          <p class="said" role="status" aria-live="polite">
            {said}
          </p>
          {chart.legend && (
            <ul class="legend">
              {chart.legend(context).map((entry) => (
                <li>
                  <span
                    class={entry.hatched ? 'swatch hatched' : 'swatch'}
                    style={{ backgroundColor: entry.colour }}
                  />
                  {entry.text}
                </li>
              ))}
            </ul>
          )}
          {(chart.notes?.(context) ?? []).map((note) => (
            <p class="note">{note}</p>
          ))}
          <div class="tools">
            <button
              type="button"
              aria-expanded={open === 'table'}
              onClick={() => setOpen(open === 'table' ? '' : 'table')}
            >
              {t('figure.table')}
            </button>
            <button type="button" onClick={() => void copy(`${title}. ${subtitle}`)}>
              {t('figure.sentence')}
            </button>
            <button
              type="button"
              onClick={() => download(`${name}.svg`, picture(), 'image/svg+xml')}
            >
              SVG
            </button>
            <button
              type="button"
              onClick={() => void pngOf(picture()).then((blob) => download(`${name}.png`, blob))}
            >
              PNG
            </button>
            <button
              type="button"
              onClick={() => download(`${name}.csv`, csvOf(chart.table(context)), 'text/csv')}
            >
              CSV
            </button>
            <button
              type="button"
              aria-expanded={open === 'command'}
              onClick={() => setOpen(open === 'command' ? '' : 'command')}
            >
              {t('figure.reproduce')}
            </button>
          </div>
          {open === 'table' && <Table table={chart.table(context)} caption={title} />}
          {open === 'command' && (
            <div class="command">
              <pre tabIndex={0}>{command}</pre>
              <button type="button" onClick={() => void copy(command)}>
                {t('figure.copy')}
              </button>
            </div>
          )}
        </>
      )}
    </figure>
  );
}
