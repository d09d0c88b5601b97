/** Family who receive the same, of some topics and until a day: asked, answered for, and ended with one press. */
import { CircleCheck, UserPlus, UserRound } from 'lucide-react';
import { useState } from 'react';
import { type NoticesView, post } from '../api';
import {
  Button,
  Card,
  Check,
  Dialog,
  ErrorNotice,
  FieldGroup,
  Furigana,
  ResidentBlock,
  ResidentMatter,
  ResidentText,
  Row,
  Stack,
  SwitchItem,
  Tag,
  TextField,
} from '../design';
import { day } from '../letter/day';
import { useSending } from '../sending';
import type { Words } from '../words';
import { type OwnNotices, TOPICS, type Topic } from './ownNotices';

interface Parts {
  code: string;
  page: NoticesView;
  own: OwnNotices;
  words: Words;
}

export function Proxies({ code, page, own, words }: Parts) {
  const [isAsking, setAsking] = useState(false);
  return (
    <ResidentBlock title={words.say('proxy.heading')}>
      <Card>
        <Stack gap={3}>
          <ResidentText voice="note" text={words.say('proxy.about')} />
          {page.proxies.map((proxy) => (
            <SwitchItem
              key={proxy.id}
              title={words.say('proxy.to', { name: proxy.name })}
              lines={[
                words.say('proxy.shown_until', {
                  day: day(proxy.until, words.language),
                  topics: topicNames(proxy.topics, words),
                }),
              ]}
              tag={
                !proxy.is_confirmed && (
                  <Tag look="warn">
                    <Furigana text={words.say('proxy.waits')} />
                  </Tag>
                )
              }
            >
              <Button
                look="quiet"
                size="small"
                aria-label={words.name('page.remove_name', { label: proxy.name })}
                onClick={() =>
                  own.change(() =>
                    post('/notices/{code}/proxies/{proxy_id}/remove', { path: { code, proxy_id: proxy.id } }),
                  )
                }
              >
                <Furigana text={words.say('page.remove')} />
              </Button>
            </SwitchItem>
          ))}
          <Row>
            <Button look="second" icon={UserPlus} onClick={() => setAsking(true)}>
              <Furigana text={words.say('proxy.add')} />
            </Button>
          </Row>
        </Stack>
      </Card>
      <Dialog open={isAsking} onClose={() => setAsking(false)} title={words.name('proxy.add')} closable>
        {isAsking && (
          <AskForm
            code={code}
            words={words}
            onCancel={() => setAsking(false)}
            onAsked={(answer) => {
              own.show(answer);
              setAsking(false);
            }}
          />
        )}
      </Dialog>
    </ResidentBlock>
  );
}

/** What the page of somebody who receives another's notices says first. */
export function ProxyFor({ of, words }: { of: NonNullable<NoticesView['proxy_for']>; words: Words }) {
  const facts = { name: of.name, day: day(of.until, words.language), topics: topicNames(of.topics, words) };
  return (
    <ResidentMatter icon={UserRound} level="h3" look="ok" text={words.say('proxy.for', facts)}>
      <ResidentText text={words.say('proxy.for_until', facts)} />
    </ResidentMatter>
  );
}

function AskForm({
  code,
  words,
  onCancel,
  onAsked,
}: {
  code: string;
  words: Words;
  onCancel: () => void;
  onAsked: (page: NoticesView) => void;
}) {
  const [given, setGiven] = useState({ name: '', from_name: '', address: '', until: inMonths(6) });
  const [topics, setTopics] = useState<Topic[]>(['licence']);
  const [agrees, setAgrees] = useState(false);
  const { busy, error, submit } = useSending(async () => {
    const body = { ...given, address: given.address.trim(), topics, consent: true as const };
    onAsked(await post('/notices/{code}/proxies', { path: { code }, body }));
  });
  const field = (name: keyof typeof given) => ({
    large: true,
    required: true,
    label: words.name(`proxy.${name}`),
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
  });
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <TextField {...field('name')} maxLength={30} hint={words.name('proxy.name_hint')} />
        <TextField {...field('address')} type="email" inputMode="email" maxLength={254} />
        <TextField {...field('from_name')} maxLength={30} autoComplete="name" />
        <TextField {...field('until')} type="date" min={inMonths(0)} max={inMonths(12)} />
        <FieldGroup label={words.name('proxy.topics')}>
          {TOPICS.map((topic) => (
            <Check
              key={topic}
              checked={topics.includes(topic)}
              onChange={(event) =>
                setTopics(
                  TOPICS.filter((each) => (each === topic ? event.target.checked : topics.includes(each))),
                )
              }
              label={<Furigana text={words.say(`topic.${topic}`)} />}
            />
          ))}
        </FieldGroup>
        <Check
          required
          checked={agrees}
          onChange={(event) => setAgrees(event.target.checked)}
          label={<Furigana text={words.say('proxy.consent')} />}
        />
        {error !== null && <ErrorNotice title={words.name('proxy.failed')} error={error} />}
        <Button
          type="submit"
          size="large"
          block
          icon={CircleCheck}
          busy={busy}
          busyLabel={words.name('add.saving')}
          disabled={topics.length === 0}
        >
          <Furigana text={words.say('proxy.ask')} />
        </Button>
        <Button size="large" look="plain" block onClick={onCancel}>
          <Furigana text={words.say('add.cancel')} />
        </Button>
      </Stack>
    </form>
  );
}

function topicNames(topics: readonly Topic[], words: Words): string {
  if (topics.length === TOPICS.length) return words.say('proxy.all');
  return topics.map((topic) => words.say(`topic.${topic}`)).join(words.say('slot.and'));
}

/** A day so many months from now, as a date field has it. */
function inMonths(count: number): string {
  const at = new Date();
  at.setMonth(at.getMonth() + count);
  return at.toISOString().slice(0, 10);
}
