/** `/m/:code`: a member from outside reads a proposal, votes by a mailed code, and sees what came of it. No account. */
import { MailX, RefreshCw, ScrollText, Unplug } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { ApiError, type BallotView, get, urlOf } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Facts,
  Furigana,
  LetterNext,
  Loading,
  PhoneLink,
  ResidentBlock,
  ResidentHeading,
  ResidentMatter,
  ResidentPage,
  ResidentText,
  Stack,
  StillStrip,
  Written,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { day } from '../letter/day';
import { usePreferences } from '../preferences';
import { useWords, type Words } from '../words';
import { Outcome, Receipt } from './Outcome';
import { VoteForm } from './VoteForm';

type Found =
  | { at: 'reading' }
  | { at: 'shown'; ballot: BallotView }
  | { at: 'gone'; reason: 'unknown' | 'over' | 'too_many' }
  | { at: 'unreachable' };

export function BallotRoute() {
  const { code = '' } = useParams();
  const words = useWords('ballot');
  const office = useOffice();
  const { found, again, keep } = useBallot(code);
  const ballot = found.at === 'shown' ? found.ballot : null;
  const phone = ballot?.office_phone || office?.office_phone || '';
  useEffect(() => {
    document.title = words.name('title');
  }, [words]);
  return (
    <ResidentPage
      band={<ResidentBand organisation={ballot?.organisation ?? office?.organisation ?? ''} />}
      footLook="quiet"
      foot={phone && <PhoneLink number={phone} words={words.say('phone')} />}
    >
      <Reading />
      {found.at === 'reading' && <Loading label={words.name('reading')} lines={3} />}
      {found.at === 'gone' && (
        <ResidentMatter icon={MailX} text={words.say(`gone.${found.reason}`)}>
          <ResidentText text={words.say(`gone.${found.reason}_do`)} />
        </ResidentMatter>
      )}
      {found.at === 'unreachable' && (
        <ResidentMatter icon={Unplug} text={words.say('unreachable')}>
          <ResidentText text={words.say('unreachable_do')} />
          <Button size="large" icon={RefreshCw} onClick={again}>
            <Furigana text={words.say('again')} />
          </Button>
        </ResidentMatter>
      )}
      {ballot && <Paper code={code} ballot={ballot} words={words} onKeep={keep} />}
    </ResidentPage>
  );
}

function useBallot(code: string) {
  const [found, setFound] = useState<Found>({ at: 'reading' });
  const [tries, setTries] = useState(0);
  const { suggestLanguage } = usePreferences();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try reads again
  useEffect(() => {
    const stop = new AbortController();
    get('/ballot/{code}', { path: { code }, signal: stop.signal }).then(
      (ballot) => {
        if (stop.signal.aborted) return;
        suggestLanguage(ballot.language as 'ja');
        setFound({ at: 'shown', ballot });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setFound(refused(error));
      },
    );
    return () => stop.abort();
  }, [code, tries, suggestLanguage]);
  const again = useCallback(() => {
    setFound({ at: 'reading' });
    setTries((count) => count + 1);
  }, []);
  const keep = useCallback((ballot: BallotView) => setFound({ at: 'shown', ballot }), []);
  return { found, again, keep };
}

function refused(error: unknown): Found {
  const key = error instanceof ApiError ? error.key : '';
  if (key === 'ballot.unknown') return { at: 'gone', reason: 'unknown' };
  if (key === 'ballot.over') return { at: 'gone', reason: 'over' };
  if (key === 'rate_limited') return { at: 'gone', reason: 'too_many' };
  return { at: 'unreachable' };
}

