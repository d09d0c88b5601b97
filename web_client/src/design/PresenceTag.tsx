/** Where a colleague works now, in one word: green when they are at hand, blue elsewhere, yellow in a call. */
import { useTranslation } from 'react-i18next';
import { Tag, type TagLook } from './Tag';

export type Presence = 'office' | 'trip' | 'home' | 'satellite' | 'busy' | 'absent';

const LOOKS: Record<Presence, TagLook> = {
  office: 'ok',
  trip: 'info',
  home: 'info',
  satellite: 'info',
  busy: 'warn',
  absent: 'plain',
};

export function PresenceTag({ status }: { status: Presence }) {
  const { t } = useTranslation('app');
  return <Tag look={LOOKS[status]}>{t(`presence.${status}`)}</Tag>;
}
