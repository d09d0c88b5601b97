/** What those who keep the catalogue may mend: words for こんなとき that staff typed, and what contradicts itself now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Lightbulb } from 'lucide-react';
import { useState } from 'react';
import { get, type NeedProposal, post } from '../api';
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
  TextField,
} from '../design';
import { useWords, type Words } from '../words';
import { dayOf } from './day';
import { Clashes } from './ListReport';
import { LISTS } from './queryKey';

const PROPOSALS = [...LISTS, 'proposals'];
const KINDS = ['programme', 'facility', 'event', 'work', 'licence'] as const;
type Kind = (typeof KINDS)[number];
interface Decided {
  proposal_id: string;
  body: { decision: 'take' | 'dismiss' | 'open'; kind?: Kind; entry_key?: string };
}

export function Contradictions() {
  const words = useWords('catalogue');
  const found = useQuery({
    queryKey: [...LISTS, 'contradictions'],
    queryFn: () => get('/admin/catalogue/contradictions'),
  });
  const clashes = found.data?.contradictions;
  return (
    <Section title={words.name('contradictions_now')}>
      {found.isPending && <Loading label={words.name('reading')} lines={2} />}
      {found.isError && (
        <Failed title={words.name('failed')} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {clashes?.length === 0 && (
        <Card pad={false}>
          <Empty icon={CircleCheck} title={words.name('contradictions_none')} />
        </Card>
      )}
      {clashes && clashes.length > 0 && <Clashes clashes={clashes} />}
    </Section>
  );
}

export function NeedProposals() {
  const words = useWords('catalogue');
  const queries = useQueryClient();
  const found = useQuery({ queryKey: PROPOSALS, queryFn: () => get('/admin/catalogue/proposals') });
  const decide = useMutation({
    mutationFn: ({ proposal_id, body }: Decided) =>
      post('/admin/catalogue/proposals/{proposal_id}', { path: { proposal_id }, body }),
    onSuccess: (answer) => {
      queries.setQueryData(PROPOSALS, answer);
      setChosen(null);
    },
  });
  const [chosen, setChosen] = useState<NeedProposal | null>(null);
  const { data } = found;
  return (
    <Section title={words.name('proposals')}>
      <Stack gap={3}>
        <Paragraph voice="note">{words.name('proposals_hint')}</Paragraph>
        {found.isPending && <Loading label={words.name('reading')} lines={2} />}
        {found.isError && (
          <Failed title={words.name('failed')} error={found.error} onRetry={() => void found.refetch()} />
        )}
        {decide.isError && !chosen && (
          <ErrorNotice title={words.name('proposal_failed')} error={decide.error} />
        )}
        {data?.waiting.length === 0 && (
          <Card pad={false}>
            <Empty icon={Lightbulb} title={words.name('proposals_none')} />
          </Card>
        )}
        {data && data.waiting.length > 0 && (
          <DataTable
            caption={words.name('proposals')}
            columns={waitingColumns(words, decide.mutate, setChosen)}
            rows={data.waiting}
            rowKey={({ id }) => id}
          />
        )}
        {data && data.taken.length > 0 && (
          <DataTable
            caption={words.name('proposals_taken')}
            columns={takenColumns(words, decide.mutate)}
            rows={data.taken}
            rowKey={({ id }) => id}
          />
        )}
      </Stack>
      {chosen && (
        <ChooseEntry
          proposal={chosen}
          words={words}
          busy={decide.isPending}
          error={decide.error}
          onClose={() => setChosen(null)}
          onTake={(kind, entry_key) =>
            decide.mutate({ proposal_id: chosen.id, body: { decision: 'take', kind, entry_key } })
          }
        />
      )}
    </Section>
  );
}

function waitingColumns(
  words: Words,
  decide: (decided: Decided) => void,
  choose: (proposal: NeedProposal) => void,
): Column<NeedProposal>[] {
  return [
    { key: 'words', label: words.name('proposal_words'), lead: true, cell: (one) => `「${one.words}」` },
    { key: 'entry', label: words.name('who'), cell: (one) => entryOf(one, words) },
    {
      key: 'met',
      label: words.name('proposal_met'),
      cell: ({ shown, rejected, missed }) =>
        [
          shown > 0 && words.name('proposal_shown', { count: shown }),
          rejected > 0 && words.name('proposal_rejected', { count: rejected }),
          missed > 0 && words.name('proposal_missed', { count: missed }),
        ]
          .filter(Boolean)
          .join('・'),
    },
    {
      key: 'last',
      label: words.name('proposal_last'),
      figures: true,
      cell: ({ last_at }) => dayOf(last_at, words.language),
    },
    {
      key: 'acts',
      label: words.name('acts'),
      labelHidden: true,
      cell: (one) => (
        <Row gap={2}>
          {one.title && one.shown > 0 && (
            <Button
              aria-label={words.name('proposal_take_named', { words: one.words, title: one.title })}
              onClick={() => decide({ proposal_id: one.id, body: { decision: 'take' } })}
            >
              {words.name('proposal_take')}
            </Button>
          )}
          <Button
            look="second"
            aria-label={words.name('proposal_other_named', { words: one.words })}
            onClick={() => choose(one)}
          >
            {words.name('proposal_other')}
          </Button>
          <Button
            look="quiet"
            aria-label={words.name('proposal_dismiss_named', { words: one.words })}
            onClick={() => decide({ proposal_id: one.id, body: { decision: 'dismiss' } })}
          >
            {words.name('proposal_dismiss')}
          </Button>
        </Row>
      ),
    },
  ];
}

function takenColumns(words: Words, decide: (decided: Decided) => void): Column<NeedProposal>[] {
  return [
    { key: 'words', label: words.name('proposal_added'), lead: true, cell: (one) => `「${one.words}」` },
    { key: 'entry', label: words.name('who'), cell: (one) => entryOf(one, words) },
    {
      key: 'acts',
      label: words.name('acts'),
      labelHidden: true,
      cell: (one) => (
        <Button
          look="quiet"
          aria-label={words.name('proposal_undo_named', { words: one.words })}
          onClick={() => decide({ proposal_id: one.id, body: { decision: 'open' } })}
        >
          {words.name('proposal_undo')}
        </Button>
      ),
    },
  ];
}

function entryOf({ entry_key, title, owner }: NeedProposal, words: Words): string {
  return entry_key ? `${title || entry_key}${owner ? `（${owner}）` : ''}` : words.name('proposal_nothing');
}

/** For which entry the words are meant, by the owner's code and ID as the lists write them. */
function ChooseEntry({
  proposal,
  words,
  busy,
  error,
  onClose,
  onTake,
}: {
  proposal: NeedProposal;
  words: Words;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onTake: (kind: Kind, entryKey: string) => void;
}) {
  const [text, setText] = useState(proposal.words);
  const [asked, setAsked] = useState(proposal.words);
  const found = useQuery({
    queryKey: [...PROPOSALS, 'entries', asked],
    queryFn: () => post('/services/search', { body: { text: asked, asker: 'resident', limit: 8 } }),
  });
  return (
    <Dialog open onClose={onClose} title={words.name('proposal_choose', { words: proposal.words })} closable>
      <Stack gap={3}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) setAsked(text.trim());
          }}
        >
          <Stack gap={2}>
            <TextField
              label={words.name('proposal_find')}
              value={text}
              maxLength={400}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="submit" look="second">
              {words.name('proposal_find_button')}
            </Button>
          </Stack>
        </form>
        {error !== null && <ErrorNotice title={words.name('proposal_failed')} error={error} />}
        {found.isPending && <Loading label={words.name('reading')} lines={2} />}
        {found.isError && (
          <Failed title={words.name('failed')} error={found.error} onRetry={() => void found.refetch()} />
        )}
        {found.data?.matches.length === 0 && <Paragraph>{words.name('proposal_no_entry')}</Paragraph>}
        {found.data?.matches.map(({ id, kind, title, owner }) => (
          <Button
            key={`${kind} ${id}`}
            block
            look="second"
            busy={busy}
            onClick={() => onTake(kind as Kind, id)}
          >
            {words.name('proposal_entry', { title, owner })}
          </Button>
        ))}
      </Stack>
    </Dialog>
  );
}
