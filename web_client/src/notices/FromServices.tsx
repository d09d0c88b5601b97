/** Between somebody's notices and the pages of services: what they wished to follow there, and the way to look for more. */
import { CircleCheck, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { get, type NoticesView, post } from '../api';
import { Button, Furigana, LinkButton, ResidentStatus } from '../design';
import { keepNoticesCode } from '../portal/device';
import type { Words } from '../words';
import type { OwnNotices } from './ownNotices';
import { recordOf, type Wish, wishOf } from './wish';

export function FromServices({
  code,
  page,
  own,
  words,
}: {
  code: string;
  page: NoticesView;
  own: OwnNotices;
  words: Words;
}) {
  const [parameters] = useSearchParams();
  const wish = wishOf(parameters.get('follow'));
  const isNew = wish && !page.follows.some(({ topic, key }) => topic === wish.topic && key === wish.key);
  // While this tab is open, the pages of services follow for these notices with one press.
  useEffect(() => keepNoticesCode(code), [code]);
  return (
    <>
      {isNew && <Wished wish={wish} code={code} own={own} words={words} />}
      <LinkButton look="second" block icon={Search} to="/services">
        <Furigana text={words.say('services')} />
      </LinkButton>
    </>
  );
}

function Wished({ wish, code, own, words }: { wish: Wish; code: string; own: OwnNotices; words: Words }) {
  const [label, setLabel] = useState(wish.topic === 'category' ? wish.key : '');
  const { topic, key } = wish;
  useEffect(() => {
    const path = topic === 'entry' && recordOf(key);
    if (!path) return;
    get('/services/records/{kind}/{service_id}', { path }).then(
      ({ service }) => setLabel(service.title),
      () => undefined, // it has gone meanwhile: there is nothing to follow
    );
  }, [topic, key]);
  if (!label) return null;
  return (
    <ResidentStatus good icon={CircleCheck} text={words.say('wish.heading', { label })}>
      <Button
        size="large"
        block
        busy={own.busy}
        onClick={() =>
          own.change(() => post('/notices/{code}/follows', { path: { code }, body: { topic, key } }))
        }
      >
        <Furigana text={words.say('wish.yes')} />
      </Button>
    </ResidentStatus>
  );
}
