/** Which version of what this is, of when, and for whom (R35): beside every page that is shown. */
import type { Shown } from '../api';
import { SurfaceFacts } from '../design';
import { useWords } from '../words';

export function Version({ shown }: { shown: Shown }) {
  const words = useWords('view');
  const { document } = shown;
  if (!document) return null;
  return (
    <SurfaceFacts
      title={document.title}
      facts={[
        words.name('version.label', { label: document.label }),
        document.issued_on && words.name('version.date', { date: dayOf(document.issued_on, words.language) }),
        document.office,
      ]}
      strong={words.name(`disclosure.${document.disclosure}`)}
      note={words.name('version.logged')}
    />
  );
}

function dayOf(date: string, language: string): string {
  const day = new Date(`${date}T00:00:00`);
  if (Number.isNaN(day.getTime())) return date;
  if (language === 'en') return day.toLocaleDateString('en-GB', { dateStyle: 'long' });
  return day.toLocaleDateString('ja-JP-u-ca-japanese', {
    era: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  });
}
