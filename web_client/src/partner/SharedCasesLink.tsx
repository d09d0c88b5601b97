/** In the call of a guest from an organisation: what is shared with it, beside the call. Nothing for all others. */
import { useQuery } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { get } from '../api';
import { LinkButton } from '../design';
import { Queries } from '../queries';

export function SharedCasesLink() {
  return (
    <Queries>
      <TheLink />
    </Queries>
  );
}

function TheLink() {
  const { t } = useTranslation('partner');
  const { data } = useQuery({ queryKey: ['partner', 'cases'], queryFn: () => get('/guest/cases') });
  if (!data?.organisation) return null;
  return (
    <LinkButton size="small" look="second" icon={FolderOpen} href="/partner" target="_blank">
      {t('link')}
    </LinkButton>
  );
}
