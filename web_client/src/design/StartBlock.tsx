/**
 * 相談を始める and the topics as one block: the bar starts at once, a tile starts with its topic. The words under
 * a tile are the supply right now. While a call is being started nothing else in the block reacts.
 */
import { ChevronRight, type LucideIcon, PhoneCall } from 'lucide-react';
import { Spinner } from './Button';
import { classes } from './classes';

export interface TopicTile {
  key: string;
  label: string;
  icon: LucideIcon;
  /** For example すぐ出られます. */
  supply: string;
  supplyLook: 'ok' | 'warn' | 'plain';
  /** As wide as the block: comes last. */
  wide?: boolean;
}

interface StartBlockProps {
  title: string;
  lead: string;
  topicsLabel: string;
  topics: readonly TopicTile[];
  /** The topic being started, "" for the bar itself. */
  starting: string | null;
  startingLabel: string;
  onStart: (topic: string) => void;
}

const SUPPLY = { ok: 'text-ok', warn: 'text-warn', plain: 'text-ink-2' } as const;

export function StartBlock(props: StartBlockProps) {
  const { title, lead, topicsLabel, topics, starting, startingLabel, onStart } = props;
  const press = (topic: string) => {
    if (starting === null) onStart(topic);
  };
  return (
    <div className="rounded-sheet">
      <button
        type="button"
        onClick={() => press('')}
        aria-busy={starting === '' || undefined}
        className={classes(
          'grid min-h-28 w-full grid-cols-[40px_1fr_24px] items-center gap-3 bg-brand px-5 py-4 text-left text-white hover:bg-brand-press active:bg-brand-deep',
          'tablet:min-h-35 tablet:grid-cols-[72px_1fr_40px] tablet:gap-5 tablet:px-7 relative focus-visible:z-10',
          topics.length > 0 ? 'rounded-t-sheet' : 'rounded-sheet',
        )}
      >
        {starting === '' ? (
          <Spinner size={40} />
        ) : (
          <PhoneCall aria-hidden className="size-10 tablet:size-14" strokeWidth={1.75} />
        )}
        <span className="min-w-0">
          <span className="heading block text-28 leading-[1.3] tablet:text-40">
            {starting === '' ? startingLabel : title}
          </span>
          <span className="block text-16 leading-[1.5] text-brand-tint-2 tablet:text-18">{lead}</span>
        </span>
        <ChevronRight aria-hidden className="size-6 tablet:size-10" />
      </button>
      {topics.length > 0 && (
        <ul
          aria-label={topicsLabel}
          className="grid grid-cols-2 gap-px overflow-hidden rounded-b-sheet border border-t-0 border-line-control bg-line tablet:grid-cols-3"
        >
          {topics.map((topic) => (
            <li key={topic.key} className={classes('grid bg-surface', topic.wide && 'order-1 col-span-full')}>
              <Tile
                topic={topic}
                busy={starting === topic.key}
                busyLabel={startingLabel}
                onPress={() => press(topic.key)}
              />
            </li>
          ))}
          {topics.filter((topic) => !topic.wide).length % 2 === 1 && (
            <li aria-hidden="true" className="bg-surface tablet:hidden" />
          )}
        </ul>
      )}
    </div>
  );
}

function Tile({
  topic,
  busy,
  busyLabel,
  onPress,
}: {
  topic: TopicTile;
  busy: boolean;
  busyLabel: string;
  onPress: () => void;
}) {
  const Icon = topic.icon;
  return (
    <button
      type="button"
      onClick={onPress}
      aria-busy={busy || undefined}
      className={classes(
        'grid min-h-24 grid-cols-[28px_1fr] items-center gap-x-2.5 px-3 py-3 text-left hover:bg-brand-tint active:bg-brand-tint-2',
        'tablet:min-h-32 tablet:grid-cols-[40px_1fr] tablet:gap-x-3.5 tablet:px-4.5 focus-inside',
        busy && 'bg-brand-tint-2',
      )}
    >
      <span className="text-brand">
        {busy ? <Spinner size={28} /> : <Icon aria-hidden className="size-7 tablet:size-10" />}
      </span>
      <span className="min-w-0">
        <span className="heading block text-18 leading-[1.3] tablet:text-22">{topic.label}</span>
        <span
          className={classes('mt-0.5 block text-14 leading-[1.4] tablet:text-16', SUPPLY[topic.supplyLook])}
        >
          {busy ? busyLabel : topic.supply}
        </span>
      </span>
    </button>
  );
}
