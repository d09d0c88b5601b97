/** No page at this address. */
import { MapPinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Card, Empty, LinkButton, Page, TopBar } from '../design';
import { useTitle } from './title';

export function NotFoundRoute() {
  const { t } = useTranslation('home');
  useTitle(t('notFound.title'));
  return (
    <Page header={<TopBar />} width="form">
      <Card pad={false}>
        <Empty
          whole
          icon={MapPinOff}
          title={t('notFound.title')}
          actions={<LinkButton to="/">{t('notFound.home')}</LinkButton>}
        >
          <p>{t('notFound.text')}</p>
        </Empty>
      </Card>
    </Page>
  );
}
