/** What a member from outside gets back: the receipt of their answer, and the result once it is closed. */
import { CircleCheckBig, CircleSlash2, MailCheck } from 'lucide-react';
import type { BallotView } from '../api';
import { timeOf } from '../clock';
import { Digest, ResidentMatter, ResidentText, Stack, Written } from '../design';
import { day } from '../letter/day';
import type { Words } from '../words';

const SHOWN_HASH = 16;

export function Receipt({ receipt, words }: { receipt: NonNullable<BallotView['receipt']>; words: Words }) {
  const { vote, at, seq, hash } = receipt;
  return (
    <ResidentMatter icon={MailCheck} look="ok" level="h2" text={words.say(`receipt.${vote}`)}>
      <div role="status">
        <ResidentText text={words.say('receipt.at', { day: day(at, words.language), time: timeOf(at) })} />
      </div>
      {receipt.words && <Written>{receipt.words}</Written>}
      <Digest>{words.name('receipt.number', { seq, hash: hash.slice(0, SHOWN_HASH) })}</Digest>
    </ResidentMatter>
  );
}

export function Outcome({ result, words }: { result: NonNullable<BallotView['result']>; words: Words }) {
  const isApproved = result.state === 'approved';
  const { agreed, objected, abstained, opinions } = result;
  return (
    <ResidentMatter
      icon={isApproved ? CircleCheckBig : CircleSlash2}
      look={isApproved ? 'ok' : 'warn'}
      level="h2"
      text={words.say(`result.${isApproved || result.state === 'cancelled' ? result.state : 'returned'}`)}
    >
      <Stack gap={3}>
        <ResidentText text={words.say('result.counts', { agreed, objected, abstained })} />
        {opinions.length > 0 && (
          <div>
            <ResidentText voice="note" text={words.say('result.opinions')} />
            {opinions.map((opinion) => (
              <Written key={`${opinion.vote} ${opinion.words}`}>
                {words.name('result.opinion', {
                  vote: words.name(`vote.${opinion.vote}`),
                  words: opinion.words,
                })}
              </Written>
            ))}
          </div>
        )}
      </Stack>
    </ResidentMatter>
  );
}
