/** Somebody approved it aloud: who that was is written down, and they are asked to confirm it within a day. */
import { Mic } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../api';
import { Button, Dialog, ErrorNotice, SelectField, Stack, Words } from '../design';
import type { DecisionActs } from './decisions';

export function Oral({ decision, acts: { oral } }: { decision: Decision; acts: DecisionActs }) {
  const { t } = useTranslation(['decision', 'app']);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState('');
  const { approvers, asked } = decision;
  const who = chosen || asked?.id || approvers[0]?.id || '';
  return (
    <>
      <Button look="plain" icon={Mic} onClick={() => setOpen(true)}>
        {t('oral.open')}
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={t('oral.title')}
        actions={
          <>
            <Button
              busy={oral.isPending}
              disabled={who === ''}
              onClick={() => oral.mutate(who, { onSuccess: () => setOpen(false) })}
            >
              {t('oral.send')}
            </Button>
            <Button look="plain" onClick={() => setOpen(false)}>
              {t('app:cancel')}
            </Button>
          </>
        }
      >
        <Stack gap={3}>
          <Words>{t('oral.text')}</Words>
          <SelectField
            label={t('oral.who')}
            value={who}
            options={approvers.map(({ id, name, post }) => ({ value: id, label: `${name}（${post}）` }))}
            onChange={(event) => setChosen(event.target.value)}
          />
          {oral.error && <ErrorNotice title={t('oral.failed')} error={oral.error} />}
        </Stack>
      </Dialog>
    </>
  );
}
