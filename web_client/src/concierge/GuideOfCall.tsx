/** Beside a call of staff: which public service fits what is said, typed or presented, with why and whose; shown with one tap. */
import { Compass, EyeOff, PhoneForwarded, Search } from 'lucide-react';
import { type FormEvent, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, Person } from '../api';
import { later } from '../call/later';
import type { LiveCall } from '../call/useCall';
import {
  Button,
  Failed,
  Loading,
  PanelSubhead,
  Row,
  Sheet,
  Stack,
  StatusLine,
  TextField,
  Words,
} from '../design';
import { usePublic } from '../session';
import { Found } from './Found';
import { Papers } from './Papers';
import { ShownNow } from './ShownNow';
import { useCards, useNewsOf, usePapers, useServiceSearch, useSuggestions } from './useServices';

const HandOverSheet = later(async () => (await import('../call/HandOverSheet')).HandOverSheet, 'hold');

interface InCall {
  call: Call;
  person: Person;
  live: LiveCall;
}

export function GuideOfCall(props: InCall) {
  return usePublic()?.concierge ? <GuideButton {...props} /> : null;
}

function GuideButton(props: InCall) {
  const { t } = useTranslation('guide');
  const callId = props.call.id;
  const [isOpen, setOpen] = useState(false);
  const [isPassing, setPassing] = useState(false);
  useNewsOf(callId, props.live.session?.room);
  const { data } = useSuggestions(callId);
  const { data: shown } = useCards(callId);
  const count = (data?.found.matches.length ?? 0) + (data?.by_paper.matches.length ?? 0);
  const standing = shown?.cards.filter(({ put_away_at }) => put_away_at === null).length ?? 0;
  return (
    <section>
      <PanelSubhead>{t('title')}</PanelSubhead>
      <Stack gap={2}>
        {standing > 0 && <Words voice="note">{t('standing_count', { count: standing })}</Words>}
        <Button look="second" size="small" block icon={Compass} onClick={() => setOpen(true)}>
          {count > 0 ? t('open_count', { count }) : t('open')}
        </Button>
      </Stack>
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={t('title')}>
        <Guide callId={callId} onPass={() => setPassing(true)} />
      </Sheet>
      {isPassing && (
        <Suspense>
          <HandOverSheet callId={callId} personId={props.person.id} onClose={() => setPassing(false)} />
        </Suspense>
      )}
    </section>
  );
}

function Guide({ callId, onPass }: { callId: string; onPass: () => void }) {
  const { t } = useTranslation('guide');
  const [text, setText] = useState('');
  const said = useSuggestions(callId);
  const cards = useCards(callId);
  const search = useServiceSearch();
  const papers = usePapers();
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (!words) return;
    search.mutate(words);
    papers.mutate(words);
  };
  const part = { callId, cards: cards.data?.cards };
  const pass = (
    <Row>
      <Button look="second" icon={PhoneForwarded} onClick={onPass}>
        {t('pass_on')}
      </Button>
    </Row>
  );
  return (
    <Stack gap={4}>
      <StatusLine icon={EyeOff} look="plain">
        {t('only_staff')}
      </StatusLine>
      {cards.isError && !cards.data && (
        <Failed title={t('cards_failed')} error={cards.error} onRetry={() => void cards.refetch()} />
      )}
      <ShownNow {...part} />
      <form onSubmit={ask}>
        <Stack gap={2}>
          <TextField
            label={t('search')}
            value={text}
            maxLength={400}
            onChange={(event) => setText(event.target.value)}
          />
          <Button
            type="submit"
            look="second"
            icon={Search}
            busy={search.isPending}
            busyLabel={t('searching')}
          >
            {t('search_button')}
          </Button>
        </Stack>
      </form>
      {search.isError && (
        <Failed title={t('failed')} error={search.error} onRetry={() => search.mutate(text.trim())} />
      )}
      {search.data && (
        <Found
          title={t('found')}
          found={search.data}
          foundBy={{ by: 'typed', words: search.variables }}
          pass={pass}
          {...part}
        />
      )}
      {(papers.data || papers.isError) && <Papers papers={papers} callId={callId} />}
      {said.isPending && <Loading label={t('searching')} lines={1} />}
      {said.isError && !said.data && (
        <Failed title={t('failed')} error={said.error} onRetry={() => void said.refetch()} />
      )}
      {said.data && (
        <Words voice="note">{said.data.is_consented ? t('consented') : t('not_consented')}</Words>
      )}
      {said.data?.is_consented && (
        <Found
          title={t('from_talk')}
          found={said.data.found}
          foundBy={{ by: 'talk' }}
          none={t('none_yet')}
          {...part}
        />
      )}
      {said.data?.paper && (
        <Found
          title={t('from_paper', { title: said.data.paper })}
          found={said.data.by_paper}
          foundBy={{ by: 'document' }}
          none={t('none_of_paper')}
          {...part}
        />
      )}
    </Stack>
  );
}
