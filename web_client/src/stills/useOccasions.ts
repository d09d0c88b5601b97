/** What every still of this call says alike, and the two ways to take one without the sheet: at once, and from a frame. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Call, get, type Person } from '../api';
import { staffIdentity } from '../call/members';
import type { LiveCall } from '../call/useCall';
import { photograph } from './capture';
import { type Board, type Consent, EMPTY_BOARD, type Manifest, type Shot } from './manifest';
import { keepStill, type Occasion } from './take';
import { whereabouts } from './Whereabouts';

export interface Occasions {
  readonly account: string;
  readonly canTake: boolean;
  readonly board: Board;
  readonly fixed: Pick<Occasion, 'call' | 'case' | 'by'>;
  readonly track: MediaStreamTrack | null;
  keep(shot: Shot, kind: Manifest['kind'], of: string, consent: Consent): Promise<string>;
  takeNow(consent: Consent): Promise<string>;
}

/** What was written on the board, by call, as long as this page lives. */
export const boards = new Map<string, Board>();

export function useCaseOf(callId: string) {
  const { data } = useQuery({
    queryKey: ['calls', callId, 'case'],
    queryFn: () => get('/calls/{call_id}/case', { path: { call_id: callId } }),
  });
  return data?.case ?? null;
}

export function useOccasions(call: Call, person: Person, live: LiveCall): Occasions {
  const found = useCaseOf(call.id);
  const { members } = live.snapshot;
  const me = members.find(({ isLocal }) => isLocal);
  const track = me?.camera?.mediaStreamTrack ?? null;
  const witnesses = members
    .filter(({ isLocal, role }) => !isLocal && role !== 'resident')
    .map(({ name, post }) => [name, post].filter(Boolean).join(' '))
    .join('、');
  return useMemo(() => {
    const account = staffIdentity(person.id);
    const board = {
      ...EMPTY_BOARD,
      work: found?.title || call.title,
      spot: found?.place || call.place,
      witness: witnesses,
    };
    const fixed = {
      call: { id: call.id, number: call.number },
      case: found && { id: found.id, number: found.number },
      by: { id: person.id, name: person.name },
    };
    const keep: Occasions['keep'] = (shot, kind, of, consent) => {
      const here = of === account ? whereabouts.now() : { position: null, heading: null };
      const written = boards.get(call.id) ?? board;
      return keepStill(account, shot, { ...fixed, ...here, kind, of, board: written, consent });
    };
    const takeNow = async (consent: Consent) => {
      if (track === null) throw new Error('no camera');
      return keep(await photograph(track), 'still', account, consent);
    };
    return { account, canTake: track !== null, board, fixed, track, keep, takeNow };
  }, [call, person, found, track, witnesses]);
}
