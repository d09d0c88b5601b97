/**
 * The frame around one person's picture. The state is said in words inside the frame: speaking (green frame),
 * camera off, stills with their age, reconnecting with seconds and nothing to press, frozen (solid white frame),
 * muted; a still that no newer one followed is framed like a frozen picture. Children are the <video> or <img>; they fill the frame.
 */
import { CameraOff, Image, MicOff, Pause } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Spinner } from './Button';
import { classes } from './classes';
import { Portrait, type Role, RoleLetter } from './NamePlate';

export type TileState =
  | { kind: 'live' }
  /** `words` where it is not the person who switched it off. */
  | { kind: 'camera-off'; words?: string }
  /** `isOld`: no newer one came when it should have. */
  | { kind: 'stills'; age_s: number; isOld?: boolean }
  | { kind: 'reconnecting'; seconds: number }
  | { kind: 'waiting' }
  | { kind: 'frozen' };

export interface VideoTileProps {
  name: string;
  role?: Role;
  state: TileState;
  speaking?: boolean;
  muted?: boolean;
  /** A small word after the name, for example あなた or 画面. */
  note?: string;
  /** `fill` takes the size of its container; else 16:10. */
  fill?: boolean;
  /** Shown by the name plate at the foot; off for the own small picture on phones. */
  plate?: boolean;
  children?: ReactNode;
}

export function VideoTile(props: VideoTileProps) {
  const { name, role, state, speaking, muted, note, fill, plate = true, children } = props;
  const { t } = useTranslation('app');
  const live = state.kind === 'live' || state.kind === 'stills' || state.kind === 'frozen';
  return (
    <figure
      className={classes(
        '@container relative m-0 overflow-hidden rounded-control bg-stage-2 text-white',
        fill ? 'size-full' : 'aspect-[16/10]',
        'after:pointer-events-none after:absolute after:inset-0 after:rounded-[inherit]',
        state.kind === 'frozen' || (state.kind === 'stills' && state.isOld)
          ? 'after:border-5 after:border-white'
          : speaking && 'after:border-4 after:border-ok-stage',
      )}
    >
      <div className={classes('absolute inset-0 [&>*]:size-full', !live && 'invisible')}>{children}</div>
      <Middle state={state} name={name} role={role} />
      {plate && (
        <figcaption className="plate-on-video absolute bottom-2 left-2 flex max-w-[calc(100%-16px)] items-center gap-1.5 rounded-tag px-2 py-1 text-14 font-medium leading-[1.3]">
          {role && <RoleLetter role={role} onStage />}
          <span className="truncate">{name}</span>
          {note && <span className="flex-none text-stage-ink-2">{note}</span>}
          {muted && <MicOff size={18} aria-label={t('tile.muted')} className="flex-none" />}
          {speaking && <span className="sr-only">{t('tile.speaking')}</span>}
        </figcaption>
      )}
      <Corner state={state} />
    </figure>
  );
}

function Middle({ state, name, role }: { state: TileState; name: string; role?: Role | undefined }) {
  const { t } = useTranslation('app');
  if (state.kind === 'live' || state.kind === 'stills' || state.kind === 'frozen') return null;
  return (
    <div className="absolute inset-0 grid place-content-center justify-items-center gap-1.5 p-2 pb-9 text-center text-14 text-stage-ink-2">
      {state.kind === 'camera-off' && (
        <>
          <span className="hidden @min-[300px]:inline-grid">
            <Portrait name={name} role={role} size="normal" />
          </span>
          <span className="flex items-center gap-1.5">
            <CameraOff size={18} aria-hidden className="flex-none" />
            {state.words ?? t('tile.cameraOff')}
          </span>
        </>
      )}
      {state.kind === 'waiting' && (
        <>
          <Spinner size={28} />
          {t('tile.waiting')}
        </>
      )}
      {state.kind === 'reconnecting' && (
        <>
          <Spinner size={24} />
          <span className="figures leading-[1.4] text-balance">
            {t('tile.reconnecting')} {t('tile.seconds', { count: state.seconds })}
          </span>
        </>
      )}
    </div>
  );
}

function Corner({ state }: { state: TileState }) {
  const { t } = useTranslation('app');
  if (state.kind !== 'stills' && state.kind !== 'frozen') return null;
  const Icon = state.kind === 'stills' ? Image : Pause;
  return (
    <span className="plate-on-video absolute top-2 left-2 flex items-center gap-1.5 rounded-tag px-2 py-1 text-14 font-medium leading-[1.3]">
      <Icon size={18} aria-hidden className="flex-none" />
      {state.kind === 'frozen'
        ? t('tile.frozen')
        : t(state.isOld ? 'tile.oldStill' : 'tile.stills', { count: state.age_s })}
    </span>
  );
}

/** A plate over the stage with words about the call (recording, weak line, who points). */
export function StagePlate({
  icon,
  children,
  live,
}: {
  icon?: ReactNode;
  children: ReactNode;
  live?: boolean;
}) {
  return (
    <div
      role={live ? 'status' : undefined}
      className="plate-on-video inline-flex items-center gap-2 rounded-control px-3 py-2 text-16 leading-[1.3] font-medium"
    >
      {icon}
      <span>{children}</span>
    </div>
  );
}
