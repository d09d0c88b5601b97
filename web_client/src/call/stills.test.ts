import { describe, expect, test } from 'vitest';
import { OLD_AFTER_S, type OtherLine, pictureOf } from './otherPicture';
import { advanceOthers, type Others, parseRung, rungPacket } from './others';
import { LARGEST_BYTES, LONGEST_S, pieceGap_ms, planStill, SHORTEST_S, SMALLEST_BYTES } from './stillPlan';

describe('how large a still is and how often there is one', () => {
  test.each([64_000, 80_000, 100_000, 150_000, 300_000, 2_000_000, null])('%s bps', (available) => {
    const audio = 28_000;
    const plan = planStill(available, audio);

    expect(plan.limit_bytes).toBeGreaterThanOrEqual(SMALLEST_BYTES);
    expect(plan.limit_bytes).toBeLessThanOrEqual(LARGEST_BYTES);
    expect(plan.every_s).toBeGreaterThanOrEqual(SHORTEST_S);
    expect(plan.every_s).toBeLessThanOrEqual(LONGEST_S);
    if (available !== null) expect(plan.rate_bps).toBeLessThanOrEqual((available - audio) * 0.6);
  });

  test('a better line shows more often, a worse one smaller', () => {
    const poor = planStill(64_000, 28_000);
    const fair = planStill(250_000, 28_000);
    expect(fair.every_s).toBeLessThan(poor.every_s);
    expect(fair.limit_bytes).toBeGreaterThan(poor.limit_bytes);
  });

  test('pieces are as far apart as the rate wants', () => {
    expect(pieceGap_ms(23_000)).toBeCloseTo(400, 0);
  });
});

describe('what the others tell', () => {
  const still = (url: string, at: number) => ({ type: 'still', identity: 'F', still: { url, at } }) as const;
  const rung = (rung: OtherLine['rung']) => ({ type: 'rung', identity: 'F', rung, reason: 'weak' }) as const;
  const after = (...events: readonly Parameters<typeof advanceOthers>[1][]): Others =>
    events.reduce<Others>((others, event) => advanceOthers(others, event).others, new Map());

  test.each<[string, Others, number, ReturnType<typeof pictureOf>]>([
    ['nothing told', after(), 5, { kind: 'video' }],
    ['fewer frames', after(rung('standard')), 5, { kind: 'video' }],
    ['stills, none yet', after(rung('stills')), 5, { kind: 'awaited' }],
    [
      'a still',
      after(rung('stills'), still('a', 1)),
      5.5,
      { kind: 'still', url: 'a', age_s: 4, isOld: false },
    ],
    [
      'a still before its rung was told',
      after(still('a', 1)),
      2,
      { kind: 'still', url: 'a', age_s: 1, isOld: false },
    ],
    [
      'no newer one came',
      after(rung('stills'), still('a', 1)),
      2 + OLD_AFTER_S,
      { kind: 'still', url: 'a', age_s: 1 + OLD_AFTER_S, isOld: true },
    ],
    ['voice only keeps no old picture', after(still('a', 1), rung('voice')), 2, { kind: 'none' }],
    ['video again', after(still('a', 1), rung('high')), 2, { kind: 'video' }],
    ['gone', after(still('a', 1), { type: 'gone', identity: 'F' }), 2, { kind: 'video' }],
  ])('%s', (_, others, now, wanted) => {
    expect(pictureOf(others.get('F'), now)).toEqual(wanted);
  });

  test('every picture nobody shows is given back once', () => {
    const first = advanceOthers(new Map(), still('a', 1));
    const second = advanceOthers(first.others, still('b', 2));
    const third = advanceOthers(second.others, rung('high'));
    expect([first, second, third].map(({ dropped }) => dropped.map(({ url }) => url))).toEqual([
      [],
      ['a'],
      ['b'],
    ]);
  });

  test('a rung survives the packet; anything else is nothing', () => {
    expect(parseRung(rungPacket('stills', 'weak'))).toEqual({ rung: 'stills', reason: 'weak' });
    for (const wrong of ['', 'null', '{"rung":"best","reason":"weak"}', '{"rung":"stills"}'])
      expect(parseRung(new TextEncoder().encode(wrong))).toBeNull();
    expect(parseRung(new Uint8Array([0xff, 0xfe]))).toBeNull();
  });
});
