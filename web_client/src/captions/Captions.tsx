/** What people say, in words, while they say it: for everybody in the call who may hear them. */
import { type Participant, RoomEvent, type TranscriptionSegment } from 'livekit-client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveCall } from '../call/useCall';
import {
  Button,
  CAPTION_COLOURS,
  CAPTION_PLACES,
  CAPTION_SIZES,
  CaptionBar,
  Dialog,
  PanelSubhead,
  SegmentedControl,
  Stack,
} from '../design';
import { useWords } from '../words';
import { after, type Heard, nextChange, still } from './heard';
import { change, look as chosen } from './look';

export function Captions({ live }: { live: LiveCall }) {
  const words = useWords('captions');
  const look = useSyncExternalStore(chosen.subscribe, chosen.get);
  const [isOpen, setOpen] = useState(false);
  const heard = useHeard(live);
  const [hasAny, setHasAny] = useState(false);
  useEffect(() => {
    if (heard.length > 0) setHasAny(true);
  }, [heard]);
  if (!hasAny && !isOpen) return null;
  const people = new Map(live.snapshot.members.map((member) => [member.identity, member]));
  const shown = look.isOn ? heard : [];
  const lines = shown.map(({ id, identity, text, draft }) => {
    const speaker = people.get(identity);
    return { key: id, who: speaker?.name ?? '', role: speaker?.role, text, draft };
  });
  return (
    <>
      <CaptionBar
        label={words.name('label')}
        look={look}
        lines={lines}
        settings={words.name('settings')}
        onSettings={() => setOpen(true)}
      />
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={words.name('settings')} closable>
        <Stack gap={4}>
          <Choice
            name="on"
            keys={['on', 'off']}
            selected={look.isOn ? 'on' : 'off'}
            onSelect={(key) => change({ isOn: key === 'on' })}
          />
          <Choice
            name="size"
            keys={CAPTION_SIZES}
            selected={look.size}
            onSelect={(size) => change({ size })}
          />
          <Choice
            name="colour"
            keys={CAPTION_COLOURS}
            selected={look.colour}
            onSelect={(colour) => change({ colour })}
          />
          <Choice
            name="place"
            keys={CAPTION_PLACES}
            selected={look.place}
            onSelect={(place) => change({ place })}
          />
          <Button onClick={() => setOpen(false)}>{words.say('done')}</Button>
        </Stack>
      </Dialog>
    </>
  );
}

function Choice<K extends string>({
  name,
  keys,
  selected,
  onSelect,
}: {
  name: 'on' | 'size' | 'colour' | 'place';
  keys: readonly K[];
  selected: K;
  onSelect: (key: K) => void;
}) {
  const words = useWords('captions');
  return (
    <Stack gap={1}>
      <PanelSubhead>{words.say(`${name}.label`)}</PanelSubhead>
      <SegmentedControl
        fill
        label={words.name(`${name}.label`)}
        choices={keys.map((key) => ({ key, label: words.name(`${name}.${key}`) }))}
        selected={selected}
        onSelect={onSelect}
      />
    </Stack>
  );
}

/** The captions of this moment. The server sends them only where the voice itself may be heard. */
function useHeard({ session }: LiveCall): readonly Heard[] {
  const [heard, setHeard] = useState<readonly Heard[]>([]);
  const room = session?.room;
  useEffect(() => {
    if (!room) return;
    const read = (segments: TranscriptionSegment[], speaker?: Participant) => {
      const at = performance.now();
      setHeard((before) =>
        segments.reduce((shown, segment) => after(shown, speaker?.identity ?? '', segment, at), before),
      );
    };
    room.on(RoomEvent.TranscriptionReceived, read);
    return () => {
      room.off(RoomEvent.TranscriptionReceived, read);
    };
  }, [room]);
  useEffect(() => {
    const due = nextChange(heard);
    if (!Number.isFinite(due)) return;
    const timer = setTimeout(
      () => setHeard((shown) => still(shown, performance.now())),
      due - performance.now(),
    );
    return () => clearTimeout(timer);
  }, [heard]);
  return heard;
}
