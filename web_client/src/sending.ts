/** A form of a resident's page, which keeps no cache: sends once, is busy meanwhile, and says what went wrong. */
import { type FormEvent, useState } from 'react';

export interface Sending {
  readonly busy: boolean;
  /** Null while nothing went wrong. */
  readonly error: unknown;
  readonly submit: (event: FormEvent) => void;
}

export function useSending(send: () => Promise<void>): Sending {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await send();
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(false);
  };
  return { busy, error, submit: (event) => void submit(event) };
}
