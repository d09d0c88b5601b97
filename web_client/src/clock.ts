/** The wall clock as people read it, in Japan's time whatever the device thinks: dates and times in words. */
import { useEffect, useState } from 'react';

const WEEKDAYS_JA = ['日', '月', '火', '水', '木', '金', '土'];

/** Milliseconds since the epoch, renewed every `every_ms`. */
export function useClock(every_ms: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now;
}

/** A date whose UTC fields read as Japan's wall clock; Japan has no summer time. */
function inJapan(at: string | number): Date {
  return new Date(new Date(at).getTime() + 9 * 3_600_000);
}

const WEEKDAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** 月-金 8:30-17:15, as the server writes working hours; Mon-Fri 8:30-17:15. */
export function hoursOf(hours: string, language: string): string {
  if (language !== 'en') return hours;
  const [days = '', times = ''] = hours.split(' ');
  const words = Array.from(days, (day) => WEEKDAYS_EN[WEEKDAYS_JA.indexOf(day)] ?? day);
  return `${words.join(' ').replaceAll(' - ', '-')} ${times}`;
}

/** 10:08 */
export function timeOf(at: string | number): string {
  const date = inJapan(at);
  return `${date.getUTCHours()}:${pad(date.getUTCMinutes())}`;
}

/** 10:08:32 */
export function timeWithSeconds(at: string | number): string {
  return `${timeOf(at)}:${pad(new Date(at).getSeconds())}`;
}

/** 11月24日(火), Tue 24 Nov */
export function dateOf(at: string | number, language: string): string {
  const date = inJapan(at);
  if (language === 'en')
    return date.toLocaleDateString('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    });
  return `${date.getUTCMonth() + 1}月${date.getUTCDate()}日（${WEEKDAYS_JA[date.getUTCDay()]}）`;
}

/** 0:14, 62:05: how long something has lasted, minutes and seconds. */
export function lasted(from: string | number, to: string | number): string {
  const seconds = Math.max(0, Math.floor((new Date(to).getTime() - new Date(from).getTime()) / 1000));
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
