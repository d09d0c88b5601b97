/** A still on the timeline of a case: its picture, and looked at closely beside the others of the case. */
import { useState } from 'react';
import { StillStrip } from '../design';
import { useWords } from '../words';
import { imageOf, nameOf, useStillsOfCase } from './useStills';
import { Viewer } from './Viewer';

export function CaseStill({ id, caseId }: { id: string; caseId: string }) {
  const words = useWords('still');
  const { data: stills = [] } = useStillsOfCase(caseId);
  const [isOpen, setOpen] = useState(false);
  const still = stills.find((each) => each.id === id);
  const name = still ? nameOf(still) : '';
  return (
    <>
      <StillStrip
        label={words.name('kind.still')}
        stills={[{ id, url: imageOf(id, 360), label: name || words.name('view.open') }]}
        onOpen={() => setOpen(true)}
      />
      {isOpen && still && (
        <Viewer
          still={still}
          others={stills.filter((each) => each.id !== id)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
