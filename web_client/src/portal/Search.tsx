/** A need in one's own words, and what fits it: people first where it is grave, and 「近いもの」 never called more than that. */
import { Ear, Search as Magnifier, X } from 'lucide-react';
import type { ServiceMatch, ServicesFound } from '../api';
import {
  Announce,
  Button,
  ErrorNotice,
  Furigana,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentText,
  ServiceCard,
  Stack,
  Tag,
  TextField,
} from '../design';
import type { Words } from '../words';
import type { Pages } from './PortalRoute';
import { linesOf, pathOf, summaryOf, titleOf } from './serviceWords';
import type { Search } from './useSearch';

export function SearchPage({ words, search, phone, headingRef }: Pages) {
  return (
    <>
      <ResidentHeading headingRef={headingRef} text={words.say('search.heading')} />
      <SearchForm search={search} words={words} />
      <SearchResults search={search} words={words} phone={phone} />
    </>
  );
}

export function SearchForm({ search, words }: { search: Search; words: Words }) {
  return (
    <search>
      <form onSubmit={search.submit}>
        <Stack gap={3}>
          <TextField
            large
            type="search"
            enterKeyHint="search"
            autoComplete="off"
            maxLength={400}
            label={words.name('search.label')}
            hint={<Furigana text={words.say('search.hint')} />}
            value={search.text}
            onChange={(event) => search.write(event.target.value)}
          />
          <Button
            type="submit"
            size="large"
            block
            icon={Magnifier}
            busy={search.busy}
            busyLabel={words.name('search.busy')}
          >
            <Furigana text={words.say('search.go')} />
          </Button>
        </Stack>
      </form>
    </search>
  );
}

export function SearchResults({ search, words, phone }: { search: Search; words: Words; phone: string }) {
  const { found, error } = search;
  return (
    <>
      <Announce>
        {found && !search.busy ? words.name('search.count', { count: found.matches.length }) : ''}
      </Announce>
      {error !== null && <ErrorNotice title={words.name('search.failed')} error={error} />}
      {found && <Results found={found} search={search} words={words} phone={phone} />}
    </>
  );
}

function Results({
  found,
  search,
  words,
  phone,
}: {
  found: ServicesFound;
  search: Search;
  words: Words;
  phone: string;
}) {
  const fitting = found.matches.filter((match) => !match.is_close_only && !match.is_over);
  const close = found.matches.filter((match) => match.is_close_only || match.is_over);
  const cards = (matches: readonly ServiceMatch[]) =>
    matches.map((match) => (
      <Match key={`${match.kind} ${match.id}`} match={match} quiet={found.is_sensitive} words={words} />
    ));
  return (
    <ResidentBlock>
      <Stack gap={4}>
        {found.desks.length > 0 && <Desks found={found} words={words} onClose={search.clear} />}
        {fitting.length > 0 && (
          <Stack gap={3}>
            <ResidentText voice="strong" text={words.say('search.fits')} />
            {cards(fitting)}
          </Stack>
        )}
        {close.length > 0 && (
          <Stack gap={3}>
            <ResidentText voice="strong" text={words.say('search.close')} />
            {fitting.length === 0 && <ResidentText text={words.say('search.close_only')} />}
            {cards(close)}
          </Stack>
        )}
        {found.matches.length === 0 && found.desks.length === 0 && (
          <ResidentText voice="strong" text={words.say('search.none')} />
        )}
        {!found.is_sensitive && (
          <Stack gap={2}>
            <ResidentText text={words.say('search.ask_person')} />
            {phone && <PhoneLink number={phone} words={words.say('phone')} />}
          </Stack>
        )}
        <Button look="plain" block icon={X} onClick={search.clear}>
          <Furigana text={words.say('search.clear')} />
        </Button>
      </Stack>
    </ResidentBlock>
  );
}

/** Where a person listens, and the way to close all of it at once: nothing of it was written down anywhere. */
function Desks({ found, words, onClose }: { found: ServicesFound; words: Words; onClose: () => void }) {
  const close = () => {
    onClose();
    window.location.replace('about:blank');
  };
  return (
    <ResidentMatter icon={Ear} level="h2" text={words.say('desks.heading')}>
      <Stack gap={3}>
        {found.desks.map(({ name, phone, hours }) =>
          phone ? (
            <Stack key={name} gap={1}>
              <PhoneLink number={phone} words={name} />
              {hours && <ResidentText voice="note" text={hours} />}
            </Stack>
          ) : (
            <ResidentText key={name} text={[name, hours].filter(Boolean).join('　')} />
          ),
        )}
        <ResidentText voice="note" text={words.say('desks.unkept')} />
        <Button look="plain" size="large" block icon={X} onClick={close}>
          <Furigana text={words.say('desks.close')} />
        </Button>
      </Stack>
    </ResidentMatter>
  );
}

function Match({ match, quiet, words }: { match: ServiceMatch; quiet: boolean; words: Words }) {
  const kind = match.kind;
  if (kind === 'document' || kind === 'decision') return null;
  const why = match.reasons
    .slice(0, 2)
    .map((reason) => words.say(`why.${reason.why}`, { words: reason.words }))
    .join(' / ');
  return (
    <ServiceCard
      to={pathOf({ kind, id: match.id })}
      state={{ quiet }}
      title={titleOf(match, words.language)}
      summary={summaryOf(match, words.language)}
      lines={linesOf({ ...match, kind }, words)}
      tag={<Tag>{words.name(match.is_over ? 'over' : `kind.${kind}`)}</Tag>}
      why={{ label: words.say('why.label'), text: why }}
    />
  );
}
