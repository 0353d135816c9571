// `musi serve` in Debian's Chromium: a real server, the real model, both languages.
// usage: node serve_test.mjs TOOLS MUSI WORK      TOOLS: folder of tests/browser/prepare
// Ends with 77 ("cannot run here") without browser or packages.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check, median, root, startBrowser, texts } from './harness.mjs';

const [tools, musi, work] = process.argv.slice(2).map((path) => resolve(path));
const { test, barriers, end } = await startBrowser(tools);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

/** Starts a server in an empty folder; the address that it prints. */
async function startServer(file, ...flags) {
  const server = spawn(musi, ['serve', file, '--no-open', '--keep', '-j', '2', ...flags], {
    cwd: work, env: { ...process.env, MUSI_LANG: 'en' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((done, failed) => {
    let text = '';
    server.stdout.on('data', (part) => {
      text += part;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?t=\w+/.exec(text);
      if (found) done(found[0]);
    });
    server.on('exit', (code) => failed(new Error(`the server ended with ${code}: ${text}`)));
  });
  return { server, address };
}
const stop = (server) => new Promise((done) => {
  server.once('exit', (code) => done(code));
  server.kill('SIGINT');
});

const small = await startServer(join(root, 'tests/scenarios/small.yaml'));
const origin = new URL(small.address).origin;
const local = new RegExp(`^(${origin.replace(/\./g, '\\.')}|blob:|data:)`);
const serveTest = (name, run, options = {}) => test(name, run, { offline: false, allowed: local, ...options });

const funding = '#lever-funding-scale_pct';
async function open(tab, fragment = '', address = small.address) {
  await tab.goto(address + fragment);
  await tab.waitForSelector('#chart-A .marks svg', { timeout: 60000 });
}
/** Waits for all futures of what the levers say. */
const settled = (tab) => tab.waitForFunction(() => {
  const ring = document.querySelector('[role=progressbar]');
  return ring && !document.querySelector('.ring button') && ring.getAttribute('aria-valuenow') === ring.getAttribute('aria-valuemax');
}, null, { timeout: 60000 });
const headline = (tab) => tab.locator('header .answer').innerText();
const presses = async (tab, lever, key, times) => {
  await tab.locator(lever).focus();
  for (let i = 0; i < times; ++i) await tab.keyboard.press(key);
};

await serveTest('the page of a server opens, hides its key and draws the base case', async (tab) => {
  await open(tab);
  check(!tab.url().includes('t='), `the key is out of the address: ${tab.url()}`);
  await settled(tab);
  check((await tab.locator('h1').innerText()).includes('Small'), 'the city is in the title');
  check((await headline(tab)).length > 20, 'an answer stands there');
  await tab.reload();
  await tab.waitForSelector('#chart-A .marks svg', { timeout: 60000 });
});

await serveTest('a page without the key says how to get one', async (tab, complaints) => {
  await tab.goto(`${origin}/`);
  await tab.waitForSelector('[role=alert]');
  check((await tab.locator('[role=alert]').innerText()).includes('musi serve'), 'what to do');
  complaints.length = 0; // browsers log each refused request
});

await serveTest('a moved lever is redrawn soon, with few futures first and all in the end', async (tab) => {
  await open(tab, '#v=1&l=en');
  await settled(tab);
  // From the movement to the first marks drawn from its preview, on this machine, shared with other work.
  const waits = await tab.evaluate(async (place) => {
    const slider = document.querySelector(place);
    const chart = document.querySelector('#chart-A .marks > div');
    const drawn = () => new Promise((done) => {
      const watcher = new MutationObserver(() => {
        watcher.disconnect();
        requestAnimationFrame(() => done(performance.now()));
      });
      watcher.observe(chart, { childList: true });
    });
    const found = [];
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    for (let i = 0; i < 7; ++i) {
      const next = drawn();
      const start = performance.now();
      value.call(slider, String(Number(slider.value) + (Number(slider.value) < Number(slider.max) ? 1 : -1) * Number(slider.step || 1)));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      found.push((await next) - start);
      await new Promise((done) => setTimeout(done, 300));
    }
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    return found;
  }, funding);
  console.log(`lever to first preview: ${Math.round(median(waits))} ms (median of ${waits.map(Math.round).join(' ')})`);
  check(median(waits) < 3000, `${Math.round(median(waits))} ms`); // 300 ms on an idle machine
  await settled(tab);
  check((await tab.locator('.ring [role=status]').innerText()) === '40 futures', 'the full answer comes after');
});

await serveTest('ten changes in a second leave one run', async (tab) => {
  await open(tab, '#v=1&l=en');
  await settled(tab);
  const ends = [];
  tab.on('response', async (response) => {
    if (!response.url().endsWith('/api/run')) return;
    const text = await response.text().catch(() => '');
    ends.push(...text.split('\n').filter((line) => line.includes('"end"')).map((line) => JSON.parse(line).status));
  });
  const asked = [];
  tab.on('request', (r) => r.url().endsWith('/api/run') && asked.push(JSON.parse(r.postData())));
  await presses(tab, funding, 'ArrowLeft', 10);
  await settled(tab);
  const value = await tab.locator(`${funding} ~ .typed`).inputValue();
  check(asked.length >= 2, `${asked.length} requests`);
  check(asked.every((r, i) => i === 0 || r.seq > asked[i - 1].seq), 'numbers of requests grow');
  await tab.waitForTimeout(300);
  check(ends.filter((status) => status === 'done').length <= 3, `ends: ${ends.join(' ')}`);
  check(String(asked[asked.length - 1].set['funding.scale_pct']) === value, 'the last run is that of the last value');
});

await serveTest('a change that is held up on its way is not overtaken by the next', async (tab) => {
  await open(tab, '#v=1&l=en');
  await settled(tab);
  const asked = [];
  tab.on('request', (r) => r.url().endsWith('/api/run') && asked.push(JSON.parse(r.postData())));
  const refused = [];
  tab.on('response', (r) => r.url().includes('/api/run') && r.status() >= 400 && refused.push(r.status()));
  let held = 0;
  await tab.route('**/api/run', async (route) => {
    if (++held === 1) await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await presses(tab, funding, 'ArrowLeft', 1);
  await tab.waitForTimeout(600);
  await presses(tab, funding, 'ArrowLeft', 1);
  await tab.waitForTimeout(100);
  await presses(tab, funding, 'ArrowLeft', 1);
  await settled(tab);
  const value = await tab.locator(`${funding} ~ .typed`).inputValue();
  check(held >= 2 && asked.length >= 2, `${asked.length} requests`);
  check(refused.length === 0, `none is refused: ${refused.join(' ')}`);
  check(String(asked[asked.length - 1].set['funding.scale_pct']) === value, 'the last run is that of the last value');
});

for (const lang of ['en', 'id']) {
  await serveTest(`no barrier is found for readers with other senses (${lang})`, async (tab) => {
    await open(tab, `#v=1&l=${lang}`);
    await tab.locator('details.more > summary').click();
    await tab.locator('details.goal > summary').click();
    await tab.locator('details.saving > summary').click();
    await settled(tab);
    for (const view of ['', '&p=present']) {
      if (view) {
        await tab.getByRole('button', { name: texts[lang]['page.present'] }).click();
        check((await barriers(tab)).length === 0, `facilitator view before the guess: ${(await barriers(tab)).join('\n')}`);
        await tab.locator('.guess input').fill('50');
        await tab.locator('.guess button').click();
        await tab.waitForSelector('figure .marks svg');
      }
      const found = await barriers(tab);
      check(found.length === 0, `${view || 'page'}: ${found.join('\n  ')}`);
    }
    const words = await tab.locator('body').innerText();
    check(!/NaN|undefined|Infinity|\{\w+\}/.test(words), 'no failed number and no open place');
  });
}

await serveTest('a change of language keeps levers, pins and what is open', async (tab) => {
  await open(tab, '#v=1&l=en');
  await presses(tab, funding, 'ArrowRight', 3);
  await settled(tab);
  await tab.getByRole('button', { name: texts.en['sim.pin'] }).click();
  await presses(tab, funding, 'ArrowRight', 2);
  await settled(tab);
  const value = await tab.locator(`${funding} ~ .typed`).inputValue();
  await tab.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  check((await tab.evaluate(() => document.documentElement.lang)) === 'id', 'the page is Indonesian');
  check((await tab.locator(`${funding} ~ .typed`).inputValue()) === value, 'the lever stays');
  check((await tab.locator('.pins').innerText()).includes('A'), 'the pinned option stays');
  const table = await tab.locator('#chart-E').innerText();
  check(table.includes(texts.id['sim.now']) && table.includes('funding.scale_pct'), 'E compares what differs');
  const address = await tab.evaluate(() => location.hash);
  check(/[#&]s=[\w-]+/.test(address) && address.includes('l=id'), `changes are in the address: ${address}`);
  // The address alone brings everything back.
  await tab.goto('about:blank');
  await open(tab, address);
  await tab.waitForFunction(([place, wanted]) => document.querySelector(`${place} ~ .typed`)?.value === wanted, [funding, value]);
  check((await tab.locator('.pins').innerText()).includes('A'), 'the pinned option is back');
});

await serveTest('levers can be undone, reset and typed; what cannot be read is said beside them', async (tab, complaints) => {
  await open(tab, '#v=1&l=en');
  const field = tab.locator(`${funding} ~ .typed`);
  await field.fill('150');
  await field.press('Enter');
  await settled(tab);
  check((await tab.locator(`output[for=${funding.slice(1)}]`).innerText()) === '150 %', 'the typed value');
  await field.fill('nonsense');
  await field.press('Enter');
  await tab.waitForSelector(`${funding}-problem`);
  check((await tab.locator(`${funding}-problem`).innerText()).length > 5, 'the problem stands beside the lever');
  await tab.getByRole('button', { name: texts.en['sim.undo'], exact: true }).click();
  check((await field.inputValue()) === '150', 'undo brings the value before back');
  check((await tab.locator(`${funding}-problem`).count()) === 0, 'and its problem is gone');
  await tab.locator(`.lever:has(${funding}) button.small`).click();
  check((await field.inputValue()) === '100', 'reset');
  complaints.length = 0; // browsers log the refused request
});

await serveTest('up to four options can be pinned and stand beside the base case', async (tab) => {
  await open(tab, '#v=1&l=en');
  for (let i = 0; i < 5; ++i) {
    await presses(tab, funding, 'ArrowRight', 1);
    await tab.waitForFunction(() => !document.querySelector('figure[aria-busy=true]'), null, { timeout: 60000 });
    const button = tab.getByRole('button', { name: texts.en['sim.pin'] });
    if (i === 4) {
      check(await button.isDisabled(), 'a fifth is refused');
      break;
    }
    await button.click();
  }
  const heads = await tab.locator('#chart-E thead th').count();
  check(heads === 1 + 1 + 4 + 1, `quantity, base, four pinned, now: ${heads} columns`);
  await tab.locator('.pins li button').nth(1).click();
  check((await tab.locator('#chart-E thead th').count()) === 6, 'a pin can be removed');
});

await serveTest('the goal button finds a value, shows its way and can be stopped', async (tab) => {
  await open(tab, '#v=1&l=en&d=Z3b');
  await settled(tab);
  await tab.locator('details.goal > summary').click();
  const start = tab.locator('.goal button[type=submit]');
  await start.click();
  await tab.waitForSelector('.goal progress');
  await tab.locator('.goal .row button', { hasText: texts.en['sim.stop'] }).click();
  await tab.waitForFunction(() => !document.querySelector('.goal progress'));
  const chance = tab.locator('.goal input[type=number]').nth(2);
  await chance.fill('5');
  await chance.press('Tab');
  const by = tab.locator('.goal input[type=number]').nth(3);
  await by.fill('2026');
  await by.press('Tab');
  await start.click();
  await tab.waitForFunction(() => document.querySelector('.goal [role=status] p'), null, { timeout: 60000 });
  check((await tab.locator('.goal .tried li').count()) > 0, 'values tried are listed');
  await tab.locator('.goal .row button').last().click();
});

await serveTest('a click on a dot shows the works and barriers of its future', async (tab) => {
  await open(tab, '#v=1&l=en');
  await settled(tab);
  await tab.locator('#chart-C').scrollIntoViewIfNeeded();
  await tab.waitForTimeout(700); // charts out of view are drawn when there is time
  await tab.locator('#chart-C .marks circle').last().click();
  const said = await tab.locator('#chart-C .said').innerText();
  const future = Number(/\d+/.exec(said)?.[0]);
  check(Number.isInteger(future), said);
  await tab.waitForFunction((n) => document.querySelector('#chart-M .subtitle')?.textContent.includes(`future ${n}`), future, { timeout: 20000 });
});

await serveTest('every key of the schema table can be found and changed', async (tab) => {
  await open(tab, '#v=1&l=en');
  await tab.locator('details.more > summary').click();
  await tab.locator('details.more input[type=search]').fill('part_gate_works_pct');
  const field = tab.locator('.more .field .typed');
  check((await field.count()) === 1, 'one field');
  await field.fill('20 to 30');
  await field.press('Enter');
  await settled(tab);
  check((await tab.locator('#chart-E').innerText()).includes('part_gate_works_pct'), 'E shows the change');
});

await serveTest('what was tried can be saved as files', async (tab) => {
  await open(tab, '#v=1&l=en');
  await presses(tab, funding, 'ArrowRight', 2);
  await settled(tab);
  await tab.locator('details.saving > summary').click();
  await tab.locator('.saving input').fill('my-study');
  for (const [key, ending] of [['save.yaml', 'yaml'], ['save.hdf5', 'h5'], ['save.html', 'html']]) {
    await tab.locator('.saving button', { hasText: texts.en[key] }).click();
    await tab.waitForFunction((e) => document.querySelector('.saving [role=status]').textContent.endsWith(`my-study.${e}`), ending, { timeout: 20000 });
    check(existsSync(join(work, `results/my-study.${ending}`)), `results/my-study.${ending} is there`);
  }
  check(readFileSync(join(work, 'results/my-study.yaml'), 'utf8').includes('funding.scale_pct'), 'the YAML names the change');
});

for (const lang of ['en', 'id']) {
  await serveTest(`a room guesses before it sees numbers (${lang})`, async (tab) => {
    await open(tab, `#v=1&l=${lang}`);
    await tab.getByRole('button', { name: texts[lang]['page.present'] }).click();
    check((await tab.locator('figure').count()) === 0, 'no chart before the guess');
    check(!/\d ?%|dari 40|of 40/.test((await tab.locator('.present').innerText()).replace(/0 %|100 %/g, '')), 'no numbers before the guess');
    await tab.locator('.guess input').fill('60');
    await tab.locator('.guess input').press('Enter');
    await tab.waitForSelector('figure .marks svg');
    check((await tab.locator('figure').count()) === 1, 'one chart');
    check((await tab.locator('.present .lever').count()) === 3, 'three levers');
    const size = await tab.locator('.present .answer').evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
    check(size >= 24, `letters of ${size} pixels`);
    check((await tab.locator('.present .answer').innerText()).includes('60'), 'the guess stands beside the answer');
  });
}

await serveTest('the page of a server fits a phone and can be used with the keyboard alone', async (tab) => {
  await tab.setViewportSize({ width: 360, height: 740 });
  await open(tab, '#v=1&l=id');
  const width = await tab.evaluate(() => document.documentElement.scrollWidth);
  check(width <= 360, `${width} pixels wide`);
  const reached = new Set();
  for (let i = 0; i < 60; ++i) {
    await tab.keyboard.press('Tab');
    const at = await tab.evaluate(() => {
      const e = document.activeElement;
      const box = e.getBoundingClientRect();
      return { id: e.id, tag: e.tagName, height: box.height, seen: box.bottom > 0 && box.top < innerHeight };
    });
    check(at.seen, `focus is in view on ${at.tag} ${at.id}`);
    check(!['BUTTON', 'SELECT', 'INPUT'].includes(at.tag) || at.height >= 20, `${at.tag} ${at.id} is ${at.height} high`);
    if (at.id) reached.add(at.id);
  }
  check(reached.has(funding.slice(1)), 'the first lever is reached');
});

const result = join(work, 'small.h5');
execFileSync(musi, ['run', join(root, 'tests/scenarios/small.yaml'), '-n', '30', '-q', '-o', result], { stdio: 'ignore' });
const opened = await startServer(result);
await serveTest('a result that is served shows all its options at once', async (tab) => {
  await open(tab, '#v=1&l=en', opened.address);
  const heads = (await tab.locator('#chart-E thead th').allTextContents()).join(' ');
  check(/current/.test(heads) && /double/.test(heads), `options of the result: ${heads}`);
  check((await tab.locator('#chart-E').innerText()).includes('funding.scale_pct'), 'E says what differs');
  check((await tab.locator('header .answer').innerText()).includes('of 30 futures') || (await tab.locator('header .answer').innerText()).includes('all 30 futures'), 'with the futures of the file');
}, { allowed: new RegExp(`^(${new URL(opened.address).origin.replace(/\./g, '\\.')}|blob:|data:)`) });
await stop(opened.server);

await serveTest('a server that ends is said', async (tab, complaints) => {
  await open(tab, '#v=1&l=en');
  await settled(tab);
  check((await stop(small.server)) === 0, 'Ctrl-C is a normal end');
  await presses(tab, funding, 'ArrowRight', 2);
  await tab.waitForSelector('.problem');
  check((await tab.locator('.problem').first().innerText()).includes('no longer answers'), 'what to do');
  complaints.length = 0;
});
if (small.server.exitCode === null) await stop(small.server);
process.exit((await end()) ? 0 : 1);
