/**
 * The line between this browser and the call, in words (pure): a small machine fed with what the SDK reports and the
 * time, answering which sentence is true now. Reconnecting counts seconds; coming back is said for a moment.
 */

import type { Signal } from './members';

/** Why a call is over for this browser. */
export type LineEnd = 'left' | 'closed' | 'removed' | 'replaced' | 'lost' | 'refused';

export type Line =
  | { readonly at: 'connecting'; readonly since: number }
  | { readonly at: 'open'; readonly backSince: number | null; readonly signal: Signal }
  | { readonly at: 'reconnecting'; readonly since: number }
  | { readonly at: 'ended'; readonly reason: LineEnd };

export type LineEvent =
  | { readonly type: 'connected' }
  | { readonly type: 'reconnecting' }
  | { readonly type: 'reconnected' }
  | { readonly type: 'signal'; readonly signal: Signal }
  | { readonly type: 'ended'; readonly reason: LineEnd };

/** How long 「つながりました」 stays, in seconds. */
export const BACK_NOTICE_S = 4;

/** The line after `event` at `now` (seconds, any steady origin); an ended line stays ended. */
export function advanceLine(line: Line, event: LineEvent, now: number): Line {
  if (line.at === 'ended') return line;
  switch (event.type) {
    case 'connected':
      return line.at === 'connecting' ? { at: 'open', backSince: null, signal: 'unknown' } : line;
    case 'reconnecting':
      return line.at === 'open' ? { at: 'reconnecting', since: now } : line;
    case 'reconnected':
      return line.at === 'reconnecting' ? { at: 'open', backSince: now, signal: 'unknown' } : line;
    case 'signal':
      return line.at === 'open' ? { ...line, signal: event.signal } : line;
    case 'ended':
      return { at: 'ended', reason: event.reason };
  }
}

export type LineTone = 'ok' | 'warn' | 'danger' | 'quiet';

/** One sentence: message key in `call:line.*`, its seconds if it counts, its tone, and how urgently it is read out. */
export interface LineWords {
  readonly key: string;
  readonly seconds: number | null;
  readonly tone: LineTone;
  readonly urgency: 'polite' | 'assertive' | 'off';
}

export interface LineFacts {
  readonly line: Line;
  readonly now: number;
  readonly othersPresent: boolean;
  readonly sendsVideo: boolean;
  readonly receivesVideo: boolean;
}

function openWords({ line, now, othersPresent, sendsVideo, receivesVideo }: LineFacts): LineWords {
  if (line.at !== 'open') return { key: 'connecting', seconds: null, tone: 'quiet', urgency: 'polite' };
  if (line.backSince !== null && now - line.backSince < BACK_NOTICE_S) {
    return { key: 'back', seconds: null, tone: 'ok', urgency: 'polite' };
  }
  if (!othersPresent) return { key: 'alone', seconds: null, tone: 'quiet', urgency: 'polite' };
  if (line.signal === 'lost') return { key: 'faint', seconds: null, tone: 'warn', urgency: 'polite' };
  if (line.signal === 'weak') return { key: 'weak', seconds: null, tone: 'warn', urgency: 'polite' };
  const key = sendsVideo || receivesVideo ? 'good' : 'good_audio';
  return { key, seconds: null, tone: 'ok', urgency: 'off' };
}

/** What to say about the line now. */
export function lineWords(facts: LineFacts): LineWords {
  const { line, now } = facts;
  switch (line.at) {
    case 'connecting':
      return {
        key: now - line.since > 8 ? 'slow' : 'connecting',
        seconds: null,
        tone: 'quiet',
        urgency: 'polite',
      };
    case 'open':
      return openWords(facts);
    case 'reconnecting':
      return {
        key: 'reconnecting',
        seconds: Math.max(0, Math.floor(now - line.since)),
        tone: 'warn',
        urgency: 'assertive',
      };
    case 'ended':
      return { key: `ended_${line.reason}`, seconds: null, tone: 'danger', urgency: 'assertive' };
  }
}

/** Seconds of a call as m:ss or h:mm:ss. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${pad(minutes)}:${pad(whole % 60)}`;
}
