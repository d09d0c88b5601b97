/** One of two to four short choices, all visible: text size, language, layout. Real radio buttons underneath. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, TEXT_SIZES, usePreferences } from '../preferences';
import { classes } from './classes';

export interface Choice<K extends string> {
  key: K;
  label: string;
  /** BCP 47, when the label is in another language than the page. */
  lang?: string;
  /** In narrow bars, where the label would not fit. */
  short?: string;
  /** Draws the label itself larger, for text sizes. */
  scale?: 'normal' | 'large' | 'largest';
}

export function SegmentedControl<K extends string>({
  label,
  choices,
  selected,
  onSelect,
  fill = false,
}: {
  label: string;
  choices: readonly Choice<K>[];
  selected: K;
  onSelect: (key: K) => void;
  fill?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className={classes('min-w-0 flex-none', fill && 'w-full')}>
      <legend className="sr-only">{label}</legend>
      <div
        className={classes(
          'inline-flex rounded-control border border-line-control bg-surface',
          fill && 'flex! w-full',
        )}
      >
        {choices.map((choice, at) => (
          <label
            key={choice.key}
            lang={choice.lang}
            className={classes(
              'relative grid min-h-11 min-w-13 flex-none cursor-pointer place-items-center px-3 text-center leading-[1.2]',
              'has-checked:bg-brand has-checked:font-bold has-checked:text-white font-medium',
              'has-focus-visible:z-10 has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-black has-focus-visible:[box-shadow:0_0_0_8px_var(--color-focus)]',
              at > 0 && 'border-l border-line-control',
              at === 0 && 'rounded-l-[7px]',
              at === choices.length - 1 && 'rounded-r-[7px]',
              fill && 'flex-auto!',
              { normal: 'text-16', large: 'text-20', largest: 'text-22' }[choice.scale ?? 'normal'],
            )}
          >
            <input
              type="radio"
              name={name}
              value={choice.key}
              aria-label={choice.short && choice.label}
              checked={choice.key === selected}
              onChange={() => onSelect(choice.key)}
              className="absolute inset-0 cursor-pointer appearance-none opacity-0"
            />
            {choice.short ? (
              <>
                <span className="@min-[30rem]:hidden">{choice.short}</span>
                <span className="hidden @min-[30rem]:inline">{choice.label}</span>
              </>
            ) : (
              choice.label
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const SCALES = { standard: 'normal', large: 'large', largest: 'largest' } as const;

/** 標準・大・特大, each drawn in its size. */
export function TextSizeControl() {
  const { t } = useTranslation('app');
  const { textSize, setTextSize } = usePreferences();
  return (
    <SegmentedControl
      label={t('textSize.label')}
      choices={TEXT_SIZES.map((key) => ({ key, label: t(`textSize.${key}`), scale: SCALES[key] }))}
      selected={textSize}
      onSelect={setTextSize}
    />
  );
}

const LANGUAGE_CHOICES: readonly Choice<Language>[] = [
  { key: 'ja', label: '日本語', lang: 'ja' },
  { key: 'ja-easy', label: 'やさしい日本語', lang: 'ja' },
  { key: 'en', label: 'English', lang: 'en' },
];

const SHORT: Record<Language, string> = { ja: '日', 'ja-easy': 'やさしい', en: 'EN' };

/** The languages, each in its own words. Staff pages have no easy Japanese. */
export function LanguageControl({
  easy = false,
  fill = false,
  short = false,
}: {
  easy?: boolean;
  fill?: boolean;
  /** For bars that carry other things: shortened when they are narrow. */
  short?: boolean;
}) {
  const { t } = useTranslation('app');
  const { language, setLanguage } = usePreferences();
  const choices = LANGUAGE_CHOICES.filter((choice) => easy || choice.key !== 'ja-easy').map((choice) =>
    short ? { ...choice, short: SHORT[choice.key] } : choice,
  );
  const selected = !easy && language === 'ja-easy' ? 'ja' : language;
  return (
    <SegmentedControl
      label={t('language')}
      choices={choices}
      selected={selected}
      onSelect={setLanguage}
      fill={fill}
    />
  );
}
