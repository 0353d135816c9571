// What the tests of the page share: a browser without a window, one page a test, complaints of the console.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, '../..');
export const texts = Object.fromEntries(
  ['en', 'id'].map((l) => [l, JSON.parse(readFileSync(join(root, `analysis/text/${l}.json`), 'utf8'))]),
);
export const check = (condition, claim) => {
  if (!condition) throw new Error(claim);
};
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Ends the program with 77 ("cannot run here") without browser or packages. */
export async function startBrowser(tools) {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  const playwright = join(tools, 'web/node_modules/playwright-core/index.mjs');
  if (!path || !existsSync(playwright)) {
    console.error('no Chromium or no packages here');
    process.exit(77);
  }
  const { chromium } = await import(pathToFileURL(playwright).href);
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--font-render-hinting=none'] });
  const axe = readFileSync(join(tools, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
  const counts = { passed: 0, failed: 0 };

  /** `allowed`: addresses that a page may ask for. */
  async function test(name, run, options = {}) {
    const { allowed = /^(file|blob|data):/, ...others } = options;
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 }, acceptDownloads: true, offline: true, reducedMotion: 'reduce', ...others,
    });
    const tab = await context.newPage();
    const complaints = [];
    tab.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(m.text()));
    tab.on('pageerror', (e) => complaints.push(e.message));
    tab.on('request', (r) => allowed.test(r.url()) || complaints.push(`asks for ${r.url()}`));
    try {
      await run(tab, complaints);
      check(complaints.length === 0, `the console says: ${complaints.slice(0, 3).join(' | ')}`);
      ++counts.passed;
    } catch (error) {
      ++counts.failed;
      console.error(`FAILED: ${name}\n  ${String(error.message).split('\n').slice(0, 6).join('\n  ')}`);
    } finally {
      await context.close();
    }
  }

  /** What axe-core finds, as lines. */
  async function barriers(tab) {
    await tab.evaluate(axe);
    return tab.evaluate(async () => {
      const answer = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return answer.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 140)}`);
    });
  }

  async function end() {
    await browser.close();
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed === 0;
  }
  return { browser, path, test, barriers, end };
}
