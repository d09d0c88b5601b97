/**
 * Approving, with a fresh code: the digits, then one press. A condition, a reason for returning and a deputy's reason are one
 * sentence more. What was typed stays when the server says no.
 */
import { Check, ClipboardPaste, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Decision } from '../api';
import {
  Button,
  digitsOf,
  ErrorNotice,
  OTP_LENGTH,
  OtpField,
  Row,
  Stack,
  TextArea,
  TwoAnswers,
  useErrorWords,
  Words,
} from '../design';
import type { DecisionActs } from './decisions';

type Verdict = 'approved' | 'conditional' | 'returned' | 'cancelled';
type Vote = 'agree' | 'object' | 'abstain' | 'recuse';
const OF_CODES = ['otp.wrong', 'otp.used', 'sign_in.locked'];

export function Judge({ decision, acts }: { decision: Decision; acts: DecisionActs }) {
  const { can } = decision;
  if (can.includes('vote')) return <Voting acts={acts} />;
  return <Approving acts={acts} isDeputy={!can.includes('approve')} isOral={decision.state === 'oral'} />;
}

function Approving({ acts, isDeputy, isOral }: { acts: DecisionActs; isDeputy: boolean; isOral: boolean }) {
  const { t } = useTranslation('decision');
  const { judge } = acts;
  const [code, setCode] = useState('');
  const [words, setWords] = useState('');
  const [asking, setAsking] = useState<Verdict | null>(null);
  const verdict = asking ?? 'approved';
  const needsWords = isDeputy || asking !== null;
  const send = () => judge.mutate({ verdict, words, code }, { onError: () => setCode('') });
  const isReady = code.length === OTP_LENGTH && (!needsWords || words.trim() !== '');
  return (
    <Stack gap={3}>
      {isOral && !asking && <Words>{t('judge.oral')}</Words>}
      {needsWords && (
        <Sentence
          label={t(asking === null ? 'judge.deputy' : `judge.words_${asking}`)}
          words={words}
          onWords={setWords}
        />
      )}
      <Code code={code} onCode={setCode} error={judge.error} onAgain={acts.again} onType={judge.reset} />
      <Button
        size="large"
        block
        look={asking === 'returned' ? 'danger' : 'primary'}
        icon={asking === 'returned' ? Undo2 : Check}
        busy={judge.isPending}
        busyLabel={t('judge.busy')}
        disabled={!isReady}
        onClick={send}
      >
        {t(`judge.${asking === null && isDeputy ? 'stand_in' : verdict}`)}
      </Button>
      {asking === null && !isDeputy && (
        <TwoAnswers>
          <Button look="second" onClick={() => setAsking('conditional')}>
            {t('judge.ask_conditional')}
          </Button>
          <Button look="danger-line" onClick={() => setAsking('returned')}>
            {t(isOral ? 'judge.ask_denied' : 'judge.ask_returned')}
          </Button>
        </TwoAnswers>
      )}
      {asking !== null && (
        <Button look="quiet" onClick={() => setAsking(null)}>
          {t('judge.back')}
        </Button>
      )}
    </Stack>
  );
}

/** What was approved is taken back: rare, so it is opened first. */
export function Cancelling({ acts }: { acts: DecisionActs }) {
  const { t } = useTranslation('decision');
  const { judge } = acts;
  const [isOpen, setOpen] = useState(false);
  const [code, setCode] = useState('');
  const [words, setWords] = useState('');
  if (!isOpen)
    return (
      <Row>
        <Button look="danger-line" onClick={() => setOpen(true)}>
          {t('judge.ask_cancelled')}
        </Button>
      </Row>
    );
  return (
    <Stack gap={3}>
      <Sentence label={t('judge.words_cancelled')} words={words} onWords={setWords} />
      <Code code={code} onCode={setCode} error={judge.error} onAgain={acts.again} onType={judge.reset} />
      <Button
        look="danger"
        size="large"
        block
        busy={judge.isPending}
        disabled={code.length < OTP_LENGTH || !words.trim()}
        onClick={() => judge.mutate({ verdict: 'cancelled', words, code }, { onError: () => setCode('') })}
      >
        {t('judge.cancelled')}
      </Button>
      <Button look="quiet" onClick={() => setOpen(false)}>
        {t('judge.back')}
      </Button>
    </Stack>
  );
}

function Voting({ acts }: { acts: DecisionActs }) {
  const { t } = useTranslation('decision');
  const { vote } = acts;
  const [code, setCode] = useState('');
  const [words, setWords] = useState('');
  const say = (said: Vote) => vote.mutate({ vote: said, words, code }, { onError: () => setCode('') });
  const isReady = code.length === OTP_LENGTH;
  const button = (said: Vote) => ({
    busy: vote.isPending && vote.variables.vote === said,
    disabled: !isReady || vote.isPending || (said === 'object' && !words.trim()),
    onClick: () => say(said),
  });
  return (
    <Stack gap={3}>
      <TextArea
        label={t('judge.opinion')}
        hint={t('judge.opinion_hint')}
        rows={1}
        maxLength={1000}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Code code={code} onCode={setCode} error={vote.error} onAgain={acts.again} onType={vote.reset} />
      <Button size="large" block icon={Check} {...button('agree')}>
        {t('judge.agree')}
      </Button>
      <TwoAnswers>
        <Button look="danger-line" {...button('object')}>
          {t('judge.object')}
        </Button>
        <Button look="plain" {...button('abstain')}>
          {t('judge.abstain')}
        </Button>
        <Button look="plain" {...button('recuse')}>
          {t('judge.recuse')}
        </Button>
      </TwoAnswers>
    </Stack>
  );
}

/** Without it the act does not count. */
function Sentence({
  label,
  words,
  onWords,
}: {
  label: string;
  words: string;
  onWords: (words: string) => void;
}) {
  return (
    <TextArea
      label={label}
      rows={1}
      maxLength={1000}
      required
      value={words}
      onChange={(event) => onWords(event.target.value)}
    />
  );
}

/** The six digits; what is wrong with them stands under them, anything else in a notice with a way on. */
function Code({
  code,
  onCode,
  error,
  onAgain,
  onType,
}: {
  code: string;
  onCode: (code: string) => void;
  error: Error | null;
  onAgain: () => void;
  onType: () => void;
}) {
  const { t } = useTranslation('decision');
  const words = useErrorWords();
  const isOfCode = error instanceof ApiError && OF_CODES.includes(error.key);
  const change = (digits: string) => {
    if (error && digits) onType();
    onCode(digits);
  };
  const paste = async () => change(digitsOf(await navigator.clipboard.readText().catch(() => '')));
  return (
    <Stack gap={2}>
      <Row justify="between">
        <Words voice="strong">{t('judge.code')}</Words>
        <Button look="quiet" size="small" icon={ClipboardPaste} onClick={() => void paste()}>
          {t('judge.paste')}
        </Button>
      </Row>
      <OtpField
        compact
        label={t('judge.code')}
        labelHidden
        value={code}
        onChange={change}
        error={isOfCode ? words(error) : null}
      />
      {error && !isOfCode && <ErrorNotice title={t('judge.failed')} error={error} />}
      {error instanceof ApiError && error.key === 'decision.changed' && (
        <Button look="second" onClick={onAgain}>
          {t('judge.again')}
        </Button>
      )}
    </Stack>
  );
}
