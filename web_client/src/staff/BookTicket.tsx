/** An appointment in place of calling back at once. */
import { useQuery } from '@tanstack/react-query';
import { CalendarPlus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api';
import { BookDialog } from '../appointments/BookDialog';
import { Button } from '../design';

export function BookTicket({ ticket }: { ticket: { id: string; name: string; title: string } }) {
  const { t } = useTranslation('ring');
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: ['appointments'], queryFn: () => get('/appointments') });
  return (
    <>
      <Button size="large" look="second" icon={CalendarPlus} onClick={() => setOpen(true)}>
        {t('desk.book')}
      </Button>
      {isOpen && (
        <Suspense>
          <BookDialog ticket={ticket} canMail={data?.can_mail ?? false} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
