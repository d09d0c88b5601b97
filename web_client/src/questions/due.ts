/** Until when a question is owed, in words (pure). A day is over when it is over in Japan. */
import type { QuestionEntry } from '../api';
import { day } from '../letter/day';
import type { Words } from '../words';

const JST_AHEAD_MS = 9 * 3_600_000;

/** Whether its day has passed without an answer; `now` in milliseconds since the epoch. */
export function isOverdue({ state, due_on }: Pick<QuestionEntry, 'state' | 'due_on'>, now: number): boolean {
  return (
    state === 'open' && due_on !== null && due_on < new Date(now + JST_AHEAD_MS).toISOString().slice(0, 10)
  );
}

export function dueWords(question: QuestionEntry, words: Words, late: boolean): string {
  const { owner, due_on } = question;
  if (due_on === null) return words.say('open', { name: owner.name });
  return words.say(late ? 'overdue' : 'open_until', { name: owner.name, day: day(due_on, words.language) });
}
