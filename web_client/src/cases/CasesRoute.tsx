/** `/cases/…`: the list, a new case, one case; `/decisions/:id`: one decision. */
import { Suspense } from 'react';
import { useLocation } from 'react-router';
import { later } from '../call/later';
import { PageLoading } from '../design/States';
import { CasePage } from './CasePage';
import { CasesPage } from './CasesPage';
import { NewCasePage } from './NewCasePage';

const DecisionPage = later(async () => (await import('../decisions/DecisionPage')).DecisionPage, 'decision');

export function CasesRoute() {
  const [, part, coded = ''] = useLocation().pathname.split('/');
  const id = decodeURIComponent(coded);
  if (part === 'decisions')
    return (
      <Suspense fallback={<PageLoading />}>
        <DecisionPage key={id} id={id} />
      </Suspense>
    );
  if (id === '') return <CasesPage />;
  return id === 'new' ? <NewCasePage /> : <CasePage key={id} id={id} />;
}
