/** The office's band and the reading choices, the same on every page of the resident's way. */
import type { InvitationView } from '../api';
import { BandButton, OfficeHeader, ReadingChoices, SwitchButton, TextSizeControl } from '../design';
import { usePreferences } from '../preferences';
import { useWords } from '../words';

export function JoinBand({ view, organisation }: { view: InvitationView | null; organisation: string }) {
  const { language, setLanguage } = usePreferences();
  const words = useWords('join');
  const english = language === 'en';
  return (
    <OfficeHeader
      organisation={view?.organisation ?? organisation}
      office={view ? view.host.office || view.host.department : undefined}
      aside={
        <BandButton lang={english ? 'ja' : 'en'} onClick={() => setLanguage(english ? 'ja' : 'en')}>
          {words.name(english ? 'settings.japanese' : 'settings.english')}
        </BandButton>
      }
    />
  );
}

export function Reading() {
  const { language, setLanguage } = usePreferences();
  const words = useWords('join');
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
