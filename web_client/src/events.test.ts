/** The event stream as a page uses it: what it asks for again, and what it says when it comes back. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventName, openEvents, type StreamState } from './events';

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 1;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    Source.opened.push(this);
  }

  say(name: string, lastEventId = ''): void {
    this.dispatchEvent(Object.assign(new Event(name), { lastEventId }));
  }

  refuse(): void {
    this.readyState = Source.CLOSED;
    this.dispatchEvent(new Event('error'));
  }

  close(): void {}
}

beforeEach(() => {
  Source.opened = [];
  vi.stubGlobal('EventSource', Source);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open() {
  const names: EventName[] = [];
  const states: StreamState[] = [];
  const close = openEvents(
    (name) => names.push(name),
    (state) => states.push(state),
  );
  return { names, states, close };
}

function last(): Source {
  const source = Source.opened.at(-1);
  if (!source) throw new Error('nothing was opened');
  return source;
}

describe('the event stream', () => {
  it('says what it saw last when it has to open anew', () => {
    const { names, close } = open();
    expect(last().url).toBe('/api/events');
    last().say('calls', 'node-7');
    last().refuse();
    vi.runAllTimers();
    expect(last().url).toBe('/api/events?after=node-7');
    expect(names).toEqual(['calls']);
    close();
  });

  it('asks for everything when it never saw anything and was cut off', () => {
    const { names, close } = open();
    last().refuse();
    vi.runAllTimers();
    expect(last().url).toBe('/api/events?after=none');
    last().say('reset', 'node-9');
    expect(names).toEqual(['reset']);
    close();
  });

  it('knows whether the servers hear each other', () => {
    const { states, close } = open();
    last().say('open');
    last().say('alone');
    last().say('together');
    expect(states).toEqual(['open', 'alone', 'open']);
    close();
  });
});
