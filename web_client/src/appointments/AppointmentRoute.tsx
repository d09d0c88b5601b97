/** `/a/:code`: an appointment, for the resident: when, with whom, and the way into the call once it has begun. */
import { CalendarCheck, CalendarX, PhoneOff, RefreshCw, Unplug, Video } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { ApiError, type AppointmentView, get } from '../api';
import {
  Button,
  Furigana,
  HostCard,
  LinkButton,
  Loading,
  PhoneLink,
  ResidentBlock,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Stack,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { timeOfDay } from '../join/when';
import { day } from '../letter/day';
import { usePreferences } from '../preferences';
import { useWords, type Words } from '../words';

const LOOK_AGAIN_MS = 10_000;

type Found =
  | { at: 'reading' }
  | { at: 'shown'; appointment: AppointmentView }
  | { at: 'unknown' }
  | { at: 'unreachable' };

export function AppointmentRoute() {
  const { code = '' } = useParams();
  const words = useWords('appointment');
  const office = useOffice();
  const { found, look } = useAppointment(code);
  const appointment = found.at === 'shown' ? found.appointment : null;
  const phone = appointment?.office_phone || office?.office_phone || '';
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  return (
    <ResidentPage
      band={
        <ResidentBand
          organisation={appointment?.organisation ?? office?.organisation ?? ''}
          office={appointment?.office}
        />
      }
      footLook={appointment?.state === 'started' ? 'plain' : 'quiet'}
      foot={
        <Stack gap={2}>
          {appointment?.state === 'started' && (
            <LinkButton block size="large" icon={Video} to={`/j/${encodeURIComponent(code)}`}>
              <Furigana text={words.say('talk')} />
            </LinkButton>
          )}
          {phone && <PhoneLink number={phone} words={words.say('phone')} />}
        </Stack>
      }
    >
      <Reading />
      {found.at === 'reading' && <Loading label={words.name('reading')} lines={2} />}
      {found.at === 'unknown' && (
        <ResidentMatter icon={PhoneOff} text={words.say('unknown')}>
          <ResidentText text={words.say('unknown_do')} />
        </ResidentMatter>
      )}
      {found.at === 'unreachable' && (
        <ResidentMatter icon={Unplug} text={words.say('unreachable')}>
          <Button size="large" icon={RefreshCw} onClick={look}>
            <Furigana text={words.say('again')} />
          </Button>
        </ResidentMatter>
      )}
      {appointment && <Shown appointment={appointment} words={words} />}
    </ResidentPage>
  );
}

function useAppointment(code: string): { found: Found; look: () => void } {
  const [found, setFound] = useState<Found>({ at: 'reading' });
  const { suggestLanguage } = usePreferences();
  const look = useCallback(() => {
    get('/appointment/{code}', { path: { code } }).then(
      (appointment) => {
        suggestLanguage(appointment.language);
        setFound({ at: 'shown', appointment });
      },
      (error: unknown) => {
        const isUnknown = error instanceof ApiError && error.key === 'appointment.unknown';
        setFound((before) =>
          isUnknown ? { at: 'unknown' } : before.at === 'shown' ? before : { at: 'unreachable' },
        );
      },
    );
  }, [code, suggestLanguage]);
  useEffect(() => {
    look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [look]);
  return { found, look };
}

function Shown({ appointment, words }: { appointment: AppointmentView; words: Words }) {
  const { state, starts_at, host, title } = appointment;
  const isOff = state === 'cancelled' || state === 'over';
  return (
    <>
      <ResidentMatter
        icon={isOff ? CalendarX : CalendarCheck}
        look={isOff ? 'warn' : 'ok'}
        text={isOff ? words.say(state) : `${day(starts_at, words.language)} ${timeOfDay(starts_at)}`}
      >
        <ResidentText text={words.say(`${state}_more`)} />
        {title && <ResidentText voice="note" text={words.say('about', { title })} />}
      </ResidentMatter>
      {!isOff && (
        <ResidentBlock title={words.say('who')}>
          <HostCard
            name={host.name}
            kana={host.kana}
            lines={[host.post, host.department || host.office]}
            reading={words.language === 'ja-easy' ? 'above' : 'beside'}
          />
        </ResidentBlock>
      )}
    </>
  );
}
