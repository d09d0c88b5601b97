/**
 * What a resident takes home: points that were agreed, the next step in a box of its own, whom to ask. The same
 * words on the screen and on paper, where everything else of the page is left out and the type is large.
 */
import { CircleCheck, MessageCircleQuestion } from 'lucide-react';
import type { ReactNode } from 'react';
import { Furigana } from './Furigana';

/** The part of the page that is printed, A4; `from` heads the paper, since the band of the page stays behind. */
export function LetterPaper({ from, children }: { from: string; children: ReactNode }) {
  return (
    <article data-print="letter" className="min-w-0">
      <p className="hidden pb-2 text-18 font-bold print:block">{from}</p>
      {children}
    </article>
  );
}

/** One point a line, each with its tick. */
export function LetterPoints({ label, points }: { label: string; points: readonly string[] }) {
  return (
    <ul aria-label={label} className="mt-4 border-t-3 border-ink">
      {points.map((point, at) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a letter does not change
          key={at}
          className="grid grid-cols-[32px_1fr] items-start gap-3 border-b border-line py-3.5 text-20 leading-[1.5] break-inside-avoid"
        >
          <CircleCheck size={28} aria-hidden className="mt-0.5 text-ok-mid" />
          <span>
            <Furigana text={point} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What to do next, and until when, as the one thing to remember. */
export function LetterNext({ title, day, children }: { title: string; day: string; children: ReactNode }) {
  return (
    <section className="mt-5 rounded-card border border-brand-line bg-brand-tint px-5 py-4 break-inside-avoid">
      <h2 className="text-18 text-brand">
        <Furigana text={title} />
      </h2>
      {day && (
        <p className="heading figures text-28">
          <Furigana text={day} />
        </p>
      )}
      <div className="text-20 leading-[1.6] whitespace-pre-line">{children}</div>
    </section>
  );
}

/** Questions with their answers, or when there will be one. */
export function LetterQuestions({
  questions,
}: {
  questions: readonly { text: string; answer: string; due: string }[];
}) {
  return (
    <ul className="grid gap-4">
      {questions.map(({ text, answer, due }, at) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a letter does not change
          key={at}
          className="grid grid-cols-[32px_1fr] items-start gap-3 break-inside-avoid"
        >
          <MessageCircleQuestion size={28} aria-hidden className="mt-0.5 text-brand" />
          <div>
            <p className="text-18 font-bold whitespace-pre-line">{text}</p>
            <p className="text-18 whitespace-pre-line">
              <Furigana text={answer} />
            </p>
            {due && (
              <p className="text-16 text-ink-2">
                <Furigana text={due} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What staff wrote, with their line breaks. */
export function Written({ children }: { children: ReactNode }) {
  return <p className="text-18 whitespace-pre-line">{children}</p>;
}
