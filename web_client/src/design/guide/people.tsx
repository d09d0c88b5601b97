/** Who: name plates and lists; links handed over; tables. */
import { useTranslation } from 'react-i18next';
import { Attendees } from '../CallRow';
import { CaptionBar } from '../Captions';
import { type Column, DataTable, PersonCell } from '../DataTable';
import { OfficeHeader } from '../Header';
import { Card, Facts, Stack, Steps } from '../Layout';
import { NamePlate, Portrait } from '../NamePlate';
import { SharePanel } from '../SharePanel';
import { Tag } from '../Tag';
import { Specimen } from './Specimen';

export function People() {
  const { t } = useTranslation('design');
  const person = {
    name: t('people.name'),
    kana: t('people.kana'),
    post: t('people.post'),
    department: t('people.department'),
    office: t('people.office'),
    role: 'supervisor',
  } as const;
  return (
    <Specimen title={t('people.title')} wide={4}>
      <Stack gap={3}>
        <Card>
          <NamePlate person={person} size="large" />
        </Card>
        <Card>
          <NamePlate person={person} letter />
        </Card>
        <Card>
          <NamePlate
            person={person}
            size="small"
            letter
            action={<Tag look="ok">{t('people.present')}</Tag>}
          />
        </Card>
        <CaptionBar
          label={t('people.captions')}
          look={{ size: 'standard', colour: 'white', place: 'below' }}
          lines={[
            {
              key: '1',
              who: t('people.speaker'),
              role: 'specialist',
              text: t('people.sentence'),
              draft: true,
            },
          ]}
          settings={t('people.captionSettings')}
          onSettings={() => undefined}
        />
        <Card>
          <Attendees
            title={t('people.inCall')}
            joinedLabel={t('people.joined')}
            awayLabel={t('people.away')}
            people={[
              { key: '1', name: person.name, note: person.post, role: 'supervisor', joined: true },
              { key: '2', name: t('people.guest'), note: '', role: 'resident', joined: false },
            ]}
          />
        </Card>
        <Card pad={false}>
          <OfficeHeader organisation={t('people.organisation')} office={t('people.room')} />
        </Card>
      </Stack>
    </Specimen>
  );
}

interface Entry {
  id: string;
  name: string;
  office: string;
  at: string;
}

export function Tables() {
  const { t } = useTranslation('design');
  const rows: Entry[] = [
    { id: '1', name: t('people.name'), office: t('people.office'), at: '10:08' },
    { id: '2', name: t('people.other'), office: t('people.department'), at: '9:41' },
  ];
  const columns: Column<Entry>[] = [
    {
      key: 'name',
      label: t('tables.name'),
      lead: true,
      cell: (row) => (
        <PersonCell
          portrait={<Portrait name={row.name} size="tiny" />}
          name={row.name}
          note={t('people.post')}
        />
      ),
    },
    { key: 'office', label: t('tables.office'), cell: (row) => row.office },
    { key: 'at', label: t('tables.at'), figures: true, cell: (row) => row.at },
  ];
  return (
    <Specimen title={t('tables.title')} wide={6}>
      <Stack gap={4}>
        <DataTable caption={t('tables.title')} columns={columns} rows={rows} rowKey={(row) => row.id} />
        <Facts
          facts={[
            [t('tables.place'), t('tables.placeValue')],
            [t('tables.number'), 'R8-東土-0142'],
          ]}
        />
        <Steps steps={[t('tables.step1'), t('tables.step2')]} />
      </Stack>
    </Specimen>
  );
}

const QR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#fff" d="M0 0h9v9H0z"/><path d="M1 1h3v3H1zm4 0h1v1H5zm1 1h2v1H6zM5 4h3v1H5zM1 5h2v1H1zm3 1h1v2H4zm2 0h2v2H6zM1 7h2v1H1z"/></svg>';

export function Sharing() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('sharing.title')} wide={6}>
      <SharePanel url="https://genba.example/j/7QK2-M4TX" qrSvg={QR} title={t('sharing.title')} />
    </Specimen>
  );
}
