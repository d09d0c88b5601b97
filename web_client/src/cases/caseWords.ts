/** Cases in words: how they stand, what kind they are, where they are. */
import type { CaseBrief } from '../api';
import { dateOf, timeOf } from '../clock';
import type { TagLook } from '../design';

export const KINDS = [
  'damage',
  'inspection',
  'works',
  'disaster',
  'permit',
  'resident',
  'other',
] as const satisfies readonly CaseBrief['kind'][];

export const OPEN_STATUSES = ['received', 'working', 'watching'] as const;

export const STATUS_LOOK: Record<CaseBrief['status'], TagLook> = {
  received: 'info',
  working: 'ok',
  watching: 'warn',
  closed: 'plain',
};

export const SENSITIVITIES = [1, 2, 3] as const;

export interface Position {
  latitude: number;
  longitude: number;
}

/** Null without a position. */
export function positionOf(of: Pick<CaseBrief, 'latitude' | 'longitude'>): Position | null {
  if (of.latitude === null || of.longitude === null) return null;
  return { latitude: of.latitude, longitude: of.longitude };
}

/** 33.48100, 136.64700: about a metre. */
export function positionInFigures({ latitude, longitude }: Position): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** The time today, the date before. */
export function when(at: string, now: number, language: string): string {
  const day = dateOf(at, language);
  return day === dateOf(now, language) ? timeOf(at) : day;
}
