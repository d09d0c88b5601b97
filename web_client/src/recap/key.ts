/** Where the cache keeps what is known and written of a call. */
export const recapKey = (callId: string): readonly string[] => ['calls', callId, 'recap'];
