/** What is pressed and filled in: buttons, tags, inputs, choices. */
import { Check as CheckIcon, LockKeyhole, Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonLook } from '../Button';
import { Check, SearchField, SelectField, TextField } from '../Field';
import { Row, Stack } from '../Layout';
import { type Role, RoleLetter } from '../NamePlate';
import { OtpField } from '../OtpField';
import { LanguageControl, TextSizeControl } from '../SegmentedControl';
import { Tabs } from '../Tabs';
import { Count, Tag } from '../Tag';
import { Note, Specimen } from './Specimen';

const LOOKS: readonly ButtonLook[] = ['primary', 'second', 'plain', 'danger', 'danger-line', 'quiet'];

export function Buttons() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('buttons.title')} wide={7}>
      <div className="grid gap-2.5">
        {LOOKS.map((look) => (
          <ButtonLine key={look} label={t(`buttons.${look}`)}>
            <Button look={look}>{t('buttons.approve')}</Button>
            <Button look={look} busy>
              {t('buttons.approve')}
            </Button>
            <Button look={look} disabled>
              {t('buttons.approve')}
            </Button>
          </ButtonLine>
        ))}
      </div>
      <Note>{t('buttons.note')}</Note>
      <div className="mt-4 grid gap-3">
        <Row>
          <Button size="small">{t('buttons.small')}</Button>
          <Button>{t('buttons.normal')}</Button>
          <Button size="large">{t('buttons.large')}</Button>
        </Row>
        <Button size="hero">{t('buttons.hero')}</Button>
      </div>
    </Specimen>
  );
}

function ButtonLine({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 items-center gap-2.5 tablet:grid-cols-[112px_repeat(3,1fr)]">
      <span className="text-14 text-ink-2">{label}</span>
      {children}
    </div>
  );
}

const ROLES: readonly Role[] = ['field', 'specialist', 'supervisor', 'resident', 'partner', 'interpreter'];

export function Tags() {
  const { t } = useTranslation(['design', 'app']);
  const [tab, setTab] = useState<'documents' | 'captions' | 'people'>('documents');
  return (
    <Specimen title={t('tags.title')} wide={5}>
      <Stack gap={4}>
        <Row gap={2}>
          <Tag look="recording">{t('tags.recording')}</Tag>
          <Tag look="info">{t('tags.live')}</Tag>
          <Tag>{t('tags.planned')}</Tag>
          <Tag look="ok" icon={CheckIcon}>
            {t('tags.confirmed')}
          </Tag>
          <Tag look="draft">{t('tags.draft')}</Tag>
          <Tag look="warn" icon={LockKeyhole}>
            {t('tags.locked')}
          </Tag>
          <Tag look="danger">{t('tags.refused')}</Tag>
          <Tag look="solid">{t('tags.staffOnly')}</Tag>
          <Count value={3} label={t('tags.count')} />
          <Count value={46} label={t('tags.count')} quiet />
        </Row>
        <Row gap={3}>
          {ROLES.map((role) => (
            <span key={role} className="inline-flex items-center gap-1.5">
              <RoleLetter role={role} />
              <span aria-hidden="true">{t(`app:role.${role}`)}</span>
            </span>
          ))}
        </Row>
        <div className="flex gap-3 rounded-control bg-stage p-3">
          {ROLES.map((role) => (
            <RoleLetter key={role} role={role} onStage />
          ))}
        </div>
        <Tabs
          label={t('tags.tabs')}
          tabs={[
            { key: 'documents', label: t('tags.documents') },
            { key: 'captions', label: t('tags.captions'), unread: true },
            { key: 'people', label: t('tags.people'), count: 4 },
          ]}
          selected={tab}
          onSelect={setTab}
        >
          <Note>{t('tags.tabsNote')}</Note>
        </Tabs>
      </Stack>
    </Specimen>
  );
}

export function Inputs() {
  const { t } = useTranslation('design');
  const [code, setCode] = useState('407');
  return (
    <Specimen title={t('inputs.title')} wide={4}>
      <Stack gap={4}>
        <TextField label={t('inputs.case')} defaultValue={t('inputs.caseValue')} />
        <TextField label={t('inputs.phone')} defaultValue="000-00-1126" error={t('inputs.phoneError')} />
        <TextField label={t('inputs.off')} defaultValue={t('inputs.offValue')} disabled />
        <SelectField
          label={t('inputs.kind')}
          options={[
            { value: 'resident', label: t('inputs.resident') },
            { value: 'interpreter', label: t('inputs.interpreter') },
          ]}
        />
        <SearchField label={t('inputs.search')} icon={Search} />
        <OtpField label={t('inputs.code')} value={code} onChange={setCode} compact />
        <Check label={t('inputs.check')} defaultChecked />
      </Stack>
    </Specimen>
  );
}

export function Choices() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('choices.title')} wide={4}>
      <Stack gap={4}>
        <TextSizeControl />
        <LanguageControl easy />
        <Note>{t('choices.note')}</Note>
      </Stack>
    </Specimen>
  );
}
