/** The call as a resident sees it: one face, the name and office of whoever speaks, words, and five large controls. */
import {
  CircleDashed,
  LogOut,
  Mic,
  MicOff,
  PenLine,
  PhoneOff,
  Signal,
  SignalLow,
  Type,
  Video,
  VideoOff,
  VolumeX,
} from 'lucide-react';
import { Suspense, useEffect, useMemo, useState } from 'react';
import type { GuestConnection, InvitationView } from '../api';
import { post } from '../api';
import {
  BandButton,
  Button,
  Dialog,
  Furigana,
  GuestDeck,
  GuestFrame,
  OfficeHeader,
  Sheet,
  TextSizeControl,
  Title,
  ToolButton,
  WideTool,
  WordsBand,
} from '../design';
import type { Ending } from '../join/journey';
import { useWords, type Words } from '../words';
import { ChatBox, ChatLines } from './ChatPanel';
import { Comings } from './Comings';
import { serverOrigin } from './connecting';
import { DeviceState } from './DeviceState';
import { barWords, isBack, microphoneState } from './facts';
import { GuestStage } from './GuestStage';
import { later, NoSound, WeakWindows } from './later';
import type { LineWords } from './line';
import type { CallEntry, CallSnapshot } from './session';
import { type LiveCall, useCall, useLineWords, useWakeLock } from './useCall';
import { type LiveChat, useChat } from './useChat';
import { useView } from './useView';

const SharedCasesLink = later(
  async () => (await import('../partner/SharedCasesLink')).SharedCasesLink,
  'partner',
);

type Window_ = 'chat' | 'notes' | 'sound' | 'size' | 'leave' | null;

export function GuestCall({
  connection,
  view,
  phone,
  camera,
  onInside,
  onEnded,
}: {
  connection: GuestConnection;
  view: InvitationView;
  phone: string;
  camera: boolean;
  /** The call has its own devices now; what was held for it can go. */
  onInside: () => void;
  onEnded: (ending: Ending) => void;
}) {
  const words = useWords('call');
  const entry = useMemo<CallEntry>(
    () => ({
      callId: connection.call.id,
      identity: connection.identity,
      url: serverOrigin(window.location),
      token: connection.token,
      microphone: true,
      camera,
      facing: 'user',
    }),
    [connection.call.id, connection.identity, connection.token, camera],
  );
  const live = useCall(entry, onInside);
  const { session, snapshot } = live;
  const said = useLineWords(snapshot);
  useWakeLock();
  const chat = useChat(connection.call.id, connection.identity, session, isBack(snapshot));
  const [open, setOpen] = useState<Window_>(null);
  const [together, door] = useView(live, connection.call.id);
  useEnding(snapshot, onEnded);

  const { setOpen: setChatOpen } = chat;
  useEffect(() => setChatOpen(open === 'chat'), [open, setChatOpen]);

  const leave = async () => {
    setOpen(null);
    await session?.leave();
    void post('/guest/leave').catch(() => undefined); // the room noticed already; this only closes the visit in the log
  };
  return (
    <>
      <GuestFrame
        band={<Band view={view} words={words} onSize={() => setOpen('size')} />}
        stage={
          <>
            <Title hidden>{words.name('title')}</Title>
            <GuestStage
              callId={connection.call.id}
              live={live}
              said={said}
              words={words}
              onNotes={() => setOpen('notes')}
              shown={together}
            />
          </>
        }
        words={
          <GuestWords live={live} said={said} chat={chat} words={words} onRead={() => setOpen('chat')} />
        }
        deck={<Deck live={live} chat={chat} words={words} onOpen={setOpen} />}
      />
      <WeakWindows open={open} onClose={() => setOpen(null)} live={live} connection={connection} />
      {door}
      <Comings members={snapshot.members} words={words} />
      <DeviceState members={snapshot.members} words={words} />
      <Sheet
        open={open === 'chat'}
        onClose={() => setOpen(null)}
        title={words.say('tools.write')}
        actions={<ChatBox live={chat} words={words} large bare />}
      >
        <ChatLines live={chat} identity={connection.identity} words={words} large />
      </Sheet>
      <Sheet open={open === 'sound'} onClose={() => setOpen(null)} title={words.say('no_sound.title')}>
        <Suspense>
          <NoSound
            words={words}
            phone={phone}
            soundBlocked={snapshot.soundBlocked}
            onSound={() => void session?.startSound()}
            onHeard={() => setOpen(null)}
          />
        </Suspense>
      </Sheet>
      <Dialog open={open === 'size'} onClose={() => setOpen(null)} title={words.say('tools.text_size')}>
        <TextSizeControl />
      </Dialog>
      <Dialog
        open={open === 'leave'}
        onClose={() => setOpen(null)}
        title={words.say('leave.guest_title')}
        actions={
          <>
            <Button size="large" look="danger" icon={LogOut} onClick={leave}>
              <Furigana text={words.say('leave.guest_leave')} />
            </Button>
            <Button size="large" look="plain" onClick={() => setOpen(null)}>
              <Furigana text={words.say('leave.guest_back')} />
            </Button>
          </>
        }
      >
        <Furigana text={words.say('leave.guest_more')} />
      </Dialog>
    </>
  );
}

