/** What a call fetches once it is open, so that its first picture does not wait for it: words and views of a weak line. */
import {
  Component,
  type ComponentType,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useSyncExternalStore,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, Person } from '../api';
import { Button, Dialog, Failed } from '../design';
import { i18n } from '../i18n';
import { Store } from '../view/store';
import type { View } from '../view/View';
import type { Words } from '../words';
import type { LiveCall } from './useCall';
import type { Shortcuts } from './useShortcuts';

const bring = {
  notices: async () => (await import('./WeakNotices')).WeakNotices,
  line: async () => (await import('./LineSheet')).LineSheet,
  notes: async () => (await import('./NotesSheet')).NotesSheet,
  help: async () => (await import('./HelpDialog')).HelpDialog,
  around: () => import('./inCall'),
};

/** A view that fails is left out: a call goes on. */
class LeftOut extends Component<{ children: ReactNode }> {
  override state = { failed: false };
  static getDerivedStateFromError = () => ({ failed: true });
  override render = () => !this.state.failed && this.props.children;
}

/** How often somebody wanted to have what could not be fetched fetched again. */
const rounds = new Store(0);

/**
 * A view with its words, fetched when it is first drawn. One that cannot be fetched is left out, or `Absent` stands there
 * until somebody wants it again; one that fails is left out.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  namespace = 'weak',
  Absent: ComponentType<P> = () => null,
) {
  const fetched = () => {
    const one = {
      round: rounds.get(),
      hasFailed: false,
      View: lazy(async () => ({ default: await brought() })),
    };
    async function brought(): Promise<ComponentType<P>> {
      const loading = load().catch(() => {
        one.hasFailed = true;
        return Absent;
      });
      return (await Promise.all([loading, i18n.loadNamespaces([namespace, 'errors'])]))[0];
    }
    return one;
  };
  let latest = fetched();
  return function Later(props: P) {
    const round = useSyncExternalStore(rounds.subscribe, rounds.get);
    if (latest.hasFailed && latest.round !== round) latest = fetched();
    const View: ComponentType<P> = latest.View;
    return (
      <LeftOut key={latest.round}>
        <View {...props} />
      </LeftOut>
    );
  };
}

const fetchAgain = () => rounds.set(rounds.get() + 1);

/** In the place of what somebody opened and could not be fetched. */
export function Absent() {
  const { t } = useTranslation('app');
  return (
    <Failed title={t('notBrought.title')} onRetry={fetchAgain}>
      <p>{t('notBrought.text')}</p>
    </Failed>
  );
}

/** The same of a window, while it is open. */
function AbsentWindow({ open = true, onClose }: { open?: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('notBrought.title')}
      actions={<Button onClick={fetchAgain}>{t('retry')}</Button>}
    >
      {t('notBrought.text')}
    </Dialog>
  );
}

const guest = () => import('./guestInCall');
export const CallTools = later(async () => (await bring.around()).CallTools);
export const CallOver = later(async () => (await bring.around()).CallOver);
export const CallBands = later(async () => (await bring.around()).CallBands);
export const CallParts = later(async () => (await bring.around()).CallParts);
export const GuestOver = later(async () => (await guest()).GuestOver);
export const GuestAbove = later(async () => (await guest()).GuestAbove);
const HandOverSheet = later(
  async () => (await import('./HandOverSheet')).HandOverSheet,
  'hold',
  AbsentWindow,
);
const InviteSheet = later(async () => (await import('./InviteSheet')).InviteSheet, 'call', AbsentWindow);
export const NewsAtHome = later(async () => (await import('../wall/NewsAtHome')).NewsAtHome, 'wall');
export const NoSound = later(async () => (await import('./NoSound')).NoSound, 'call', Absent);
/** Drawn in a closed window from the start, and so there when they are opened. */
export const ChatLines = later(async () => (await import('./ChatPanel')).ChatLines, 'call', Absent);
export const ChatBox = later(async () => (await import('./ChatPanel')).ChatBox, 'call');
/** Always drawn, and so there before it is needed without a line. */
export const LeaveWindows = later(async () => (await import('./LeaveWindows')).LeaveWindows, 'call');
export const WeakNotices = later(bring.notices);
const LineSheet = later(bring.line, 'weak', AbsentWindow);
const NotesSheet = later(bring.notes, 'weak', AbsentWindow);
const HelpDialog = later(bring.help, 'call', AbsentWindow);
export const NoteLine = later(async () => (await import('./NotesSheet')).NoteLine);
export const Ringing = later(async () => (await import('./Ringing')).Ringing, 'ring');
const questions = () => import('../questions/QuestionsInCall');
export const QuestionsInCall = later(async () => (await questions()).QuestionsInCall, 'question');
export const NoteAsQuestion = later(async () => (await questions()).NoteAsQuestion, 'question');
const bringMarks = () => import('../stills/LiveMarks');
const bringStills = () => import('../stills/InCall');
export const StillTool = later(async () => (await bringStills()).StillTool, 'still');
export const LiveMarks = later(async () => (await bringMarks()).LiveMarks, 'view');
const StillWindows = later(async () => (await bringStills()).StillWindows, 'still', AbsentWindow);
export const AfterCall = later(async () => (await import('../recap/AfterCall')).AfterCall, 'recap');
const view = () => import('../view/inCall');
export const ViewDoor = later(async () => (await view()).ViewDoor, 'view');
export const ViewStage = later(async () => (await view()).ViewStage, 'view', Absent);
export const Captions = later(async () => (await import('../captions/Captions')).Captions, 'captions');
export const ViewPanel = later(async () => (await view()).ViewPanel, 'view', Absent);
export const OutboxPanel = later(
  async () => (await import('../outbox/OutboxPanel')).OutboxPanel,
  'weak',
  Absent,
);

/** The windows of staff that are opened once in a while. */
export function StaffWindows({
  open,
  onClose,
  call,
  person,
  live,
  view,
  shortcuts,
  words,
}: {
  open: string | null;
  onClose: () => void;
  call: Call;
  person: Person;
  live: LiveCall;
  view: View | null;
  shortcuts: Shortcuts;
  words: Words;
}) {
  return (
    <Suspense>
      {open === 'invite' && <InviteSheet open onClose={onClose} call={call} words={words} />}
      {open === 'help' && <HelpDialog open onClose={onClose} shortcuts={shortcuts} words={words} />}
      <StillWindows open={open === 'still'} {...{ onClose, call, person, live, view }} />
      {open === 'handOver' && <HandOverSheet callId={call.id} personId={person.id} onClose={onClose} />}
    </Suspense>
  );
}

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
