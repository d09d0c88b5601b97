/** Tabs over one panel: arrow keys move, a red dot with the spoken word 新着 marks what is unread. */
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes';

export interface Tab<K extends string> {
  key: K;
  label: string;
  unread?: boolean;
  count?: number;
}

interface TabsProps<K extends string> {
  label: string;
  tabs: readonly Tab<K>[];
  selected: K;
  onSelect: (key: K) => void;
  /** 64 px high for tablets in the hand. */
  tall?: boolean;
  /** The tabs share the width. */
  fill?: boolean;
  children: ReactNode;
  /** Lets the panel take the remaining height and scroll inside. */
  stretch?: boolean;
}

export function Tabs<K extends string>(props: TabsProps<K>) {
  const { label, tabs, selected, onSelect, tall, fill, children, stretch } = props;
  const { t } = useTranslation('app');
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.key === selected);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.key);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };

  return (
    <div className={stretch ? 'flex min-h-0 flex-1 flex-col' : undefined}>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={move}
        className="flex flex-none overflow-x-auto border-b border-line"
      >
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            data-tab={tab.key}
            aria-selected={tab.key === selected}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === selected ? 0 : -1}
            onClick={() => onSelect(tab.key)}
            className={classes(
              'relative flex items-center justify-center gap-1.5 whitespace-nowrap px-4 focus-inside',
              'after:absolute after:inset-x-0 after:bottom-0 after:h-1 after:rounded-t-[2px]',
              tall ? 'min-h-16 text-18' : 'min-h-12 text-16',
              fill && 'flex-1 px-1',
              tab.key === selected
                ? 'font-bold text-brand after:bg-brand'
                : 'font-medium text-ink-2 hover:text-ink',
            )}
          >
            {tab.label}
            {tab.count !== undefined && <span className="figures text-14 text-ink-2">{tab.count}</span>}
            {tab.unread && (
              <span className="size-2 rounded-full bg-danger">
                <span className="sr-only">{t('unread')}</span>
              </span>
            )}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${selected}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the ARIA tabs pattern gives the panel a tab stop
        tabIndex={0}
        className={stretch ? 'flex min-h-0 flex-1 flex-col overflow-y-auto focus-inside' : 'pt-5'}
      >
        {children}
      </div>
    </div>
  );
}
