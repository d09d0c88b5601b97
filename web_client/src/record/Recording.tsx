/** Recording in a call: the staff's switch, what it asks before it begins, and the red line that everybody sees. */
import { type Room, RoomEvent } from 'livekit-client';
import { CircleDot, CircleStop } from 'lucide-react';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { post } from '../api';
import type { LiveCall } from '../call/useCall';
import { useConsents } from '../consent/Consents';
import { Button, ErrorNotice, RecordingMark, Sheet, Stack, Words as Text, ToolButton } from '../design';
import { Store } from '../view/store';
import { useWords } from '../words';

interface Part {
  callId: string;
  live: LiveCall;
}

/** What the person is about to do; kept here, since tools come and go as a tablet is turned. */
const chosen = new Store<'none' | 'start' | 'stop'>('none');

/** Among the staff's tools. */
export function RecordingTool({ live }: Part) {
  const words = useWords('recording');
  const isRecorded = useIsRecorded(live);
  return (
    <ToolButton
      icon={isRecorded ? CircleStop : CircleDot}
      label={words.name(isRecorded ? 'tool.stop' : 'tool.start')}
      pressed={isRecorded}
      onClick={() => chosen.set(isRecorded ? 'stop' : 'start')}
    />
  );
}

/** The windows of the tool. */
export function RecordingSheet({ callId, live }: Part) {
  const words = useWords('recording');
  const { consents, known } = useConsents(callId, live);
  const open = useSyncExternalStore(chosen.subscribe, chosen.get);
  useEffect(() => () => chosen.set('none'), []);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = () => {
    setError(null);
    chosen.set('none');
  };
  const act = async (what: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await what();
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const path = { call_id: callId };
  const start = async () => {
    await consents.answer(['recording'], true);
    await post('/calls/{call_id}/recording/start', { path });
    if (!known.answer?.asked_of_all.includes('recording')) await consents.ask(['recording']);
  };
  const isStart = open === 'start';
  return (
    <Sheet open={open !== 'none'} onClose={close} title={words.name(isStart ? 'start.title' : 'stop.title')}>
      <Stack gap={3}>
        <Text>{words.name(isStart ? 'start.lead' : 'stop.lead')}</Text>
        <Text voice="note">{words.name(isStart ? 'start.note' : 'stop.note')}</Text>
        {error !== null && <ErrorNotice title={words.name('failed')} error={error} />}
        <Button
          icon={isStart ? CircleDot : CircleStop}
          busy={busy}
          onClick={() => void act(isStart ? start : () => post('/calls/{call_id}/recording/stop', { path }))}
        >
          {words.name(isStart ? 'start.do' : 'stop.do')}
        </Button>
      </Stack>
    </Sheet>
  );
}

/** The red line, over the stage of everybody. */
export function RecordingLine({ live }: { live: LiveCall }) {
  const words = useWords('recording');
  return useIsRecorded(live) ? <RecordingMark>{words.say('line')}</RecordingMark> : null;
}

function useIsRecorded({ session }: LiveCall): boolean {
  const room: Room | null = session?.room ?? null;
  const subscribe = useCallback(
    (changed: () => void) => {
      room?.on(RoomEvent.RecordingStatusChanged, changed).on(RoomEvent.Connected, changed);
      return () => room?.off(RoomEvent.RecordingStatusChanged, changed).off(RoomEvent.Connected, changed);
    },
    [room],
  );
  return useSyncExternalStore(subscribe, () => room?.isRecording ?? false);
}
