/** What a browser can do for notifications, and what it is called. */
import { describe, expect, it } from 'vitest';
import { type Browser, labelOf, stateOf } from './device';

const CHROME = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36';
const EDGE = 'Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0';
const IPAD = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.0 Safari/605.1';
const able: Browser = {
  userAgent: CHROME,
  touchPoints: 5,
  canPush: true,
  isSecure: true,
  permission: 'default',
};

describe('a device for notifications', () => {
  it.each([
    ['on', { ...able, permission: 'granted' as const }, true],
    ['off', { ...able, permission: 'granted' as const }, false],
    ['off', able, false],
    ['blocked', { ...able, permission: 'denied' as const }, true],
    ['unsupported', { ...able, canPush: false }, false],
    ['unsupported', { ...able, isSecure: false }, false],
    ['home-screen', { ...able, userAgent: IPAD, canPush: false }, false],
    ['unsupported', { ...able, userAgent: IPAD, touchPoints: 0, canPush: false }, false],
  ])('is %s', (state, browser, isSubscribed) => {
    expect(stateOf(browser, isSubscribed)).toBe(state);
  });

  it.each([
    [CHROME, 'Chrome, Android'],
    [EDGE, 'Edge, Windows'],
    [IPAD, 'Safari, Mac'],
    ['', ''],
  ])('is called by its browser and system', (userAgent, label) => {
    expect(labelOf(userAgent)).toBe(label);
  });
});
