/** 数字が出ないとき: why codes are refused and what to do, the most frequent reason first. */
import { useTranslation } from 'react-i18next';
import { Button, Dialog, Stack, Words } from '../design';
import { usePublic } from '../session';

export function CodeHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation(['sign-in', 'app']);
  const phone = usePublic()?.office_phone;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('help.title')}
      actions={<Button onClick={onClose}>{t('help.done')}</Button>}
    >
      <Stack gap={4}>
        {(['clock', 'app', 'recovery', 'lost'] as const).map((part) => (
          <div key={part}>
            <Words voice="strong">{t(`help.${part}.title`)}</Words>
            <Words>{t(`help.${part}.text`)}</Words>
          </div>
        ))}
        {phone && <Words voice="note">{t('help.phone', { phone })}</Words>}
      </Stack>
    </Dialog>
  );
}
