/** Beside the timeline: where the case is, how it stands, whose it is; and what puts that right. */
import { CircleCheckBig, PencilLine, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseFile } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Card,
  Dialog,
  ErrorNotice,
  Facts,
  SegmentedControl,
  Sheet,
  Stack,
  TextArea,
  useToast,
  Words,
} from '../design';
import { CaseDocuments } from '../library/CaseDocuments';
import { useTopicLabel, useTopics } from '../staff/topics';
import { Bundle } from './Bundle';
import { CaseForm } from './CaseForm';
import { OPEN_STATUSES } from './caseWords';
import { Place } from './Place';
import { Sharing } from './Sharing';
import type { CaseActs } from './useCases';

export function CaseSide({ shown, acts }: { shown: CaseFile; acts: CaseActs }) {
  return (
    <>
      <Place of={shown} />
      {shown.may_change && <Standing shown={shown} acts={acts} />}
      <CaseDocuments case_id={shown.id} mayAdd={shown.status !== 'closed'} />
      <Sharing shown={shown} acts={acts} />
      <Particulars shown={shown} acts={acts} />
    </>
  );
}

/** How it stands, changed by one press and taken back by another. */
function Standing({ shown, acts }: { shown: CaseFile; acts: CaseActs }) {
  const { t } = useTranslation('cases');
  const toast = useToast();
  const [closing, setClosing] = useState(false);
  const { status } = shown;
  const { change, reopen } = acts;
  const set = (next: (typeof OPEN_STATUSES)[number]) => {
    if (status === 'closed') return;
    change.mutate(
      { status: next },
      {
        onSuccess: (after) =>
          toast({
            text: t('standing.changed', { status: t(`status.${next}`) }),
            action: {
              label: t('undo'),
              onPress: () => change.mutate({ status, revision: after.revision }),
            },
          }),
      },
    );
  };
  return (
    <Card>
      <Stack gap={3}>
        <Words voice="strong" as="h2">
          {t('standing.title')}
        </Words>
        {status === 'closed' ? (
          <>
            <Words>{t('standing.isClosed')}</Words>
            <Button look="second" icon={RotateCcw} busy={reopen.isPending} onClick={() => reopen.mutate()}>
              {t('standing.reopen')}
            </Button>
          </>
        ) : (
          <>
            <SegmentedControl
              fill
              label={t('standing.title')}
              choices={OPEN_STATUSES.map((key) => ({ key, label: t(`status.${key}`) }))}
              selected={change.isPending ? (change.variables.status ?? status) : status}
              onSelect={set}
            />
            <Button look="plain" icon={CircleCheckBig} onClick={() => setClosing(true)}>
              {t('standing.close')}
            </Button>
          </>
        )}
        {change.error && <ErrorNotice title={t('standing.failed')} error={change.error} />}
        {reopen.error && <ErrorNotice title={t('standing.failed')} error={reopen.error} />}
      </Stack>
      <Closing open={closing} acts={acts} onDone={() => setClosing(false)} />
    </Card>
  );
}

function Closing({ open, acts: { close }, onDone }: { open: boolean; acts: CaseActs; onDone: () => void }) {
  const { t } = useTranslation(['cases', 'app']);
  const [words, setWords] = useState('');
  return (
    <Dialog
      open={open}
      onClose={onDone}
      title={t('closing.title')}
      actions={
        <>
          <Button busy={close.isPending} onClick={() => close.mutate(words, { onSuccess: onDone })}>
            {t('closing.send')}
          </Button>
          <Button look="plain" onClick={onDone}>
            {t('app:cancel')}
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <Words>{t('closing.text')}</Words>
        <TextArea
          label={t('closing.how')}
          value={words}
          maxLength={2000}
          onChange={(event) => setWords(event.target.value)}
        />
        {close.error && <ErrorNotice title={t('closing.failed')} error={close.error} />}
      </Stack>
    </Dialog>
  );
}

function Particulars({ shown, acts: { change } }: { shown: CaseFile; acts: CaseActs }) {
  const { t, i18n } = useTranslation('cases');
  const [editing, setEditing] = useState(false);
  const { data: topics } = useTopics();
  const label = useTopicLabel();
  const topic = topics?.find((each) => each.key === shown.topic);
  const { owner } = shown;
  return (
    <Card>
      <Stack gap={3}>
        <Words voice="strong" as="h2">
          {t('case.particulars')}
        </Words>
        <Facts
          facts={[
            [t('case.owner'), [owner.name, owner.post].filter(Boolean).join(t('joint'))],
            [t('case.department'), [shown.office, shown.department].filter(Boolean).join(t('joint'))],
            [t('form.kind'), t(`kind.${shown.kind}`)],
            ...(topic ? ([[t('form.topic'), label(topic)]] as const) : []),
            [t('form.sensitivity'), t(`sensitivity.${shown.sensitivity}`)],
            [t('case.openedAt'), `${dateOf(shown.opened_at, i18n.language)} ${timeOf(shown.opened_at)}`],
          ]}
        />
        {shown.may_change && shown.status !== 'closed' && (
          <Button look="plain" icon={PencilLine} onClick={() => setEditing(true)}>
            {t('edit.title')}
          </Button>
        )}
        {shown.may_change && <Bundle case_id={shown.id} />}
      </Stack>
      <Sheet open={editing} onClose={() => setEditing(false)} title={t('edit.title')}>
        <CaseForm
          start={{ ...shown, owner_id: owner.id }}
          send={({ title, kind, topic, place, latitude, longitude, sensitivity, owner_id }) =>
            change.mutate(
              { title, kind, topic, place, latitude, longitude, sensitivity, owner_id },
              { onSuccess: () => setEditing(false) },
            )
          }
          sending={t('edit.send')}
          busy={change.isPending}
          error={change.error}
          failed={t('edit.failed')}
        />
      </Sheet>
    </Card>
  );
}
