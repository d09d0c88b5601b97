/**
 * The questions of one call on this page, shared by whatever shows or adds one. Asked for again every few seconds while
 * something shows them: residents have no event stream.
 */
import { get, post, type QuestionEntry, type QuestionsAnswer } from '../api';

const LOOK_AGAIN_MS = 5_000;

export interface Asked {
  readonly state: 'reading' | 'ready' | 'failed';
  readonly questions: readonly QuestionEntry[];
  readonly owners: QuestionsAnswer['owners'];
  readonly error: unknown;
}

export type Change = Pick<QuestionEntry, 'text' | 'answer' | 'due_on' | 'state'> & { owner_id: string };

export class QuestionStore {
  private readonly callId: string;
  private asked: Asked = { state: 'reading', questions: [], owners: [], error: null };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(callId: string) {
    this.callId = callId;
  }

  readonly snapshot = (): Asked => this.asked;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      void this.look();
      this.timer = setInterval(() => void this.look(), LOOK_AGAIN_MS);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) clearInterval(this.timer);
    };
  };

  readonly look = async (): Promise<void> => {
    try {
      this.take(await get('/calls/{call_id}/questions', { path: { call_id: this.callId } }));
    } catch (error) {
      if (this.asked.state !== 'ready') this.set({ ...this.asked, state: 'failed', error });
    }
  };

  /** Rejects with what was in the way. */
  async ask(question: { text: string } | { message_id: string }): Promise<void> {
    this.take(await post('/calls/{call_id}/questions', { path: { call_id: this.callId }, body: question }));
  }

  /** Rejects with what was in the way. */
  async change(question_id: string, change: Change): Promise<void> {
    this.take(await post('/questions/{question_id}', { path: { question_id }, body: change }));
  }

  private take({ questions, owners }: QuestionsAnswer): void {
    this.set({ state: 'ready', questions, owners, error: null });
  }

  private set(asked: Asked): void {
    this.asked = asked;
    for (const listener of this.listeners) listener();
  }
}

let latest: { callId: string; store: QuestionStore } | null = null;

/** The store of a call; a page shows one call at a time. */
export function questionsOf(callId: string): QuestionStore {
  if (latest?.callId !== callId) latest = { callId, store: new QuestionStore(callId) };
  return latest.store;
}
