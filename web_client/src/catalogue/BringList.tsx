/** A list from a file: what it says, what was repaired and what contradicts; then taken in at once or not at all. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check as CheckMark, FileUp } from 'lucide-react';
import { type ChangeEvent, useState } from 'react';
import { type BroughtList, type CatalogueList, put } from '../api';
import {
  Button,
  Card,
  Check,
  Columns,
  ErrorNotice,
  FileField,
  Notice,
  Words as Paragraph,
  Section,
  Stack,
  TextField,
} from '../design';
import { useWords } from '../words';
import { ListReport } from './ListReport';
import { LISTS } from './queryKey';

interface Chosen {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export function BringList({ lists }: { lists: readonly CatalogueList[] }) {
  const words = useWords('catalogue');
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [owner, setOwner] = useState('');
  const [licence, setLicence] = useState('');
  const [mayShrink, setMayShrink] = useState(false);
  const send = useMutation({
    mutationFn: ({ file, check }: { file: Chosen; check: boolean }) =>
      put('/admin/catalogue', {
        query: { name: file.name, check, owner, licence, may_shrink: mayShrink },
        bytes: file.bytes,
      }),
    onSuccess: async ({ taken }) => {
      if (!taken) return;
      setChosen(null);
      setMayShrink(false);
      await queries.invalidateQueries({ queryKey: LISTS });
    },
  });
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    const found = { name: nameOf(file.name), bytes: new Uint8Array(await file.arrayBuffer()) };
    setChosen(found);
    setMayShrink(false);
    send.mutate({ file: found, check: true });
  };
  const answer = send.data;
  const known = chosen !== null && lists.some(({ name }) => name === chosen.name);
  return (
    <Section title={words.name('bring')}>
      <Stack>
        <Card>
          <Stack>
            <Paragraph>{words.name('lead')}</Paragraph>
            <FileField
              label={words.name('file')}
              hint={words.name('file_hint')}
              icon={FileUp}
              accept=".csv,text/csv"
              onClick={(event) => {
                event.currentTarget.value = ''; // the same file, put right, is another choice
              }}
              onChange={(event) => void choose(event)}
            />
            {chosen && !known && (
              <Columns>
                <TextField
                  label={words.name('licence')}
                  hint={words.name('licence_hint')}
                  value={licence}
                  onChange={(event) => setLicence(event.target.value)}
                />
                <TextField
                  label={words.name('owner')}
                  hint={words.name('owner_hint')}
                  value={owner}
                  onChange={(event) => setOwner(event.target.value)}
                />
              </Columns>
            )}
            {send.error && <ErrorNotice title={words.name('bring_failed')} error={send.error} />}
            {answer?.taken && <Notice look="ok" live title={words.name('taken', counted(answer))} />}
            {answer && !answer.taken && chosen && (
              <Verdict
                answer={answer}
                licensed={known || licence !== ''}
                mayShrink={mayShrink}
                onShrink={setMayShrink}
                busy={send.isPending}
                onTake={() => send.mutate({ file: chosen, check: false })}
              />
            )}
          </Stack>
        </Card>
        {answer && !answer.taken && <ListReport answer={answer} />}
      </Stack>
    </Section>
  );
}

/** What may be done with a list that was looked at. */
function Verdict({
  answer,
  licensed,
  mayShrink,
  onShrink,
  busy,
  onTake,
}: {
  answer: BroughtList;
  licensed: boolean;
  mayShrink: boolean;
  onShrink: (may: boolean) => void;
  busy: boolean;
  onTake: () => void;
}) {
  const words = useWords('catalogue');
  if (answer.fault_count > 0)
    return <Notice look="warn" live title={words.name('faulty', { count: answer.fault_count })} />;
  return (
    <Stack>
      {answer.many_gone && (
        <Notice look="warn" live title={words.name('many_gone', { count: answer.gone })}>
          <Check
            label={words.name('may_shrink')}
            checked={mayShrink}
            onChange={(event) => onShrink(event.target.checked)}
          />
        </Notice>
      )}
      <Notice
        look="info"
        live
        title={words.name('ready', counted(answer))}
        action={
          <Button
            icon={CheckMark}
            busy={busy}
            busyLabel={words.name('taking')}
            disabled={!licensed || (answer.many_gone && !mayShrink)}
            onClick={onTake}
          >
            {words.name('take')}
          </Button>
        }
      >
        {!licensed && <p>{words.name('needs_licence')}</p>}
      </Notice>
    </Stack>
  );
}

function counted({ added, changed, same, gone }: BroughtList) {
  return { added, changed, same, gone };
}

/** The list's name: its file's, without what no address takes. */
function nameOf(file: string): string {
  const stem = file.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}_-]+/gu, '-');
  return stem.slice(0, 60) || 'list';
}
