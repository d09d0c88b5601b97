/** From which organisation a partner is invited, so that they may read what is shared with it. */
import { useTranslation } from 'react-i18next';
import { SelectField } from '../design';
import { useOrganisations } from './Sharing';

export function OrganisationField({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (organisation_id: string | null) => void;
}) {
  const { t } = useTranslation('cases');
  const { data } = useOrganisations();
  if (!data || data.length === 0) return null; // a link can be made without
  return (
    <SelectField
      label={t('organisation.of')}
      hint={t('organisation.ofHint')}
      value={value ?? ''}
      options={[
        { value: '', label: t('organisation.none') },
        ...data.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}
