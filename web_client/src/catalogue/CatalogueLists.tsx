/** For administrators: the lists of public services, where each comes from, and taking one in. */
import { useQuery } from '@tanstack/react-query';
import { BookOpenText, History, Pencil } from 'lucide-react';
import { useState } from 'react';
import { type CatalogueList, get } from '../api';
import {
  Button,
  Card,
  type Column,
  DataTable,
  Empty,
  Failed,
  LinkButton,
  Loading,
  Row,
  Section,
  Stack,
  Tag,
} from '../design';
import { useWords, type Words } from '../words';
import { BringList } from './BringList';
import { dayOf } from './day';
import { ListChanges } from './ListChanges';
import { ListSource } from './ListSource';
import { LISTS } from './queryKey';
import { Contradictions, NeedProposals } from './Upkeep';

export function CatalogueLists() {
  const words = useWords('catalogue');
  const lists = useQuery({ queryKey: LISTS, queryFn: () => get('/admin/catalogue') });
  const [described, setDescribed] = useState<CatalogueList | null>(null);
  const [remembered, setRemembered] = useState<CatalogueList | null>(null);
  return (
    <Stack gap={6}>
      <BringList lists={lists.data?.lists ?? []} />
      <Section
        title={words.name('lists')}
        action={
          <LinkButton look="second" href="/open-data">
            {words.name('to_open_data')}
          </LinkButton>
        }
      >
        {lists.isPending && <Loading label={words.name('reading')} lines={4} />}
        {lists.isError && (
          <Failed title={words.name('failed')} error={lists.error} onRetry={() => void lists.refetch()} />
        )}
        {lists.data?.lists.length === 0 && (
          <Card pad={false}>
            <Empty icon={BookOpenText} title={words.name('none')}>
              <p>{words.name('none_more')}</p>
            </Empty>
          </Card>
        )}
        {lists.data && lists.data.lists.length > 0 && (
          <DataTable
            caption={words.name('lists')}
            columns={columnsOf(words, setDescribed, setRemembered)}
            rows={lists.data.lists}
            rowKey={({ id }) => id}
          />
        )}
      </Section>
      <NeedProposals />
      <Contradictions />
      {described && <ListSource list={described} onClose={() => setDescribed(null)} />}
      {remembered && <ListChanges list={remembered} onClose={() => setRemembered(null)} />}
    </Stack>
  );
}

function columnsOf(
  words: Words,
  onDescribe: (list: CatalogueList) => void,
  onRemember: (list: CatalogueList) => void,
): Column<CatalogueList>[] {
  return [
    {
      key: 'name',
      label: words.name('list'),
      lead: true,
      cell: ({ kind, name }) => words.name('list_name', { kind: words.name(`kind.${kind}`), name }),
    },
    { key: 'owner', label: words.name('owner'), cell: ({ owner }) => owner },
    {
      key: 'licence',
      label: words.name('licence'),
      cell: ({ licence, open }) => (
        <Row gap={2}>
          {licence}
          {!open && <Tag>{words.name('closed')}</Tag>}
        </Row>
      ),
    },
    { key: 'rows', label: words.name('rows'), figures: true, cell: ({ rows }) => String(rows) },
    {
      key: 'fetched',
      label: words.name('fetched'),
      figures: true,
      cell: ({ fetched_at, stale, fault }) => (
        <Row gap={2}>
          {dayOf(fetched_at, words.language)}
          {fault && <Tag look="danger">{words.name(`fault.${fault}`)}</Tag>}
          {stale && <Tag look="warn">{words.name('stale')}</Tag>}
        </Row>
      ),
    },
    {
      key: 'acts',
      label: words.name('acts'),
      labelHidden: true,
      cell: (list) => (
        <Row gap={2}>
          <Button look="second" icon={Pencil} onClick={() => onDescribe(list)}>
            {words.name('source')}
          </Button>
          <Button look="second" icon={History} onClick={() => onRemember(list)}>
            {words.name('changes')}
          </Button>
        </Row>
      ),
    },
  ];
}
