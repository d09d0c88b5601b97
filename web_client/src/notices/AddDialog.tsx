/** Follow one thing more: chosen from what the office has, with the day of a licence or the distance of works. */
import { CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { get, type NoticesOffer, type NoticesView, post } from '../api';
import {
  Button,
  Dialog,
  ErrorNotice,
  Furigana,
  Loading,
  ResidentText,
  SelectField,
  Stack,
  TextField,
} from '../design';
import { day } from '../letter/day';
import { useSending } from '../sending';
import type { Words } from '../words';
import type { Topic } from './ownNotices';
import { ANY_TIME, SlotTimes } from './SlotTimes';

interface Asked {
  topic: Topic;
  code: string;
  open: boolean;
  words: Words;
  onClose: () => void;
  onAdded: (page: NoticesView) => void;
}

const USUAL_RADIUS_M = 1000;

export function AddDialog({ topic, code, open, words, onClose, onAdded }: Asked) {
  const [offer, setOffer] = useState<NoticesOffer | null>(null);
  const [unread, setUnread] = useState<unknown>(null);
  useEffect(() => {
    if (!open || offer) return;
    setUnread(null);
    get('/notices').then(setOffer, setUnread);
  }, [open, offer]);
  return (
    <Dialog open={open} onClose={onClose} title={words.name(`add.${topic}`)} closable>
      {open && offer && <Choose {...{ topic, code, offer, words, onClose, onAdded }} />}
      {open && !offer && unread === null && <Loading label={words.name('reading')} lines={2} />}
      {unread !== null && <ErrorNotice title={words.name('unreachable')} error={unread} />}
    </Dialog>
  );
}

function Choose({
  topic,
  code,
  offer,
  words,
  onClose,
  onAdded,
}: Omit<Asked, 'open'> & { offer: NoticesOffer }) {
  const [key, setKey] = useState('');
  const [radius, setRadius] = useState(USUAL_RADIUS_M);
  const [area, setArea] = useState('');
  const [expires, setExpires] = useState('');
  const [times, setTimes] = useState(ANY_TIME);
  const { busy, error, submit } = useSending(async () => {
    const more = {
      works: { radius_m: radius },
      licence: { expires_on: expires },
      category: { area },
      series: {},
      entry: {},
      slot: times,
    }[topic];
    onAdded(await post('/notices/{code}/follows', { path: { code }, body: { topic, key, ...more } }));
  });
  const options = choicesOf(offer, topic, words);
  if (options.length === 0) return <ResidentText text={words.say('add.none')} />;
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <SelectField
          large
          required
          label={words.name(`add.${NAMES[topic]}`)}
          options={[{ value: '', label: words.name('add.choose') }, ...options]}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        {topic === 'works' && (
          <SelectField
            large
            label={words.name('add.radius')}
            options={offer.radii_m.map((metres) => ({ value: String(metres), label: distance(metres) }))}
            value={String(radius)}
            onChange={(event) => setRadius(Number(event.target.value))}
          />
        )}
        {topic === 'category' && (
          <SelectField
            large
            label={words.name('add.area')}
            options={[
              { value: '', label: words.name('add.everywhere') },
              ...offer.areas.map((each) => ({ value: each.key, label: each.name })),
            ]}
            value={area}
            onChange={(event) => setArea(event.target.value)}
          />
        )}
        {topic === 'licence' && (
          <TextField
            large
            required
            type="date"
            label={words.name('add.expires')}
            value={expires}
            onChange={(event) => setExpires(event.target.value)}
          />
        )}
        {topic === 'slot' && <SlotTimes times={times} onChange={setTimes} words={words} />}
        {error !== null && <ErrorNotice title={words.name('add.failed')} error={error} />}
        <Button
          type="submit"
          size="large"
          block
          icon={CircleCheck}
          busy={busy}
          busyLabel={words.name('add.saving')}
        >
          <Furigana text={words.say('add.save')} />
        </Button>
        <Button size="large" look="plain" block onClick={onClose}>
          <Furigana text={words.say('add.cancel')} />
        </Button>
      </Stack>
    </form>
  );
}

const NAMES: Record<Topic, string> = {
  works: 'place',
  licence: 'licence_name',
  series: 'event',
  category: 'category_name',
  entry: 'programme',
  slot: 'facility',
};

function choicesOf(offer: NoticesOffer, topic: Topic, words: Words): { value: string; label: string }[] {
  const lists = {
    works: offer.places,
    licence: offer.licences,
    series: offer.events,
    category: offer.categories,
    entry: offer.programmes,
    slot: offer.facilities,
  };
  return lists[topic].map((each) => ({
    value: each.key,
    label: each.day ? `${each.name}（${day(each.day, words.language)}）` : each.name,
  }));
}

/** 500m, 1km. */
export function distance(metres: number): string {
  return metres >= 1000 ? `${metres / 1000}km` : `${metres}m`;
}
