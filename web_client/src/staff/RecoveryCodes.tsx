/** The ten recovery codes, once: copy, print or save them, say so, go on. */
import { Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Check, CodeSheet, Columns, CopyButton, Notice, Stack, Title } from '../design';
import { SignInPage } from './SignInRoute';

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation('sign-in');
  const [kept, setKept] = useState(false);
  const [asked, setAsked] = useState(false);
  const text = `${t('codes.sheetTitle')}\n\n${codes.join('\n')}\n\n${t('codes.sheetNote')}\n`;
  const start = () => (kept ? onDone() : setAsked(true));
  return (
    <SignInPage>
      <Stack gap={6}>
        <Notice look="ok" live>
          {t('codes.done')}
        </Notice>
        <Title lead={t('codes.lead')}>{t('codes.heading')}</Title>
        <CodeSheet title={t('codes.sheetTitle')} codes={codes} note={t('codes.sheetNote')} />
        <Columns count={3}>
          <CopyButton text={text} label={t('codes.copy')} done={t('codes.copied')} />
          <Button look="second" icon={Printer} onClick={() => window.print()}>
            {t('codes.print')}
          </Button>
          <Button look="second" icon={Download} onClick={() => saveAs(t('codes.file'), text)}>
            {t('codes.download')}
          </Button>
        </Columns>
        <Check label={t('codes.kept')} checked={kept} onChange={(event) => setKept(event.target.checked)} />
        {asked && !kept && (
          <Notice look="warn" live>
            {t('codes.keptMissing')}
          </Notice>
        )}
        <Button size="large" block onClick={start}>
          {t('codes.start')}
        </Button>
      </Stack>
    </SignInPage>
  );
}

function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
