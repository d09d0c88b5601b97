/** Words around documents that several parts of the library use. */
import { useTranslation } from 'react-i18next';
import type { TagLook } from '../design';
import type { Disclosure, Found, Version } from './useLibrary';

/** 職員限り is the one to notice before anything is shown. */
export const DISCLOSURE_LOOK: Record<Disclosure, TagLook> = {
  public: 'ok',
  presentable: 'info',
  staff: 'solid',
};

/** 手引・道路河川課・版2.1・10月1日更新・64枚 */
export function useFacts(): (found: Found) => string {
  const { t, i18n } = useTranslation('library');
  return ({ kind, department, office, version, updated_at }) =>
    [
      kind,
      department || office,
      version && t('facts.version', { label: version.label }),
      t('facts.updated', { date: dayOf(version?.issued_on || updated_at, i18n.language) }),
      version && t('facts.pages', { count: version.pages }),
    ]
      .filter(Boolean)
      .join(t('joint'));
}

/** 10月1日, with the year where it is not this one. */
export function dayOf(day: string, language: string): string {
  const date = new Date(day.length === 10 ? `${day}T00:00:00+09:00` : day);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return date.toLocaleDateString(language.startsWith('ja') ? 'ja-JP' : 'en-GB', {
    timeZone: 'Asia/Tokyo',
    month: 'long',
    day: 'numeric',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

/** Why a file was refused, in a sentence that says what to do. */
export function useReason(): (version: Pick<Version, 'reason'>) => string {
  const { t, i18n } = useTranslation('library');
  return ({ reason }) => {
    const key = `library:refused.${reason}`;
    return reason && i18n.exists(key) ? i18n.t(key) : t('refused.other');
  };
}
