/** A resident's address and their yes, which something is sent to. Its words stand under `at`: `mail.address` and so on. */
import { CircleCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Check, ErrorNotice, Furigana, Stack, TextField } from '../design';
import { useSending } from '../sending';
import type { Words } from '../words';

export function AddressForm({
  words,
  at,
  send,
  children,
}: {
  words: Words;
  at: 'mail' | 'ask';
  send: (address: string) => Promise<void>;
  /** Another way out, below the button. */
  children?: ReactNode;
}) {
  const [address, setAddress] = useState('');
  const [agrees, setAgrees] = useState(false);
  const { busy, error, submit } = useSending(async () => {
    await send(address.trim());
    setAddress('');
    setAgrees(false);
  });
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <TextField
          large
          label={words.name(`${at}.address`)}
          type="email"
          required
          autoComplete="email"
          inputMode="email"
          maxLength={254}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
        <Check
          required
          checked={agrees}
          onChange={(event) => setAgrees(event.target.checked)}
          label={<Furigana text={words.say(`${at}.consent`)} />}
        />
        {error !== null && <ErrorNotice title={words.name(`${at}.failed`)} error={error} />}
        <Button
          type="submit"
          size="large"
          block
          icon={CircleCheck}
          busy={busy}
          busyLabel={words.name(`${at}.sending`)}
        >
          <Furigana text={words.say(`${at}.send`)} />
        </Button>
        {children}
      </Stack>
    </form>
  );
}
