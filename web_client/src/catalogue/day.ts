/** Days with their year: lists are years old before anybody notices. */
const JAPAN_MS = 9 * 3600 * 1000;

/** 2026年11月27日, 27 Nov 2026 */
export function dayOf(at: string, language: string): string {
  const date = new Date(new Date(at).getTime() + JAPAN_MS);
  if (language === 'en')
    return date.toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    });
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
}
