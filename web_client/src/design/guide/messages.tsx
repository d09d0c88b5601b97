/** What the page says: notices, bands, toasts, windows, and what it shows when it is not ready. */
import { Inbox, Trash2, WifiOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api';
import { Band } from '../Band';
import { Button } from '../Button';
import { Countdown } from '../Countdown';
import { Dialog, Sheet } from '../Dialog';
import { Card, Row, Stack } from '../Layout';
import { Notice, StatusLine } from '../Notice';
import { SignalFull } from '../pictures';
import { Empty, Failed, Loading } from '../States';
import { ToastNote, useToast } from '../Toast';
import { Specimen } from './Specimen';

export function Messages() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('messages.title')} wide={4}>
      <Stack gap={3}>
        <Notice look="info">{t('messages.info')}</Notice>
        <Notice look="ok">{t('messages.ok')}</Notice>
        <Notice look="warn" title={t('messages.warnTitle')}>
          {t('messages.warn')}
        </Notice>
        <Notice
          look="danger"
          title={t('messages.dangerTitle')}
          action={<Button look="plain">{t('messages.dangerAction')}</Button>}
        >
          {t('messages.danger')}
        </Notice>
        <StatusLine icon={SignalFull}>{t('messages.status')}</StatusLine>
        <StatusLine look="warn" icon={WifiOff}>
          {t('messages.statusWeak')}
        </StatusLine>
        <Countdown left={18} of={30}>
          {t('messages.countdown')}
        </Countdown>
      </Stack>
      <div className="mt-3 overflow-hidden rounded-card border border-line">
        <Band look="ok" icon={SignalFull}>
          {t('messages.bandOk')}
        </Band>
        <Band look="warn" icon={WifiOff}>
          {t('messages.bandWarn')}
        </Band>
      </div>
    </Specimen>
  );
}

export function Pending() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('pending.title')} wide={8}>
      <div className="grid gap-4 tablet:grid-cols-3">
        <Card pad={false}>
          <Empty icon={Inbox} title={t('pending.empty')}>
            <p>{t('pending.emptyText')}</p>
          </Empty>
        </Card>
        <Card pad={false}>
          <Loading label={t('pending.loading')} lines={2} />
        </Card>
        <Card pad={false}>
          <Failed
            title={t('pending.failed')}
            error={new ApiError('network.unreachable', 0, {}, 'K7Q2-9F')}
            onRetry={() => {}}
          />
        </Card>
      </div>
    </Specimen>
  );
}

export function Windows() {
  const { t } = useTranslation('design');
  const toast = useToast();
  const [open, setOpen] = useState<'dialog' | 'sheet' | null>(null);
  const close = () => setOpen(null);
  return (
    <Specimen title={t('windows.title')} wide={12}>
      <Row>
        <Button look="second" onClick={() => setOpen('dialog')}>
          {t('windows.openDialog')}
        </Button>
        <Button look="second" onClick={() => setOpen('sheet')}>
          {t('windows.openSheet')}
        </Button>
        <Button look="second" onClick={() => toast({ text: t('windows.saved') })}>
          {t('windows.openToast')}
        </Button>
        <ToastNote
          content={{ text: t('windows.saved'), action: { label: t('windows.look'), onPress: () => {} } }}
          onDone={() => {}}
        />
      </Row>
      <Dialog
        open={open === 'dialog'}
        onClose={close}
        title={t('windows.question')}
        actions={
          <>
            <Button look="second" onClick={close}>
              {t('windows.keep')}
            </Button>
            <Button look="danger-line" icon={Trash2} onClick={close}>
              {t('windows.delete')}
            </Button>
          </>
        }
      >
        <p>{t('windows.text')}</p>
      </Dialog>
      <Sheet open={open === 'sheet'} onClose={close} title={t('windows.sheet')}>
        <p>{t('windows.sheetText')}</p>
      </Sheet>
    </Specimen>
  );
}
