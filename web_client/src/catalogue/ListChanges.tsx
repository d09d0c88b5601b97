/** What became different in a list, field by field, newest first. */
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { type CatalogueList, get } from '../api';
import { timeOf } from '../clock';
import { DataTable, Empty, Failed, Loading, Words as Paragraph, Sheet, Stack } from '../design';
import { useWords } from '../words';
import { dayOf } from './day';
import { LISTS } from './queryKey';

export function ListChanges({ list, onClose }: { list: CatalogueList; onClose: () => void }) {
  const words = useWords('catalogue');
  const changes = useQuery({
    queryKey: [...LISTS, list.id, 'changes'],
    queryFn: () => get('/admin/catalogue/{list_id}/changes', { path: { list_id: list.id } }),
  });
  const title = words.name('changes_title', { name: list.name });
  const rows = changes.data?.changes.map((change, at) => ({ ...change, at_row: at }));
  return (
    <Sheet open onClose={onClose} title={title}>
      {changes.isPending && <Loading label={words.name('reading')} />}
      {changes.isError && (
        <Failed title={words.name('failed')} error={changes.error} onRetry={() => void changes.refetch()} />
      )}
      {rows?.length === 0 && (
        <Empty icon={History} title={words.name('unchanged')}>
          <p>{words.name('unchanged_more')}</p>
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <DataTable
          caption={title}
          columns={[
            {
              key: 'entry',
              label: words.name('who'),
              lead: true,
              cell: (row) => `${row.entry_id} ${row.title}`,
            },
            {
              key: 'change',
              label: words.name('change'),
              cell: (row) => (
                <Stack gap={2}>
                  {row.field || words.name('whole_entry')}
                  <Paragraph voice="note">
                    {said(row.field, row.before)} → {said(row.field, row.after)}
                  </Paragraph>
                </Stack>
              ),
            },
            {
              key: 'at',
              label: words.name('at'),
              figures: true,
              cell: (row) => `${dayOf(row.at, words.language)} ${timeOf(row.at)}`,
            },
          ]}
          rows={rows}
          rowKey={(row) => String(row.at_row)}
        />
      )}
    </Sheet>
  );

  function said(field: string, value: string): string {
    if (field === '') return words.name(`presence.${value}`);
    return value || words.name('nothing_there');
  }
}
