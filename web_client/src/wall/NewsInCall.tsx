/** Says in a call what the supervisor tells the office meanwhile; residents have no such thing. */
import { Megaphone } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from '../design';
import { useEvents } from '../events';
import { useAnnouncements } from './Announcements';

export function NewsInCall() {
  const { t } = useTranslation('wall');
  const toast = useToast();
  useEvents();
  const { data } = useAnnouncements();
  const newest = data?.[0];
  const known = useRef<string | undefined>(undefined);
  const isKnown = useRef(false);
  useEffect(() => {
    if (data === undefined) return;
    if (isKnown.current && newest && newest.id !== known.current) {
      toast({ icon: Megaphone, text: t('news.said', { sender: newest.sender, text: newest.text }) });
    }
    known.current = newest?.id;
    isKnown.current = true;
  }, [data, newest, t, toast]);
  return null;
}
