/** The check before the call: does the voice arrive, and does the person want to be seen. The camera starts switched off. */
import { CircleCheck, Mic, Video, VideoOff } from 'lucide-react';
import type { Ref } from 'react';
import { useMemo } from 'react';
import {
  Button,
  Furigana,
  LevelMeter,
  LiveVideo,
  Notice,
  PreviewFrame,
  ResidentBlock,
  ResidentHeading,
  ResidentStatus,
  ResidentText,
  Stack,
  streamSource,
  TextField,
} from '../design';
import { useWords, type Words } from '../words';
import type { DeviceReport, Problem } from './devices';
import { useLoudness } from './useLoudness';

export interface Wishes {
  readonly camera: boolean;
  readonly name: string;
}

const NAMED: readonly Problem[] = ['missing', 'busy', 'refused'];

export function cameraProblemKey(problem: Problem): string {
  return `check.no_camera_${NAMED.includes(problem) ? problem : 'other'}`;
}

export function Check({
  report,
  stream,
  wishes,
  onWish,
  asksName,
  failed,
  headingRef,
}: {
  report: DeviceReport;
  stream: MediaStream | null;
  wishes: Wishes;
  onWish: (wishes: Wishes) => void;
  /** The invitation names nobody. */
  asksName: boolean;
  /** The last try to enter did not reach the server. */
  failed: boolean;
  headingRef: Ref<HTMLHeadingElement>;
}) {
  const words = useWords('join');
  return (
    <>
      <ResidentHeading headingRef={headingRef} text={words.say('check.heading')} />
      {failed && (
        <ResidentBlock>
          <Notice look="danger" live>
            <Furigana text={words.say('check.entry_failed')} />
          </Notice>
        </ResidentBlock>
      )}
      <ResidentBlock>
        <Voice stream={stream} words={words} />
      </ResidentBlock>
      <ResidentBlock>
        <Face report={report} stream={stream} wishes={wishes} onWish={onWish} words={words} />
      </ResidentBlock>
      {asksName && (
        <ResidentBlock>
          <TextField
            large
            label={words.name('check.name')}
            hint={<Furigana text={words.say('check.name_hint')} />}
            value={wishes.name}
            maxLength={40}
            autoComplete="name"
            onChange={(event) => onWish({ ...wishes, name: event.target.value })}
          />
        </ResidentBlock>
      )}
    </>
  );
}

function Voice({ stream, words }: { stream: MediaStream | null; words: Words }) {
  const { fill, heard } = useLoudness(stream);
  return (
    <ResidentStatus
      icon={heard ? CircleCheck : Mic}
      good={heard}
      text={words.say(heard ? 'check.heard' : 'check.speak')}
    >
      <LevelMeter label={words.name('check.meter')} fill={fill} />
    </ResidentStatus>
  );
}

function Face({
  report,
  stream,
  wishes,
  onWish,
  words,
}: {
  report: DeviceReport;
  stream: MediaStream | null;
  wishes: Wishes;
  onWish: (wishes: Wishes) => void;
  words: Words;
}) {
  const source = useMemo(() => (stream === null ? null : streamSource(stream)), [stream]);
  if (!report.camera.ok) {
    return (
      <Notice icon={VideoOff}>
        <ResidentText text={words.say(cameraProblemKey(report.camera.problem))} />
      </Notice>
    );
  }
  const on = wishes.camera && source !== null;
  return (
    <Stack gap={3}>
      <PreviewFrame words={words.say(on ? 'check.camera_on' : 'check.camera_off')}>
        {on && <LiveVideo source={source} mirrored name="preview" />}
      </PreviewFrame>
      <Button
        block
        size="large"
        look="second"
        icon={on ? VideoOff : Video}
        onClick={() => onWish({ ...wishes, camera: !on })}
      >
        <Furigana text={words.say(on ? 'check.turn_off' : 'check.turn_on')} />
      </Button>
    </Stack>
  );
}
