/** Days in words, in Japan's time, with the year: letters and records are read months later (pure). */

const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土'];

/** 2026年11月24日（火）, Tuesday 24 November 2026; `at` is a day (2026-11-24) or a moment. */
export function day(at: string, language: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(at);
  const date = new Date(Date.parse(at) + (isDay ? 0 : 9 * 3_600_000)); // its UTC fields read as Japan's
  if (Number.isNaN(date.getTime())) return '';
  if (language === 'en') {
    return date
      .toLocaleDateString('en-GB', {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      })
      .replace(',', '');
  }
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日（${WEEKDAYS[date.getUTCDay()]}）`;
}

/** 令和8年11月24日: records carry the era; 24 November 2026. With `more` the weekday too. */
export function recordDay(at: string, language: string, more: { weekday?: 'short' } = {}): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const isEnglish = language === 'en';
  return date.toLocaleDateString(isEnglish ? 'en-GB' : 'ja-JP-u-ca-japanese', {
    era: isEnglish ? undefined : 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'Asia/Tokyo',
    ...more,
  });
}
