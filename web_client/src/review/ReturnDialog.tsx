/** 返す: what is to be put right, in a word, to whoever answered for it. */
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, ErrorNotice, Stack, Words as Text, TextArea } from '../design';
import { useWords } from '../words';

export function ReturnDialog({
  busy,
  error,
  onClose,
  onReturn,
}: {
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onReturn: (words: string) => void;
}) {
  const words = useWords('review');
  const [said, setSaid] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('back.give')}
      closable
      actions={
        <Button icon={Undo2} disabled={said.trim() === ''} busy={busy} onClick={() => onReturn(said.trim())}>
          {words.name('back.give')}
        </Button>
      }
    >
      <Stack gap={4}>
        <Text>{words.name('back.more')}</Text>
        <TextArea
          label={words.name('back.words')}
          rows={2}
          maxLength={400}
          value={said}
          onChange={({ target }) => setSaid(target.value)}
        />
        {error !== null && <ErrorNotice title={words.name('back.failed')} error={error} />}
      </Stack>
    </Dialog>
  );
}
