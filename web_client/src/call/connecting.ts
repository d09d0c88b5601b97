/**
 * How the SDK holds on to a call, and why one is over. A socket that broke is often back at once, so it tries in the same
 * moment and 0.3 s later. A server that was restarted is back within seconds, and answers the first try that the session
 * has to begin anew, which waits once more: so every 0.3 s for a while. From a tunnel or a valley it goes on every second,
 * for longer than the way through takes, and gives up on one try early rather than late. When the browser says that it is online again the SDK tries by itself.
 */
import {
  ConnectionError,
  ConnectionErrorReason,
  ConnectionQuality,
  DisconnectReason,
  type ReconnectPolicy,
  type RoomConnectOptions,
} from 'livekit-client';
import { classifyFailure, type Problem } from '../join/devices';
import type { LineEnd } from './line';
import type { Signal } from './members';

/** After the first try, which does not wait. */
const SOON_MS = 300;
/** About five seconds. */
const SOON_TRIES = 16;
const LATER_MS = 1_000;
/** Nearly all of at least 0.75 s, so more than three minutes. The SDK's own count of time begins at 1970 after some outages. */
const MOST_TRIES = 300;

/** `random` answers 0 to 1: people who lost one server must not all come back in one moment. */
export function persistent(random: () => number = Math.random): ReconnectPolicy {
  return {
    nextRetryDelayInMs: ({ retryCount }) => {
      if (retryCount >= MOST_TRIES) return null;
      if (retryCount === 0) return 0;
      const wait = retryCount <= SOON_TRIES ? SOON_MS : LATER_MS;
      return Math.round(wait * (0.75 + 0.5 * random()));
    },
  };
}

/** One try: a signalling socket that does not open in 5 s will not, media takes a few round trips more. */
export const CONNECT: RoomConnectOptions = { websocketTimeout: 5_000, peerConnectionTimeout: 10_000 };

/** What the server says of a person's line, in our words. */
export const SIGNALS: Readonly<Record<ConnectionQuality, Signal>> = {
  [ConnectionQuality.Excellent]: 'good',
  [ConnectionQuality.Good]: 'good',
  [ConnectionQuality.Poor]: 'weak',
  [ConnectionQuality.Lost]: 'lost',
  [ConnectionQuality.Unknown]: 'unknown',
};

/** Why the SDK says a call is over, as a person is told. */
export function endOf(reason: DisconnectReason | undefined): LineEnd {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return 'left';
    case DisconnectReason.DUPLICATE_IDENTITY:
      return 'replaced';
    case DisconnectReason.PARTICIPANT_REMOVED:
      return 'removed';
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return 'closed';
    default:
      return 'lost';
  }
}

/** The WebSocket origin of the server this page came from. */
export function serverOrigin(location: Pick<Location, 'protocol' | 'host'>): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
}

/** True when the server did not want this token. */
export function refusedEntry(error: unknown): boolean {
  return error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed;
}

/** Runs an act of the SDK and names what went wrong, instead of throwing at a button. */
export async function attempt(act: () => Promise<unknown>): Promise<Problem | null> {
  try {
    await act();
    return null;
  } catch (error) {
    return classifyFailure(error);
  }
}
