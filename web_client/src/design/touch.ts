/** Whether fingers are the main way to point here: then large keys replace the device's own keyboard. */
import { useEffect, useState } from 'react';

export function useTouch(): boolean {
  const [touch, setTouch] = useState(() => query()?.matches ?? false);
  useEffect(() => {
    const media = query();
    if (!media) return;
    const change = () => setTouch(media.matches);
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, []);
  return touch;
}

function query(): MediaQueryList | undefined {
  return typeof matchMedia === 'function' ? matchMedia('(pointer: coarse)') : undefined;
}
