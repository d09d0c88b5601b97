/// <reference types="vitest/config" />
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { mockServer } from './mock/plugin.ts';

const SERVER = process.env.GENBA_SERVER ?? 'http://127.0.0.1:7880';

export default defineConfig({
  plugins: [react(), tailwindcss(), ...(process.env.GENBA_MOCK ? [mockServer()] : [])],
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
