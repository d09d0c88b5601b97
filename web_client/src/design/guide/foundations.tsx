/** Colours, type, icons, space and corners. */
import {
  Camera,
  CameraOff,
  Flashlight,
  House,
  type LucideIcon,
  MessagesSquare,
  Mic,
  MicOff,
  Phone,
  PhoneOff,
  QrCode,
  ShieldCheck,
  SwitchCamera,
  Users,
  ZoomIn,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Bridge, Road, SignalFull, SignalWeak, Slope } from '../pictures';
import { Specimen } from './Specimen';

const SWATCHES = [
  ['brand', 'bg-brand', '#00428c'],
  ['press', 'bg-brand-press', '#00316a'],
  ['tint', 'bg-brand-tint', '#f0f9ff'],
  ['ink', 'bg-ink', '#1a1a1a'],
  ['ink2', 'bg-ink-2', '#4d4d4d'],
  ['control', 'bg-line-control', '#767676'],
  ['ok', 'bg-ok', '#115a36'],
  ['warn', 'bg-warn', '#6d2700'],
  ['warnLine', 'bg-warn-line', '#ebb700'],
  ['danger', 'bg-danger', '#ce0000'],
  ['page', 'bg-page', '#f7f7f7'],
  ['stage', 'bg-stage', '#121212'],
  ['field', 'bg-field', '#006f83'],
  ['expert', 'bg-expert', '#8b3200'],
  ['boss', 'bg-boss', '#5109ad'],
  ['citizen', 'bg-citizen', '#115a36'],
  ['expertStage', 'bg-expert-stage', '#ffd43d'],
  ['fieldStage', 'bg-field-stage', '#79e2f2'],
] as const;

export function Colours() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('colours.title')} wide={7}>
      <ul className="grid grid-cols-3 gap-2.5 tablet:grid-cols-6">
        {SWATCHES.map(([name, fill, hex]) => (
          <li key={name} className="text-14 leading-[1.4]">
            <span className={`mb-1 block h-11 rounded-tag border border-black/10 ${fill}`} />
            {t(`colours.${name}`)}
            <span className="figures block text-ink-2">{hex}</span>
          </li>
        ))}
      </ul>
    </Specimen>
  );
}

const SCALE = [
  ['36 / 1.35 B', 'text-36 font-bold', 'start'],
  ['28 / 1.45 B', 'text-28 font-bold', 'place'],
  ['26 / 1.5 B', 'text-26 font-bold', 'caption'],
  ['20 / 1.45 B', 'text-20 font-bold', 'heading'],
  ['18 / 1.6', 'text-18', 'body'],
  ['16 / 1.7', 'text-16', 'staff'],
  ['14 / 1.6', 'text-14', 'note'],
] as const;

export function TypeScale() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('type.title')} wide={5}>
      <ul className="grid gap-1">
        {SCALE.map(([size, look, words]) => (
          <li key={size} className="grid grid-cols-[92px_1fr] items-baseline gap-4">
            <span className="figures text-14 text-ink-2">{size}</span>
            <span className={`${look} leading-[1.35]`}>{t(`type.${words}`)}</span>
          </li>
        ))}
      </ul>
    </Specimen>
  );
}

const ICONS: readonly (readonly [string, LucideIcon])[] = [
  ['call', Phone],
  ['hangUp', PhoneOff],
  ['microphone', Mic],
  ['muted', MicOff],
  ['camera', Camera],
  ['cameraOff', CameraOff],
  ['switch', SwitchCamera],
  ['torch', Flashlight],
  ['zoom', ZoomIn],
  ['people', Users],
  ['chat', MessagesSquare],
  ['invite', QrCode],
  ['bridge', Bridge],
  ['road', Road],
  ['slope', Slope],
  ['building', House],
  ['lineGood', SignalFull],
  ['lineWeak', SignalWeak],
  ['confirm', ShieldCheck],
];

export function Icons() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('icons.title')} wide={8}>
      <ul className="grid grid-cols-4 gap-x-1 gap-y-3 tablet:grid-cols-8">
        {ICONS.map(([name, Icon]) => (
          <li
            key={name}
            className="grid justify-items-center gap-1 text-center text-14 leading-[1.2] text-ink-2"
          >
            <Icon size={24} aria-hidden className="text-ink" />
            {t(`icons.${name}`)}
          </li>
        ))}
      </ul>
    </Specimen>
  );
}

const SPACES = ['size-1', 'size-2', 'size-3', 'size-4', 'size-6', 'size-8', 'size-10', 'size-16'];
const CORNERS = [
  ['tag', 'rounded-tag', 4],
  ['control', 'rounded-control', 8],
  ['card', 'rounded-card', 12],
  ['sheet', 'rounded-sheet', 16],
] as const;

export function Shapes() {
  const { t } = useTranslation('design');
  return (
    <Specimen title={t('shapes.title')} wide={4}>
      <div aria-hidden="true" className="flex items-end gap-2">
        {SPACES.map((space) => (
          <span key={space} className={`bg-brand ${space}`} />
        ))}
      </div>
      <ul className="mt-4 grid grid-cols-4 gap-2">
        {CORNERS.map(([name, corner, size]) => (
          <li key={name} className="text-center text-14 text-ink-2">
            <span className={`mb-1 block h-10 border-2 border-ink ${corner}`} />
            {t(`shapes.${name}`)} {size}
          </li>
        ))}
      </ul>
    </Specimen>
  );
}
