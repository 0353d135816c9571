// Builds the page: one HTML file with program and styles inside, places for data left open.
// usage: node build.mjs [OUTPUT]     default: dist/page.html
import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2] ?? `${here}/dist/page.html`);

// Both languages in one table: keys are written once.
const texts = {
  name: 'texts',
  setup(it) {
    it.onResolve({ filter: /^musi:texts$/ }, () => ({ path: 'texts', namespace: 'musi' }));
    it.onLoad({ filter: /./, namespace: 'musi' }, () => {
      const [en, id] = ['en', 'id'].map((l) => JSON.parse(readFileSync(`${here}/../text/${l}.json`, 'utf8')));
      const table = Object.fromEntries(Object.keys(en).map((key) => [key, [en[key], id[key]]]));
      return { contents: JSON.stringify(table), loader: 'json' };
    });
  },
};

// Plot's own tooltips, legends and projections: this page has a cursor and labels beside the marks.
const unused = {
  name: 'unused',
  setup(it) {
    it.onResolve({ filter: /\/(tip|legends|pointer|marker|projection)\.js$/ }, (file) =>
      file.importer.includes('@observablehq') ? { path: `${here}/src/plot_unused.js` } : undefined,
    );
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/main.tsx'],
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2021',
  charset: 'utf8',
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // Plot takes projections, time scales and colour schemes of D3 along; this page has none.
  alias: { d3: './src/d3.js' },
  plugins: [unused, texts],
});
const css = await build({
  absWorkingDir: here,
  entryPoints: ['src/style.css'],
  minify: true,
  write: false,
  charset: 'utf8',
});

const program = result.outputFiles[0].text.trim().replace(/<\/script/gi, '<\\/script').replace(/<!--/g, '<\\!--');
const places = {
  '/*musi:style*/': css.outputFiles[0].text.trim(),
  '/*musi:program*/': program,
};
let page = readFileSync(`${here}/src/template.html`, 'utf8');
for (const [place, text] of Object.entries(places)) page = page.replace(place, () => text);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, page);
console.log(`${output} ${Buffer.byteLength(page)} bytes`);
