/**
 * The data meter and the data saver (pure): bytes of this call and of this month on this device and account, and what a
 * cap chosen by the person does about them. What is kept is one small record; the caller stores it.
 */

import type { SaverState } from './ladder';

export interface Traffic {
  /** Year and month in Japan, 2026-11. */
  readonly month: string;
  readonly month_bytes: number;
  readonly call_id: string;
  readonly call_bytes: number;
}

/** Megabytes per call; 0 is off. */
export interface Saver {
  readonly cap_mb: number;
  /** The person went on over the cap in this call. */
  readonly goesOnIn: string;
}

export const NO_SAVER: Saver = { cap_mb: 0, goesOnIn: '' };
export const CAPS_MB = [0, 50, 100, 300] as const;
export const MAX_CAP_MB = 10_000;
/** At this share of the cap the person is told. */
export const NEAR = 0.8;
const MB = 1_000_000;
const JAPAN_MS = 9 * 3_600_000;

export function monthOf(at_ms: number): string {
  return new Date(at_ms + JAPAN_MS).toISOString().slice(0, 7);
}

/** The record with `bytes` more in this call; another month or call starts at nothing. */
export function addTraffic(before: Traffic | null, callId: string, bytes: number, at_ms: number): Traffic {
  const month = monthOf(at_ms);
  const isSameMonth = before?.month === month;
  const isSameCall = before?.call_id === callId;
  return {
    month,
    month_bytes: (isSameMonth ? before.month_bytes : 0) + bytes,
    call_id: callId,
    call_bytes: (isSameCall ? before.call_bytes : 0) + bytes,
  };
}

/** How much of the cap is used, 0 to 1 and more; null without a cap. */
export function usedShare(traffic: Traffic, saver: Saver): number | null {
  return saver.cap_mb > 0 ? traffic.call_bytes / (saver.cap_mb * MB) : null;
}

/** What the ladder needs to know. Whoever goes on over the cap still saves. */
export function saverState(traffic: Traffic, saver: Saver): SaverState {
  const share = usedShare(traffic, saver);
  if (share === null) return 'off';
  return share >= 1 && saver.goesOnIn !== traffic.call_id ? 'reached' : 'saving';
}

/** A cap as typed: whole megabytes in half or full width, or null. */
export function parseCap(typed: string): number | null {
  const digits = typed.normalize('NFKC').trim();
  if (!/^\d{1,5}$/.test(digits)) return null;
  const cap = Number(digits);
  return cap >= 1 && cap <= MAX_CAP_MB ? cap : null;
}

/** 0.4 MB, 18 MB, 1.3 GB. */
export function amount(bytes: number): string {
  if (bytes >= 1000 * MB) return `${(bytes / (1000 * MB)).toFixed(1)} GB`;
  const mb = bytes / MB;
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}

/** A stored record, or null for anything else found there. */
export function parseTraffic(stored: string | null): Traffic | null {
  const record = parse(stored);
  const { month, month_bytes, call_id, call_bytes } = record;
  if (typeof month !== 'string' || typeof call_id !== 'string') return null;
  if (!isCount(month_bytes) || !isCount(call_bytes)) return null;
  return { month, month_bytes, call_id, call_bytes };
}

export function parseSaver(stored: string | null): Saver {
  const { cap_mb, goesOnIn } = parse(stored);
  if (!isCount(cap_mb) || cap_mb > MAX_CAP_MB) return NO_SAVER;
  return { cap_mb, goesOnIn: typeof goesOnIn === 'string' ? goesOnIn : '' };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function parse(stored: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(stored ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
