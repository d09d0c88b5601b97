/** How many a notice reaches at least and what they read, before it is sent. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { get, type LawNotice, post } from '../api';
import {
  Button,
  Card,
  ErrorNotice,
  Facts,
  Failed,
  Loading,
  Notice,
  Words as Paragraph,
  SegmentedControl,
  Sheet,
  Stack,
} from '../design';
import type { Language } from '../preferences';
import { useWords } from '../words';
import { dayOf } from './day';
import { LAWS } from './queryKey';

const LANGUAGES = [
  { key: 'ja', label: '日本語', lang: 'ja' },
  { key: 'ja-easy', label: 'やさしい日本語', lang: 'ja' },
  { key: 'en', label: 'English', lang: 'en' },
] as const satisfies readonly { key: Language; label: string; lang: string }[];

export function LawPreview({
  law,
  isOpen,
  onClose,
}: {
  law: LawNotice;
  isOpen: boolean;
  onClose: () => void;
}) {
  const words = useWords('law');
  const queries = useQueryClient();
  const at = { path: { law_id: law.id } };
  const found = useQuery({
    queryKey: [...LAWS, law.id, 'preview'],
    queryFn: () => get('/admin/law-notices/{law_id}/preview', at),
    gcTime: 0,
  });
  const send = useMutation({
    mutationFn: (previewed: number) =>
      post('/admin/law-notices/{law_id}/send', { ...at, body: { previewed } }),
    onSuccess: (answer) => {
      queries.setQueryData(LAWS, answer);
      onClose();
    },
    onError: () => void found.refetch(),
  });
  const people = found.data?.people ?? 0;
  return (
    <Sheet
      open
      onClose={onClose}
      title={words.name('preview_title')}
      actions={
        <>
          {send.error && <ErrorNotice title={words.name('act_failed')} error={send.error} />}
          <Button
            block
            icon={Send}
            busy={send.isPending}
            busyLabel={words.name('sending')}
            disabled={!isOpen || people === 0}
            onClick={() => send.mutate(people)}
          >
            {words.name('send', { count: people })}
          </Button>
        </>
      }
    >
      {found.isPending && <Loading label={words.name('reading')} lines={4} />}
      {found.isError && (
        <Failed title={words.name('failed')} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.data && (
        <Stack>
          <Notice
            look={people ? 'info' : 'warn'}
            live
            title={people ? words.name('people', { count: people }) : words.name('nobody')}
          >
            <p>{words.name('people_more')}</p>
          </Notice>
          <Facts
            facts={[
              [
                words.name('readers'),
                <ul key="readers">
                  {found.data.readers.map(({ language, people: count, is_written }) => (
                    <li key={language}>
                      {words.name(`readers_${language}`, { count })}
                      {count > 0 && !is_written && words.name('in_japanese')}
                    </li>
                  ))}
                </ul>,
              ],
            ]}
          />
          <Shown law={law} shown={found.data.shown} />
        </Stack>
      )}
    </Sheet>
  );
}

type Text = { language: Language; title: string; lines: string[]; reason: string };

function Shown({ law, shown }: { law: LawNotice; shown: readonly Text[] }) {
  const words = useWords('law');
  const [language, setLanguage] = useState<Language>('ja');
  const text = shown.find((each) => each.language === language);
  if (!text) return null;
  return (
    <Stack gap={2}>
      <Paragraph voice="strong">{words.name('shown')}</Paragraph>
      <SegmentedControl
        label={words.name('shown_in')}
        choices={LANGUAGES}
        selected={language}
        onSelect={setLanguage}
      />
      <Card>
        <Stack gap={2}>
          <b>{text.title}</b>
          {text.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <Paragraph voice="note">{words.name('why', { reason: text.reason })}</Paragraph>
          <Paragraph voice="note">
            {words.name('from', { source: law.source, day: dayOf(law.source_on, words.language) })}
          </Paragraph>
          <Paragraph voice="note">{law.source_url}</Paragraph>
        </Stack>
      </Card>
    </Stack>
  );
}
