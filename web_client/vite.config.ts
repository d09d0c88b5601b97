/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { mockServer } from './mock/plugin.ts';

const SERVER = process.env.GENBA_SERVER ?? 'http://127.0.0.1:7880';

/**
 * The message files, as JSON under one folder named by what is in them all: `WORDS` says where, and which of them easy
 * Japanese has. As modules each would put its name and its hash into a list that every first page carries.
 */
function messageFiles(): Plugin {
  const folder = new URL('src/locales/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, text: JSON.stringify(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))) }));
  const easy = files.filter(({ name }) => name.startsWith('ja-easy/')).map(({ name }) => name.slice(8, -5));
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('base64url').slice(0, 8);
  const built = `assets/words-${hash}/`;
  return {
    name: 'genba-messages',
    config: (_, { command }) => ({
      define: { WORDS: { at: command === 'build' ? `/${built}` : '/src/locales/', easy } },
    }),
    generateBundle() {
      for (const { name, text } of files)
        this.emitFile({ type: 'asset', fileName: built + name, source: text });
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), messageFiles(), ...(process.env.GENBA_MOCK ? [mockServer()] : [])],
  server: {
    proxy: process.env.GENBA_MOCK
      ? {}
      : { '/api': SERVER, '/rtc': { target: SERVER, ws: true }, '/twirp': SERVER },
  },
  build: {
    manifest: true,
    sourcemap: 'hidden', // the maps are there for who looks for them; a line in every chunk that names its own costs each page a kilobyte
    assetsInlineLimit: 0, // a data: font or script would need a weaker content security policy
    chunkSizeWarningLimit: 900,
    // Every page carries the list of all chunks: their names in it cost a resident's first page a kilobyte.
    rolldownOptions: {
      output: {
        chunkFileNames: ({ name }) => `assets/${name === 'staffScreens' ? 'routes-' : ''}[hash:7].js`,
      },
    },
    // A route is fetched with all it stands on. What comes after a page's first picture is not: the lists of it cost
    // that picture more than they save what comes after.
    modulePreload: {
      resolveDependencies: (_, dependencies, { hostId }) =>
        /\/(index|routes)-/.test(hostId) ? dependencies : [],
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'screens',
          environment: 'jsdom',
          testTimeout: 30_000,
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/testingSetup.ts'],
        },
      },
    ],
  },
});
