/**
 * Live captions above or below the pictures: who, and what they say. Read out politely once a sentence is said for good;
 * what is still being said changes too often to be read out.
 */
import { Captions as Icon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes';
import { type Role, RoleLetter } from './NamePlate';

export const CAPTION_SIZES = ['standard', 'large', 'largest'] as const;
export const CAPTION_COLOURS = ['white', 'yellow', 'paper'] as const;
export const CAPTION_PLACES = ['below', 'above'] as const;

export interface CaptionLook {
  size: (typeof CAPTION_SIZES)[number];
  colour: (typeof CAPTION_COLOURS)[number];
  place: (typeof CAPTION_PLACES)[number];
}

export interface CaptionLine {
  key: string;
  who: string;
  role?: Role | undefined;
  text: string;
  /** Still being said. */
  draft: boolean;
}

const SIZES = {
  standard: 'text-20 tablet:text-22',
  large: 'text-24 tablet:text-28',
  largest: 'text-28 tablet:text-36',
};
const COLOURS = {
  white: 'bg-black text-white',
  yellow: 'bg-black text-warn-stage',
  paper: 'bg-white text-ink',
};

export function CaptionBar({
  label,
  look,
  lines,
  settings,
  onSettings,
}: {
  label: string;
  look: CaptionLook;
  lines: readonly CaptionLine[];
  /** The name of the way to the settings. */
  settings: string;
  onSettings: () => void;
}) {
  const { t } = useTranslation('app');
  return (
    <section
      aria-label={label}
      className={classes(
        'flex flex-none items-start gap-2 py-2 pr-2 pl-4 tablet:pl-5',
        COLOURS[look.colour],
        look.place === 'above' && 'order-first',
      )}
    >
      <ul className="min-h-15 min-w-0 flex-1 content-center">
        {lines.map((line) => (
          <li key={line.key} className="py-0.5">
            <p className="flex items-center gap-2 text-14 leading-[1.4] font-medium">
              {line.role && <RoleLetter role={line.role} onStage={look.colour !== 'paper'} />}
              {line.who}
              {line.draft && <span>{t('captionDraft')}</span>}
            </p>
            <p
              aria-live={line.draft ? 'off' : 'polite'}
              className={classes('line-clamp-3 leading-[1.4] font-bold wrap-anywhere', SIZES[look.size])}
            >
              {line.text}
            </p>
          </li>
        ))}
      </ul>
      <button
        type="button"
        onClick={onSettings}
        className="grid size-11 flex-none place-items-center rounded-control border border-current"
        aria-label={settings}
      >
        <Icon size={24} aria-hidden />
      </button>
    </section>
  );
}
