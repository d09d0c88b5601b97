import { expect, test } from 'vitest';
import {
  type Audience,
  COLOURS,
  drawn,
  lastOf,
  type Mark,
  measured,
  merge,
  NO_MARKS,
  notYet,
  quantise,
  readLength,
  simplify,
  TOOLS,
  UNIT,
} from './marks';

const LINE: Mark = {
  id: 'line0001',
  author: 'S-1',
  revision: 1,
  tool: 'line',
  colour: 'red',
  width: 20,
  points: [0, 0, 5000, 5000],
  text: '',
  audience: 'all',
  author_name: '早瀬 美咲',
  author_role: 'field',
  drawn_at: '2026-11-24T01:08:00Z',
};

/** A small generator with a seed, so that a failure can be had again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function someMarks(pick: (below: number) => number): Mark[] {
  const of = <T>(values: readonly T[]): T => values[pick(values.length)] as T;
  return Array.from({ length: pick(14) }, () => ({
    ...LINE,
    id: of(['a', 'b', 'c']),
    author: of(['S-1', 'G-2']),
    revision: 1 + pick(5),
    tool: of(TOOLS),
    colour: of(COLOURS),
    width: 1 + pick(3),
    points: of([
      [0, 0, 5000, 5000],
      [0, 0, 5000],
      [1, 0],
    ]),
    text: of(['', '幅 0.4 mm', '𠮷', '～']),
    audience: of<Audience>(['all', 'staff', 'own']),
    drawn_at: of(['2026-11-24T01:08:00Z', '2026-11-24T01:09:00Z', notYet(new Date(0))]),
  }));
}

function shuffled<T>(values: readonly T[], pick: (below: number) => number): T[] {
  const rest = [...values];
  return values.map(() => rest.splice(pick(rest.length), 1)[0] as T);
}

test('marks merge to the same set in any order, with any doubles, in any parts', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const pick = random(seed);
    const sent = someMarks(pick);
    const arrived = shuffled([...sent, ...sent.slice(0, pick(sent.length + 1))], pick);
    const cut = pick(arrived.length + 1);

    const atOnce = merge(NO_MARKS, sent);
    const inParts = merge(merge(NO_MARKS, arrived.slice(cut)), arrived.slice(0, cut));

    expect(Object.fromEntries(inParts), `seed ${seed}`).toEqual(Object.fromEntries(atOnce));
    expect(drawn(inParts), `seed ${seed}`).toEqual(drawn(atOnce));
  }
});

test('what is known already changes nothing, so nothing is drawn anew', () => {
  const before = merge(NO_MARKS, [LINE]);

  expect(merge(before, [{ ...LINE }])).toBe(before);
});

test('undone is a higher revision, and a late copy of the drawn mark does not bring it back', () => {
  const undone = merge(merge(NO_MARKS, [{ ...LINE, revision: 2 }]), [LINE]);

  expect(drawn(undone)).toEqual([]);
  expect(drawn(merge(undone, [{ ...LINE, revision: 3 }]))).toHaveLength(1);
});

test('nobody takes back what somebody else drew, whatever id they use', () => {
  const marks = merge(NO_MARKS, [LINE, { ...LINE, author: 'G-2', revision: 2 }]);

  expect(drawn(marks).map(({ author }) => author)).toEqual(['S-1']);
  expect(lastOf(marks, 'G-2')).toBeUndefined();
});

test('a mark the server has not seen lies on top, and where the server says once it has', () => {
  const later = { ...LINE, id: 'later001', drawn_at: '2026-11-24T01:20:00Z' };
  const mine = { ...LINE, id: 'mine0001', drawn_at: notYet(new Date('2020-01-01')) };

  const before = merge(NO_MARKS, [mine, later]);
  const after = merge(before, [{ ...mine, drawn_at: '2026-11-24T01:10:00Z' }]);

  expect(drawn(before).map(({ id }) => id)).toEqual(['later001', 'mine0001']);
  expect(drawn(after).map(({ id }) => id)).toEqual(['mine0001', 'later001']);
});

test('a simplified line keeps its ends and is never further off than said', () => {
  const wave = Array.from({ length: 2000 }, (_, at) => [
    at * 5,
    5000 + Math.round(800 * Math.sin(at / 60)),
  ]).flat();

  const kept = simplify(wave, 8);

  expect(kept.slice(0, 2)).toEqual(wave.slice(0, 2));
  expect(kept.slice(-2)).toEqual(wave.slice(-2));
  expect(kept.length).toBeLessThan(wave.length / 8);
  for (let at = 0; at < wave.length; at += 2) {
    const [x = 0, y = 0] = [wave[at], wave[at + 1]];
    expect(Math.abs(y - heightAt(kept, x))).toBeLessThan(24); // 8 across the line, which is steep
  }
  expect(simplify(wave, 8, 20).length).toBeLessThanOrEqual(40);
});

function heightAt(points: readonly number[], x: number): number {
  for (let at = 0; at + 3 < points.length; at += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = points.slice(at, at + 4);
    if (ax <= x && x <= bx) return bx === ax ? ay : ay + ((by - ay) * (x - ax)) / (bx - ax);
  }
  return Number.NaN;
}

test('points stay on the surface, in whole numbers', () => {
  expect(quantise(0.123456, 1.7)).toEqual([1235, UNIT]);
  expect(quantise(-3, 0)).toEqual([0, 0]);
});

test('a length is measured by the last known one, however the surface is shaped', () => {
  const size = { width: 2000, height: 1000 };
  const scale: Mark = {
    ...LINE,
    id: 'scale001',
    tool: 'scale',
    points: [0, 0, 5000, 0],
    text: '２，９００ mm',
  };

  expect(measured([0, 0, 0, 5000], merge(NO_MARKS, [scale]), size)).toBe('1,450 mm');
  expect(measured([0, 0, 0, 5000], NO_MARKS, size)).toBeNull();
  expect(measured([0, 0, 0, 5000], merge(NO_MARKS, [{ ...scale, revision: 2 }]), size)).toBeNull();
  expect(readLength('およそ')).toBeNull();
  expect(readLength('0.4mm')).toEqual({ amount: 0.4, unit: 'mm' });
});
