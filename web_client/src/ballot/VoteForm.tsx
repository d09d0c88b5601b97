/**
 * One's own answer: chosen, with an opinion, proved by a code that is mailed to the invited address, sent once. What was
 * chosen and typed stays while the mail is fetched and when the server says no.
 */
import { ArrowLeftRight, Check, MailPlus, Minus, Send, ThumbsDown, ThumbsUp } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ApiError, type BallotView, post } from '../api';
import {
  Button,
  ChoiceGrid,
  digitsOf,
  ErrorNotice,
  Furigana,
  Notice,
  OTP_LENGTH,
  OtpField,
  ResidentBlock,
  ResidentText,
  Stack,
  TextArea,
  useErrorWords,
} from '../design';
import type { Words } from '../words';

type Vote = 'agree' | 'object' | 'abstain' | 'recuse';
const ICONS = { agree: ThumbsUp, object: ThumbsDown, abstain: Minus, recuse: ArrowLeftRight };
const VOTES = Object.keys(ICONS) as Vote[];
const OF_CODES = ['ballot.code_wrong', 'ballot.code_over'];

export function VoteForm({
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
  const [vote, setVote] = useState<Vote>();
  const [opinion, setOpinion] = useState('');
  const [digits, setDigits] = useState('');
  const [doing, setDoing] = useState<'code' | 'vote' | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const send = async (what: 'code' | 'vote', ask: () => Promise<BallotView>) => {
    setDoing(what);
    setError(null);
    setDigits('');
    try {
      onKeep(await ask());
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal : new Error(String(refusal)));
    }
    setDoing(null);
  };
  const path = { code };
  const mail = () => void send('code', () => post('/ballot/{code}/code', { path }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (vote === undefined || digits.length < OTP_LENGTH) return;
    const body = { vote, words: opinion, code: digits };
    void send('vote', () => post('/ballot/{code}/vote', { path, body }));
  };
  const isSaid = vote !== undefined && (vote !== 'object' || opinion.trim() !== '');
  return (
    <ResidentBlock title={words.say('answer')}>
      <form onSubmit={submit}>
        <Stack gap={4}>
          <ChoiceGrid
            label={words.name('answer')}
            choices={VOTES.map((key) => ({ key, label: words.name(`vote.${key}`), icon: ICONS[key] }))}
            selected={vote}
            onSelect={setVote}
          />
          {vote === 'recuse' && <ResidentText voice="note" text={words.say('recuse')} />}
          <TextArea
            label={words.name(vote === 'object' ? 'opinion_needed' : 'opinion')}
            hint={words.name('opinion_hint')}
            rows={3}
            maxLength={1000}
            required={vote === 'object'}
            value={opinion}
            onChange={(event) => setOpinion(event.target.value)}
          />
          <Proof
            ballot={ballot}
            words={words}
            digits={digits}
            onDigits={(typed) => {
              if (error && typed) setError(null);
              setDigits(digitsOf(typed));
            }}
            error={error}
            isBusy={doing === 'code'}
            onMail={mail}
          />
          {ballot.mailed_at && (
            <>
              {vote && <ResidentText text={words.say('sure', { vote: words.say(`vote.${vote}`) })} />}
              <Button
                type="submit"
                size="large"
                block
                icon={Send}
                busy={doing === 'vote'}
                busyLabel={words.name('sending')}
                disabled={!isSaid || digits.length < OTP_LENGTH}
              >
                <Furigana text={words.say('send')} />
              </Button>
            </>
          )}
        </Stack>
      </form>
    </ResidentBlock>
  );
}

/** The six digits: asked for, then typed; what is wrong with them stands under them. */
function Proof({
  ballot,
  words,
  digits,
  onDigits,
  error,
  isBusy,
  onMail,
}: {
  ballot: BallotView;
  words: Words;
  digits: string;
  onDigits: (typed: string) => void;
  error: Error | null;
  isBusy: boolean;
  onMail: () => void;
}) {
  const sentence = useErrorWords();
  const isOfCode = error instanceof ApiError && OF_CODES.includes(error.key);
  const failed = error && !isOfCode && <ErrorNotice title={words.name('failed')} error={error} />;
  const { masked } = ballot;
  if (!ballot.mailed_at)
    return (
      <Stack gap={3}>
        <ResidentText text={words.say('code.why', { masked })} />
        {isOfCode && <Notice look="warn" title={sentence(error)} live />}
        {failed}
        <Button
          size="large"
          block
          icon={MailPlus}
          busy={isBusy}
          busyLabel={words.name('sending')}
          onClick={onMail}
        >
          <Furigana text={words.say('code.ask')} />
        </Button>
      </Stack>
    );
  return (
    <Stack gap={3}>
      <Notice look="ok" icon={Check} live title={words.name('code.sent', { masked })}>
        <Furigana text={words.say('code.sent_more')} />
      </Notice>
      <OtpField
        label={words.name('code.label')}
        value={digits}
        onChange={onDigits}
        error={isOfCode ? sentence(error) : null}
      />
      {failed}
      <Button look="quiet" busy={isBusy} busyLabel={words.name('sending')} onClick={onMail}>
        <Furigana text={words.say('code.again')} />
      </Button>
    </Stack>
  );
}
