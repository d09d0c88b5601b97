/** Over the stage while a resident waits: their place, how long about, what happens next, and the call back instead. */
import { Clock, PhoneCall, PhoneForwarded } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { type GuestPlace, get, post } from '../api';
import type { Member } from '../call/members';
import { dateOf, timeOf } from '../clock';
import { Button, Dialog, ErrorNotice, Furigana, Stack, StageNotice, TextField } from '../design';
import { useSending } from '../sending';
import { useWords, type Words } from '../words';

const LOOK_AGAIN_MS = 4_000;
/** While staff are there and nobody is waited for; who comes or goes is a reason to look at once. */
const LOOK_SELDOM_MS = 20_000;

export function GuestWaiting({ members }: { members: readonly Member[] }) {
  const words = useWords('waiting');
  const { place, setPlace } = usePlace(members);
  const [isAsking, setAsking] = useState(false);
  if (place === null || (place.state === 'none' && !place.is_alone)) return null;
  if (place.state === 'call_back') {
    return (
      <StageNotice icon={PhoneCall} tone="ok" title={<Furigana text={words.say('called_back')} />}>
        <Furigana text={words.say('called_back_more')} />
      </StageNotice>
    );
  }
  return (
    <>
      <StageNotice
        icon={place.state === 'ringing' ? PhoneForwarded : Clock}
        tone="ok"
        title={<Furigana text={standing(place, words)} />}
        action={
          <Button size="small" look="plain" icon={PhoneCall} onClick={() => setAsking(true)}>
            <Furigana text={words.say('call_me')} />
          </Button>
        }
      >
        <Furigana text={words.say('next')} />
      </StageNotice>
      <CallBackDialog open={isAsking} words={words} onClose={() => setAsking(false)} onAsked={setPlace} />
    </>
  );
}

function standing(place: GuestPlace, words: Words): string {
  if (place.state === 'ringing') return words.say('ringing');
  if (place.state === 'queued' && place.expected_min !== null) {
    return words.say('queued', { position: place.position, minutes: place.expected_min });
  }
  if (place.here_from) {
    const when = `${dateOf(place.here_from, words.language)} ${timeOf(place.here_from)}`;
    return words.say('closed', { when });
  }
  return words.say(place.state === 'none' ? 'alone' : 'nobody');
}

function usePlace(members: readonly Member[]) {
  const [place, setPlace] = useState<GuestPlace | null>(null);
  const people = members.map(({ identity }) => identity).join(' ');
  const isWaiting = place === null || place.state !== 'none' || place.is_alone;
  const look = useCallback(() => {
    get('/guest/waiting').then(setPlace, () => undefined); // the line has its own notice; the next look comes soon
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is there is the occasion to look, not a value used
  useEffect(look, [look, people]);
  useEffect(() => {
    const timer = setInterval(look, isWaiting ? LOOK_AGAIN_MS : LOOK_SELDOM_MS);
    return () => clearInterval(timer);
  }, [look, isWaiting]);
  return { place, setPlace };
}

function CallBackDialog({
  open,
  words,
  onClose,
  onAsked,
}: {
  open: boolean;
  words: Words;
  onClose: () => void;
  onAsked: (place: GuestPlace) => void;
}) {
  const [phone, setPhone] = useState('');
  const { busy, error, submit } = useSending(async () => {
    onAsked(await post('/guest/call-back', { body: { phone: phone.normalize('NFKC').trim() } }));
    setPhone('');
    onClose();
  });
  return (
    <Dialog open={open} onClose={onClose} title={words.say('call_me_title')}>
      <form onSubmit={submit}>
        <Stack gap={4}>
          <TextField
            large
            label={words.name('phone')}
            hint={<Furigana text={words.say('phone_hint')} />}
            type="tel"
            inputMode="tel"
            autoComplete="tel"
            required
            maxLength={24}
            value={phone}
            onChange={(event) => setPhone(event.target.value)}
          />
          {error !== null && <ErrorNotice title={words.name('call_me_failed')} error={error} />}
          <Button type="submit" size="large" block icon={PhoneCall} busy={busy}>
            <Furigana text={words.say('call_me_send')} />
          </Button>
          <Button size="large" look="plain" block onClick={onClose}>
            <Furigana text={words.say('wait_on')} />
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
