/** On the first page of staff, what the supervisor tells the office; it stays until it is put away. */
import { Megaphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { timeOf } from '../clock';
import { Button, Notice } from '../design';
import { useNews } from './news';

export function NewsAtHome() {
  const { t } = useTranslation('wall');
  const { newest, putAway } = useNews();
  if (newest === null) return null;
  return (
    <Notice
      live
      icon={Megaphone}
      title={newest.text}
      action={
        <Button size="small" look="second" onClick={putAway}>
          {t('news.seen')}
        </Button>
      }
    >
      {t('news.by', { sender: newest.sender, time: timeOf(newest.sent_at) })}
    </Notice>
  );
}
