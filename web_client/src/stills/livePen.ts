/** The pen that draws on running pictures: in the hand or not, for all pictures of this page. */
import { FIRST_KIT, type Kit } from '../view/PenTools';
import { Store } from '../view/store';

export interface LivePen {
  readonly isOn: boolean;
  readonly kit: Kit;
  /** The surface under it: what the tools take back from. */
  readonly key: string | null;
}

export const livePen = new Store<LivePen>({ isOn: false, kit: FIRST_KIT, key: null });

export function setLivePen(part: Partial<LivePen>): void {
  livePen.set({ ...livePen.get(), ...part });
}
