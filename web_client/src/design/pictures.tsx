/** Icons Lucide does not have, drawn in its manner (24 px grid, 2 px stroke), and the pictures of the topics. */
import {
  createLucideIcon,
  Droplets,
  HeartHandshake,
  House,
  Languages,
  type LucideIcon,
  MessagesSquare,
  Tractor,
  UserRound,
} from 'lucide-react';

export const Bridge = createLucideIcon('bridge-road', [
  ['path', { d: 'M2 8h20M5 8v12M19 8v12', key: 'deck' }],
  ['path', { d: 'M5 18c.8-4.6 3.6-7 7-7s6.2 2.4 7 7', key: 'arch' }],
  ['path', { d: 'M9 5v3M15 5v3', key: 'rail' }],
]);

export const Road = createLucideIcon('road-lane', [
  ['path', { d: 'M8.5 3L4 21M15.5 3L20 21M12 4v3M12 10.5v3M12 17v3', key: 'lane' }],
]);

export const Slope = createLucideIcon('slope', [
  ['path', { d: 'M3 20h18L9 5z', key: 'hill' }],
  ['path', { d: 'M13 16.5l2-2M9 13l2-2M17 19l1-1', key: 'stones' }],
]);

export const SignalFull = createLucideIcon('signal-full', [
  [
    'path',
    { d: 'M4 20v-4M9.3 20v-7M14.6 20V9M20 20V4', strokeWidth: 3.2, strokeLinecap: 'butt', key: 'bars' },
  ],
]);

export const SignalWeak = createLucideIcon('signal-weak', [
  ['path', { d: 'M4 20v-4M9.3 20v-7', strokeWidth: 3.2, strokeLinecap: 'butt', key: 'bars' }],
  ['path', { d: 'M14.6 20V9M20 20V4', strokeWidth: 3.2, strokeLinecap: 'butt', opacity: 0.3, key: 'rest' }],
]);

const TOPICS: Record<string, LucideIcon> = {
  bridge: Bridge,
  road: Road,
  slope: Slope,
  river: Droplets,
  building: House,
  farm: Tractor,
  welfare: HeartHandshake,
  interpreter: Languages,
  supervisor: UserRound,
};

/** The picture for the icon name the server sends; a conversation when it is a new one. */
export function topicPicture(icon: string): LucideIcon {
  return TOPICS[icon] ?? MessagesSquare;
}
