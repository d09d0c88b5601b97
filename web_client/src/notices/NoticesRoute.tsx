/** `/n` asks for notices, `/n/:code` is the page of whoever gets them. */
import { useParams } from 'react-router';
import { AskRoute } from './AskRoute';
import { OwnRoute } from './OwnRoute';

export function NoticesRoute() {
  const { code } = useParams();
  return code ? <OwnRoute key={code} code={code} /> : <AskRoute />;
}
