/** The office's band and the reading choices, the same on every page of residents. */
import { BandButton, OfficeHeader, ReadingChoices, SwitchButton, TextSizeControl } from '../design';
import { usePreferences } from '../preferences';
import { useWords, type Words } from '../words';

interface Office {
  organisation: string;
  office?: string;
}

export function ResidentBand(office: Office) {
  return <ResidentBandIn {...office} words={useWords('join')} />;
}

/** For a page that need not fetch other words: its own have the names of the languages under `settings`. */
export function ResidentBandIn({ organisation, office, words }: Office & { words: Words }) {
  const { language, setLanguage } = usePreferences();
  const english = language === 'en';
  return (
    <OfficeHeader
      organisation={organisation}
      office={office || undefined}
      aside={
        <BandButton lang={english ? 'ja' : 'en'} onClick={() => setLanguage(english ? 'ja' : 'en')}>
          {words.name(english ? 'settings.japanese' : 'settings.english')}
        </BandButton>
      }
    />
  );
}

export function Reading() {
  return <ReadingIn words={useWords('join')} />;
}

export function ReadingIn({ words }: { words: Words }) {
  const { language, setLanguage } = usePreferences();
  const easy = language === 'ja-easy';
  return (
    <ReadingChoices>
      <TextSizeControl />
      <SwitchButton lang="ja" on={easy} onClick={() => setLanguage(easy ? 'ja' : 'ja-easy')}>
        {words.name('settings.easy')}
      </SwitchButton>
    </ReadingChoices>
  );
}
