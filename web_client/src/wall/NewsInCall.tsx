/**
 * In a call, what the supervisor tells the office meanwhile; it stays until it is put away. Residents have no such
 * thing. The call's own event stream brings the news.
 */
import { Megaphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, PrivateBand } from '../design';
import { useNews } from './news';

export function NewsInCall() {
  const { t } = useTranslation('wall');
  const { newest, putAway } = useNews();
  if (newest === null) return null;
  return (
    <PrivateBand
      icon={Megaphone}
      title={newest.text}
      actions={
        <Button look="plain" onClick={putAway}>
          {t('news.seen')}
        </Button>
      }
    >
      {newest.sender}
    </PrivateBand>
  );
}
