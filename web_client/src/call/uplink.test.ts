import { describe, expect, test } from 'vitest';
import { NO_UPLINK, readUplink, type Stat, type Uplink } from './uplink';

interface Counters {
  readonly sent?: number;
  readonly lost?: number;
  readonly stamp?: number;
  readonly bytes?: number;
  readonly audioBytes?: number;
  readonly pair?: string;
}

const publisher = ({ sent = 0, lost = 0, stamp = 0, bytes = 0, audioBytes = 0, pair = 'P1' }: Counters) =>
  [
    { id: 'T', type: 'transport', selectedCandidatePairId: pair },
    {
      id: pair,
      type: 'candidate-pair',
      availableOutgoingBitrate: 300_000,
      currentRoundTripTime: 0.09,
      bytesSent: bytes,
      bytesReceived: 0,
      packetsSent: 0,
      packetsReceived: 0,
    },
    { id: 'O', type: 'outbound-rtp', kind: 'audio', packetsSent: sent, bytesSent: audioBytes },
    {
      id: 'R',
      type: 'remote-inbound-rtp',
      kind: 'audio',
      packetsLost: lost,
      timestamp: stamp,
      roundTripTime: 0.05,
    },
  ] satisfies Stat[];

const after = (...readings: readonly (readonly [Stat[], number])[]): Uplink =>
  readings.reduce<Uplink>((uplink, [stats, now]) => readUplink(uplink, stats, [], now), NO_UPLINK);

describe('what the peer connections report', () => {
  test('estimate and round trip; a fresh report knows the way better than connectivity checks', () => {
    const first = after([publisher({ stamp: 1 }), 1]);
    expect(first).toMatchObject({ available_bps: 300_000, roundTrip_ms: 50, heardAt: 1, audioHeardAt: 1 });
    expect(readUplink(first, publisher({ stamp: 1 }), [], 2)).toMatchObject({ roundTrip_ms: 90, heardAt: 1 });
  });

  test.each([
    [100, 150, 0, 10, 0.2],
    [100, 150, 5, 5, 0],
    [100, 108, 0, 4, null], // a handful of packets says nothing
    [100, 40, 0, 0, null], // counters that went back belong to another session
  ])('%i to %i sent, %i to %i lost: %s', (sentThen, sent, lostThen, lost, wanted) => {
    expect(
      after([publisher({ sent: sentThen, lost: lostThen }), 1], [publisher({ sent, lost }), 2]).loss,
    ).toBe(wanted);
  });

  test('loss is that of the last two seconds', () => {
    const bad = publisher({ sent: 100, lost: 50 });
    const good = [200, 300, 400].map((sent) => publisher({ sent, lost: 50 }));
    expect(
      after([publisher({}), 0], [bad, 1], ...good.map((stats, at) => [stats, at + 2] as const)).loss,
    ).toBe(0);
  });

  test('packets that leave without an answer are unheard, silence is not', () => {
    const talking = after(
      [publisher({ sent: 50, stamp: 1 }), 1],
      [publisher({ sent: 100, stamp: 1 }), 2],
      [publisher({ sent: 150, stamp: 1 }), 3],
    );
    expect(talking.unheardSince).toBe(2);
    const silent = after([publisher({ sent: 50, stamp: 1 }), 1], [publisher({ sent: 50, stamp: 1 }), 5]);
    expect(silent.unheardSince).toBeNull();
  });

  test('bytes go on over a full reconnect with a new pair of candidates', () => {
    const uplink = after(
      [publisher({ bytes: 1_000 }), 1],
      [publisher({ bytes: 1_500 }), 2],
      [publisher({ bytes: 200, pair: 'P2' }), 3],
    );
    expect(uplink.bytes).toBe(1_700);
  });

  test('audio is counted with its headers', () => {
    const uplink = after([publisher({}), 1], [publisher({ sent: 50, audioBytes: 3_000 }), 2]);
    expect(uplink.audio_bps).toBe((3_000 + 50 * 48) * 8);
  });

  test('a browser that says nothing leaves everything unknown', () => {
    expect(after([[], 1], [[], 2])).toMatchObject({
      available_bps: null,
      roundTrip_ms: null,
      loss: null,
      bytes: 0,
    });
  });
});
