/** On the page after a call: the way to its recap. */
import { NotebookPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../design';

export function AfterCall({ callId }: { callId: string }) {
  const { t } = useTranslation('recap');
  return (
    <LinkButton block size="large" icon={NotebookPen} to={`/calls/${encodeURIComponent(callId)}/recap`}>
      {t('write')}
    </LinkButton>
  );
}
