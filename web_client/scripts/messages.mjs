/** Every message exists in Japanese and in English, with the same parameters. Easy Japanese is free. */
import { readdirSync, readFileSync } from 'node:fs';

const at = new URL('../src/locales/', import.meta.url);
const problems = [];

for (const file of new Set([...list('ja'), ...list('en')])) {
  const ja = read('ja', file);
  const en = read('en', file);
  for (const key of new Set([...ja.keys(), ...en.keys()])) {
    if (!ja.has(key) && !isPlural(key, ja)) problems.push(`ja/${file}: ${key} is missing`);
    else if (!en.has(key) && !isPlural(key, en)) problems.push(`en/${file}: ${key} is missing`);
    else if (ja.has(key) && en.has(key) && parameters(ja.get(key)) !== parameters(en.get(key)))
      problems.push(`${file}: ${key} has other parameters in Japanese than in English`);
  }
}
problems.push(...unknownKeys());

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

/** English has count_one and count_other where Japanese has count_other or one plain form. */
function isPlural(key, other) {
  const stem = key.replace(/_(one|other)$/, '');
  return other.has(stem) || other.has(`${stem}_other`) || other.has(`${stem}_one`);
}

function parameters(message) {
  return [...message.matchAll(/\{\{\s*(\w+)/g)]
    .map((match) => match[1])
    .sort()
    .join();
}

/** Keys written out in a source file that no message file of the namespaces it names has. */
function unknownKeys() {
  const found = [];
  for (const file of readdirSync(new URL('../src/', import.meta.url), { recursive: true })) {
    if (!/\.tsx?$/.test(file) || /\.test\./.test(file)) continue;
    const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
    const spaces = [...source.matchAll(/useTranslation\(\[?'([\w-]+)'(?:, '([\w-]+)')?/g)].flatMap((match) =>
      match.slice(1).filter(Boolean),
    );
    if (spaces.length === 0) continue;
    for (const [, key] of source.matchAll(/\bt\(\s*'([\w.:-]+)'/g)) {
      const [space, name] = key.includes(':') ? key.split(':') : ['', key];
      const places = space ? [space] : spaces;
      if (
        !places.some(
          (place) => read('ja', `${place}.json`).has(name) || isPlural(name, read('ja', `${place}.json`)),
        )
      )
        found.push(`src/${file}: no message ${key}`);
    }
  }
  return found;
}

function list(language) {
  try {
    return readdirSync(new URL(`${language}/`, at));
  } catch {
    return [];
  }
}

function read(language, file) {
  try {
    return new Map(flatten(JSON.parse(readFileSync(new URL(`${language}/${file}`, at), 'utf8'))));
  } catch (error) {
    if (error.code === 'ENOENT') return new Map();
    throw error;
  }
}

function flatten(tree, prefix = '') {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
}
