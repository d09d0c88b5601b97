/**
 * The access log, newest first, 50 rows at a time. Each row carries the hash of the one before; the page compares
 * the links of the rows it shows and says so. The full check over all rows is the server's (`genba verify`).
 */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link2, Link2Off, ScrollText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type AccessLogRow, get } from '../api';
import { dateOf, timeWithSeconds } from '../clock';
import {
  Button,
  Card,
  type Column,
  DataTable,
  Empty,
  Failed,
  Loading,
  Row,
  Stack,
  Tag,
  Words,
} from '../design';

const PAGE = 50;

export function AccessLog() {
  const { t } = useTranslation('home');
  const log = useRows();
  const columns = useLogColumns();
  if (log.isPending) return <Loading label={t('log.reading')} lines={5} />;
  if (!log.data)
    return <Failed title={t('log.failed')} error={log.error} onRetry={() => void log.refetch()} />;
  const rows = log.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0)
    return (
      <Card pad={false}>
        <Empty icon={ScrollText} title={t('log.empty')} />
      </Card>
    );
  return (
    <Stack gap={4}>
      <Row justify="between">
        {isChained(rows) ? (
          <Tag look="ok" icon={Link2} large>
            {t('log.chainOk', { count: rows.length })}
          </Tag>
        ) : (
          <Tag look="danger" icon={Link2Off} large>
            {t('log.chainBroken')}
          </Tag>
        )}
        <Words voice="note">{t('log.total', { count: log.data.pages[0]?.total ?? 0 })}</Words>
      </Row>
      <DataTable caption={t('admin.log')} columns={columns} rows={rows} rowKey={(row) => String(row.seq)} />
      {log.hasNextPage && (
        <Button
          look="plain"
          block
          busy={log.isFetchingNextPage}
          busyLabel={t('log.reading')}
          onClick={() => void log.fetchNextPage()}
        >
          {t('log.older')}
        </Button>
      )}
    </Stack>
  );
}

/** The server pages upwards from a row; we start near the end and page down. */
function useRows() {
  return useInfiniteQuery({
    queryKey: ['access-log'],
    initialPageParam: null as { after: number; limit: number } | null,
    queryFn: async ({ pageParam }) => {
      const { after, limit } = pageParam ?? (await newestPage());
      const page = await get('/access-log', { query: { after, limit } });
      return { after, total: page.total, rows: page.rows.toReversed() };
    },
    getNextPageParam: ({ after }) =>
      after > 0 ? { after: Math.max(0, after - PAGE), limit: Math.min(PAGE, after) } : undefined,
  });
}

async function newestPage(): Promise<{ after: number; limit: number }> {
  const { total } = await get('/access-log', { query: { limit: 1 } });
  return { after: Math.max(0, total - PAGE), limit: PAGE + 1 };
}

/** Rows are newest first: each names the hash of the one below it. */
export function isChained(rows: readonly AccessLogRow[]): boolean {
  return rows.every((row, at) => {
    const older = rows[at + 1];
    return older === undefined || (row.prev_hash === older.hash && row.seq === older.seq + 1);
  });
}

function useLogColumns(): Column<AccessLogRow>[] {
  const { t, i18n } = useTranslation('home');
  const nameOf = useNames();
  return [
    { key: 'seq', label: t('log.column.seq'), figures: true, cell: (row) => row.seq },
    {
      key: 'at',
      label: t('log.column.at'),
      figures: true,
      cell: (row) => `${dateOf(row.at, i18n.language)} ${timeWithSeconds(row.at)}`,
    },
    { key: 'actor', label: t('log.column.actor'), cell: (row) => nameOf(row.actor) },
    {
      key: 'action',
      label: t('log.column.action'),
      cell: (row) => {
        const key = `log.action.${row.action.replaceAll('.', '_')}`;
        return i18n.exists(key, { ns: 'home' }) ? String(i18n.t(key, { ns: 'home' })) : row.action;
      },
    },
    {
      key: 'object',
      label: t('log.column.object'),
      cell: (row) => nameOf(row.object),
    },
    { key: 'address', label: t('log.column.address'), figures: true, cell: (row) => row.address },
    {
      key: 'result',
      label: t('log.column.result'),
      cell: (row) => (row.result === 'ok' ? t('log.ok') : <Tag look="danger">{t('log.refused')}</Tag>),
    },
  ];
}

const OTHERS = ['nobody', 'system', 'command-line'] as const;

/** The log holds ids only: names of staff are looked up, guests are called guests, the rest stays an id. */
function useNames(): (id: string) => string {
  const { t } = useTranslation('home');
  const { data } = useQuery({ queryKey: ['admin', 'staff'], queryFn: () => get('/admin/staff') });
  const names = new Map(data?.staff.map((each) => [each.id, each.name]));
  return (id) => {
    const other = OTHERS.find((each) => each === id);
    if (other) return t(`log.who.${other}`);
    if (id.startsWith('G-')) return t('log.who.guest');
    return names.get(id.replace(/^S-/, '')) ?? id; // room identities of staff are their id with S- before it
  };
}
