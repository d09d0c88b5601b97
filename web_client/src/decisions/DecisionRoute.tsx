/** `/decisions/:id`: one decision, to read, to approve on a telephone, to print. */
import { ArrowLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { Person } from '../api';
import { LinkButton, Page, TextSizeControl } from '../design';
import '../design/webfont';
import { useEvents } from '../events';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { DecisionView } from './DecisionView';
import { useDecision } from './decisions';

export function DecisionRoute() {
  const { id = '' } = useParams();
  const { t } = useTranslation('decision');
  return (
    <StaffDoor reading={t('reading')} failed={t('unreachable')}>
      {(person) => <OneDecision key={id} id={id} person={person} />}
    </StaffDoor>
  );
}

function OneDecision({ id, person }: { id: string; person: Person }) {
  const { t } = useTranslation('decision');
  useEvents();
  const { data } = useDecision(id);
  useTitle(data?.number ?? t('title'));
  const back = data?.case_id ? `/cases/${encodeURIComponent(data.case_id)}` : '/';
  return (
    <Page header={<StaffHeader person={person} />} footer={<TextSizeControl />} width="form">
      <DecisionView
        id={id}
        actions={
          <LinkButton look="plain" icon={ArrowLeft} to={back}>
            {t(data?.case_id ? 'to_case' : 'to_home')}
          </LinkButton>
        }
      />
    </Page>
  );
}
