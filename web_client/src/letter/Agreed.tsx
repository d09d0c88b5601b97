/** What the holder of the letter agreed to in the call, to see and to take back. In a dialog of its own, as it cannot be undone. */
import { CircleCheck, RefreshCw, Undo2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { get, type LetterConsents, type LetterReceipt, post } from '../api';
import {
  Button,
  Check,
  Dialog,
  ErrorNotice,
  Furigana,
  ResidentBlock,
  ResidentMatter,
  ResidentText,
  Stack,
} from '../design';
import { useSending } from '../sending';
import type { Words } from '../words';
import { day } from './day';

type Purpose = LetterReceipt['withdrawn'][number];

export function Agreed({ code, words }: { code: string; words: Words }) {
  const [found, setFound] = useState<LetterConsents | null>(null);
  const [receipt, setReceipt] = useState<LetterReceipt | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const read = useCallback(() => {
    setError(null);
    get('/letter/{code}/consents', { path: { code }, query: { language: words.language } }).then(
      setFound,
      setError,
    );
  }, [code, words.language]);
  useEffect(read, [read]);
  if (error !== null) {
    return (
      <ResidentBlock title={words.say('agreed.title')}>
        <Stack gap={3}>
          <ErrorNotice title={words.name('agreed.unread')} error={error} />
          <Button size="large" icon={RefreshCw} onClick={read}>
            <Furigana text={words.say('again')} />
          </Button>
        </Stack>
      </ResidentBlock>
    );
  }
  if (found === null || found.consents.length === 0) return null;
  const standing = found.consents.filter(
    ({ state, taken, purpose }) =>
      state === 'given' ||
      taken === 'waiting' ||
      (state === 'withdrawn' && taken === 'kept' && purpose !== 'photo'),
  );
  return (
    <ResidentBlock title={words.say('agreed.title')}>
      <Stack gap={3}>
        {found.consents.map(({ purpose, state, taken, at }) => (
          <ResidentText
            key={purpose}
            text={words.say(`agreed.${state}`, {
              what: words.say(`agreed.${purpose}`),
              day: day(at, words.language),
              more: state === 'withdrawn' ? words.say(`agreed.taken.${purpose}.${taken}`) : '',
            })}
          />
        ))}
        {receipt !== null && (
          <ResidentMatter icon={CircleCheck} look="ok" level="h3" text={words.say('agreed.done')}>
            <ResidentText text={words.say('agreed.receipt', { number: receipt.number })} />
          </ResidentMatter>
        )}
        {standing.length > 0 && (
          <Button size="large" look="second" block icon={Undo2} onClick={() => setAsking(true)}>
            <Furigana text={words.say('agreed.take_back')} />
          </Button>
        )}
      </Stack>
      <Dialog open={isAsking} onClose={() => setAsking(false)} title={words.name('agreed.take_back')}>
        <TakeBack
          purposes={standing.map(({ purpose }) => purpose)}
          {...{ code, words }}
          onDone={(done) => {
            setFound(done);
            setReceipt(done);
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        />
      </Dialog>
    </ResidentBlock>
  );
}

function TakeBack({
  code,
  purposes,
  words,
  onDone,
  onClose,
}: {
  code: string;
  purposes: readonly Purpose[];
  words: Words;
  onDone: (receipt: LetterReceipt) => void;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState<readonly Purpose[]>(purposes);
  const [wantsDeleted, setWantsDeleted] = useState(true);
  const { busy, error, submit } = useSending(async () => {
    const path = { code };
    const query = { language: words.language };
    const body = { purposes: [...chosen], delete: wantsDeleted };
    onDone(await post('/letter/{code}/consents/withdraw', { path, query, body }));
  });
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <ResidentText text={words.say('agreed.which')} />
        {purposes.map((purpose) => (
          <Check
            key={purpose}
            checked={chosen.includes(purpose)}
            onChange={({ target }) =>
              setChosen(target.checked ? [...chosen, purpose] : chosen.filter((each) => each !== purpose))
            }
            label={<Furigana text={words.say(`agreed.${purpose}`)} />}
          />
        ))}
        <Check
          checked={wantsDeleted}
          onChange={({ target }) => setWantsDeleted(target.checked)}
          label={<Furigana text={words.say('agreed.delete')} />}
        />
        <ResidentText voice="note" text={words.say('agreed.what_happens')} />
        {chosen.includes('photo') && <ResidentText voice="note" text={words.say('agreed.photo_stays')} />}
        {error !== null && <ErrorNotice title={words.name('agreed.failed')} error={error} />}
        <Button
          type="submit"
          size="large"
          block
          disabled={chosen.length === 0}
          busy={busy}
          busyLabel={words.name('agreed.sending')}
        >
          <Furigana text={words.say('agreed.take_back')} />
        </Button>
        <Button size="large" look="plain" block onClick={onClose}>
          <Furigana text={words.say('agreed.cancel')} />
        </Button>
      </Stack>
    </form>
  );
}
