/** The words in the browser's tab. */
import { useEffect } from 'react';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} | Genba 現場` : 'Genba 現場';
  }, [title]);
}
