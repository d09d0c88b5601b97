/** What fits a need: asked for by typing, by what was said and by what is presented. Nothing of the question is kept by the page. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Room, RoomEvent } from 'livekit-client';
import { useEffect } from 'react';
import { type CallCard, get, post, type ServiceMatch } from '../api';
import { TOPIC as CARDS_TOPIC } from './Cards';

export type ShownKind = 'programme' | 'facility' | 'event' | 'work' | 'licence';
/** How staff came upon an entry; the server looks up itself what was said and what is presented. */
export type FoundBy = { readonly by: 'typed'; readonly words: string } | { readonly by: 'talk' | 'document' };
export interface Choice {
  readonly match: ServiceMatch;
  readonly foundBy: FoundBy;
}

const SHOWN_TOPIC = 'genba.shown';

/** Of the last words of those who agreed; asked for again whenever a line was written down, or something else is presented. */
export function useSuggestions(call_id: string) {
  return useQuery({
    queryKey: ['suggestions', call_id],
    queryFn: () => get('/calls/{call_id}/suggestions', { path: { call_id } }),
  });
}

/** Keeps cards and suggestions fresh by what the room is told. */
export function useNewsOf(call_id: string, room: Room | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!room) return;
    const again = (key: string) => void queries.invalidateQueries({ queryKey: [key, call_id] });
    const hear = (_payload: Uint8Array, from: unknown, _kind: unknown, topic?: string) => {
      if (from !== undefined) return; // the server alone speaks for nobody
      if (topic === CARDS_TOPIC) again('cards');
      if (topic === SHOWN_TOPIC) again('suggestions');
    };
    const back = () => ['cards', 'suggestions'].forEach(again);
    room.on(RoomEvent.DataReceived, hear).on(RoomEvent.Reconnected, back);
    return () => {
      room.off(RoomEvent.DataReceived, hear).off(RoomEvent.Reconnected, back);
    };
  }, [call_id, room, queries]);
}

export function useCards(call_id: string) {
  return useQuery({
    queryKey: ['cards', call_id],
    queryFn: () => get('/calls/{call_id}/cards', { path: { call_id } }),
  });
}

/** The card of an entry that the guests have now. */
export function standing(
  cards: readonly CallCard[] | undefined,
  { id, kind }: Pick<ServiceMatch, 'id' | 'kind'>,
): CallCard | undefined {
  return cards?.findLast(
    ({ card, put_away_at }) => card.id === id && card.kind === kind && put_away_at === null,
  );
}

export function useServiceSearch() {
  return useMutation({
    mutationFn: (text: string) => post('/concierge/search', { body: { text, asker: 'resident', limit: 5 } }),
    gcTime: 0,
  });
}

export function usePapers() {
  return useMutation({
    mutationFn: (text: string) => post('/concierge/papers', { body: { text } }),
    gcTime: 0,
  });
}

export function useShow(call_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (choice: Choice) =>
      post('/calls/{call_id}/services', { path: { call_id }, body: bodyOf(choice) }),
    onSuccess: (answer) => queries.setQueryData(['cards', call_id], answer),
  });
}

export function usePutAway(call_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (card_id: string) =>
      post('/calls/{call_id}/cards/{card_id}/put-away', { path: { call_id, card_id } }),
    onSuccess: (answer) => queries.setQueryData(['cards', call_id], answer),
  });
}

/** The card as the guests would get it. */
export function usePreview(call_id: string, choice: Choice) {
  return useQuery({
    queryKey: ['card-preview', call_id, choice.match.kind, choice.match.id],
    queryFn: () => post('/calls/{call_id}/services/preview', { path: { call_id }, body: bodyOf(choice) }),
    gcTime: 0,
  });
}

export function useReject() {
  return useMutation({
    mutationFn: ({ match, words }: { match: ServiceMatch; words: string }) =>
      post('/concierge/rejections', { body: { text: words, id: match.id, kind: match.kind as ShownKind } }),
  });
}

/** What the call looks at together: staff alone where guests may not see it. */
export function usePresent(call_id: string) {
  return useMutation({
    mutationFn: (surface: string) =>
      post('/calls/{call_id}/view/present', { path: { call_id }, body: { surface } }),
  });
}

/** Papers and decisions are for staff alone. */
export function isForResidents({ kind }: Pick<ServiceMatch, 'kind'>): boolean {
  return kind !== 'document' && kind !== 'decision';
}

function bodyOf({ match, foundBy }: Choice) {
  return {
    id: match.id,
    kind: match.kind as ShownKind,
    found_by: foundBy.by,
    words: foundBy.by === 'typed' ? foundBy.words : '',
  };
}
