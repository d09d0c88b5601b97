/** Dates as residents read them, in Japan's time wherever the telephone thinks it is (pure). */

const ZONE = 'Asia/Tokyo';

function parts(at: Date, language: string, options: Intl.DateTimeFormatOptions): Map<string, string> {
  const format = new Intl.DateTimeFormat(language, { timeZone: ZONE, ...options });
  return new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** 11月24日（火）10時30分, or 24 November, 10:30. */
export function dayAndTime(iso: string, language: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  if (language === 'en') {
    const day = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'long' }).format(
      at,
    );
    return `${day}, ${timeOfDay(iso)}`;
  }
  const day = parts(at, 'ja-JP', { month: 'numeric', day: 'numeric', weekday: 'short' });
  const time = parts(at, 'en-GB', { hour: 'numeric', minute: 'numeric', hour12: false });
  const minutes = Number(time.get('minute'));
  const clock = `${Number(time.get('hour'))}時${minutes === 0 ? '' : `${minutes}分`}`;
  return `${day.get('month')}月${day.get('day')}日（${day.get('weekday')}）${clock}`;
}

/** 14:05 */
export function timeOfDay(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }).format(
    new Date(iso),
  );
}

/** Seconds from `now` to the end of the day in Japan, which has no summer time. */
export function secondsLeftToday(now: Date): number {
  const DAY_S = 86_400;
  const JST_AHEAD_S = 9 * 3600;
  return DAY_S - ((Math.floor(now.getTime() / 1000) + JST_AHEAD_S) % DAY_S);
}
