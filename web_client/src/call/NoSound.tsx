/** 「聞こえない」: one thing to try at a time, the telephone as the last. */
import { Ear, Headphones, type LucideIcon, Volume2, VolumeX } from 'lucide-react';
import { useState } from 'react';
import { Button, Furigana, PhoneLink, ResidentText, Stack, Tag } from '../design';
import type { Words } from '../words';

type Step = 'sound' | 'volume' | 'earphone' | 'phone';

const ICONS: Record<Exclude<Step, 'phone'>, LucideIcon> = {
  sound: VolumeX,
  volume: Volume2,
  earphone: Headphones,
};

export function NoSound({
  words,
  phone,
  soundBlocked,
  onSound,
  onHeard,
}: {
  words: Words;
  phone: string;
  soundBlocked: boolean;
  onSound: () => void;
  onHeard: () => void;
}) {
  const [steps] = useState<readonly Step[]>(() => [
    ...(soundBlocked ? (['sound'] as const) : []),
    'volume',
    'earphone',
    ...(phone ? (['phone'] as const) : []),
  ]);
  const [at, setAt] = useState(0);
  const step = steps[at] ?? 'volume';
  const last = at === steps.length - 1;
  const Icon = step === 'phone' ? Ear : ICONS[step];
  return (
    <Stack gap={4}>
      <span>
        <Tag icon={Icon}>
          <Furigana text={words.say('no_sound.step', { step: at + 1, total: steps.length })} />
        </Tag>
      </span>
      <ResidentText voice="strong" text={words.say(`no_sound.step_${step}`)} />
      {step === 'sound' ? (
        <Button block size="large" icon={Volume2} onClick={onSound}>
          <Furigana text={words.say('notice.sound_on')} />
        </Button>
      ) : (
        <ResidentText text={words.say(`no_sound.${step}_more`)} />
      )}
      {step === 'phone' && <PhoneLink look="primary" number={phone} words={words.say('no_sound.call')} />}
      <Stack gap={2}>
        <Button block size="large" look="second" onClick={onHeard}>
          <Furigana text={words.say('no_sound.heard')} />
        </Button>
        {!last && (
          <Button block size="large" look="plain" onClick={() => setAt(at + 1)}>
            <Furigana text={words.say('no_sound.still')} />
          </Button>
        )}
      </Stack>
    </Stack>
  );
}
