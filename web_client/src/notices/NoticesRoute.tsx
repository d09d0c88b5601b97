/** `/n` asks for notices, `/n/:code` is the page of whoever gets them; `/n?told=…` is what a notification opens. */
import { useParams, useSearchParams } from 'react-router';
import { AskRoute } from './AskRoute';
import { OwnRoute } from './OwnRoute';
import { knownCode } from './thisDevice';

export function NoticesRoute() {
  const [asked] = useSearchParams();
  const opened = asked.get('told');
  const given = useParams().code;
  const code = given ?? (opened ? knownCode() : null);
  return code ? <OwnRoute key={code} code={code} opened={opened} /> : <AskRoute />;
}
