/** The wall's words for the server's. */
import type { components } from '../types';

export type Wall = components['schemas']['Wall'];
export type WallTileEntry = components['schemas']['WallTile'];
export type WallLimits = components['schemas']['WallLimits'];
export type Announcement = components['schemas']['Announcement'];

/** How the worst of a call's lines carries; null while nobody is in it. */
export function worstLine(tile: WallTileEntry): 'excellent' | 'good' | 'poor' | 'lost' | null {
  const order = ['excellent', 'good', 'poor', 'lost'] as const;
  const worst = Math.max(-1, ...tile.lines.map(({ quality }) => order.indexOf(quality)));
  return order[worst] ?? null;
}