function useEnding(snapshot: CallSnapshot, onEnded: (ending: Ending) => void): void {
  const { line } = snapshot;
  const reason = line.at === 'ended' ? line.reason : null;
  useEffect(() => {
    if (reason !== null) onEnded(reason === 'refused' ? 'removed' : reason);
  }, [reason, onEnded]);
}

function Band({ view, words, onSize }: { view: InvitationView; words: Words; onSize: () => void }) {
  const joinWords = useWords('join');
  const office = view.host.department || view.host.office;
  return (
    <OfficeHeader
      organisation={joinWords.name('office.with', { organisation: view.organisation })}
      office={office}
      aside={
        <>
          {view.kind === 'partner' && (
            <Suspense>
              <SharedCasesLink />
            </Suspense>
          )}
          <BandButton icon={Type} onClick={onSize}>
            {words.name('tools.text_size_short')}
          </BandButton>
        </>
      }
    />
  );
}

/** The latest unread written line, else the state of the line in words. */
function GuestWords({
  live,
  said: line,
  chat,
  words,
  onRead,
}: {
  live: LiveCall;
  said: LineWords;
  chat: LiveChat;
  words: Words;
  onRead: () => void;
}) {
  const said = barWords(live.snapshot, line, words);
  const latest = chat.chat.unread > 0 ? chat.chat.lines.at(-1) : undefined;
  if (latest) {
    return (
      <WordsBand
        live
        icon={PenLine}
        above={words.name('chat.arrived', { name: latest.sender_name })}
        action={
          <Button size="small" look="plain" onClick={onRead}>
            <Furigana text={words.say('chat.read')} />
          </Button>
        }
      >
        {latest.text}
      </WordsBand>
    );
  }
  return (
    <WordsBand
      icon={said.tone === 'ok' ? Signal : said.tone === 'quiet' ? CircleDashed : SignalLow}
      above={<Furigana text={said.text} />}
    />
  );
}

function Deck({
  live,
  chat,
  words,
  onOpen,
}: {
  live: LiveCall;
  chat: LiveChat;
  words: Words;
  onOpen: (window: Window_) => void;
}) {
  const { session, snapshot } = live;
  const me = snapshot.members.find(({ isLocal }) => isLocal);
  const microphone = microphoneState(snapshot);
  const cameraOn = me?.cameraOn ?? false;
  const { unread } = chat.chat;
  return (
    <GuestDeck
      label={words.name('tools.label')}
      tools={
        <>
          <ToolButton
            large
            icon={microphone === 'on' ? Mic : MicOff}
            look={microphone === 'on' ? 'tool' : 'alert'}
            label={words.name(`tools.microphone_${microphone}`)}
            onClick={() => void session?.setMicrophone(microphone === 'off')}
          />
          <ToolButton
            large
            icon={cameraOn ? Video : VideoOff}
            label={words.name(cameraOn ? 'tools.camera_on' : 'tools.camera_off')}
            onClick={() => void session?.setCamera(!cameraOn)}
          />
          <ToolButton
            large
            look="hang"
            icon={PhoneOff}
            label={words.name('tools.leave')}
            onClick={() => onOpen('leave')}
          />
        </>
      }
      wide={
        <>
          <WideTool
            icon={PenLine}
            text={words.say('tools.write')}
            mark={unread > 0 ? words.name('tools.chat_unread', { count: unread }) : undefined}
            onClick={() => onOpen('chat')}
          />
          <WideTool icon={VolumeX} text={words.say('tools.no_sound')} onClick={() => onOpen('sound')} />
        </>
      }
    />
  );
}
