/** Before and after each test of a component: Japanese words, an empty page, no stubs left over. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { i18n, type Reader, startWords } from './i18n';

configure({ asyncUtilTimeout: 10_000 }); // screens are fetched lazily, and the machine may be busy

class SilentEventSource extends EventTarget {
  static readonly CLOSED = 2;
  readonly readyState = 0;
  close(): void {}
}

const files = import.meta.glob<object>('./locales/*/*.json', { import: 'default' });
const fromSource: Reader = async (language, feature) =>
  (await files[`./locales/${language}/${feature}.json`]?.()) ?? {};

beforeAll(async () => {
  await startWords('ja', [], fromSource);
  await i18n.loadNamespaces(['sign-in', 'home', 'errors']);
});
beforeEach(() => {
  vi.stubGlobal('EventSource', SilentEventSource);
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllGlobals();
});
