/**
 * `/j/:code`: the resident's way from the link into the call and out again. The state machine is `journey.ts`; this file
 * runs its effects (reading the invitation, asking for devices, redeeming) and puts the page of each state together.
 * The call itself, with livekit-client, is another chunk, fetched while the person reads.
 */
import { lazy, Suspense, useCallback, useEffect, useReducer, useState } from 'react';
import { useParams } from 'react-router';
import { ApiError, type GuestConnection, get, type InvitationView, type Public, post } from '../api';
import { PageLoading } from '../design';
import { i18n } from '../i18n';
import { usePreferences } from '../preferences';
import { useWords } from '../words';
import { askForDevices, dialogExpected, stopStream } from './asking';
import type { Wishes } from './Check';
import { JoinPages } from './JoinPages';
import { advance, type Journey, refusalFor } from './journey';

const loadCall = () => import('../call/GuestCall');
const GuestCall = lazy(async () => ({ default: (await loadCall()).GuestCall }));

export function JoinRoute() {
  const { code = '' } = useParams();
  const [journey, send] = useReducer(advance, { at: 'loading' } satisfies Journey);
  const view = useInvitation(code, journey, send);
  const office = useOffice();
  const phone = office?.office_phone ?? '';
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [wishes, setWishes] = useState<Wishes>({ camera: false, name: '' });
  const [entryFailed, setEntryFailed] = useState(false);
  const [connection, setConnection] = useState<GuestConnection | null>(null);
  useTitle(journey);
  usePrefetch(journey.at === 'ready');

  useEffect(() => {
    if (journey.at !== 'asking') return;
    let wanted = true;
    void askForDevices().then((answer) => {
      if (!wanted) return stopStream(answer.stream);
      setStream(answer.stream);
      send({ type: 'devices_answered', report: answer.report });
    });
    return () => {
      wanted = false;
    };
  }, [journey.at]);

  useEffect(() => {
    if (journey.at === 'ended' || journey.at === 'refused') stopStream(stream);
  }, [journey.at, stream]);
  useEffect(() => () => stopStream(stream), [stream]);

  const talk = async () => send({ type: 'talk', dialogExpected: await dialogExpected() });

  const enter = async () => {
    send({ type: 'enter' });
    setEntryFailed(false);
    try {
      const name = wishes.name.trim();
      setConnection(await post('/join/{code}', { path: { code }, body: name ? { name } : {} }));
      send({ type: 'entered' });
    } catch (error) {
      const refusal = error instanceof ApiError ? refusalFor(error.key) : null;
      setEntryFailed(refusal === null);
      send(refusal === null ? { type: 'network_failed' } : { type: 'link_refused', reason: refusal });
    }
  };
  const releaseDevices = useCallback(() => stopStream(stream), [stream]);

  if (journey.at === 'talking' && connection && view) {
    return (
      <Suspense fallback={<PageLoading />}>
        <GuestCall
          connection={connection}
          view={view}
          phone={view.office_phone || phone}
          camera={wishes.camera}
          onInside={releaseDevices}
          onEnded={(ending) => {
            setConnection(null);
            send({ type: 'ended', ending });
          }}
        />
      </Suspense>
    );
  }
  return (
    <JoinPages
      journey={journey}
      view={view}
      phone={phone}
      organisation={office?.organisation ?? ''}
      stream={stream}
      wishes={wishes}
      entryFailed={entryFailed}
      onWish={setWishes}
      onTalk={talk}
      onEnter={enter}
      send={send}
    />
  );
}

type Send = (event: Parameters<typeof advance>[1]) => void;

/** Reads the invitation whenever the journey is loading; keeps the last one read for the pages after an end. */
function useInvitation(code: string, journey: Journey, send: Send): InvitationView | null {
  const [view, setView] = useState<InvitationView | null>(null);
  const { suggestLanguage } = usePreferences();

  useEffect(() => {
    if (journey.at !== 'loading') return;
    const stop = new AbortController();
    get('/join/{code}', { path: { code }, signal: stop.signal })
      .then((answer) => {
        suggestLanguage(answer.language);
        setView(answer);
        send({ type: 'invitation_read' });
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        const refusal = error instanceof ApiError ? refusalFor(error.key) : null;
        send(refusal === null ? { type: 'network_failed' } : { type: 'link_refused', reason: refusal });
      });
    return () => stop.abort();
  }, [journey.at, code, send, suggestLanguage]);

  return view;
}

/** Whose page this is, for when the link itself tells nothing; asked without the staff's session, which is another chunk. */
function useOffice(): Public | null {
  const [office, setOffice] = useState<Public | null>(null);
  useEffect(() => {
    get('/public').then(setOffice, () => undefined); // the invitation carries the number too
  }, []);
  return office;
}

/** Fetches the call's chunk and words once the page is quiet, so that the call starts at once. */
function usePrefetch(quiet: boolean): void {
  useEffect(() => {
    if (!quiet) return;
    const fetchCall = () =>
      void Promise.all([loadCall(), i18n.loadNamespaces('call')]).catch(() => undefined);
    if (window.requestIdleCallback === undefined) {
      const timer = setTimeout(fetchCall, 1_500);
      return () => clearTimeout(timer);
    }
    const handle = window.requestIdleCallback(fetchCall, { timeout: 4_000 });
    return () => window.cancelIdleCallback(handle);
  }, [quiet]);
}

const TITLES: Record<Journey['at'], string> = {
  loading: 'landing',
  refused: 'refused',
  unreachable: 'refused',
  ready: 'landing',
  explaining: 'explaining',
  asking: 'explaining',
  blocked: 'blocked',
  checking: 'checking',
  entering: 'checking',
  talking: 'talking',
  ended: 'ended',
};

function useTitle(journey: Journey): void {
  const words = useWords('join');
  const title = words.name(`title.${TITLES[journey.at]}`);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
