/** `/cases/…`: the list, a new case, one case. */
import { useLocation } from 'react-router';
import { CasePage } from './CasePage';
import { CasesPage } from './CasesPage';
import { NewCasePage } from './NewCasePage';

export function CasesRoute() {
  const [, , id = ''] = useLocation().pathname.split('/');
  if (id === '') return <CasesPage />;
  return id === 'new' ? <NewCasePage /> : <CasePage key={id} id={decodeURIComponent(id)} />;
}
