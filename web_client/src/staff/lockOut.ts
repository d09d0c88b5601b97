/** A lock-out as the server reports it (`retry_after_s`), turned into the clock time until which it lasts. */
import { useState } from 'react';
import { ApiError } from '../api';
import { useClock } from '../clock';

export interface LockOut {
  until: number;
  left_s: number;
}

/** The running lock-out, null when there is none; `note` reads one from an error. */
export function useLockOut(): [LockOut | null, (error: unknown) => void] {
  const [until, setUntil] = useState(0);
  const now = useClock(1000);
  const left_s = Math.ceil((until - now) / 1000);
  const note = (error: unknown) => {
    if (error instanceof ApiError && error.key === 'sign_in.locked')
      setUntil(Date.now() + (error.number('retry_after_s') ?? 60) * 1000);
  };
  return [left_s > 0 ? { until, left_s } : null, note];
}
