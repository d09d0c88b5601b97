/** What may concern somebody, each with why; asked for with what the device remembers, and only while that is switched on. */
import { post, type Recommendation } from '../api';
import { Button, Furigana, ReasonedCard, ResidentBlock, ResidentText, Stack, useToast } from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';
import { useAsked } from './asking';
import { asked, type Memory } from './device';
import { linesOf, pathOf, summaryOf, titleOf } from './serviceWords';
import type { DeviceMemory } from './useMemory';

export function Recommended({ device, words }: { device: DeviceMemory; words: Words }) {
  const { memory } = device;
  const isAsked = memory.on && memory.seen.length > 0;
  const body = asked(memory, Date.now());
  const { asked: answer } = useAsked(isAsked ? JSON.stringify(body) : null, (signal) =>
    post('/services/recommended', { body, signal }),
  );
  if (!isAsked || answer.at !== 'ready' || answer.answer.recommended.length === 0) return null;
  return (
    <ResidentBlock title={words.say('recommended.heading')}>
      <Stack gap={3}>
        {answer.answer.recommended.map((one) => (
          <Card key={`${one.service.kind} ${one.service.id}`} one={one} device={device} words={words} />
        ))}
        <ResidentText voice="note" text={words.say('recommended.note')} />
      </Stack>
    </ResidentBlock>
  );
}

function Card({ one, device, words }: { one: Recommendation; device: DeviceMemory; words: Words }) {
  const toast = useToast();
  const { service } = one;
  const title = titleOf(service, words.language);
  const undone = (text: string, before: Memory) =>
    toast({ text, action: { label: words.name('undo'), onPress: () => device.restore(before) } });
  return (
    <ReasonedCard
      to={pathOf(service)}
      title={title}
      summary={summaryOf(service, words.language)}
      lines={linesOf(service, words)}
      why={{ label: words.say('why.label'), text: whyOf(one, words) }}
    >
      <Button
        look="quiet"
        aria-label={words.name('recommended.later_name', { title })}
        onClick={() => {
          const before = device.memory;
          device.postpone(service);
          undone(words.name('recommended.later_done'), before);
        }}
      >
        <Furigana text={words.say('recommended.later')} />
      </Button>
      <Button
        look="quiet"
        aria-label={words.name('recommended.refuse_name', { title })}
        onClick={() => {
          const before = device.memory;
          device.refuse(service);
          undone(words.name('recommended.refuse_done'), before);
        }}
      >
        <Furigana text={words.say('recommended.refuse')} />
      </Button>
    </ReasonedCard>
  );
}

function whyOf({ reasons }: Recommendation, words: Words): string {
  return reasons
    .map(({ why, words: said, shared }) =>
      words.say(`recommended.why.${why}`, {
        title: said,
        shared,
        day: why === 'last_day' ? day(said, words.language) : '',
      }),
    )
    .join(' / ');
}
