/** Sends what waits for an account while the component is on the page, whether or not the list is looked at. */
import { useSyncExternalStore } from 'react';
import { type OutboxSnapshot, outboxOf } from './Outbox';

export function useKeepSending(account: string): OutboxSnapshot {
  const outbox = outboxOf(account);
  return useSyncExternalStore(outbox.subscribe, outbox.snapshot);
}
