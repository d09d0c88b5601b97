/** For those who keep the catalogue: its lists, free slots, and notices of changes of the law, a page each. */
import { Suspense, useState } from 'react';
import { later } from '../call/later';
import { Loading, Tabs } from '../design';
import { useWords } from '../words';
import { CatalogueLists } from './CatalogueLists';

const SlotFeeds = later(async () => (await import('./SlotFeeds')).SlotFeeds, 'slots');
const LawNotices = later(async () => (await import('./LawNotices')).LawNotices, 'law');

const PARTS = ['lists', 'slots', 'law'] as const;

export function Catalogue() {
  const words = useWords('catalogue');
  const [part, setPart] = useState<(typeof PARTS)[number]>('lists');
  return (
    <Tabs
      label={words.name('parts')}
      tabs={PARTS.map((key) => ({ key, label: words.name(`part.${key}`) }))}
      selected={part}
      onSelect={setPart}
    >
      <Suspense fallback={<Loading label={words.name('reading')} lines={4} />}>
        {part === 'lists' && <CatalogueLists />}
        {part === 'slots' && <SlotFeeds />}
        {part === 'law' && <LawNotices />}
      </Suspense>
    </Tabs>
  );
}
