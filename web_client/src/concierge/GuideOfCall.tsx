/** Beside a call of staff: which public service fits what is said, with why and whose; shown with one tap. */
import { Compass, EyeOff, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  Failed,
  Loading,
  PanelSubhead,
  SegmentedControl,
  Sheet,
  Stack,
  StatusLine,
  TextField,
  Words,
} from '../design';
import { usePublic } from '../session';
import { Found } from './Found';
import { type ShownLanguage, useServiceSearch, useSuggestions } from './useServices';

const LANGUAGES: readonly ShownLanguage[] = ['ja', 'ja-easy', 'en'];

export function GuideOfCall({ callId }: { callId: string }) {
  return usePublic()?.concierge ? <GuideButton callId={callId} /> : null;
}

function GuideButton({ callId }: { callId: string }) {
  const { t } = useTranslation('guide');
  const [isOpen, setOpen] = useState(false);
  const { data } = useSuggestions(callId);
  const count = data?.found.matches.length ?? 0;
  return (
    <section>
      <PanelSubhead>{t('title')}</PanelSubhead>
      <Button look="second" size="small" block icon={Compass} onClick={() => setOpen(true)}>
        {count > 0 ? t('open_count', { count }) : t('open')}
      </Button>
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={t('title')}>
        <Guide callId={callId} />
      </Sheet>
    </section>
  );
}

function Guide({ callId }: { callId: string }) {
  const { t } = useTranslation('guide');
  const [language, setLanguage] = useState<ShownLanguage>('ja');
  const [text, setText] = useState('');
  const said = useSuggestions(callId);
  const search = useServiceSearch();
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) search.mutate(text.trim());
  };
  const consent = said.data?.is_consented ? t('consented') : t('not_consented');
  return (
    <Stack gap={4}>
      <StatusLine icon={EyeOff} look="plain">
        {t('only_staff')}
      </StatusLine>
      <SegmentedControl
        label={t('language')}
        choices={LANGUAGES.map((key) => ({
          key,
          label: t(`languages.${key}`),
          lang: key === 'en' ? 'en' : 'ja',
        }))}
        selected={language}
        onSelect={setLanguage}
        fill
      />
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
      {search.data && <Found title={t('found')} found={search.data} callId={callId} language={language} />}
      {said.isPending && <Loading label={t('searching')} lines={1} />}
      {said.isError && !said.data && (
        <Failed title={t('failed')} error={said.error} onRetry={() => void said.refetch()} />
      )}
      {said.data && <Words voice="note">{consent}</Words>}
      {said.data?.is_consented && (
        <Found
          title={t('from_talk')}
          found={said.data.found}
          none={t('none_yet')}
          callId={callId}
          language={language}
        />
      )}
    </Stack>
  );
}
