/** `/records`: what was said in any call one may see, found by its words; a press goes to that second of its record. */
import { useQuery } from '@tanstack/react-query';
import { Search, SearchX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import { get } from '../api';
import { dateOf, timeWithSeconds } from '../clock';
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

function Found({ wanted, words }: { wanted: string; words: Words }) {
  const found = useQuery({
    queryKey: ['found', wanted],
    queryFn: async () => (await get('/transcript', { query: { words: wanted } })).found,
  });
  if (!found.data) {
    return (
      <Card pad={false}>
        {found.isPending ? (
          <Loading label={words.name('find.reading')} lines={4} />
        ) : (
          <Failed
            title={words.name('find.failed')}
            error={found.error}
            onRetry={() => void found.refetch()}
          />
        )}
      </Card>
    );
  }
  if (found.data.length === 0)
    return (
      <Card pad={false}>
        <Empty icon={SearchX} title={words.name('find.none', { words: wanted })}>
          {words.name('find.none_more')}
        </Empty>
      </Card>
    );
  return (
    <CallList label={words.name('find.found', { count: found.data.length })}>
      {found.data.map(({ call_id, number, title, started_at, line }) => {
        const at = Date.parse(started_at) + line.started_ms;
        return (
          <CaseRow
            key={line.id}
            to={`/calls/${encodeURIComponent(call_id)}/record?at=${line.started_ms}`}
            title={line.text}
            number={[number, title].filter(Boolean).join('　')}
            lines={[words.name('person', { name: line.name })]}
            note={`${dateOf(at, words.language)} ${timeWithSeconds(at)}`}
            tag={
              <Tag look={line.state === 'automatic' ? 'draft' : 'ok'}>
                {words.name(`lines.is_${line.state}`)}
              </Tag>
            }
          />
        );
      })}
    </CallList>
  );
}
