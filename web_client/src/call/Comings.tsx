/** Says to screen readers who came and who went; eyes see it in the pictures and in the list. */
import { useEffect, useRef, useState } from 'react';
import { Announce } from '../design';
import type { Words } from '../words';
import type { LiveMember } from './liveMember';

export function Comings({ members, words }: { members: readonly LiveMember[]; words: Words }) {
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  const [said, setSaid] = useState('');

  useEffect(() => {
    const here = new Map(
      members.filter(({ isLocal }) => !isLocal).map(({ identity, name }) => [identity, name]),
    );
    const before = known.current;
    // Whoever was here when one entered did not come just now.
    if (before === null && members.length === 0) return;
    known.current = here;
    if (before === null) return;
    const came = [...here].find(([identity]) => !before.has(identity));
    const went = [...before].find(([identity]) => !here.has(identity));
    if (came) setSaid(words.name('notice.people', { name: came[1] }));
    else if (went) setSaid(words.name('notice.gone', { name: went[1] }));
  }, [members, words]);

  return <Announce>{said}</Announce>;
}
