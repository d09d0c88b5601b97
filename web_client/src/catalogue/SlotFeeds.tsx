/** Feeds of free slots: how each goes, in words, and what can be done about it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarClock, FileUp, Pause, Pencil, Play, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { get, post, remove, type SlotFeed } from '../api';
import { timeOf } from '../clock';
import {
  Button,
  Card,
  type Column,
  DataTable,
  Dialog,
  Empty,
  ErrorNotice,
  Failed,
  Loading,
  Words as Paragraph,
  Row,
  Section,
  Stack,
  Tag,
} from '../design';
import { useWords, type Words } from '../words';
import { BringSlots } from './BringSlots';
import { dayOf } from './day';
import { SLOT_FEEDS } from './queryKey';
import { SlotFeedDialog } from './SlotFeedDialog';
import { slotFault } from './SlotReport';

type Open = { readonly window: 'add' | 'edit' | 'bring' | 'remove'; readonly feed: SlotFeed | null };
type Act = { readonly feed: SlotFeed; readonly act: 'fetch' | 'pause' | 'resume' | 'remove' };

export function SlotFeeds() {
  const words = useWords('slots');
  const queries = useQueryClient();
  const found = useQuery({ queryKey: SLOT_FEEDS, queryFn: () => get('/admin/slot-feeds') });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const act = useMutation({
    mutationFn: ({ feed, act }: Act) => done(feed, act),
    onSuccess: (answer) => {
      queries.setQueryData(SLOT_FEEDS, answer);
      close();
    },
  });
  const feeds = found.data?.feeds;
  return (
    <Section
      title={words.name('title')}
      action={
        <Button icon={Plus} onClick={() => setOpen({ window: 'add', feed: null })}>
          {words.name('add')}
        </Button>
      }
    >
      <Stack gap={3}>
        <Paragraph voice="note">{words.name('lead')}</Paragraph>
        {found.isPending && <Loading label={words.name('reading')} lines={4} />}
        {found.isError && (
          <Failed title={words.name('failed')} error={found.error} onRetry={() => void found.refetch()} />
        )}
        {act.isError && <ErrorNotice title={words.name('act_failed')} error={act.error} />}
        {feeds?.length === 0 && (
          <Card pad={false}>
            <Empty icon={CalendarClock} title={words.name('none')}>
              <p>{words.name('none_more')}</p>
            </Empty>
          </Card>
        )}
        {feeds && feeds.length > 0 && (
          <DataTable
            caption={words.name('title')}
            columns={columnsOf(words, act.variables, act.isPending, act.mutate, setOpen)}
            rows={feeds}
            rowKey={({ id }) => id}
          />
        )}
      </Stack>
      {open?.window === 'add' && <SlotFeedDialog feed={null} onClose={close} />}
      {open?.window === 'edit' && <SlotFeedDialog feed={open.feed} onClose={close} />}
      {open?.window === 'bring' && open.feed && <BringSlots feed={open.feed} onClose={close} />}
      {open?.window === 'remove' && open.feed && (
        <Remove
          feed={open.feed}
          busy={act.isPending}
          onClose={close}
          onRemove={(feed) => act.mutate({ feed, act: 'remove' })}
        />
      )}
    </Section>
  );
}

function done({ id: feed_id }: SlotFeed, act: Act['act']) {
  const at = { path: { feed_id } };
  if (act === 'fetch') return post('/admin/slot-feeds/{feed_id}/fetch', at);
  if (act === 'remove') return remove('/admin/slot-feeds/{feed_id}', at);
  return post('/admin/slot-feeds/{feed_id}/pause', { ...at, body: { paused: act === 'pause' } });
}

function columnsOf(
  words: Words,
  running: Act | undefined,
  busy: boolean,
  onAct: (act: Act) => void,
  onOpen: (open: Open) => void,
): Column<SlotFeed>[] {
  return [
    {
      key: 'name',
      label: words.name('name'),
      lead: true,
      cell: (feed) => <Named feed={feed} words={words} />,
    },
    {
      key: 'owner',
      label: words.name('owner'),
      cell: ({ owner, licence }) => (
        <>
          {owner}
          <Paragraph voice="note">{licence}</Paragraph>
        </>
      ),
    },
    {
      key: 'free',
      label: words.name('free'),
      figures: true,
      cell: ({ free }) => words.name('free_count', { count: free }),
    },
    { key: 'state', label: words.name('state'), cell: (feed) => <State feed={feed} words={words} /> },
    {
      key: 'acts',
      label: words.name('acts'),
      labelHidden: true,
      cell: (feed) => (
        <Row gap={2}>
          {feed.address !== '' && (
            <>
              <Button
                look="second"
                icon={RefreshCw}
                aria-label={words.name('fetch_named', { name: feed.name })}
                busy={busy && running?.act === 'fetch' && running.feed.id === feed.id}
                busyLabel={words.name('fetching')}
                onClick={() => onAct({ feed, act: 'fetch' })}
              >
                {words.name('fetch')}
              </Button>
              <Button
                look="quiet"
                icon={feed.paused ? Play : Pause}
                aria-label={words.name(feed.paused ? 'resume_named' : 'pause_named', { name: feed.name })}
                onClick={() => onAct({ feed, act: feed.paused ? 'resume' : 'pause' })}
              >
                {words.name(feed.paused ? 'resume' : 'pause')}
              </Button>
            </>
          )}
          {feed.address === '' && (
            <Button
              look="second"
              icon={FileUp}
              aria-label={words.name('bring_named', { name: feed.name })}
              onClick={() => onOpen({ window: 'bring', feed })}
            >
              {words.name('bring')}
            </Button>
          )}
          <Button
            look="quiet"
            icon={Pencil}
            aria-label={words.name('edit_named', { name: feed.name })}
            onClick={() => onOpen({ window: 'edit', feed })}
          >
            {words.name('edit')}
          </Button>
          <Button
            look="quiet"
            icon={Trash2}
            aria-label={words.name('remove_named', { name: feed.name })}
            onClick={() => onOpen({ window: 'remove', feed })}
          >
            {words.name('remove')}
          </Button>
        </Row>
      ),
    },
  ];
}

/** The name, and how it comes here: the server of its address, and how often. */
function Named({ feed, words }: { feed: SlotFeed; words: Words }) {
  const host = URL.canParse(feed.address) ? new URL(feed.address).host : feed.address;
  return (
    <>
      <b>{feed.name}</b>
      <Paragraph voice="note">
        {feed.address ? `${host}・${words.name('every', { seconds: feed.every_s })}` : words.name('by_hand')}
      </Paragraph>
    </>
  );
}

