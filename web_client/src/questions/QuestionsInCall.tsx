/** Questions beside the chat of a call: closed to one line until somebody wants them, and a chat line noted with one tap. */
import { Check, MessageCircleQuestion } from 'lucide-react';
import { useState } from 'react';
import { Button, Disclosure, StatusLine } from '../design';
import { useWords } from '../words';
import { Questions, useQuestions } from './Questions';

export function QuestionsInCall({ callId, isStaff }: { callId: string; isStaff: boolean }) {
  const words = useWords('question');
  const { asked } = useQuestions(callId);
  const count = asked.questions.filter(({ state }) => state !== 'dropped').length;
  return (
    <Disclosure summary={words.name(count > 0 ? 'title_count' : 'title', { count })}>
      <Questions callId={callId} isStaff={isStaff} />
    </Disclosure>
  );
}

export function NoteAsQuestion({ line }: { line: { id: string; call_id: string; text: string } }) {
  const words = useWords('question');
  const { store, asked } = useQuestions(line.call_id);
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  if (asked.questions.some(({ message_id }) => message_id === line.id)) {
    return <StatusLine icon={Check}>{words.name('noted')}</StatusLine>;
  }
  const note = () => {
    setState('busy');
    store.ask({ message_id: line.id }).then(
      () => setState('idle'),
      () => setState('failed'),
    );
  };
  return (
    <Button
      size="small"
      look="quiet"
      icon={MessageCircleQuestion}
      busy={state === 'busy'}
      busyLabel={words.name('saving')}
      aria-label={words.name('note_named', { text: line.text.slice(0, 40) })}
      onClick={note}
    >
      {words.name(state === 'failed' ? 'note_again' : 'note_line')}
    </Button>
  );
}
