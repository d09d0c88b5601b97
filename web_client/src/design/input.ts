/** How every box to write in looks; apart from the fields, since the chat of a call needs no more than this. */
export const INPUT =
  'w-full min-w-0 rounded-control bg-surface border border-line-control px-3.5 placeholder:text-ink-3 ' +
  'aria-invalid:border-2 aria-invalid:border-danger disabled:bg-well disabled:text-ink-3 disabled:border-line-off';
