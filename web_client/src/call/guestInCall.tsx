/** What stands around a guest's call and comes after its first picture. */
import { type ComponentProps, Suspense } from 'react';
import type { GuestHold as Hold } from './GuestHold';
import { later } from './later';
import type { LiveCall } from './useCall';

const hold = () => import('./GuestHold');
const record = () => import('../record/inCall');
const GuestHold = later(async () => (await hold()).GuestHold, 'hold');
const GuestBack = later(async () => (await hold()).GuestBack, 'hold');
const GuestCards = later(async () => (await import('../concierge/GuestCards')).GuestCards, 'card');
const GuestWaiting = later(async () => (await import('../waiting/GuestWaiting')).GuestWaiting, 'waiting');
const RecordStage = later(async () => (await record()).RecordStage);
const GuestRecord = later(async () => (await record()).GuestRecord);

interface Part {
  callId: string;
  live: LiveCall;
}

/** Over the stage. */
export function GuestOver({ since, session, ...part }: ComponentProps<typeof Hold> & Part) {
  return (
    <Suspense>
      <RecordStage {...part} />
      <GuestHold since={since} session={session} />
    </Suspense>
  );
}

/** Above the stage: what has to be said. */
export function GuestAbove({ since, ...part }: Pick<ComponentProps<typeof Hold>, 'since'> & Part) {
  return (
    <Suspense>
      <GuestBack since={since} />
      <GuestRecord {...part} />
      <GuestWaiting members={part.live.snapshot.members} />
      <GuestCards since={since} {...part} />
    </Suspense>
  );
}
