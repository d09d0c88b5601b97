import { describe, expect, test } from 'vitest';

import { externalAddress, guideFor, identifyBrowser, isInsideApp } from './browser';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const PIXEL = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

describe('the browser decides which steps are shown', () => {
  test.each([
    [`${IPHONE} Version/18.1 Mobile/15E148 Safari/604.1`, 5, 'ios', 'safari', 'ios_safari'],
    [`${IPHONE} CriOS/130.0 Mobile/15E148 Safari/604.1`, 5, 'ios', 'chrome', 'ios_other'],
    [`${IPHONE} Mobile/15E148 Safari Line/14.19.0`, 5, 'ios', 'line', 'in_app'],
    [`${IPHONE} Mobile/15E148 Instagram 350.0`, 5, 'ios', 'in_app', 'in_app'],
    [`${MAC} Version/18.1 Safari/605.1.15`, 5, 'ios', 'safari', 'ios_safari'],
    [`${MAC} Version/18.1 Safari/605.1.15`, 0, 'desktop', 'safari', 'desktop_safari'],
    [`${PIXEL} Chrome/130.0.0.0 Mobile Safari/537.36`, 5, 'android', 'chrome', 'android_chrome'],
    [
      `${PIXEL} SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36`,
      5,
      'android',
      'samsung',
      'android_other',
    ],
    [
      `${PIXEL} Version/4.0 Chrome/130.0 Mobile Safari/537.36 Line/14.19.0/IAB`,
      5,
      'android',
      'line',
      'in_app',
    ],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) Chrome/130.0', 5, 'android', 'in_app', 'in_app'],
    [`${WINDOWS} Chrome/130.0.0.0 Safari/537.36`, 0, 'desktop', 'chrome', 'desktop_chrome'],
    [`${WINDOWS} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`, 0, 'desktop', 'edge', 'desktop_chrome'],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
      0,
      'desktop',
      'firefox',
      'desktop_firefox',
    ],
    ['', 0, 'desktop', 'other', 'desktop_chrome'],
  ])('%s (%i touch points) is %s %s', (userAgent, maxTouchPoints, system, program, guide) => {
    const browser = identifyBrowser({ userAgent, maxTouchPoints });

    expect(browser).toEqual({ system, program });
    expect(guideFor(browser)).toBe(guide);
    expect(isInsideApp(browser)).toBe(guide === 'in_app');
  });
});

describe('the way out of a web view', () => {
  const link = 'https://genba.example/j/abc';

  test.each([
    [{ system: 'ios', program: 'line' }, 'https://genba.example/j/abc?openExternalBrowser=1'],
    [{ system: 'android', program: 'in_app' }, 'intent://genba.example/j/abc#Intent;scheme=https;end'],
    [{ system: 'ios', program: 'in_app' }, null],
    [{ system: 'desktop', program: 'chrome' }, null],
  ] as const)('from %j leads to %s', (browser, expected) => {
    expect(externalAddress(browser, link)).toBe(expected);
  });
});
