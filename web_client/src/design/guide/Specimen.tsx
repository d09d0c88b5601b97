/** One titled part of the component page; `wide` of twelve columns on desks. */
import type { ReactNode } from 'react';

const WIDTHS = {
  4: 'desk:col-span-4',
  5: 'desk:col-span-5',
  6: 'desk:col-span-6',
  7: 'desk:col-span-7',
  8: 'desk:col-span-8',
  12: 'desk:col-span-12',
} as const;

export function Specimen({
  title,
  wide,
  children,
}: {
  title: string;
  wide: keyof typeof WIDTHS;
  children: ReactNode;
}) {
  return (
    <section className={`min-w-0 ${WIDTHS[wide]}`}>
      <h2 className="mb-3 border-b border-line pb-1.5 text-18">{title}</h2>
      {children}
    </section>
  );
}

/** What a specimen shows, in words under it. */
export function Note({ children }: { children: ReactNode }) {
  return <p className="mt-1 text-14 leading-[1.5] text-ink-2">{children}</p>;
}
