/** A moment as the date and time of Japan's clocks that boxes take, and back (pure). Japan has no summer time. */

const JST_AHEAD_MS = 9 * 3_600_000;

export function inJapan(iso: string): { date: string; time: string } {
  const [date = '', time = ''] = new Date(Date.parse(iso) + JST_AHEAD_MS).toISOString().split('T');
  return { date, time: time.slice(0, 5) };
}

export function fromJapan(date: string, time: string): string {
  return `${date}T${time}:00+09:00`;
}
