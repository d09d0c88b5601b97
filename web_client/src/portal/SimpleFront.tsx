/** The first page for those who want little at once: four doors in large letters, read out on request. */
import { CalendarClock, Construction, PhoneCall, Search } from 'lucide-react';
import { LargeDoor, ResidentBlock, ResidentHeading, SpeakButton, Stack, telOf } from '../design';
import type { Pages } from './PortalRoute';

export function SimpleFront({ words, phone, headingRef }: Pages) {
  const said = [
    'simple.heading',
    ...(phone ? ['simple.person', 'simple.person_note'] : []),
    ...['simple.closing', 'simple.closing_note', 'simple.search', 'simple.search_note'],
    ...['simple.works', 'simple.works_note'],
  ];
  return (
    <>
      <ResidentHeading headingRef={headingRef} text={words.say('simple.heading')} />
      <ResidentBlock>
        <Stack gap={3}>
          {phone && (
            <LargeDoor
              filled
              to={telOf(phone)}
              icon={PhoneCall}
              text={words.say('simple.person')}
              note={words.say('simple.person_note')}
            />
          )}
          <LargeDoor
            to="/services/all/closing"
            icon={CalendarClock}
            text={words.say('simple.closing')}
            note={words.say('simple.closing_note')}
          />
          <LargeDoor
            to="/services/search"
            icon={Search}
            text={words.say('simple.search')}
            note={words.say('simple.search_note')}
          />
          <LargeDoor
            to="/services/all/work"
            icon={Construction}
            text={words.say('simple.works')}
            note={words.say('simple.works_note')}
          />
          <SpeakButton
            text={said.map((key) => words.name(key)).join('。')}
            language={words.language}
            label={words.say('speak')}
          />
        </Stack>
      </ResidentBlock>
    </>
  );
}
