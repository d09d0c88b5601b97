/**
 * Hands a LiveKit connection from the page that got it to the call screen, in memory only: a token in the
 * address or in the history would outlive the page. A call screen that finds nothing here asks to join itself.
 */
import type { Connection } from './api';

const held = new Map<string, Connection>();

export function holdConnection(connection: Connection): void {
  held.set(connection.call.id, connection);
}

/** The connection for this call, once. */
export function takeConnection(callId: string): Connection | undefined {
  const connection = held.get(callId);
  held.delete(callId);
  return connection;
}
