/** A staff list from a file: what it says with every fault in its place, then taken in at once or not at all. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, FileUp, UserRoundCheck } from 'lucide-react';
import { type ChangeEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put, type StaffListAnswer } from '../api';
import {
  Button,
  Card,
  DataTable,
  ErrorNotice,
  FileField,
  LinkButton,
  Notice,
  Section,
  Stack,
  Tag,
  Words,
} from '../design';

type Bytes = Uint8Array<ArrayBuffer>;

export function StaffList() {
  const { t } = useTranslation('staff-list');
  const queries = useQueryClient();
  const [bytes, setBytes] = useState<Bytes | null>(null);
  const send = useMutation({
    mutationFn: ({ content, check }: { content: Bytes; check: boolean }) =>
      put('/admin/staff-list', { query: { check }, bytes: content }),
    onSuccess: async (_, { check }) => {
      if (check) return;
      setBytes(null);
      await queries.invalidateQueries({ queryKey: ['admin', 'staff'] });
    },
  });
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    const content = new Uint8Array(await file.arrayBuffer());
    setBytes(content);
    send.mutate({ content, check: true });
  };
  const answer = send.data;
  const isTaken = answer && bytes === null;
  return (
    <Stack gap={6}>
      <Section title={t('title')}>
        <Card>
          <Stack gap={4}>
            <Words>{t('lead')}</Words>
            <FileField
              label={t('file')}
              hint={t('hint')}
              icon={FileUp}
              accept=".csv,text/csv"
              onChange={(event) => void choose(event)}
            />
            {send.error && <ErrorNotice title={t('failed')} error={send.error} />}
            {answer && !isTaken && answer.fault_count === 0 && (
              <Notice
                look="info"
                live
                title={t('ready', { rows: answer.rows, fresh: answer.new })}
                action={
                  <Button
                    icon={UserRoundCheck}
                    busy={send.isPending}
                    busyLabel={t('taking')}
                    onClick={() => bytes && send.mutate({ content: bytes, check: false })}
                  >
                    {t('take')}
                  </Button>
                }
              />
            )}
            {isTaken && (
              <Notice look="ok" live title={t('taken', { fresh: answer.new, changed: answer.changed })} />
            )}
          </Stack>
        </Card>
      </Section>
      {isTaken && answer.first_passwords.length > 0 && <Passwords answer={answer} />}
      {answer && answer.fault_count > 0 && <Faults answer={answer} />}
      {answer && !isTaken && answer.fault_count === 0 && answer.shown.length > 0 && <Rows answer={answer} />}
    </Stack>
  );
}

function Faults({ answer }: { answer: StaffListAnswer }) {
  const { t } = useTranslation('staff-list');
  return (
    <Section title={t('faults', { count: answer.fault_count })}>
      <Stack gap={3}>
        <Notice look="warn" live title={t('nothing')} />
        <DataTable
          caption={t('faults', { count: answer.fault_count })}
          columns={[
            { key: 'line', label: t('line'), figures: true, lead: true, cell: (fault) => String(fault.line) },
            { key: 'column', label: t('column'), cell: (fault) => fault.column },
            { key: 'value', label: t('value'), cell: (fault) => fault.value },
            { key: 'reason', label: t('wrong'), cell: (fault) => t(`reason.${fault.reason}`) },
          ]}
          rows={answer.faults}
          rowKey={(fault) => `${fault.line} ${fault.column} ${fault.reason} ${fault.value}`}
        />
      </Stack>
    </Section>
  );
}

function Rows({ answer }: { answer: StaffListAnswer }) {
  const { t } = useTranslation(['staff-list', 'app']);
  return (
    <Section title={t('rows', { count: answer.rows })}>
      <DataTable
        caption={t('rows', { count: answer.rows })}
        columns={[
          { key: 'name', label: t('name'), lead: true, cell: (row) => row.name },
          { key: 'no', label: t('number'), figures: true, cell: (row) => row.staff_no },
          { key: 'role', label: t('role'), cell: (row) => t(`app:role.${row.role}`) },
          { key: 'department', label: t('department'), cell: (row) => row.department },
          {
            key: 'new',
            label: t('what'),
            cell: (row) => (row.is_new ? <Tag look="info">{t('new')}</Tag> : t('known')),
          },
        ]}
        rows={answer.shown}
        rowKey={(row) => String(row.line)}
      />
    </Section>
  );
}

/** Shown this once: the page keeps them no longer than it is open. */
function Passwords({ answer }: { answer: StaffListAnswer }) {
  const { t } = useTranslation('staff-list');
  const lines = answer.first_passwords.map(({ staff_no, name, password }) =>
    [staff_no, name, password].map(quoted).join(','),
  );
  const file = `data:text/csv;charset=utf-8,${encodeURIComponent(`\uFEFF${lines.join('\r\n')}\r\n`)}`;
  return (
    <Section title={t('passwords')}>
      <Stack gap={3}>
        <Notice
          look="warn"
          title={t('passwordsOnce')}
          action={
            <LinkButton look="second" icon={Download} href={file} download="first-passwords.csv">
              {t('download')}
            </LinkButton>
          }
        />
        <DataTable
          caption={t('passwords')}
          columns={[
            { key: 'name', label: t('name'), lead: true, cell: (row) => row.name },
            { key: 'no', label: t('number'), figures: true, cell: (row) => row.staff_no },
            { key: 'password', label: t('password'), cell: (row) => row.password },
          ]}
          rows={answer.first_passwords}
          rowKey={(row) => row.staff_no}
        />
      </Stack>
    </Section>
  );
}

/** A cell that no spreadsheet takes for a formula. */
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}
