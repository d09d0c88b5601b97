/**
 * Prints src/types.ts from the server's schema. `--check` compares instead and fails when the file is stale;
 * `--from FILE` reads a schema that is already on disk. PYTHON names the interpreter.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = fileURLToPath(new URL('../src/types.ts', import.meta.url));
const HEADER = "/** Printed from the server's schema by `npm run types`; never edited by hand. */\n\n";

const schema = JSON.parse(readSchema());
const text = HEADER + astToString(await openapiTS(schema, { defaultNonNullable: false }));

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('src/types.ts is not what the server says now: run `npm run types` and commit the result.');
  process.exit(1);
}

function readSchema() {
  const from = process.argv.indexOf('--from');
  if (from > 0) return readFileSync(process.argv[from + 1], 'utf8');
  const venv = `${root}.venv/bin/python`;
  const python = process.env.PYTHON ?? (existsSync(venv) ? venv : 'python3');
  return execFileSync(python, ['-m', 'signaling', 'openapi'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}
