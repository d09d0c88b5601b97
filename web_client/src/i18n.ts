/**
 * The words. One message file per language and feature (`locales/<language>/<feature>.json` is the namespace
 * `<feature>`), loaded when a screen asks for it, so a page carries only its own words in one language.
 * Easy Japanese (ja-easy) is its own text where it exists and falls back to Japanese.
 */
import i18next, { type BackendModule, type ResourceKey } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['ja', 'ja-easy', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where the message files are and which of them easy Japanese has: vite.config.ts. */
declare const WORDS: { readonly at: string; readonly easy: readonly string[] };

/** Brings the messages of one language and feature. */
export type Reader = (language: string, feature: string) => Promise<ResourceKey>;

const fetched: Reader = async (language, feature) => {
  if (language === 'ja-easy' && !WORDS.easy.includes(feature)) return {};
  const answer = await fetch(`${WORDS.at}${language}/${feature}.json`);
  if (!answer.ok) throw new Error(`no words: ${answer.status}`);
  return answer.json();
};

const messageFiles = (reader: Reader): BackendModule => ({
  type: 'backend',
  init() {},
  read(language, feature, answer) {
    reader(language.toLowerCase(), feature).then(
      (messages) => answer(null, messages),
      (error: Error) => answer(error, null),
    );
  },
});

export const i18n = i18next;

/** Starts with the words every page needs and those of the first screen. */
export async function startWords(
  language: Language,
  screen: readonly string[] = [],
  reader: Reader = fetched,
): Promise<void> {
  await i18next
    .use(messageFiles(reader))
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: false,
      load: 'currentOnly',
      fallbackLng: (code: string) =>
        code.toLowerCase() === 'ja-easy' ? ['ja'] : code === 'ja' ? [] : ['ja'],
      ns: ['app', ...screen],
      defaultNS: 'app',
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: true },
    });
}
