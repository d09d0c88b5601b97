/** What the call looks at together, which its door brings once the call is open; the door is to be drawn somewhere. */
import { type ReactNode, Suspense, useCallback, useState } from 'react';
import type { View } from '../view/View';
import { ViewDoor } from './later';
import type { LiveCall } from './useCall';

export interface ShownView {
  readonly view: View | null;
  /** It takes the place of the pictures. */
  readonly isShown: boolean;
}

export function useView({ session, snapshot }: LiveCall, callId: string): readonly [ShownView, ReactNode] {
  const [shown, setShown] = useState<ShownView>({ view: null, isShown: false });
  const onView = useCallback((view: View | null, isShown: boolean) => setShown({ view, isShown }), []);
  const [isInside, setInside] = useState(false);
  if (!isInside && snapshot.line.at === 'open') setInside(true);
  const door = session && isInside && (
    <Suspense>
      <ViewDoor session={session} callId={callId} holdSince={snapshot.holdSince} onView={onView} />
    </Suspense>
  );
  return [shown, door];
}
