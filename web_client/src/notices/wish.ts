/** What somebody was looking at when they asked for notices, as addresses carry it: entry:programme/992011/P035 (pure). */

export interface Wish {
  topic: 'entry' | 'category';
  key: string;
}

export function wishOf(written: string | null): Wish | null {
  const [topic, ...rest] = (written ?? '').split(':');
  const key = rest.join(':');
  return (topic === 'entry' || topic === 'category') && key ? { topic, key } : null;
}

const KINDS = ['programme', 'facility', 'event', 'work', 'licence'] as const;

/** The record a key names: programme/992011/P035. */
export function recordOf(key: string) {
  const [first, owner, ...rest] = key.split('/');
  const kind = KINDS.find((each) => each === first);
  const id = rest.join('/');
  return kind && owner !== undefined && id ? { kind, service_id: `${owner}-${id}` } : null;
}
