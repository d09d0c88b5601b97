/** The list of staff: whether each can sign in, and the two things an administrator does about it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, LockKeyhole, LockOpen, RotateCcwKey, Search, UserRoundPen, UserRoundX } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AdminStaffEntry, get, post } from '../api';
import { dateOf, timeOf, useClock } from '../clock';
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
  PersonCell,
  Portrait,
  Row,
  SearchField,
  Stack,
  Tag,
  useToast,
  Words,
} from '../design';
import { ChangeStaff } from './ChangeStaff';

const KEY = ['admin', 'staff'];

export function StaffAccounts() {
  const { t } = useTranslation('home');
  const staff = useQuery({ queryKey: KEY, queryFn: () => get('/admin/staff') });
  const [wanted, setWanted] = useState('');
  const [resetting, setResetting] = useState<AdminStaffEntry | null>(null);
  const unlock = useUnlock();
  const [changing, setChanging] = useState<AdminStaffEntry | null>(null);
  const columns = useColumns({ unlock, onReset: setResetting, onChange: setChanging });

  if (staff.isPending) return <Loading label={t('admin.readingStaff')} lines={5} />;
  if (!staff.data)
    return <Failed title={t('admin.staffFailed')} error={staff.error} onRetry={() => void staff.refetch()} />;
  const rows = staff.data.staff.filter((each) => matches(each, wanted));
  return (
    <Stack gap={4}>
      <Row justify="between">
        <SearchField
          label={t('admin.search')}
          icon={Search}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Words voice="note">{t('admin.count', { count: rows.length })}</Words>
      </Row>
      {unlock.error && <ErrorNotice title={t('admin.unlockFailed')} error={unlock.error} />}
      {rows.length > 0 ? (
        <DataTable caption={t('admin.staff')} columns={columns} rows={rows} rowKey={(each) => each.id} />
      ) : (
        <Card pad={false}>
          <Empty icon={UserRoundX} title={t('admin.nobody')}>
            <p>{t('admin.nobodyText')}</p>
          </Empty>
        </Card>
      )}
      {changing && (
        <Suspense>
          <ChangeStaff entry={changing} everybody={staff.data.staff} onClose={() => setChanging(null)} />
        </Suspense>
      )}
      <ResetDialog entry={resetting} onClose={() => setResetting(null)} />
    </Stack>
  );
}

function matches(entry: AdminStaffEntry, wanted: string): boolean {
  const text = [entry.staff_no, entry.name, entry.kana, entry.office, entry.department]
    .join(' ')
    .toLowerCase();
  return wanted
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function useUnlock() {
  const { t } = useTranslation('home');
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (entry: AdminStaffEntry) =>
      post('/admin/staff/{staff_id}/unlock', { path: { staff_id: entry.id } }),
    onSuccess: async (_, entry) => {
      toast({ text: t('admin.unlocked', { name: entry.name }), icon: LockOpen });
      await queries.invalidateQueries({ queryKey: KEY });
    },
  });
}

interface Acts {
  unlock: ReturnType<typeof useUnlock>;
  onReset: (entry: AdminStaffEntry) => void;
  onChange: (entry: AdminStaffEntry) => void;
}

function useColumns({ unlock, onReset, onChange }: Acts): Column<AdminStaffEntry>[] {
  const { t, i18n } = useTranslation('home');
  const now = useClock(10_000);
  const isLocked = (entry: AdminStaffEntry) =>
    entry.locked_until !== null && Date.parse(entry.locked_until) > now;
  return [
    {
      key: 'name',
      label: t('admin.column.name'),
      lead: true,
      cell: (entry) => (
        <PersonCell
          portrait={<Portrait name={entry.name} role={entry.role} size="tiny" />}
          name={entry.name}
          note={entry.post}
        />
      ),
    },
    { key: 'no', label: t('admin.column.number'), figures: true, cell: (entry) => entry.staff_no },
    {
      key: 'office',
      label: t('admin.column.office'),
      cell: (entry) => [entry.department, entry.office].filter(Boolean).join(t('joint')),
    },
    {
      key: 'code',
      label: t('admin.column.code'),
      cell: (entry) => <CodeState entry={entry} locked={isLocked(entry)} />,
    },
    {
      key: 'last',
      label: t('admin.column.last'),
      figures: true,
      cell: (entry) =>
        entry.last_signed_in_at
          ? `${dateOf(entry.last_signed_in_at, i18n.language)} ${timeOf(entry.last_signed_in_at)}`
          : t('admin.never'),
    },
    {
      key: 'acts',
      label: t('admin.column.acts'),
      labelHidden: true,
      cell: (entry) => (
        <Row gap={2} justify="end">
          {isLocked(entry) && (
            <Button
              size="small"
              look="second"
              icon={LockOpen}
              busy={unlock.isPending && unlock.variables.id === entry.id}
              busyLabel={t('admin.unlocking')}
              aria-label={t('admin.unlockNamed', { name: entry.name })}
              onClick={() => unlock.mutate(entry)}
            >
              {t('admin.unlock')}
            </Button>
          )}
          <Button
            size="small"
            look="plain"
            icon={UserRoundPen}
            aria-label={t('admin.changeNamed', { name: entry.name })}
            onClick={() => onChange(entry)}
          >
            {t('admin.change')}
          </Button>
          {entry.enrolled && (
            <Button
              size="small"
              look="plain"
              icon={RotateCcwKey}
              aria-label={t('admin.resetNamed', { name: entry.name })}
              onClick={() => onReset(entry)}
            >
              {t('admin.reset')}
            </Button>
          )}
        </Row>
      ),
    },
  ];
}

function CodeState({ entry, locked }: { entry: AdminStaffEntry; locked: boolean }) {
  const { t } = useTranslation('home');
  if (entry.disabled) return <Tag look="solid">{t('admin.state.disabled')}</Tag>;
  if (locked && entry.locked_until)
    return (
      <Tag look="warn" icon={LockKeyhole}>
        {t('admin.state.locked', { time: timeOf(entry.locked_until) })}
      </Tag>
    );
  if (!entry.enrolled) return <Tag look="draft">{t('admin.state.notEnrolled')}</Tag>;
  return (
    <Tag look="ok" icon={Check}>
      {t('admin.state.enrolled')}
    </Tag>
  );
}

/** Taking the code away signs the person out everywhere, so it is asked first. */
function ResetDialog({ entry, onClose }: { entry: AdminStaffEntry | null; onClose: () => void }) {
  const { t } = useTranslation(['home', 'app']);
  const queries = useQueryClient();
  const toast = useToast();
  const reset = useMutation({
    mutationFn: (staff_id: string) => post('/admin/staff/{staff_id}/reset-otp', { path: { staff_id } }),
    onSuccess: async (changed) => {
      toast({ text: t('admin.resetDone', { name: changed.name }) });
      close();
      await queries.invalidateQueries({ queryKey: KEY });
    },
  });
  const close = () => {
    reset.reset();
    onClose();
  };
  return (
    <Dialog
      open={entry !== null}
      onClose={close}
      title={t('admin.resetTitle', { name: entry?.name ?? '' })}
      actions={
        <>
          <Button
            look="danger"
            busy={reset.isPending}
            busyLabel={t('admin.resetting')}
            onClick={() => entry && reset.mutate(entry.id)}
          >
            {t('admin.resetConfirm')}
          </Button>
          <Button look="plain" onClick={close}>
            {t('app:cancel')}
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <Words>{t('admin.resetText')}</Words>
        {reset.error && <ErrorNotice title={t('admin.resetFailed')} error={reset.error} />}
      </Stack>
    </Dialog>
  );
}
