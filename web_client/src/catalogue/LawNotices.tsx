/** Notices of changes of the law: drafts, what was sent and how far it went. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Eye, Pencil, Scale, SquarePen, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { get, type LawNotice, post, remove } from '../api';
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
  Notice,
  Words as Paragraph,
  Row,
  Section,
  Stack,
  Tag,
} from '../design';
import { useWords, type Words } from '../words';
import { dayOf } from './day';
import { LawDraft } from './LawDraft';
import { LawPreview } from './LawPreview';
import { LAWS } from './queryKey';

type Open =
  | { readonly window: 'write' }
  | { readonly window: 'edit' | 'preview' | 'withdraw' | 'drop'; readonly law: LawNotice };
const LOOKS = { draft: 'plain', sending: 'info', sent: 'ok', withdrawn: 'plain' } as const;

export function LawNotices() {
  const words = useWords('law');
  const queries = useQueryClient();
  const found = useQuery({ queryKey: LAWS, queryFn: () => get('/admin/law-notices') });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const act = useMutation({
    mutationFn: ({ window, law }: { window: 'withdraw' | 'drop'; law: LawNotice }) =>
      window === 'withdraw'
        ? post('/admin/law-notices/{law_id}/withdraw', { path: { law_id: law.id } })
        : remove('/admin/law-notices/{law_id}', { path: { law_id: law.id } }),
    onSuccess: (answer) => {
      queries.setQueryData(LAWS, answer);
      close();
    },
  });
  const { data } = found;
  return (
    <Section
      title={words.name('title')}
      action={
        <Button icon={SquarePen} disabled={!data} onClick={() => setOpen({ window: 'write' })}>
          {words.name('write')}
        </Button>
      }
    >
      <Stack gap={3}>
        <Paragraph voice="note">{words.name('lead')}</Paragraph>
        {found.isPending && <Loading label={words.name('reading')} lines={4} />}
        {found.isError && (
          <Failed title={words.name('failed')} error={found.error} onRetry={() => void found.refetch()} />
        )}
        {data && !data.is_open && <Notice look="warn" title={words.name('no_mail')} />}
        {act.isError && <ErrorNotice title={words.name('act_failed')} error={act.error} />}
        {data?.notices.length === 0 && (
          <Card pad={false}>
            <Empty icon={Scale} title={words.name('none')}>
              <p>{words.name('none_more')}</p>
            </Empty>
          </Card>
        )}
        {data && data.notices.length > 0 && (
          <DataTable
            caption={words.name('title')}
            columns={columnsOf(words, setOpen)}
            rows={data.notices}
            rowKey={({ id }) => id}
          />
        )}
      </Stack>
      {data && open?.window === 'write' && <LawDraft law={null} choices={data} onClose={close} />}
      {data && open?.window === 'edit' && <LawDraft law={open.law} choices={data} onClose={close} />}
      {data && open?.window === 'preview' && (
        <LawPreview law={open.law} isOpen={data.is_open} onClose={close} />
      )}
      {(open?.window === 'withdraw' || open?.window === 'drop') && (
        <Sure
          words={words}
          window={open.window}
          title={open.law.title}
          busy={act.isPending}
          onClose={close}
          onSure={() => act.mutate({ window: open.window as 'withdraw' | 'drop', law: open.law })}
        />
      )}
    </Section>
  );
}

function columnsOf(words: Words, onOpen: (open: Open) => void): Column<LawNotice>[] {
  const day = (at: string) => dayOf(at, words.language);
  return [
    {
      key: 'title',
      label: words.name('notice'),
      lead: true,
      cell: ({ title, basis }) => (
        <>
          <b>{title}</b>
          <Paragraph voice="note">{basis}</Paragraph>
        </>
      ),
    },
    {
      key: 'in_force',
      label: words.name('in_force'),
      figures: true,
      cell: ({ in_force_on }) => day(in_force_on),
    },
    {
      key: 'state',
      label: words.name('state'),
      cell: ({ state, sent_at }) => (
        <>
          <Tag look={LOOKS[state]}>{words.name(`state_${state}`)}</Tag>
          {sent_at && <Paragraph voice="note">{words.name('sent_on', { day: day(sent_at) })}</Paragraph>}
        </>
      ),
    },
    { key: 'reach', label: words.name('reach'), cell: (law) => <Reach law={law} words={words} /> },
    {
      key: 'acts',
      label: words.name('acts'),
      labelHidden: true,
      cell: (law) => <Acts law={law} words={words} onOpen={onOpen} />,
    },
  ];
}

function Reach({ law, words }: { law: LawNotice; words: Words }) {
  const { reached, previewed, waiting, gone_out } = law;
  if (law.sent_at === null) return '—';
  return (
    <>
      {words.name('reached', { count: reached, previewed })}
      {waiting !== null && gone_out !== null && (
        <Paragraph voice="note">{words.name('on_the_way', { out: gone_out, waiting })}</Paragraph>
      )}
    </>
  );
}

function Acts({ law, words, onOpen }: { law: LawNotice; words: Words; onOpen: (open: Open) => void }) {
  const { title } = law;
  if (law.state === 'withdrawn') return null;
  if (law.state !== 'draft')
    return (
      <Button
        look="second"
        icon={Undo2}
        aria-label={words.name('withdraw_named', { title })}
        onClick={() => onOpen({ window: 'withdraw', law })}
      >
        {words.name('withdraw')}
      </Button>
    );
  return (
    <Row gap={2}>
      <Button
        icon={Eye}
        aria-label={words.name('preview_named', { title })}
        onClick={() => onOpen({ window: 'preview', law })}
      >
        {words.name('preview')}
      </Button>
      <Button
        look="quiet"
        icon={Pencil}
        aria-label={words.name('edit_named', { title })}
        onClick={() => onOpen({ window: 'edit', law })}
      >
        {words.name('edit')}
      </Button>
      <Button
        look="quiet"
        icon={Trash2}
        aria-label={words.name('drop_named', { title })}
        onClick={() => onOpen({ window: 'drop', law })}
      >
        {words.name('drop')}
      </Button>
    </Row>
  );
}

function Sure({
  words,
  window,
  title,
  busy,
  onClose,
  onSure,
}: {
  words: Words;
  window: 'withdraw' | 'drop';
  title: string;
  busy: boolean;
  onClose: () => void;
  onSure: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name(`${window}_title`, { title })}
      actions={
        <>
          <Button look="danger" busy={busy} busyLabel={words.name('working')} onClick={onSure}>
            {words.name(window)}
          </Button>
          <Button look="second" onClick={onClose}>
            {words.name('cancel')}
          </Button>
        </>
      }
    >
      <p>{words.name(`${window}_more`)}</p>
    </Dialog>
  );
}
