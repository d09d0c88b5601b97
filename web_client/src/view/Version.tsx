/** Which version of what this is, of when, and for whom (R35): beside every page that is shown. */
import type { Shown } from '../api';
import { SurfaceFacts } from '../design';
import { recordDay } from '../letter/day';
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
        document.issued_on &&
          words.name('version.date', { date: recordDay(document.issued_on, words.language) }),
        document.office,
      ]}
      strong={words.name(`disclosure.${document.disclosure}`)}
      note={words.name('version.logged')}
    />
  );
}
