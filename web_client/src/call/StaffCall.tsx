/** The call as staff see it: bar, stage, panel and tools in the arrangement of the window; what is open is decided here. */
import { Keyboard } from 'lucide-react';
import { type ComponentProps, Suspense, useEffect, useMemo, useState } from 'react';
import type { Call, Connection, Person } from '../api';
import { CallBar, CallFrame, hasPanel, IconButton, type Shape, Sheet, useShape } from '../design';
import { useWords, type Words } from '../words';
import { Comings } from './Comings';
import { serverOrigin } from './connecting';
import { DeviceState } from './DeviceState';
import { barWords, isBack } from './facts';
import { useLeaving } from './Leave';
import {
  CallBands,
  CallOver,
  CallParts,
  ChatBox,
  ChatLines,
  LeaveWindows,
  StaffWindows,
  WeakWindows,
} from './later';
import { clock, type LineEnd } from './line';
import type { Picture } from './members';
import { InviteButton, PeoplePanel } from './PeoplePanel';
import { SidePanel, type SideTab } from './SidePanel';
import { StaffStage } from './StaffStage';
import { canShareScreen, StaffTools, type ToolsCall } from './StaffTools';
import type { CallEntry, CallSnapshot } from './session';
import type { Command } from './shortcuts';
import { type LiveCall, useCall, useLineWords, useNow, useWakeLock } from './useCall';
import { useCallDetails } from './useCallDetails';
import { useChat } from './useChat';
import { useShortcuts } from './useShortcuts';
import { useView } from './useView';

export type OpenWindow =
  | 'people'
  | 'chat'
  | 'invite'
  | 'more'
  | 'help'
  | 'line'
  | 'notes'
  | 'still'
  | 'handOver'
  | null;
export type Layout = 'speaker' | 'grid';

export function StaffCall({
  connection,
  person,
  isListening,
  onEnded,
}: {
  connection: Connection;
  person: Person;
  isListening: boolean;
  onEnded: (reason: LineEnd) => void;
}) {
  const words = useWords('call');
  const shape = useShape();
  const live = { ...useCall(useEntry(connection, person, isListening)), isListening };
  const { session, snapshot } = live;
  useWakeLock();
  const call = useCallDetails(connection.call, snapshot.members.length);
  const chat = useChat(connection.call.id, connection.identity, session, isBack(snapshot));
  const [open, setOpen] = useState<OpenWindow>(null);
  const [tab, setTab] = useState<SideTab>('people');
  const [layout, setLayout] = useState<Layout>('speaker');
  const [pinned, setPinned] = useState<Picture | null>(null);
  const [asked, setAsked] = useState(0);
  const [shown, door] = useView(live, call.id);
  const leaving = useLeaving(session, connection.call.id);
  useEnded(snapshot, onEnded);
  const beside = hasPanel(shape);
  const chatSeen = beside ? tab === 'chat' : open === 'chat';
  const { setOpen: setChatOpen } = chat;
  useEffect(() => setChatOpen(chatSeen), [chatSeen, setChatOpen]);

  const show = (what: 'people' | 'chat') => (beside ? setTab(what) : setOpen(what));
  const run = (command: Command) => {
    if (runDevice(command, live, shape)) return;
    if (command === 'people' || command === 'chat') show(command);
    else if (command === 'layout') setLayout(layout === 'grid' ? 'speaker' : 'grid');
    else if (command === 'leave') leaving.ask();
    else if (command === 'private') {
      setAsked(asked + 1);
      setOpen(null);
    } else if (opensWindow(command)) setOpen(command);
  };
  const shortcuts = useShortcuts(run, open === null && leaving.state.at === 'here');

  const said = useLineWords(snapshot);
  const close = () => setOpen(null);
  const invite = () => setOpen('invite');
  const people = (titled: boolean) => (
    <PeopleAndMore
      {...{ call, person, live, words, titled }}
      onInvite={invite}
      onStill={() => setOpen('still')}
    />
  );
  return (
    <>
      <CallFrame
        shape={shape}
        panelLabel={words.name('panel.label')}
        bar={
          <StaffBar
            call={call}
            said={barWords(snapshot, said, words)}
            shape={shape}
            words={words}
            onHelp={() => setOpen('help')}
            live={live}
            hold={{ since: snapshot.holdSince, personId: person.id, asked }}
            supervisor={person.role === 'supervisor' ? { person, live, isListening } : null}
          />
        }
        stage={
          <StaffStage
            callId={connection.call.id}
            live={live}
            said={said}
            layout={layout}
            pinned={pinned}
            onPin={setPinned}
            shape={shape}
            words={words}
            onNotes={() => setOpen('notes')}
            view={shown.isShown ? shown.view : null}
            over={<CallOver {...{ call, person, live, shape }} view={shown.view} />}
            draw={shown.view}
          />
        }
        panel={
          beside && (
            <SidePanel
              tab={tab}
              onTab={setTab}
              shape={shape}
              people={people(true)}
              chat={chat}
              identity={connection.identity}
              words={words}
              view={shown.isShown ? shown.view : null}
            />
          )
        }
        tools={
          <StaffTools
            callId={call.id}
            shape={shape}
            live={live}
            layout={layout}
            unread={chat.chat.unread}
            isMoreOpen={open === 'more'}
            onMore={(more) => setOpen(more ? 'more' : null)}
            run={run}
            words={words}
            view={shown.view}
          />
        }
      />
      <Sheet
        open={open === 'people'}
        onClose={close}
        title={words.name('people.count', { count: snapshot.members.length })}
        actions={<InviteButton block words={words} onPress={invite} />}
      >
        {people(false)}
      </Sheet>
      <Suspense>
        <Sheet
          open={open === 'chat'}
          onClose={close}
          title={words.name('chat.title')}
          actions={<ChatBox live={chat} words={words} bare />}
        >
          <ChatLines live={chat} identity={connection.identity} words={words} />
        </Sheet>
      </Suspense>
      <WeakWindows open={open} onClose={close} live={live} connection={connection} />
      <StaffWindows {...{ open, call, person, live, shortcuts, words }} view={shown.view} onClose={close} />
      {door}
      <Comings members={snapshot.members} words={words} />
      <DeviceState members={snapshot.members} words={words} />
      <Suspense>
        <LeaveWindows leaving={leaving} others={snapshot.members.length - 1} words={words} />
      </Suspense>
    </>
  );
}

