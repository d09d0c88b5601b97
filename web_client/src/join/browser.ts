/** Which browser shows the page, as far as permission dialogs and settings differ between them. Pure. */

export type System = 'ios' | 'android' | 'desktop';
export type Program = 'safari' | 'chrome' | 'edge' | 'firefox' | 'samsung' | 'line' | 'in_app' | 'other';

export interface Browser {
  readonly system: System;
  readonly program: Program;
}

/** The two facts of `navigator` that identify a browser; touch points unmask an iPad that calls itself a Mac. */
export interface BrowserFacts {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
}

const IN_APP = /FBAN|FBAV|FB_IAB|Instagram|MicroMessenger|YJApp|Twitter|GSA\/|; wv\)/;

function systemOf({ userAgent, maxTouchPoints }: BrowserFacts): System {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Macintosh/.test(userAgent) && maxTouchPoints > 1) return 'ios';
  return 'desktop';
}

function programOf(userAgent: string): Program {
  if (/\bLine\//.test(userAgent)) return 'line';
  if (IN_APP.test(userAgent)) return 'in_app';
  if (/SamsungBrowser/.test(userAgent)) return 'samsung';
  if (/Edg(e|A|iOS)?\//.test(userAgent)) return 'edge';
  if (/Firefox|FxiOS/.test(userAgent)) return 'firefox';
  if (/Chrome|CriOS|Chromium/.test(userAgent)) return 'chrome';
  if (/Safari/.test(userAgent)) return 'safari';
  return 'other';
}

/** Names the browser from its user agent. */
export function identifyBrowser(facts: BrowserFacts): Browser {
  return { system: systemOf(facts), program: programOf(facts.userAgent) };
}

/** True inside another application's web view, where the camera often cannot be used at all. */
export function isInsideApp(browser: Browser): boolean {
  return browser.program === 'line' || browser.program === 'in_app';
}

export type FixGuide =
  | 'ios_safari'
  | 'ios_other'
  | 'android_chrome'
  | 'android_other'
  | 'in_app'
  | 'desktop_chrome'
  | 'desktop_safari'
  | 'desktop_firefox';

/** Which three steps give a refused permission back in this browser; each guide is a group of messages. */
export function guideFor(browser: Browser): FixGuide {
  if (isInsideApp(browser)) return 'in_app';
  if (browser.system === 'ios') return browser.program === 'safari' ? 'ios_safari' : 'ios_other';
  if (browser.system === 'android') return browser.program === 'chrome' ? 'android_chrome' : 'android_other';
  if (browser.program === 'firefox') return 'desktop_firefox';
  return browser.program === 'safari' ? 'desktop_safari' : 'desktop_chrome';
}

/** How the system draws the permission question: sheet with two columns, list of choices, or bubble at the address. */
export type DialogShape = 'ios' | 'android' | 'desktop';

export function dialogShape(browser: Browser): DialogShape {
  return browser.system;
}

/**
 * The address that leaves a web view for the real browser, where one exists: LINE reads
 * `openExternalBrowser=1`; Android web views follow an `intent:` address; elsewhere the person must use the menu.
 */
export function externalAddress(browser: Browser, address: string): string | null {
  if (browser.program === 'line') {
    const url = new URL(address);
    url.searchParams.set('openExternalBrowser', '1');
    return url.toString();
  }
  if (browser.program === 'in_app' && browser.system === 'android') {
    const url = new URL(address);
    const scheme = url.protocol.replace(':', '');
    return `intent://${url.host}${url.pathname}${url.search}#Intent;scheme=${scheme};end`;
  }
  return null;
}
