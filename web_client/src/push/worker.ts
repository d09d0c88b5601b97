/**
 * The service worker: shows a ring while no page is open, that a decision waits, and notices to residents, and opens
 * Genba when it is pressed. It keeps nothing and answers no requests of pages. Built on its own as /push-worker.js; every push shows something, as browsers demand.
 */
import { get, post } from '../api';
import en from '../locales/en/push.json';
import ja from '../locales/ja/push.json';

declare const self: ServiceWorkerGlobalScope;

interface Message {
  kind: 'ring' | 'stop' | 'decision' | 'notice' | 'test';
  language: 'ja' | 'ja-easy' | 'en';
  id?: string;
  topic?: string;
  title?: string;
  /** How many other notices came with it. */
  more?: number;
}

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const message = event.data?.json() as Message;
  event.waitUntil(Promise.all([show(message), message.kind === 'ring' && message.id && confirm(message.id)]));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path: unknown = event.notification.data?.path;
  event.waitUntil(typeof path === 'string' ? self.clients.openWindow(path) : open());
});

function show(message: Message): Promise<void> {
  const words = (message.language === 'en' ? en : ja).notice;
  const look = {
    lang: message.language === 'en' ? 'en' : 'ja',
    icon: '/genba-192.png',
    badge: '/genba-badge.png',
  };
  switch (message.kind) {
    case 'ring': {
      const body = message.topic ? words.about.replace('{{topic}}', message.topic) : words.plain;
      const ring = { ...look, body, tag: message.id ?? 'ring', renotify: true, requireInteraction: true };
      return self.registration.showNotification(words.ring, ring);
    }
    case 'stop': {
      const over = { ...look, body: words.overText, tag: message.id ?? 'ring', silent: true };
      return self.registration.showNotification(words.over, over);
    }
    case 'decision': {
      const id = message.id ?? '';
      const waits = { ...look, body: words.decisionText, tag: id, requireInteraction: true };
      const data = { path: `/decisions/${encodeURIComponent(id)}` };
      return self.registration.showNotification(words.decision, { ...waits, data });
    }
    case 'notice': {
      const id = message.id ?? '';
      const body = message.more ? words.noticeMore.replace('{{count}}', String(message.more)) : words.plain;
      const data = { path: `/n?told=${encodeURIComponent(id)}` };
      return self.registration.showNotification(message.title ?? words.notice, {
        ...look,
        body,
        tag: id,
        data,
      });
    }
    case 'test':
      return self.registration.showNotification(words.test, { ...look, body: words.testText, tag: 'test' });
  }
}

/** Whoever waits sees that it arrived; without a session nobody is told. */
async function confirm(consultation_id: string): Promise<void> {
  try {
    await get('/me'); // brings the token that unsafe requests carry
    await post('/consultations/{consultation_id}/shown', { path: { consultation_id } });
  } catch {
    // The ring is shown all the same.
  }
}

/** The page with the ring: one that is open and not in a call, else a new one. */
async function open(): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const idle = windows.find(({ url }) => new URL(url).pathname === '/');
  if (idle) await idle.focus();
  else await self.clients.openWindow('/');
}
