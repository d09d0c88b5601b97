/** What a connection check found, and what it means for a call (pure): one verdict, and what to do next. */
import type { Problem } from '../join/devices';

export const STEPS = ['server', 'live', 'udp', 'tcp', 'relay', 'quality', 'microphone', 'camera'] as const;
export type Step = (typeof STEPS)[number];
export type Way = 'udp' | 'tcp' | 'relay';
export const WAYS: readonly Way[] = ['udp', 'tcp', 'relay'];

/** `weak` works, but not well; `skipped` could not be tried because of an earlier step. */
export type State = 'waiting' | 'running' | 'good' | 'weak' | 'bad' | 'skipped';

export interface Quality {
  readonly round_trip_ms: number;
  /** Share of messages that did not come back, 0 to 1. */
  readonly loss: number;
  /** Roughly how much went there and back. */
  readonly kbps: number;
}

export interface Findings {
  readonly states: Readonly<Record<Step, State>>;
  readonly quality: Quality | null;
  readonly microphone: Problem | 'unanswered' | null;
  readonly camera: Problem | 'unanswered' | null;
  /** The browser knows no WebRTC. */
  readonly isUnsupported: boolean;
}

export const NOTHING_FOUND: Findings = {
  states: {
    server: 'waiting',
    live: 'waiting',
    udp: 'waiting',
    tcp: 'waiting',
    relay: 'waiting',
    quality: 'waiting',
    microphone: 'waiting',
    camera: 'waiting',
  },
  quality: null,
  microphone: null,
  camera: null,
  isUnsupported: false,
};

/** Below these a picture stutters more than it shows; a voice needs a tenth. */
const VIDEO_KBPS = 300;
const VIDEO_LOSS = 0.1;
const VOICE_KBPS = 32;
const VOICE_LOSS = 0.3;
const SLOW_MS = 800;

export function stateOfQuality({ kbps, loss, round_trip_ms }: Quality): State {
  if (kbps < VOICE_KBPS || loss > VOICE_LOSS) return 'bad';
  return kbps < VIDEO_KBPS || loss > VIDEO_LOSS || round_trip_ms > SLOW_MS ? 'weak' : 'good';
}

export type Can = 'all' | 'voice' | 'listen' | 'nothing' | 'browser' | 'offline';
export type Advice =
  | 'go_on'
  | 'move'
  | 'allow'
  | 'no_device'
  | 'close_others'
  | 'update'
  | 'other_network'
  | 'ask_it'
  | 'udp';

export interface Verdict {
  readonly can: Can;
  readonly advice: readonly Advice[];
}

export function verdictOn(findings: Findings): Verdict {
  const { states } = findings;
  if (states.server === 'bad') return { can: 'offline', advice: ['move'] };
  if (findings.isUnsupported) return { can: 'browser', advice: ['update'] };
  const reached = WAYS.some((way) => states[way] === 'good');
  if (states.live === 'bad' || !reached) return { can: 'nothing', advice: ['other_network', 'ask_it'] };
  if (states.quality === 'bad') return { can: 'nothing', advice: ['move'] };
  const advice: Advice[] = [];
  if (states.quality === 'weak') advice.push('move');
  for (const problem of new Set([findings.microphone, findings.camera])) {
    const next = problem && adviceFor(problem);
    if (next && !advice.includes(next)) advice.push(next);
  }
  if (states.udp === 'bad') advice.push('udp');
  if (findings.microphone !== null) return { can: 'listen', advice };
  if (states.quality === 'weak' || findings.camera !== null) return { can: 'voice', advice };
  return { can: 'all', advice: ['go_on', ...advice] };
}

function adviceFor(problem: Problem | 'unanswered'): Advice {
  if (problem === 'missing') return 'no_device';
  if (problem === 'busy') return 'close_others';
  return problem === 'unsupported' || problem === 'insecure' ? 'update' : 'allow';
}

/** The first way in that works, in the order a call would prefer. */
export function bestWay(states: Findings['states']): Way | null {
  return WAYS.find((way) => states[way] === 'good') ?? null;
}
