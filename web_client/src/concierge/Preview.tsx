/** 下見: the card exactly as the guests would get it, in each reading; nothing is shown yet. */
import { ChevronLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Button,
  Columns,
  Failed,
  Loading,
  PresenterStrip,
  SegmentedControl,
  ServiceWindow,
  Stack,
} from '../design';
import { i18n, LANGUAGES, type Language } from '../i18n';
import { useWords, type Words, wordsOf } from '../words';
import { CardPaper } from './paper';
import { type Choice, usePreview } from './useServices';

export function Preview({
  choice,
  callId,
  onClose,
  onShow,
}: {
  choice: Choice;
  callId: string;
  onClose: () => void;
  onShow: () => void;
}) {
  const { t } = useTranslation('guide');
  const [language, setLanguage] = useState<Language>('ja');
  const words = useReading(language);
  const preview = usePreview(callId, choice);
  return (
    <ServiceWindow
      open
      onClose={onClose}
      head={<PresenterStrip name={t('preview')} post="" note={t('preview_hint')} />}
      foot={
        <Columns>
          <Button block look="second" size="large" icon={ChevronLeft} onClick={onClose}>
            {t('preview_back')}
          </Button>
          <Button block size="large" onClick={onShow}>
            {t('show')}
          </Button>
        </Columns>
      }
    >
      {(titleId) => (
        <Stack gap={4}>
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
          {(preview.isPending || !words) && <Loading label={t('preview_reading')} lines={3} />}
          {preview.isError && (
            <Failed title={t('failed')} error={preview.error} onRetry={() => void preview.refetch()} />
          )}
          {preview.data && words && (
            <div lang={language === 'en' ? 'en' : 'ja'}>
              <CardPaper card={preview.data} words={words} titleId={titleId} />
            </div>
          )}
        </Stack>
      )}
    </ServiceWindow>
  );
}

/** The words of a card in a language other than the page's; null until they are there. */
function useReading(language: Language): Words | null {
  useWords('card'); // makes its message file one that is loaded with a language
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let isWanted = true;
    setWords(null);
    void i18n.loadLanguages(language).then(() => {
      if (isWanted) setWords(wordsOf(i18n.getFixedT(language, 'card'), language));
    });
    return () => {
      isWanted = false;
    };
  }, [language]);
  return words;
}
