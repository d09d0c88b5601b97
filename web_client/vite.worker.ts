/** Builds the service worker beside the pages: one plain script under a fixed name, which may control the whole site. */
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  build: {
    emptyOutDir: false,
    lib: {
      entry: 'src/push/worker.ts',
      formats: ['iife'],
      name: 'pushWorker',
      fileName: () => 'push-worker.js',
    },
  },
});
