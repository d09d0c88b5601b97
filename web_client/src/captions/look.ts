/** How captions look on this device, by the choice of whoever reads them; kept like the text size. */
import { CAPTION_COLOURS, CAPTION_PLACES, CAPTION_SIZES, type CaptionLook } from '../design';
import { Store } from '../view/store';

export interface Look extends CaptionLook {
  isOn: boolean;
}

const KEY = 'genba.captions';
const FIRST: Look = { size: 'standard', colour: 'white', place: 'below', isOn: true };

export const look = new Store<Look>(stored());

export function change(part: Partial<Look>): void {
  const next = { ...look.get(), ...part };
  look.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // storage is closed in some private windows: the choice lasts as long as the page
  }
}

function stored(): Look {
  try {
    const kept: Partial<Record<keyof Look, unknown>> = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return {
      size: CAPTION_SIZES.find((each) => each === kept.size) ?? FIRST.size,
      colour: CAPTION_COLOURS.find((each) => each === kept.colour) ?? FIRST.colour,
      place: CAPTION_PLACES.find((each) => each === kept.place) ?? FIRST.place,
      isOn: kept.isOn !== false,
    };
  } catch {
    return FIRST;
  }
}
