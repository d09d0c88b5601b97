import { describe, expect, it } from 'vitest';
import { asBefore, isSame } from './unchanged';

describe('what has not changed', () => {
  it('is the same list of the same records', () => {
    const before = [
      { name: 'a', isSpeaking: false },
      { name: 'b', isSpeaking: true },
    ];
    expect(
      asBefore(
        before,
        before.map((each) => ({ ...each })),
      ),
    ).toBe(before);
  });

  it('keeps the records beside one that changed', () => {
    const before = [
      { name: 'a', isSpeaking: false },
      { name: 'b', isSpeaking: true },
    ];
    const now = asBefore(before, [
      { name: 'a', isSpeaking: false },
      { name: 'b', isSpeaking: false },
    ]);
    expect(now).not.toBe(before);
    expect(now[0]).toBe(before[0]);
    expect(now[1]).toEqual({ name: 'b', isSpeaking: false });
  });

  it('notices who came, who went and who stands elsewhere', () => {
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    expect(asBefore([a], [a, b])).toEqual([a, b]);
    expect(asBefore([a, b], [b])).toEqual([b]);
    expect(asBefore([a, b], [b, a])).toEqual([b, a]);
  });

  it('counts a key more or less as a change', () => {
    expect(isSame<{ a?: number; b?: number }>({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(isSame<{ a?: number; b?: number }>({ a: 1, b: 2 }, { a: 1 })).toBe(false);
  });
});
