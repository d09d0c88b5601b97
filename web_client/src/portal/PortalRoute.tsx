/**
 * `/services/*`: public services as residents look for them, without an account. Searched in plain words, by what happened
 * in a life, or by kind; each record with its source. What is typed is in no address, and what was looked at on no server.
 */
import { Accessibility, ArrowLeft, Undo2 } from 'lucide-react';
import { type ReactNode, type Ref, useCallback, useEffect, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { get, type PortalView } from '../api';
import { Button, Furigana, LinkButton, OnScreen, PhoneLink, ResidentPage, Row } from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { TEXT_SIZES, usePreferences } from '../preferences';
import { useWords, type Words } from '../words';
import { type Asked, useAsked } from './asking';
import { ChecklistPage } from './ChecklistPage';
import { keepSimple, sizeBeforeSimple } from './device';
import { Front } from './Front';
import { ListPage } from './ListPage';
import { NotThere } from './NotThere';
import { RecordPage } from './RecordPage';
import { SearchPage } from './Search';
import { SimpleFront } from './SimpleFront';
import { type DeviceMemory, useMemory } from './useMemory';
import { type Search, useSearch } from './useSearch';

/** What every page under the address is given. */
export interface Pages {
  readonly words: Words;
  readonly portal: Asked<PortalView>;
  readonly phone: string;
  readonly town: string;
  readonly chooseTown: (town: string) => void;
  readonly device: DeviceMemory;
  readonly search: Search;
  readonly headingRef: Ref<HTMLHeadingElement>;
}

const KINDS = ['programme', 'facility', 'event', 'work', 'licence'] as const;
const LIFE_EVENTS = ['moving', 'birth', 'job_lost', 'death', 'disaster'] as const;

export function PortalRoute() {
  const { '*': rest = '' } = useParams();
  const words = useWords('services');
  const office = useOffice();
  const { asked: portal, again } = useAsked('portal', (signal) => get('/services', { signal }));
  const [simple, setSimple] = useSimple();
  const [town, chooseTown] = useState('');
  const device = useMemory();
  const search = useSearch();
  const headingRef = useArrival(rest);
  const phone = office?.office_phone ?? '';
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  const pages: Pages = { words, portal, phone, town, chooseTown, device, search, headingRef };
  const isFront = rest === '';
  return (
    <ResidentPage
      band={<ResidentBand organisation={office?.organisation ?? ''} />}
      footLook="quiet"
      foot={phone && <PhoneLink number={phone} words={words.say('phone')} />}
    >
      <OnScreen>
        <Reading />
        <Row gap={2} justify="between">
          {isFront ? (
            <span />
          ) : (
            <LinkButton look="quiet" icon={ArrowLeft} to="/services">
              <Furigana text={words.say('back')} />
            </LinkButton>
          )}
          <Button look="quiet" icon={simple ? Undo2 : Accessibility} onClick={() => setSimple(!simple)}>
            <Furigana text={words.say(simple ? 'simple.off' : 'simple.on')} />
          </Button>
        </Row>
      </OnScreen>
      {'answer' in portal || portal.at === 'reading' ? (
        pageOf(rest, pages, simple)
      ) : (
        <NotThere how={portal.at === 'gone' ? 'closed' : portal.at} words={words} again={again} />
      )}
    </ResidentPage>
  );
}

function pageOf(rest: string, pages: Pages, simple: boolean): ReactNode {
  const [first = '', second = ''] = rest.split('/');
  if (first === '') return simple ? <SimpleFront {...pages} /> : <Front {...pages} />;
  if (first === 'search') return <SearchPage {...pages} />;
  const kind = KINDS.find((each) => each === (first === 'all' ? second : first));
  if (first === 'all' && (kind || second === 'closing'))
    return <ListPage key={second} kind={kind ?? 'closing'} {...pages} />;
  const event = LIFE_EVENTS.find((each) => each === second);
  if (first === 'life' && event) return <ChecklistPage key={event} event={event} {...pages} />;
  if (kind && second) return <RecordPage key={rest} kind={kind} id={second} {...pages} />;
  return <NotThere how="gone" words={pages.words} />;
}

/** Kept on the device until one press undoes it; the letters grow with it, and go back to what they were. */
function useSimple(): [boolean, (simple: boolean) => void] {
  const [before, setBefore] = useState(sizeBeforeSimple);
  const { textSize, setTextSize } = usePreferences();
  const turn = (simple: boolean) => {
    keepSimple(simple ? textSize : null);
    setBefore(simple ? textSize : '');
    if (simple && textSize === 'standard') setTextSize('large');
    else if (!simple) setTextSize(TEXT_SIZES.find((size) => size === before) ?? 'standard');
  };
  return [before !== '', turn];
}

/** Gives the focus to the heading of a page somebody came to from another one, so that it is read out. */
function useArrival(rest: string): Ref<HTMLHeadingElement> {
  const at = useRef(rest);
  return useCallback(
    (heading: HTMLHeadingElement | null) => {
      if (!heading || at.current === rest) return;
      at.current = rest;
      window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    },
    [rest],
  );
}
