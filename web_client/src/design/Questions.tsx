/** Questions as a list: what was asked, by whom, and under it how it stands and what the answer is. */
import { MessageCircleQuestion } from 'lucide-react';
import type { ReactNode } from 'react';

export function QuestionList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="grid gap-3">
      {children}
    </ul>
  );
}

export function Question({
  text,
  who,
  answer,
  action,
  children,
}: {
  text: string;
  who: string;
  answer: string;
  action?: ReactNode;
  /** How it stands. */
  children: ReactNode;
}) {
  return (
    <li className="grid gap-2 rounded-card border border-line bg-surface px-4 py-3">
      <div className="flex items-start gap-3">
        <MessageCircleQuestion size={24} aria-hidden className="mt-0.5 flex-none text-brand" />
        <div className="min-w-0 flex-1">
          <p className="font-bold whitespace-pre-line">{text}</p>
          <p className="text-14 text-ink-2">{who}</p>
        </div>
      </div>
      {answer && <p className="border-l-3 border-ok-mid pl-3 whitespace-pre-line">{answer}</p>}
      <div className="flex flex-wrap items-center justify-between gap-2">
        {children}
        {action}
      </div>
    </li>
  );
}
