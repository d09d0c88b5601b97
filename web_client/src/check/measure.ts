/**
 * The edge of the connection check: one WebSocket, one peer connection per way in, and messages that the server sends
 * back. No livekit-client here: the page must be light, and a call brings its own.
 */
import { ApiError, type LineCheckPlan, post } from '../api';
import type { Quality, Way } from './verdict';

const LIVE_TIMEOUT_MS = 8_000;
/** UDP is there at once or not at all; a relay has a handshake of its own before. */
const OPEN_TIMEOUT_MS: Readonly<Record<Way, number>> = { udp: 6_000, tcp: 8_000, relay: 12_000 };

const PROBES = 40;
const PROBE_INTERVAL_MS = 25;
const PROBE_PATIENCE_MS = 1_500;
const BULK_MESSAGES = 24;
const BULK_BYTES = 8_192;
const BULK_TIMEOUT_MS = 4_000;

/** Whether a text comes back over the connection that would carry the call's signalling. */
export function reachLive(): Promise<boolean> {
  const socket = new WebSocket(
    `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rtc/check`,
  );
  return new Promise<boolean>((done) => {
    const timer = setTimeout(() => done(false), LIVE_TIMEOUT_MS);
    socket.onopen = () => socket.send('hello');
    socket.onmessage = () => done(true);
    socket.onclose = () => {
      clearTimeout(timer);
      done(false);
    };
  }).finally(() => socket.close());
}

export interface Echo {
  /** Loses what the line loses. */
  readonly probe: RTCDataChannel;
  /** Repeats what the line loses. */
  readonly bulk: RTCDataChannel;
  readonly close: () => void;
}

/** A connection on this way in alone, or null when it does not come up. Throws what the server refused with. */
export async function openEcho(way: Way, plan: LineCheckPlan): Promise<Echo | null> {
  const connection = new RTCPeerConnection({
    iceServers: way === 'relay' ? plan.relays : [],
    iceTransportPolicy: way === 'relay' ? 'relay' : 'all',
  });
  const probe = connection.createDataChannel('_lossy', { ordered: false, maxRetransmits: 0 });
  const bulk = connection.createDataChannel('_reliable');
  const close = () => connection.close();
  try {
    await connection.setLocalDescription(await connection.createOffer());
    const offer = connection.localDescription?.sdp ?? '';
    const answer = await post('/check', { body: { way, sdp: offer, reference: plan.reference } });
    await connection.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    await opened([probe, bulk], OPEN_TIMEOUT_MS[way]);
    return { probe, bulk, close };
  } catch (error) {
    close();
    if (error instanceof ApiError && error.status > 0) throw error;
    return null;
  }
}

/** Round trip, loss and throughput of an open connection. */
export async function measure(echo: Echo): Promise<Quality> {
  const trips = await probeTrips(echo.probe);
  const sorted = [...trips].sort((one, other) => one - other);
  return {
    round_trip_ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    loss: 1 - trips.length / PROBES,
    kbps: Math.round(await throughput_kbps(echo.bulk)),
  };
}

function opened(channels: readonly RTCDataChannel[], timeout_ms: number): Promise<unknown> {
  const opening = channels.map(
    (channel) =>
      new Promise<void>((done, fail) => {
        channel.onopen = () => done();
        channel.onclose = () => fail(new Error('closed'));
        if (channel.readyState === 'open') done();
      }),
  );
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error('timeout')), timeout_ms));
  return Promise.race([Promise.all(opening), late]);
}

/** How long each small message took there and back; those that did not come back are missing. */
async function probeTrips(channel: RTCDataChannel): Promise<number[]> {
  const sent = new Map<string, number>();
  const trips: number[] = [];
  const all = new Promise<void>((done) => {
    channel.binaryType = 'arraybuffer'; // what was sent as text comes back as bytes
    channel.onmessage = ({ data }) => {
      const number = new TextDecoder().decode(data as ArrayBuffer);
      const at = sent.get(number);
      if (at === undefined) return;
      sent.delete(number);
      trips.push(performance.now() - at);
      if (trips.length === PROBES) done();
    };
  });
  for (let number = 0; number < PROBES && channel.readyState === 'open'; number += 1) {
    sent.set(String(number), performance.now());
    channel.send(String(number));
    await pause(PROBE_INTERVAL_MS);
  }
  await Promise.race([all, pause(PROBE_PATIENCE_MS)]);
  return trips;
}

async function throughput_kbps(channel: RTCDataChannel): Promise<number> {
  const block = new Uint8Array(BULK_BYTES);
  const started = performance.now();
  let back = 0;
  let last = started;
  const all = new Promise<void>((done) => {
    channel.onmessage = () => {
      back += 1;
      last = performance.now();
      if (back === BULK_MESSAGES) done();
    };
  });
  for (let number = 0; number < BULK_MESSAGES && channel.readyState === 'open'; number += 1)
    channel.send(block);
  await Promise.race([all, pause(BULK_TIMEOUT_MS)]);
  return back === 0 ? 0 : (back * BULK_BYTES * 8) / Math.max(1, last - started);
}

function pause(time_ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, time_ms));
}
