/**
 * What a person chose about reading: text size and language. Applied at once to the whole page (a data
 * attribute sets the root font size, i18next the words), kept in localStorage, no reload and no account.
 */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { i18n, LANGUAGES, type Language } from './i18n';

export type { Language } from './i18n';

export const TEXT_SIZES = ['standard', 'large', 'largest'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

interface Preferences {
  textSize: TextSize;
  language: Language;
  setTextSize: (size: TextSize) => void;
  setLanguage: (language: Language) => void;
  /** Uses a language for a guest who has not chosen one themselves (the invitation names it). */
  suggestLanguage: (language: Language) => void;
}

const TEXT_SIZE_KEY = 'genba.textSize';
const LANGUAGE_KEY = 'genba.language';

const PreferencesContext = createContext<Preferences | null>(null);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [textSize, setSize] = useState<TextSize>(() => stored(TEXT_SIZE_KEY, TEXT_SIZES) ?? 'standard');
  const [language, setWords] = useState<Language>(startingLanguage);

  useEffect(() => {
    document.documentElement.dataset.textSize = textSize;
  }, [textSize]);

  useEffect(() => {
    document.documentElement.lang = language === 'en' ? 'en' : 'ja';
    document.documentElement.dataset.language = language;
    void i18n.changeLanguage(language);
  }, [language]);

  const setTextSize = useCallback((size: TextSize) => {
    store(TEXT_SIZE_KEY, size);
    setSize(size);
  }, []);
  const setLanguage = useCallback((next: Language) => {
    store(LANGUAGE_KEY, next);
    setWords(next);
  }, []);
  const suggestLanguage = useCallback((next: Language) => {
    if (stored(LANGUAGE_KEY, LANGUAGES) === undefined) setWords(next);
  }, []);

  const value = useMemo(
    () => ({ textSize, language, setTextSize, setLanguage, suggestLanguage }),
    [textSize, language, setTextSize, setLanguage, suggestLanguage],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  const preferences = use(PreferencesContext);
  if (!preferences) throw new Error('usePreferences needs a PreferencesProvider');
  return preferences;
}

/** The chosen language, else English for a browser that asks for anything but Japanese. */
export function startingLanguage(): Language {
  const chosen = stored(LANGUAGE_KEY, LANGUAGES);
  if (chosen) return chosen;
  const wanted = navigator.languages ?? [];
  return wanted.length === 0 || wanted.some((language) => language.startsWith('ja')) ? 'ja' : 'en';
}

function stored<T extends string>(key: string, allowed: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(key);
    return allowed.find((each) => each === value);
  } catch {
    return undefined; // storage is closed in some private windows: the choice lasts as long as the page
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // see stored()
  }
}