function opensWindow(command: Command): command is Extract<Command, OpenWindow> {
  return ['help', 'line', 'notes', 'still', 'handOver'].includes(command);
}

/** Who is here, and what the call belongs to and has brought. */
function PeopleAndMore({
  call,
  person,
  live,
  words,
  titled,
  onInvite,
  onStill,
}: {
  call: Call;
  person: Person;
  live: LiveCall;
  words: Words;
  titled: boolean;
  onInvite: () => void;
  onStill: () => void;
}) {
  return (
    <>
      <PeoplePanel
        call={call}
        members={live.snapshot.members}
        words={words}
        onInvite={onInvite}
        titled={titled}
      />
      <Suspense>
        <CallParts call={call} person={person} live={live} onTake={onStill} />
      </Suspense>
    </>
  );
}

function useEnded({ line }: CallSnapshot, onEnded: (reason: LineEnd) => void): void {
  const reason = line.at === 'ended' ? line.reason : null;
  useEffect(() => {
    if (reason !== null) onEnded(reason);
  }, [reason, onEnded]);
}

/** What enters the call: a field worker shows the site, the others themselves. */
function useEntry({ call, identity, token }: Connection, { role }: Person, isListening: boolean): CallEntry {
  return useMemo(
    () => ({
      callId: call.id,
      identity,
      url: serverOrigin(window.location),
      token,
      microphone: !isListening,
      camera: !isListening,
      facing: role === 'field' ? 'environment' : 'user',
    }),
    [call.id, identity, token, role, isListening],
  );
}

/** The commands that concern microphone, camera and screen; false for the others. Whoever listens has none. */
function runDevice(command: Command, { snapshot, ...live }: ToolsCall, shape: Shape): boolean {
  const session = live.isListening ? null : live.session;
  const me = snapshot.members.find(({ isLocal }) => isLocal);
  if (command === 'microphone') void session?.setMicrophone(!me?.microphoneOn);
  else if (command === 'camera') void session?.setCamera(!me?.cameraOn);
  else if (command === 'share') {
    if (canShareScreen(shape)) void session?.setScreenShare(!me?.sharesScreen);
  } else return false;
  return true;
}

/** Counts by itself: what stands around it is not drawn anew every second. */
function Elapsed({ since }: { since: string }) {
  useNow();
  return clock((Date.now() - new Date(since).getTime()) / 1000);
}

function StaffBar({
  call,
  said,
  shape,
  words,
  onHelp,
  hold,
  supervisor,
  live,
}: {
  call: Call;
  said: ReturnType<typeof barWords>;
  shape: Shape;
  words: Words;
  onHelp: () => void;
  live: LiveCall;
  hold: ComponentProps<typeof CallBands>['hold'];
  supervisor: ComponentProps<typeof CallBands>['supervisor'];
}) {
  return (
    <>
      <Suspense>
        <CallBands {...{ call, live, hold, supervisor }} />
      </Suspense>
      <CallBar
        title={call.title || words.name('untitled')}
        number={call.number}
        line={said.text}
        lineLook={said.tone}
        elapsed={<Elapsed since={call.started_at} />}
        elapsedLabel={words.name('elapsed')}
        actions={
          shape === 'desk' && (
            <IconButton icon={Keyboard} label={words.name('tools.help')} onStage onClick={onHelp} />
          )
        }
      />
    </>
  );
}