/** What is wrong comes first, then since when what is known is known. */
function State({ feed, words }: { feed: SlotFeed; words: Words }) {
  const at = feed.fetched_at && `${dayOf(feed.fetched_at, words.language)} ${timeOf(feed.fetched_at)}`;
  const isWell = !feed.fault && !feed.stale && !feed.paused;
  return (
    <Stack gap={1}>
      <Row gap={2}>
        {feed.paused && <Tag>{words.name('paused')}</Tag>}
        {feed.fault && <Tag look="danger">{words.name('broken')}</Tag>}
        {feed.stale && <Tag look="warn">{words.name('stale')}</Tag>}
        {isWell && <Tag look={at ? 'ok' : 'info'}>{words.name(at ? 'good' : 'waiting')}</Tag>}
      </Row>
      {feed.fault && slotFault(feed.fault, words)}
      <Paragraph voice="note">{`${words.name('fetched')}：${at || words.name('never')}`}</Paragraph>
    </Stack>
  );
}

function Remove({
  feed,
  busy,
  onClose,
  onRemove,
}: {
  feed: SlotFeed;
  busy: boolean;
  onClose: () => void;
  onRemove: (feed: SlotFeed) => void;
}) {
  const words = useWords('slots');
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('remove_title', { name: feed.name })}
      actions={
        <>
          <Button look="danger" busy={busy} busyLabel={words.name('removing')} onClick={() => onRemove(feed)}>
            {words.name('remove')}
          </Button>
          <Button look="second" onClick={onClose}>
            {words.name('cancel')}
          </Button>
        </>
      }
    >
      <p>{words.name('remove_more')}</p>
    </Dialog>
  );
}
