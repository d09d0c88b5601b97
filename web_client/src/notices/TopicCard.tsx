/** One kind of notice: its switch, what is followed of it, and the way to follow more. */
import { CircleCheck, Plus } from 'lucide-react';
import { useState } from 'react';
import { type NoticesView, post } from '../api';
import { Button, Furigana, Row, SwitchCard, SwitchItem } from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';
import { AddDialog, distance } from './AddDialog';
import { choices } from './choices';
import type { OwnNotices, Topic } from './ownNotices';
import { timesLine } from './SlotTimes';

type Follow = NoticesView['follows'][number];

export function TopicCard({
  topic,
  code,
  page,
  own,
  words,
}: {
  topic: Topic;
  code: string;
  page: NoticesView;
  own: OwnNotices;
  words: Words;
}) {
  const [isAdding, setAdding] = useState(false);
  const title = words.name(`topic.${topic}`);
  const turn = (on: boolean) => {
    const switched_off = page.switched_off.filter((each) => each !== topic);
    if (!on) switched_off.push(topic);
    own.change(() =>
      post('/notices/{code}/choices', { path: { code }, body: choices(page, { switched_off }) }),
    );
  };
  return (
    <SwitchCard
      title={words.say(`topic.${topic}`)}
      about={words.say(`topic.${topic}_about`)}
      name={words.name('page.on', { topic: title })}
      on={!page.switched_off.includes(topic)}
      busy={own.busy}
      onSwitch={turn}
    >
      {page.follows
        .filter((follow) => follow.topic === topic)
        .map((follow) => (
          <Followed key={follow.id} follow={follow} code={code} own={own} words={words} />
        ))}
      <Row>
        <Button
          look="second"
          icon={Plus}
          onClick={() => setAdding(true)}
          aria-label={`${title} ${words.name('page.add')}`}
        >
          <Furigana text={words.say('page.add')} />
        </Button>
      </Row>
      <AddDialog
        topic={topic}
        code={code}
        open={isAdding}
        words={words}
        onClose={() => setAdding(false)}
        onAdded={(answer) => {
          own.show(answer);
          setAdding(false);
        }}
      />
    </SwitchCard>
  );
}

function Followed({
  follow,
  code,
  own,
  words,
}: {
  follow: Follow;
  code: string;
  own: OwnNotices;
  words: Words;
}) {
  const { label } = follow;
  const path = { code, follow_id: follow.id };
  const isWork = follow.topic === 'works';
  return (
    <SwitchItem
      title={isWork ? words.say('follow.works', { label, distance: distance(follow.radius_m) }) : label}
      lines={follow.topic === 'slot' ? [timesLine(follow, words)] : licenceLines(follow, words)}
    >
      {follow.expires_on && !follow.is_done && (
        <Button
          look="second"
          size="small"
          icon={CircleCheck}
          aria-label={words.name('follow.done_name', { label })}
          onClick={() => own.change(() => post('/notices/{code}/follows/{follow_id}/done', { path }))}
        >
          <Furigana text={words.say('follow.done')} />
        </Button>
      )}
      <Button
        look="quiet"
        size="small"
        aria-label={words.name('page.remove_name', { label })}
        onClick={() => own.change(() => post('/notices/{code}/follows/{follow_id}/remove', { path }))}
      >
        <Furigana text={words.say('page.remove')} />
      </Button>
    </SwitchItem>
  );
}

function licenceLines(follow: Follow, words: Words): string[] {
  const { expires_on, days } = follow;
  const on = (each: string) => day(each, words.language);
  if (!expires_on) return [];
  const lines = [words.say('follow.expires', { day: on(expires_on) })];
  if (follow.is_done) return [...lines, words.say('follow.is_done')];
  if (!days) return lines;
  if (days.closes_on) {
    const until = on(days.closes_on);
    lines.push(
      days.opens_on
        ? words.say('follow.window', { from: on(days.opens_on), until })
        : words.say('follow.window_until', { until }),
    );
  }
  if (days.safe_on !== (days.closes_on ?? expires_on))
    lines.push(words.say('follow.safe', { day: on(days.safe_on) }));
  // Without a day on which it opens nobody can say that it is too early.
  if (days.stage !== 'early' || days.opens_on) lines.push(words.say(`follow.stage.${days.stage}`));
  return lines;
}
