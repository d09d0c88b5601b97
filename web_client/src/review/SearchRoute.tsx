/** `/records`: what was said, decided and opened as a case, found by its words, as far as one may see it. */
import { useQuery } from '@tanstack/react-query';
import { Search, SearchX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { type DecisionBrief, type FoundLine, get } from '../api';
import { CaseList } from '../cases/CaseList';
import { dateOf, timeWithSeconds } from '../clock';
import { DecisionList } from '../decisions/DecisionList';
import {
  Button,
  CallList,
  Card,
  CaseRow,
  Empty,
  Failed,
  Loading,
  Page,
  Row,
  SearchField,
  Section,
  Stack,
  Tag,
  TextSizeControl,
  Title,
} from '../design';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { useWords, type Words } from '../words';

export function SearchRoute() {
  const words = useWords('review');
  useTitle(words.name('find.title'));
  return (
    <StaffDoor reading={words.name('find.reading')} failed={words.name('find.failed')}>
      {(person) => (
        <Page header={<StaffHeader person={person} />} footer={<TextSizeControl />}>
          <Title lead={words.name('find.lead')}>{words.name('find.title')}</Title>
          <Find words={words} />
        </Page>
      )}
    </StaffDoor>
  );
}

function Find({ words }: { words: Words }) {
  const [address, setAddress] = useSearchParams();
  const wanted = address.get('words') ?? '';
  const [typed, setTyped] = useState(wanted);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAddress(typed.trim() ? { words: typed.trim() } : {});
  };
  return (
    <Stack gap={4}>
      <form onSubmit={submit}>
        <Row>
          <SearchField
            icon={Search}
            label={words.name('find.words')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit" icon={Search}>
            {words.name('find.search')}
          </Button>
        </Row>
      </form>
      {wanted !== '' && <Found wanted={wanted} words={words} />}
    </Stack>
  );
}

/** What was said, what was decided, and which cases are called so: three questions, shown as they are answered. */
function Found({ wanted, words }: { wanted: string; words: Words }) {
  const said = useQuery({
    queryKey: ['found', 'said', wanted],
    queryFn: async () => (await get('/transcript', { query: { words: wanted } })).found,
  });
  const decided = useQuery({
    queryKey: ['found', 'decided', wanted],
    queryFn: async () => (await get('/decisions', { query: { words: wanted } })).decisions,
  });
  const cases = useQuery({
    queryKey: ['found', 'cases', wanted],
    queryFn: async () => (await get('/cases', { query: { q: wanted, status: 'all' } })).cases,
  });
  const all = [said, decided, cases];
  const failed = all.find(({ isError }) => isError);
  const isNothing = all.every(({ data }) => data?.length === 0);
  return (
    <Stack gap={6}>
      {failed && (
        <Card pad={false}>
          <Failed
            title={words.name('find.failed')}
            error={failed.error}
            onRetry={() => void failed.refetch()}
          />
        </Card>
      )}
      {all.some(({ isPending }) => isPending) && (
        <Card pad={false}>
          <Loading label={words.name('find.reading')} lines={4} />
        </Card>
      )}
      {isNothing && (
        <Card pad={false}>
          <Empty icon={SearchX} title={words.name('find.none', { words: wanted })}>
            {words.name('find.none_more')}
          </Empty>
        </Card>
      )}
      {decided.data && decided.data.length > 0 && <Decided decisions={decided.data} words={words} />}
      {cases.data && cases.data.length > 0 && (
        <Section title={words.name('find.cases', { count: cases.data.length })}>
          <CaseList cases={cases.data} label={words.name('find.cases', { count: cases.data.length })} />
        </Section>
      )}
      {said.data && said.data.length > 0 && <SaidLines found={said.data} words={words} />}
    </Stack>
  );
}

function Decided({ decisions, words }: { decisions: readonly DecisionBrief[]; words: Words }) {
  const navigate = useNavigate();
  const title = words.name('find.decided', { count: decisions.length });
  return (
    <Section title={title}>
      <DecisionList
        decisions={decisions}
        label={title}
        onOpen={(id) => void navigate(`/decisions/${encodeURIComponent(id)}`)}
      />
    </Section>
  );
}

function SaidLines({ found, words }: { found: readonly FoundLine[]; words: Words }) {
  const title = words.name('find.found', { count: found.length });
  return (
    <Section title={title}>
      <CallList label={title}>
        {found.map(({ call_id, number, title: call, started_at, line }) => {
          const at = Date.parse(started_at) + line.started_ms;
          return (
            <CaseRow
              key={line.id}
              to={`/calls/${encodeURIComponent(call_id)}/record?at=${line.started_ms}`}
              title={line.text}
              number={[number, call].filter(Boolean).join('　')}
              lines={[words.name('person', { name: line.name })]}
              note={`${dateOf(at, words.language)} ${timeWithSeconds(at)}`}
              tag={
                <Tag look={line.state === 'automatic' ? 'draft' : line.state === 'returned' ? 'warn' : 'ok'}>
                  {words.name(`lines.is_${line.state}`)}
                </Tag>
              }
            />
          );
        })}
      </CallList>
    </Section>
  );
}
