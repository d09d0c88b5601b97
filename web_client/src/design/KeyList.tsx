/** Keys and what they do, and a grid of tools for sheets. */
import type { ReactNode } from 'react';

export function KeyList({ keys }: { keys: readonly (readonly [key: string, words: string])[] }) {
  return (
    <dl className="mt-3 border-t border-line text-16 text-ink">
      {keys.map(([key, words]) => (
        <div key={key} className="flex items-center gap-4 border-b border-line py-2">
          <dt>
            <kbd className="grid size-9 place-items-center rounded-control border border-line-control bg-well font-sans text-16 font-bold">
              {key}
            </kbd>
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Tools that do not fit the deck of a phone, on the dark ground they are made for. */
export function ToolGrid({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-3 gap-2.5 rounded-card bg-stage-2 p-3">{children}</div>;
}
