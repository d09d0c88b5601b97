/** Messages with readings: `say` keeps `{漢字|かんじ}` for components that draw ruby, `name` drops it for titles and labels. */
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
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
  return useMemo(() => wordsOf(t, language), [t, language]);
}

/** The same of a translator that is there already. */
export function wordsOf(t: TFunction, language: Language): Words {
  const found = new Map<string, string>(); // a screen is drawn often, and looking its words up is most of that
  const say = (key: string, parameters?: Parameters): string => {
    if (parameters) return String(t(key, { ...parameters }));
    const word = found.get(key) ?? String(t(key));
    found.set(key, word);
    return word;
  };
  return { say, name: (key, parameters) => withoutReadings(say(key, parameters)), language };
}
