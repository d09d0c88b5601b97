/** What happens on the page when a step of the journey follows another. */
import { useEffect, useRef } from 'react';

/** Moves the focus to the heading of a new step, so that screen readers start there; not on the first page. */
export function useStepFocus(step: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  return heading;
}
