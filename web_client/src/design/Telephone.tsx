/** The telephone, the way out that is on every page for residents, and what we never ask for. */
import { PhoneCall, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';
import { Furigana } from './Furigana';

const PHONE_LOOKS = {
  second: 'min-h-16 border border-brand bg-surface text-brand hover:bg-brand-tint-2',
  primary: 'min-h-19 border border-transparent bg-brand text-white hover:bg-brand-press',
  quiet: 'min-h-12 text-brand-line underline underline-offset-4',
};

/** Short numbers begin with a #, which an address would end at. */
export function telOf(number: string): string {
  return `tel:${number.replace(/[^\d+#]/g, '').replace('#', '%23')}`;
}

/** The telephone: the number is always written out, so that it can be dialled on another telephone. */
export function PhoneLink({
  number,
  words,
  note,
  look = 'second',
}: {
  number: string;
  words: string;
  /** Who answers; shown in the `primary` look. */
  note?: string;
  look?: keyof typeof PHONE_LOOKS;
}) {
  const tall = look === 'primary';
  return (
    <a
      href={telOf(number)}
      className={classes(
        'flex w-full items-center justify-center gap-3 rounded-card px-4 py-2 leading-[1.3] font-bold no-underline',
        PHONE_LOOKS[look],
        tall && 'py-2.5',
      )}
    >
      <PhoneCall size={tall ? 34 : 26} aria-hidden className="flex-none" />
      <span
        className={classes(
          'min-w-0',
          tall ? 'flex flex-1 flex-col gap-1' : 'flex flex-wrap items-baseline justify-center gap-x-3',
        )}
      >
        <span className={tall ? 'text-24' : 'text-18'}>
          <Furigana text={words} />
        </span>
        <span className={tall ? 'flex flex-wrap gap-x-3 text-16 font-medium' : 'text-18'}>
          <span className="figures">{number}</span>
          {note && tall && (
            <span>
              <Furigana text={note} />
            </span>
          )}
        </span>
      </span>
    </a>
  );
}

/** The telephone at the foot: what it is for, and the number; beside each other where there is room. */
export function PhoneFoot({ words, children }: { words: string; children: ReactNode }) {
  return (
    <div className="grid gap-2 tablet:grid-cols-[1fr_minmax(0,360px)] tablet:items-center tablet:gap-6">
      <p className="text-16 leading-[1.5] font-bold">
        <Furigana text={words} />
      </p>
      {children}
    </div>
  );
}

/** What we never ask for, under the telephone. */
export function SafeLine({ text }: { text: string }) {
  return (
    <p className="flex items-start gap-2.5 pt-2.5 text-14 text-ink-2">
      <ShieldCheck size={24} aria-hidden className="flex-none" />
      <span>
        <Furigana text={text} />
      </span>
    </p>
  );
}
