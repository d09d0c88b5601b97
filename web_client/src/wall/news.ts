/** The newest sentence to the office that this device has not put away. */
import { useState } from 'react';
import { useAnnouncements } from './Announcements';
import type { Announcement } from './wall';

const STORED = 'genba.news';

export function useNews(): { newest: Announcement | null; putAway: () => void } {
  const { data } = useAnnouncements();
  const [seen, setSeen] = useState(read);
  const newest = data?.[0] ?? null;
  const putAway = () => {
    if (newest === null) return;
    setSeen(newest.id);
    try {
      localStorage.setItem(STORED, newest.id);
    } catch {
      // storage is closed: it comes back with the next page
    }
  };
  return { newest: newest?.id === seen ? null : newest, putAway };
}

function read(): string {
  try {
    return localStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}
