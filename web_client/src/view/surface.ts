/** What all surfaces are measured in, on every screen that draws them, in a call and after it. */
import { urlOf } from '../api';

/** They are drawn as if so many pixels wide, so that words on them are as large on every screen. */
export const ACROSS = 1600;
/** A board's height by its width: hands draw on it, so it is a sheet of paper lying. */
export const BOARD = 1130 / ACROSS;

export const stillUrl = (call_id: string, still_id: string): string =>
  urlOf('/calls/{call_id}/stills/{still_id}/image', { path: { call_id, still_id }, query: { width: 2560 } });
