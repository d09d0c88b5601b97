/** The line and its data in words: what is sent and why, a choice of one's own, megabytes and the data saver. */

import { Clock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button, Figures, PanelSubhead, SelectField, Sheet, Stack, StatusLine, TextField } from '../design';
import { useWords, type Words } from '../words';
import { CheckLink } from './HelpDialog';
import type { Chosen } from './ladder';
import type { CallSession } from './session';
import { amount, CAPS_MB, parseCap, type Saver, type Traffic, usedShare } from './traffic';
import { useNow } from './useCall';
import type { WeakSnapshot } from './WeakLine';

const CHOSEN: readonly Chosen[] = ['high', 'standard', 'stills', 'voice'];
const CHOICES = ['automatic', ...CHOSEN] as const;

export function LineSheet({
  open,
  onClose,
  weak,
  session,
}: {
  open: boolean;
  onClose: () => void;
  weak: WeakSnapshot | null;
  session: CallSession | null;
}) {
  const words = useWords('weak');
  const acts = session?.weak ?? null;
  return (
    <Sheet open={open} onClose={onClose} title={words.name('sheet.title')}>
      {weak && (
        <Stack>
          <Sending weak={weak} words={words} onChoose={(chosen) => acts?.choose(chosen)} />
          <div>
            <PanelSubhead>{words.name('sheet.traffic')}</PanelSubhead>
            <TrafficFigures traffic={weak.traffic} saver={weak.saver} words={words} />
          </div>
          {weak.ladder.reason === 'cap' && (
            <Button size="large" look="second" onClick={() => acts?.goOn()}>
              {words.name('cap_go_on')}
            </Button>
          )}
          <SaverChoice saver={weak.saver} onCap={(cap) => acts?.setCap(cap)} />
          <div>
            <CheckLink />
          </div>
        </Stack>
      )}
    </Sheet>
  );
}

function Sending({
  weak,
  words,
  onChoose,
}: {
  weak: WeakSnapshot;
  words: Words;
  onChoose: (chosen: Chosen | null) => void;
}) {
  const now = useNow();
  const { rung, reason, pinned, climbsAt } = weak.ladder;
  const name =
    rung === 'stills'
      ? words.name('rung.stills_every', { seconds: weak.stillEvery_s })
      : words.name(`rung.${rung}`);
  return (
    <>
      <Figures
        items={[
          {
            label: words.name('sheet.now'),
            value: name,
            more: words.name('why', { reason: words.name(`reason.${reason}`) }),
          },
        ]}
      />
      {climbsAt !== null && (
        <StatusLine icon={Clock} look="plain">
          {words.name('sheet.climbs', { seconds: Math.max(0, Math.ceil(climbsAt - now)) })}
        </StatusLine>
      )}
      <SelectField
        large
        label={words.name('sheet.choose')}
        options={CHOICES.map((value) => ({ value, label: words.name(`sheet.${value}`) }))}
        value={pinned ?? 'automatic'}
        onChange={({ target }) => onChoose(CHOSEN.find((rung) => rung === target.value) ?? null)}
      />
      {pinned !== null && (
        <Button size="large" look="second" onClick={() => onChoose(null)}>
          {words.name('automatic')}
        </Button>
      )}
    </>
  );
}

function TrafficFigures({ traffic, saver, words }: { traffic: Traffic; saver: Saver; words: Words }) {
  const share = usedShare(traffic, saver);
  return (
    <Figures
      items={[
        {
          label: words.name('sheet.call'),
          value: amount(traffic.call_bytes),
          share: share ?? undefined,
          more:
            share === null
              ? undefined
              : words.name('sheet.cap_now', { cap: saver.cap_mb, percent: Math.floor(share * 100) }),
        },
        { label: words.name('sheet.month'), value: amount(traffic.month_bytes) },
      ]}
    />
  );
}

/** The cap, also before a call. */
export function SaverChoice({ saver, onCap }: { saver: Saver; onCap: (cap_mb: number) => void }) {
  const words = useWords('weak');
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const caps = [...new Set([...CAPS_MB, saver.cap_mb])].sort((one, other) => one - other);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const cap = parseCap(typed);
    setWrong(cap === null);
    if (cap !== null) onCap(cap);
  };
  return (
    <>
      <SelectField
        large
        label={words.name('sheet.saver')}
        hint={words.name('sheet.saver_more')}
        options={caps.map((cap) => ({
          value: String(cap),
          label: cap === 0 ? words.name('sheet.cap_off') : words.name('sheet.cap_mb', { cap }),
        }))}
        value={String(saver.cap_mb)}
        onChange={({ target }) => onCap(Number(target.value))}
      />
      <form onSubmit={submit}>
        <TextField
          large
          label={words.name('sheet.cap_own')}
          value={typed}
          inputMode="numeric"
          onChange={(event) => setTyped(event.target.value)}
          error={isWrong ? words.name('sheet.cap_wrong') : undefined}
          after={
            <Button type="submit" size="large" look="second">
              {words.name('sheet.cap_set')}
            </Button>
          }
        />
      </form>
    </>
  );
}
