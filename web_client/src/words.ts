/** Messages with readings: `say` keeps `{漢字|かんじ}` for components that draw ruby, `name` drops it for titles and labels. */
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { withoutReadings } from './design/Furigana';
import { type Language, usePreferences } from './preferences';

export type Parameters = Readonly<Record<string, string | number>>;

export interface Words {
  readonly say: (key: string, parameters?: Parameters) => string;
  readonly name: (key: string, parameters?: Parameters) => string;
  readonly language: Language;
}

/** The words of one namespace in the chosen language. */
export function useWords(namespace: string): Words {
  const { t } = useTranslation(namespace);
  const { language } = usePreferences();
  const say = useCallback(
    (key: string, parameters: Parameters = {}): string => String(t(key, { ...parameters })),
    [t],
  );
  const name = useCallback(
    (key: string, parameters: Parameters = {}) => withoutReadings(say(key, parameters)),
    [say],
  );
  return useMemo(() => ({ say, name, language }), [say, name, language]);
}
