/** What a call fetches once it is open, so that its first picture does not wait for it: words and views of a weak line. */
import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { i18n } from '../i18n';
import type { LiveCall } from './useCall';

export const InviteSheet = lazy(async () => ({ default: (await import('./InviteSheet')).InviteSheet }));

const bring = {
  notices: async () => (await import('./WeakNotices')).WeakNotices,
  line: async () => (await import('./LineSheet')).LineSheet,
  notes: async () => (await import('./NotesSheet')).NotesSheet,
  help: async () => (await import('./HelpDialog')).HelpDialog,
  caseOfCall: async () => (await import('../cases/CaseOfCall')).CaseOfCall,
};

/** A view with its words, fetched when it is first drawn. One that cannot be fetched is left out: a call goes on. */
export function later<P>(load: () => Promise<ComponentType<P>>, namespace = 'weak') {
  return lazy(async () => {
    const words = i18n.loadNamespaces(namespace);
    const [Loaded] = await Promise.all([load().catch((): ComponentType<P> => () => null), words]);
    return { default: Loaded };
  });
}

export const WeakNotices = later(bring.notices);
const LineSheet = later(bring.line);
const NotesSheet = later(bring.notes);
export const HelpDialog = later(bring.help, 'call');
export const CaseOfCall = later(bring.caseOfCall, 'cases');
export const NoteLine = later(async () => (await import('./NotesSheet')).NoteLine);
export const Ringing = later(async () => (await import('./Ringing')).Ringing, 'ring');
export const OutboxPanel = later(async () => (await import('../outbox/OutboxPanel')).OutboxPanel);

/** The windows of a weak line. All is fetched while there is a line: without one it is needed and cannot be fetched. */
export function WeakWindows({
  open,
  onClose,
  live,
  connection,
}: {
  open: string | null;
  onClose: () => void;
  live: LiveCall;
  connection: { readonly identity: string; readonly call: { readonly id: string } };
}) {
  const { session, snapshot } = live;
  const isOpen = snapshot.weak !== null;
  useEffect(() => {
    if (isOpen) for (const load of Object.values(bring)) void load().catch(() => undefined); // asked again when opened
  }, [isOpen]);
  if (!isOpen) return null;
  return (
    <Suspense>
      <LineSheet open={open === 'line'} onClose={onClose} weak={snapshot.weak} session={session} />
      {canKeepNotes() && (
        <NotesSheet
          open={open === 'notes'}
          onClose={onClose}
          account={connection.identity}
          callId={connection.call.id}
        />
      )}
    </Suspense>
  );
}

/** Sealing needs a secure context, and so do microphone and camera. */
export function canKeepNotes(): boolean {
  return window.isSecureContext && 'indexedDB' in window;
}
