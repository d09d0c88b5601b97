/**
 * `/j/:code`: the resident's way from the link into the call and out again. The state machine is `journey.ts`; this file
 * runs its effects (reading the invitation, asking for devices, redeeming) and puts the page of each state together.
 * The call itself, with livekit-client, is another chunk, fetched while the person reads.
 */
import { useCallback, useEffect, useReducer, useState } from 'react';
import { useParams } from 'react-router';
import { ApiError, type GuestConnection, type InvitationView, post } from '../api';
import { PageLoading } from '../design';
import { i18n } from '../i18n';
import { usePreferences } from '../preferences';
import { useWords } from '../words';
import { askForDevices, dialogExpected, stopStream } from './asking';
import type { Wishes } from './Check';
import { readInvitation } from './invitation';
import { JoinPages } from './JoinPages';
import { advance, type Journey, refusalFor } from './journey';
import { useOffice } from './office';

const RETRY_MS = 2_000;

type CallScreen = typeof import('../call/GuestCall').GuestCall;

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
  const Call = useCallScreen(journey.at);

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
    if (!Call) return <PageLoading />;
    return (
      <Call
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
    readInvitation(code, stop.signal)
      .then((answer) => {
        if (stop.signal.aborted) return;
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

/**
 * The call, fetched while the person reads, at once when they go on, and again until it is there. Not by Suspense: React
 * would hold the call back for 300 ms behind its fallback.
 */
function useCallScreen(at: Journey['at']): CallScreen | null {
  const [screen, setScreen] = useState<CallScreen | null>(null);
  const [tries, setTries] = useState(0);
  const isReading = at === 'ready';
  const isNeeded = at === 'checking' || at === 'entering' || at === 'talking';

  // biome-ignore lint/correctness/useExhaustiveDependencies: each failed try starts the effect again
  useEffect(() => {
    if (screen || !(isReading || isNeeded)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const fetchCall = async () => {
      try {
        const [{ GuestCall }] = await Promise.all([import('../call/GuestCall'), i18n.loadNamespaces('call')]);
        if (!isOver) setScreen(() => GuestCall);
      } catch {
        if (!isOver) timer = setTimeout(() => setTries((count) => count + 1), RETRY_MS);
      }
    };
    const idle = isReading && window.requestIdleCallback !== undefined;
    const handle = idle ? window.requestIdleCallback(() => void fetchCall(), { timeout: 4_000 }) : 0;
    if (!idle) timer = setTimeout(() => void fetchCall(), isReading ? 1_500 : 0);
    return () => {
      isOver = true;
      clearTimeout(timer);
      if (idle) window.cancelIdleCallback(handle);
    };
  }, [screen, isReading, isNeeded, tries]);
  return screen;
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
