/**
 * What the peer connections report, folded into what the ladder, the microphone and the meter ask (pure): estimate, round
 * trip, loss of the last seconds, the age of the last acknowledgement, bytes both ways. Follows W3C webrtc-stats; every
 * member may be missing, since browsers differ.
 */

/** One dictionary of an RTCStatsReport. */
export type Stat = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

interface Total {
  readonly sent: number;
  readonly lost: number;
}

export interface Uplink {
  readonly available_bps: number | null;
  readonly roundTrip_ms: number | null;
  readonly loss: number | null;
  /** Bits per second of audio on the wire, headers included. */
  readonly audio_bps: number;
  /** When the server last acknowledged anything, and audio, in the seconds `read` is given; null before the first time. */
  readonly heardAt: number | null;
  readonly audioHeardAt: number | null;
  /** Since when packets leave without any acknowledgement. */
  readonly unheardSince: number | null;
  /** Bytes both ways since the first reading, with their IP and UDP headers. */
  readonly bytes: number;
  readonly memory: Memory;
}

interface Memory {
  readonly totals: readonly Total[];
  readonly acknowledgements: ReadonlyMap<string, number>;
  readonly pairs: ReadonlyMap<string, number>;
  readonly packetsSent: number;
  readonly audioBytes: number;
  readonly readAt: number | null;
}

export const NO_UPLINK: Uplink = {
  available_bps: null,
  roundTrip_ms: null,
  loss: null,
  audio_bps: 0,
  heardAt: null,
  audioHeardAt: null,
  unheardSince: null,
  bytes: 0,
  memory: {
    totals: [],
    acknowledgements: new Map(),
    pairs: new Map(),
    packetsSent: 0,
    audioBytes: 0,
    readAt: null,
  },
};

/** Readings over which loss is counted, and how few packets say nothing. */
const LOSS_READINGS = 2;
const FEW_PACKETS = 15;
const IP_UDP_BYTES = 28;
/** RTP header with our extensions, and what IP and UDP add. */
const AUDIO_HEADER_BYTES = 20 + IP_UDP_BYTES;

const numberOf = (stat: Stat | undefined, name: string): number | null => {
  const value = stat?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

const sumOf = (stats: readonly Stat[], name: string): number =>
  stats.reduce((sum, stat) => sum + (numberOf(stat, name) ?? 0), 0);

function selectedPair(stats: readonly Stat[]): Stat | undefined {
  const transport = stats.find((stat) => stat.type === 'transport' && stat.selectedCandidatePairId);
  const pairs = stats.filter(({ type }) => type === 'candidate-pair');
  return (
    pairs.find(({ id }) => id === transport?.selectedCandidatePairId) ??
    pairs.find((pair) => pair.nominated === true && pair.state === 'succeeded')
  );
}

function pairBytes(pair: Stat): number {
  const packets = (numberOf(pair, 'packetsSent') ?? 0) + (numberOf(pair, 'packetsReceived') ?? 0);
  const bytes = (numberOf(pair, 'bytesSent') ?? 0) + (numberOf(pair, 'bytesReceived') ?? 0);
  return bytes + packets * IP_UDP_BYTES;
}

/** Counters of pairs only grow; after a full reconnect there are new pairs, which start at nothing. */
function countBytes(
  before: ReadonlyMap<string, number>,
  reports: readonly (readonly Stat[])[],
): { readonly grown: number; readonly pairs: ReadonlyMap<string, number> } {
  const pairs = new Map(before);
  let grown = 0;
  reports.forEach((stats, index) => {
    for (const stat of stats) {
      if (stat.type !== 'candidate-pair') continue;
      const key = `${index} ${stat.id}`;
      const now = pairBytes(stat);
      const then = pairs.get(key) ?? 0;
      grown += now >= then ? now - then : now;
      pairs.set(key, now);
    }
  });
  return { grown, pairs };
}

function lossOf(totals: readonly Total[]): number | null {
  const first = totals[0];
  const last = totals.at(-1);
  if (first === undefined || last === undefined) return null;
  const sent = last.sent - first.sent;
  const lost = last.lost - first.lost;
  if (sent < FEW_PACKETS || lost < 0) return null;
  return Math.min(1, lost / sent);
}

/** A report block is new when its time moved, or, where browsers keep no time, anything it counts. */
function stampOf(stat: Stat): number {
  return (
    (numberOf(stat, 'timestamp') ?? 0) +
    (numberOf(stat, 'roundTripTimeMeasurements') ?? 0) +
    (numberOf(stat, 'totalRoundTripTime') ?? 0)
  );
}

/** After another reading at `now`: `publisher` is the connection that sends, `others` only count bytes. */
export function readUplink(
  before: Uplink,
  publisher: readonly Stat[],
  others: readonly (readonly Stat[])[],
  now: number,
): Uplink {
  const { memory } = before;
  const outbound = publisher.filter(({ type }) => type === 'outbound-rtp');
  const acknowledged = publisher.filter(({ type }) => type === 'remote-inbound-rtp');
  const audio = outbound.filter(({ kind }) => kind === 'audio');
  const fresh = acknowledged.filter((stat) => memory.acknowledgements.get(stat.id) !== stampOf(stat));
  const packetsSent = sumOf(outbound, 'packetsSent');
  const totals = [...memory.totals, { sent: packetsSent, lost: sumOf(acknowledged, 'packetsLost') }].slice(
    -LOSS_READINGS - 1,
  );
  const pair = selectedPair(publisher);
  const trips = fresh.map((stat) => numberOf(stat, 'roundTripTime')).filter((trip) => trip !== null);
  const trip = trips.length > 0 ? Math.min(...trips) : numberOf(pair, 'currentRoundTripTime');
  const audioBytes = sumOf(audio, 'bytesSent') + sumOf(audio, 'packetsSent') * AUDIO_HEADER_BYTES;
  const elapsed_s = memory.readAt === null ? 0 : now - memory.readAt;
  const { grown, pairs } = countBytes(memory.pairs, [publisher, ...others]);
  const isSending = packetsSent !== memory.packetsSent;
  const isAnew = packetsSent < memory.packetsSent; // another session: the silence of the last one is over
  return {
    available_bps: numberOf(pair, 'availableOutgoingBitrate'),
    roundTrip_ms: trip === null ? null : trip * 1000,
    loss: lossOf(totals),
    audio_bps: elapsed_s > 0 ? Math.max(0, ((audioBytes - memory.audioBytes) * 8) / elapsed_s) : 0,
    heardAt: fresh.length > 0 ? now : before.heardAt,
    audioHeardAt: fresh.some(({ kind }) => kind === 'audio') ? now : before.audioHeardAt,
    unheardSince: fresh.length > 0 || isAnew ? null : (before.unheardSince ?? (isSending ? now : null)),
    bytes: before.bytes + grown,
    memory: {
      totals,
      acknowledgements: new Map(acknowledged.map((stat) => [stat.id, stampOf(stat)])),
      pairs,
      packetsSent,
      audioBytes,
      readAt: now,
    },
  };
}
