/** The words of a mark that needs some: what is written there, or how long the stretch is that was just drawn. */
import { type FormEvent, useId, useState } from 'react';
import { Button, Dialog, TextArea, TextField } from '../design';
import { useWords } from '../words';
import { MAX_TEXT, readLength } from './marks';
import type { Unworded } from './useDrawing';

export function WordsDialog({
  mark,
  onWords,
  onClose,
}: {
  mark: Unworded;
  onWords: (text: string) => void;
  onClose: () => void;
}) {
  const words = useWords('view');
  const form = useId();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const isLength = mark.tool !== 'text';
  const kind = isLength ? 'length' : 'words';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = text.trim();
    if (said === '' || (isLength && readLength(said) === null)) setWrong(true);
    else onWords(said);
  };
  const field = {
    label: words.name(`${kind}.label`),
    hint: isLength ? words.name('length.hint') : undefined,
    error: isWrong ? words.name(`${kind}.wrong`) : null,
    value: text,
    maxLength: MAX_TEXT,
    autoFocus: true,
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name(`${kind}.title`)}
      actions={
        <>
          <Button type="submit" form={form}>
            {words.name(`${kind}.done`)}
          </Button>
          <Button look="plain" onClick={onClose}>
            {words.name('words.cancel')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        {isLength ? (
          <TextField {...field} onChange={(event) => setText(event.target.value)} />
        ) : (
          <TextArea {...field} rows={2} onChange={(event) => setText(event.target.value)} />
        )}
      </form>
    </Dialog>
  );
}
