/** Reading the invitation, begun before the code of its page is there. */
import { get, type InvitationView } from '../api';

let begun: { code: string; answer: Promise<InvitationView> } | null = null;

/** Asks for it now; the next `readInvitation` takes the answer over. */
export function beginReading(code: string): void {
  const answer = get('/join/{code}', { path: { code } });
  answer.catch(() => undefined); // told to whoever takes it over
  begun = { code, answer };
}

/** The invitation of a link. Rejects like `get`; after an abort the answer may still come and means nothing. */
export function readInvitation(code: string, signal: AbortSignal): Promise<InvitationView> {
  const early = begun;
  begun = null;
  return early?.code === code ? early.answer : get('/join/{code}', { path: { code }, signal });
}
