/** The one thing that is asked now; takes the focus when another follows. */
import type { Ref } from 'react';
import { Furigana } from './Furigana';

export function QuestionCard({
  number,
  text,
  headingRef,
}: {
  number: string;
  text: string;
  headingRef?: Ref<HTMLHeadingElement>;
}) {
  return (
    <div className="rounded-card border border-brand-line bg-brand-tint px-5 py-4">
      <p className="figures text-16 font-bold text-brand">
        <Furigana text={number} />
      </p>
      <h2 ref={headingRef} tabIndex={-1} className="mt-1 text-24 leading-[1.45] outline-none! shadow-none!">
        <Furigana text={text} />
      </h2>
    </div>
  );
}
