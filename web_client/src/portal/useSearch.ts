/** A need typed in, and what fits it. Held by the page alone: it is in no address, and gone when the page is. */
import { type FormEvent, useState } from 'react';
import { post, type ServicesFound } from '../api';

const MOST = 8;

export interface Search {
  readonly text: string;
  readonly write: (text: string) => void;
  readonly busy: boolean;
  /** Null while nothing went wrong. */
  readonly error: unknown;
  readonly found: ServicesFound | null;
  readonly submit: (event: FormEvent) => void;
  readonly clear: () => void;
}

export function useSearch(): Search {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [found, setFound] = useState<ServicesFound | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim() || busy) return;
    setBusy(true);
    setError(null);
    post('/services/search', { body: { text: text.trim(), asker: 'resident', limit: MOST } })
      .then(setFound, setError)
      .finally(() => setBusy(false));
  };
  const clear = () => {
    setText('');
    setFound(null);
    setError(null);
  };
  return { text, write: setText, busy, error, found, submit, clear };
}
