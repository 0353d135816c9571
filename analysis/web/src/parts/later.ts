/** Drawing what is out of view when the browser has time, so that what is in view answers at once. */

const queue = new Map<object, () => void>();
let waiting = false;

const idle = (run: () => void): void => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run, { timeout: 250 });
  else setTimeout(run, 16);
};

function one(): void {
  waiting = false;
  const next = queue.entries().next().value;
  if (next) {
    queue.delete(next[0]);
    next[1]();
  }
  if (queue.size > 0) wait();
  else document.documentElement.dataset.ready = 'yes';
}

function wait(): void {
  if (waiting) return;
  waiting = true;
  idle(one);
}

/** Calls `draw` soon, in place of a call for the same owner that is still to come. */
export function later(owner: object, draw: () => void): void {
  queue.set(owner, draw);
  wait();
}

export function notLater(owner: object): void {
  queue.delete(owner);
}

export function isNearView(node: Element): boolean {
  const box = node.getBoundingClientRect();
  return box.bottom > -100 && box.top < innerHeight + 100;
}

addEventListener('beforeprint', () => {
  for (const draw of [...queue.values()]) draw();
  queue.clear();
});
