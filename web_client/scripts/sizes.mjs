/**
 * What a page weighs before it can be used, gzipped, counted from Vite's manifest: the document, every script the
 * entry and the screen import, their styles, and the words of one language. A call also needs what its screen fetches
 * itself (livekit-client). Budgets: design.md section 8.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const words = readdirSync(new URL('assets/', dist)).find((name) => name.startsWith('words-'));
const KB = 1000;

const pages = [
  {
    name: 'resident landing /j/:code, everything',
    screen: 'src/join/JoinRoute.tsx',
    words: 'join',
    budget: 150 * KB,
  },
  {
    name: 'connection check /check, everything',
    screen: 'src/check/CheckRoute.tsx',
    words: 'check',
    budget: 150 * KB,
  },
  {
    name: 'call page /calls/:id, scripts and words',
    screen: 'src/call/CallRoute.tsx',
    words: 'call',
    behind: ['src/staffScreens.ts'],
    budget: 300 * KB,
    only: /\.js(on)?$/,
  },
];

let over = false;
for (const page of pages) {
  const files = reach(['index.html', page.screen, ...(page.behind ?? [])]);
  for (const feature of ['app', page.words]) files.add(`assets/${words}/ja/${feature}.json`);
  if (!page.only) files.add('index.html');
  const counted = [...files].filter((file) => !page.only || page.only.test(file));
  const bytes = counted.reduce(
    (sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length,
    0,
  );
  const verdict = bytes > page.budget ? 'OVER' : 'ok';
  over ||= bytes > page.budget;
  console.log(
    `${verdict.padEnd(5)}${page.name}: ${(bytes / KB).toFixed(1)} of ${page.budget / KB} kB gzipped`,
  );
  if (!page.only && counted.some((file) => holdsLiveKit(file))) {
    console.log(`OVER ${page.name} carries livekit-client in its first files`);
    over = true;
  }
}
if (over) process.exit(1);

/** Files a chunk needs, following static imports only. */
function reach(keys) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`no chunk ${key} in the manifest`);
    files.add(chunk.file);
    for (const file of chunk.css ?? []) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  keys.forEach(visit);
  return files;
}

function holdsLiveKit(file) {
  return file.endsWith('.js') && readFileSync(new URL(file, dist), 'utf8').includes('livekit_client');
}
