/** `/m/:code`: a member from outside reads a proposal, votes by a mailed code, and sees what came of it. No account. */
import { ScrollText } from 'lucide-react';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { type BallotView, get, urlOf } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Facts,
  Furigana,
  LetterNext,
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
import { NotYet, useLinked } from '../letter/linked';
import { useWords, type Words } from '../words';
import { Outcome, Receipt } from './Outcome';
import { VoteForm } from './VoteForm';

const read = (code: string, signal: AbortSignal) => get('/ballot/{code}', { path: { code }, signal });

export function BallotRoute() {
  const { code = '' } = useParams();
  const words = useWords('ballot');
  const office = useOffice();
  const { found, again, keep, page: ballot } = useLinked(code, 'ballot', read);
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
      <NotYet found={found} words={words} again={again} />
      {ballot && <Paper code={code} ballot={ballot} words={words} onKeep={keep} />}
    </ResidentPage>
  );
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
