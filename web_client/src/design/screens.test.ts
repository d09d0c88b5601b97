import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const screens = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.tsx') && !file.startsWith('design/') && !file.includes('.test.'),
);

test.each(screens)('%s has no styles of its own', (file) => {
  const source = readFileSync(`src/${file}`, 'utf8');

  expect(source).not.toMatch(/className=|style=\{|<style/);
});
