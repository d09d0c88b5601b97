/** What staff write about a call. Somebody else may write at the same time: then nothing is lost, and both can be seen. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Save } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, get, post, type Recap } from '../api';
import {
  Button,
  Card,
  ErrorNotice,
  Notice,
  Row,
  Section,
  Stack,
  TextArea,
  TextField,
  useToast,
} from '../design';
import { recapKey } from './key';

const FIELDS = ['happened', 'agreed', 'next_step', 'due_on', 'contact'] as const;
type Written = Record<(typeof FIELDS)[number], string>;

function writtenIn(recap: Recap): Written {
  const { happened, agreed, next_step, due_on, contact } = recap;
  return { happened, agreed, next_step, due_on: due_on ?? '', contact };
}

export function RecapForm({ recap }: { recap: Recap }) {
  const { t } = useTranslation('recap');
  const queries = useQueryClient();
  const toast = useToast();
  const [written, setWritten] = useState(() => writtenIn(recap));
  const [version, setVersion] = useState(recap.version);
  const save = useMutation({
    mutationFn: (confirmed: boolean) =>
      post('/calls/{call_id}/recap', {
        path: { call_id: recap.call_id },
        body: { ...written, due_on: written.due_on || null, version, confirmed },
      }),
    onSuccess: (saved, confirmed) => {
      queries.setQueryData(recapKey(recap.call_id), saved);
      setVersion(saved.version);
      toast({ text: t(confirmed ? 'confirmedNow' : 'saved'), icon: confirmed ? Check : Save });
    },
  });
  const takeNewest = useMutation({
    mutationFn: () => get('/calls/{call_id}/recap', { path: { call_id: recap.call_id } }),
    onSuccess: (newest) => {
      queries.setQueryData(recapKey(recap.call_id), newest);
      setVersion(newest.version);
      save.reset();
    },
  });
  const isChanged = save.error instanceof ApiError && save.error.key === 'recap.changed';
  const field = (name: (typeof FIELDS)[number]) => ({
    label: t(`field.${name}`),
    value: written[name],
    onChange: (event: { target: { value: string } }) =>
      setWritten((before) => ({ ...before, [name]: event.target.value })),
  });
  return (
    <Section title={t('write')}>
      <Card>
        <Stack gap={6}>
          <TextArea {...field('happened')} hint={t('hint.happened')} maxLength={2000} />
          <TextArea {...field('agreed')} hint={t('hint.agreed')} maxLength={2000} />
          <TextArea {...field('next_step')} rows={2} maxLength={2000} />
          <Row align="start">
            <TextField {...field('due_on')} type="date" />
          </Row>
          <TextField {...field('contact')} maxLength={120} />
          {isChanged && (
            <Notice
              look="warn"
              live
              title={t('changed')}
              action={
                <>
                  <Button size="small" look="second" onClick={() => takeNewest.mutate()}>
                    {t('keepMine')}
                  </Button>
                  <Button
                    size="small"
                    look="plain"
                    onClick={() =>
                      takeNewest.mutate(undefined, { onSuccess: (newest) => setWritten(writtenIn(newest)) })
                    }
                  >
                    {t('takeTheirs')}
                  </Button>
                </>
              }
            >
              {t('changedMore')}
            </Notice>
          )}
          {save.error && !isChanged && <ErrorNotice title={t('saveFailed')} error={save.error} />}
          <Row>
            <Button
              icon={Check}
              busy={save.isPending && save.variables}
              busyLabel={t('saving')}
              onClick={() => save.mutate(true)}
            >
              {t('confirm')}
            </Button>
            <Button
              look="second"
              icon={Save}
              busy={save.isPending && !save.variables}
              busyLabel={t('saving')}
              onClick={() => save.mutate(false)}
            >
              {t('save')}
            </Button>
          </Row>
        </Stack>
      </Card>
    </Section>
  );
}