/** What is to be decided, then one's own answer: read first, answered below. */
function Paper({
  code,
  ballot,
  words,
  onKeep,
}: {
  code: string;
  ballot: BallotView;
  words: Words;
  onKeep: (ballot: BallotView) => void;
}) {
  const until = { day: dateOf(ballot.until, words.language), time: timeOf(ballot.until) };
  const isAsked = !ballot.is_over && ballot.receipt === null;
  return (
    <>
      <ResidentHeading
        text={words.say('heading')}
        lead={<Furigana text={words.say('dear', { name: ballot.name, post: ballot.post })} />}
      />
      {ballot.result && <Outcome result={ballot.result} words={words} />}
      {ballot.receipt && <Receipt receipt={ballot.receipt} words={words} />}
      {ballot.is_over && !ballot.result && (
        <ResidentMatter icon={ScrollText} level="h2" text={words.say('over')}>
          <ResidentText text={words.say('over_more')} />
        </ResidentMatter>
      )}
      {isAsked && (
        <LetterNext title={words.say('until')} day={words.say('until_at', until)}>
          <Furigana text={words.say('quorum', { voters: ballot.voters, count: ballot.quorum })} />
        </LetterNext>
      )}
      <Proposal code={code} ballot={ballot} words={words} />
      {isAsked && <VoteForm code={code} ballot={ballot} words={words} onKeep={onKeep} />}
      <ResidentBlock>
        <ResidentText voice="note" text={words.say('own')} />
      </ResidentBlock>
    </>
  );
}

function Proposal({ code, ballot, words }: { code: string; ballot: BallotView; words: Words }) {
  const facts = [
    [
      words.name('fact.until'),
      words.name('until_at', { day: day(ballot.until, words.language), time: timeOf(ballot.until) }),
    ],
    [words.name('fact.number'), ballot.number],
    [words.name('fact.proposer'), [ballot.proposer, ballot.proposer_post].filter(Boolean).join('　')],
    [words.name('fact.basis'), ballot.basis.map(({ law }) => law).join('、')],
    [
      words.name('fact.amount'),
      ballot.amount_yen === null ? '' : words.say('yen', { yen: ballot.amount_yen.toLocaleString('ja-JP') }),
    ],
    [words.name('fact.due'), ballot.due],
  ] as const;
  return (
    <ResidentBlock title={words.say('what')}>
      <Stack gap={4}>
        <ResidentText voice="strong" text={ballot.what} />
        {ballot.reason && <Part title={words.say('reason')}>{ballot.reason}</Part>}
        {ballot.rejected.map(({ option, why }) => (
          <Part key={option} title={words.say('rejected')}>
            {[option, why].filter(Boolean).join('\n')}
          </Part>
        ))}
        <Facts facts={facts.filter(([, value]) => value !== '')} />
        <Pictures code={code} ballot={ballot} words={words} />
        {ballot.withheld > 0 && (
          <ResidentText voice="note" text={words.say('withheld', { count: ballot.withheld })} />
        )}
      </Stack>
    </ResidentBlock>
  );
}

function Part({ title, children }: { title: string; children: string }) {
  return (
    <div>
      <ResidentText voice="note" text={title} />
      <Written>{children}</Written>
    </div>
  );
}

/** Documents page by page and stills, small; each opens large in a window of its own. */
function Pictures({ code, ballot, words }: { code: string; ballot: BallotView; words: Words }) {
  const stills = ballot.stills.map(({ id, at }) => ({
    id,
    url: stillOf(code, id, 360),
    large: stillOf(code, id, 2560),
    label: words.name('still', { day: day(at, words.language), time: timeOf(at) }),
  }));
  const open = (pictures: typeof stills) => (id: string) =>
    window.open(pictures.find((each) => each.id === id)?.large, '_blank', 'noopener');
  return (
    <>
      {ballot.papers.map(({ version, title, ver, pages }) => {
        const shown = pages.map((page) => ({
          id: `${version} ${page}`,
          url: pageOf(code, version, page, 360),
          large: pageOf(code, version, page, 2560),
          label: words.name('page', { page }),
        }));
        const name = [title, ver].filter(Boolean).join('　');
        return (
          <div key={version}>
            <ResidentText voice="note" text={words.say('paper', { name })} />
            <StillStrip label={name} stills={shown} onOpen={open(shown)} />
          </div>
        );
      })}
      {stills.length > 0 && (
        <div>
          <ResidentText voice="note" text={words.say('stills')} />
          <StillStrip label={words.name('stills')} stills={stills} onOpen={open(stills)} />
        </div>
      )}
    </>
  );
}

function stillOf(code: string, still_id: string, width: number): string {
  return urlOf('/ballot/{code}/stills/{still_id}', { path: { code, still_id }, query: { width } });
}

function pageOf(code: string, version_id: string, number: number, width: number): string {
  return urlOf('/ballot/{code}/pages/{version_id}/{number}', {
    path: { code, version_id, number },
    query: { width },
  });
}
