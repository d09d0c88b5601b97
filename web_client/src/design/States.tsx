/**
 * What a screen shows when it is not ready: nothing there, still reading, failed. Each says it in one sentence
 * and offers a way on. Reading shows nothing for 300 ms, then a grey shape, and other words after 5 s.
 */
import { CircleAlert, Inbox, type LucideIcon } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api';
import { Button } from './Button';
import { classes } from './classes';
import { Furigana } from './Furigana';
import { Notice } from './Notice';

const SKELETON_AFTER_MS = 300;
const SLOW_AFTER_MS = 5_000;

/** True once the component has been on the page for so long. */
export function useAfter(delay_ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delay_ms);
    return () => clearTimeout(timer);
  }, [delay_ms]);
  return passed;
}

function Sentence({
  icon: Icon,
  tone,
  title,
  children,
  actions,
  centred = false,
  whole = false,
}: {
  icon: LucideIcon;
  tone: string;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  centred?: boolean;
  whole?: boolean | undefined;
}) {
  const Heading = whole ? 'h1' : 'p';
  return (
    <div
      className={classes(
        'gap-x-4 gap-y-1 p-6',
        centred ? 'flex flex-col items-center text-center' : 'grid grid-cols-[40px_1fr]',
      )}
    >
      <Icon size={40} aria-hidden className={classes('flex-none', tone)} />
      <div className="min-w-0">
        <Heading className="heading text-18 leading-[1.45]">
          <Furigana text={title} />
        </Heading>
        {children && <div className="mt-0.5 text-14 text-ink-2">{children}</div>}
        {actions && (
          <div className={classes('mt-3 flex flex-wrap gap-2', centred && 'justify-center')}>{actions}</div>
        )}
      </div>
    </div>
  );
}

export function Empty({
  title,
  children,
  icon = Inbox,
  actions,
  whole,
}: {
  title: string;
  children?: ReactNode;
  icon?: LucideIcon;
  actions?: ReactNode;
  /** All there is on the page: the title is the page's heading. */
  whole?: boolean;
}) {
  return (
    <Sentence icon={icon} tone="text-faint" title={title} actions={actions} whole={whole}>
      {children}
    </Sentence>
  );
}

/** Failed: what could not be done, why in words, a button to try again and the reference that is in the log. */
export function Failed({
  title,
  error,
  onRetry,
  children,
  actions,
  icon = CircleAlert,
  whole,
}: {
  title: string;
  error?: unknown;
  onRetry?: () => void;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: LucideIcon;
  /** All there is on the page: the title is the page's heading. */
  whole?: boolean;
}) {
  const { t } = useTranslation('app');
  const words = useErrorWords();
  const reference = error instanceof ApiError ? error.reference : '';
  const isForbidden = error instanceof ApiError && error.status === 403; // asking again changes nothing
  return (
    <div role="alert">
      <Sentence
        icon={icon}
        tone="text-danger"
        title={title}
        whole={whole}
        actions={
          <>
            {onRetry && !isForbidden && <Button onClick={onRetry}>{t('retry')}</Button>}
            {actions}
          </>
        }
      >
        {children ?? <p>{words(error)}</p>}
        {reference && <p className="figures">{t('reference', { reference })}</p>}
      </Sentence>
    </div>
  );
}

/** Where the sentences are: every page carries the first, those of staff and of the open call the others. */
const ERROR_WORDS = ['app', 'errors'];

/** Turns an error into the sentence a person reads. Keys live under `error`. */
export function useErrorWords(): (error: unknown) => string {
  const { t, i18n } = useTranslation('app');
  return (error) => {
    if (!(error instanceof ApiError)) return t('error.unknown');
    const key = `error.${error.key}`;
    const words: string = i18n.exists(key, { ns: ERROR_WORDS })
      ? i18n.t(key, { ns: ERROR_WORDS, ...error.params })
      : t('error.unknown');
    return words;
  };
}

/** Grey lines in the shape of a list, after 300 ms. */
export function Loading({ label, lines = 3 }: { label: string; lines?: number }) {
  const { t } = useTranslation('app');
  const visible = useAfter(SKELETON_AFTER_MS);
  const slow = useAfter(SLOW_AFTER_MS);
  return (
    <div role="status" data-state="loading" className={classes('p-5', !visible && 'invisible')}>
      <div className="grid gap-5" aria-hidden="true">
        {Array.from({ length: lines }, (_, at) => at).map((at) => (
          <div key={at} className="grid grid-cols-[48px_1fr] items-center gap-x-4 gap-y-2.5">
            <span className="row-span-2 size-12 rounded-control bg-line-soft" />
            <Bar width={['w-3/5', 'w-4/5', 'w-1/2'][at % 3]} />
            <Bar width={['w-2/5', 'w-1/2', 'w-1/3'][at % 3]} />
          </div>
        ))}
      </div>
      <p className="mt-4 text-14 text-ink-2">{slow ? t('stillLoading') : label}</p>
    </div>
  );
}

function Bar({ width = 'w-full' }: { width?: string | undefined }) {
  return <span className={classes('h-4 rounded-tag bg-line-soft', width)} />;
}

/** The whole page is on its way. */
export function PageLoading() {
  const { t } = useTranslation('app');
  return (
    <main className="mx-auto max-w-[560px] px-5 pt-24">
      <Loading label={t('loading')} lines={2} />
    </main>
  );
}

/** Says something to screen readers when its words change; nothing is seen. */
export function Announce({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="sr-only">
      {children}
    </p>
  );
}

/** What was asked for did not happen: the sentence, and the reference that is in the log. Stays until the next try. */
export function ErrorNotice({ title, error }: { title: string; error: unknown }) {
  const { t } = useTranslation('app');
  const words = useErrorWords();
  const reference = error instanceof ApiError ? error.reference : '';
  return (
    <Notice look="danger" title={title} live>
      <p>{words(error)}</p>
      {reference && <p className="figures text-14 text-ink-2">{t('reference', { reference })}</p>}
    </Notice>
  );
}
