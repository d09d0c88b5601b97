/** Whose page this is, and its telephone; asked without the staff's session, which is another chunk. */
import { useEffect, useState } from 'react';
import { get, type Public } from '../api';

/** Null until it was read; pages do without. */
export function useOffice(): Public | null {
  const [office, setOffice] = useState<Public | null>(null);
  useEffect(() => {
    get('/public').then(setOffice, () => undefined); // the invitation carries the number too
  }, []);
  return office;
}
