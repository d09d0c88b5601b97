/**
 * The resident's way from the link to the end of the talk, as one state machine (pure): which page is shown, and which
 * event leads where. Anything unexpected leaves the state as it is, so a late answer never throws a person back.
 */

import type { DeviceReport } from './devices';

/** Why a link opens no call; each has its own sentence, what to do, and the telephone. */
export type Refusal = 'unknown' | 'expired' | 'revoked' | 'closed' | 'too_many';

/** How a talk ended, as the resident is told it. */
export type Ending = 'left' | 'closed' | 'removed' | 'replaced' | 'lost';

export type Journey =
  | { readonly at: 'loading' }
  | { readonly at: 'refused'; readonly reason: Refusal }
  | { readonly at: 'unreachable' }
  | { readonly at: 'ready' }
  | { readonly at: 'explaining' }
  | { readonly at: 'asking' }
  | { readonly at: 'blocked'; readonly report: DeviceReport }
  | { readonly at: 'checking'; readonly report: DeviceReport }
  | { readonly at: 'entering'; readonly report: DeviceReport }
  | { readonly at: 'talking' }
  | { readonly at: 'ended'; readonly ending: Ending };

export type JourneyEvent =
  | { readonly type: 'invitation_read' }
  | { readonly type: 'link_refused'; readonly reason: Refusal }
  | { readonly type: 'network_failed' }
  | { readonly type: 'retry' }
  | { readonly type: 'talk'; readonly dialogExpected: boolean }
  | { readonly type: 'understood' }
  | { readonly type: 'devices_answered'; readonly report: DeviceReport }
  | { readonly type: 'enter' }
  | { readonly type: 'entered' }
  | { readonly type: 'back' }
  | { readonly type: 'ended'; readonly ending: Ending };

const ERROR_KEYS: Readonly<Record<string, Refusal>> = {
  'invitation.unknown': 'unknown',
  'invitation.expired': 'expired',
  'invitation.revoked': 'revoked',
  'call.closed': 'closed',
  rate_limited: 'too_many',
};

/** The refusal an API error key stands for, or null when the failure is not about the link. */
export function refusalFor(errorKey: string): Refusal | null {
  return ERROR_KEYS[errorKey] ?? null;
}

const NOTHING: DeviceReport = {
  microphone: { ok: false, problem: 'unknown' },
  camera: { ok: false, problem: 'unknown' },
};

function answered(report: DeviceReport): Journey {
  return report.microphone.ok ? { at: 'checking', report } : { at: 'blocked', report };
}

function step(journey: Journey, event: JourneyEvent): Journey | null {
  switch (event.type) {
    case 'invitation_read':
      return journey.at === 'loading' || journey.at === 'unreachable' ? { at: 'ready' } : null;
    case 'link_refused':
      return journey.at === 'talking' || journey.at === 'ended'
        ? null
        : { at: 'refused', reason: event.reason };
    case 'network_failed':
      if (journey.at === 'loading') return { at: 'unreachable' };
      return journey.at === 'entering' ? { at: 'checking', report: journey.report } : null;
    case 'retry':
      if (journey.at === 'unreachable' || journey.at === 'refused') return { at: 'loading' };
      if (journey.at === 'ended') return { at: 'loading' };
      return journey.at === 'blocked' ? { at: 'asking' } : null;
    case 'talk':
      return journey.at === 'ready' ? { at: event.dialogExpected ? 'explaining' : 'asking' } : null;
    case 'understood':
      return journey.at === 'explaining' ? { at: 'asking' } : null;
    case 'devices_answered':
      return journey.at === 'asking' ? answered(event.report) : null;
    case 'enter':
      if (journey.at === 'checking' || journey.at === 'blocked')
        return { at: 'entering', report: journey.report };
      return journey.at === 'ready' ? { at: 'entering', report: NOTHING } : null;
    case 'entered':
      return journey.at === 'entering' ? { at: 'talking' } : null;
    case 'back':
      return ['explaining', 'asking', 'blocked', 'checking'].includes(journey.at) ? { at: 'ready' } : null;
    case 'ended':
      return journey.at === 'talking' || journey.at === 'entering'
        ? { at: 'ended', ending: event.ending }
        : null;
  }
}

/** The next state; the same object when the event means nothing here. */
export function advance(journey: Journey, event: JourneyEvent): Journey {
  return step(journey, event) ?? journey;
}
