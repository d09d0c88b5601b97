/** The windows of leaving: whether, for whom, and ten seconds to come back. */
import { Button, Dialog, Notice } from '../design';
import type { Words } from '../words';
import type { LeavingControl } from './Leave';
import { secondsLeft } from './leaving';

export function LeaveWindows({
  leaving,
  others,
  words,
}: {
  leaving: LeavingControl;
  others: number;
  words: Words;
}) {
  const { state, send, end, endFailed, now } = leaving;
  const back = () => send('back');
  const count = others <= 0 ? 'none' : others === 1 ? 'one' : 'other';
  return (
    <>
      <Dialog
        open={state.at === 'asking'}
        onClose={back}
        title={words.name('leave.title')}
        actions={
          <>
            <Button look="danger" onClick={() => send('leave')}>
              {words.name('leave.leave')}
            </Button>
            <Button look="danger-line" onClick={() => send('ask_end')}>
              {words.name('leave.end')}
            </Button>
            <Button look="plain" onClick={back}>
              {words.name('leave.back')}
            </Button>
          </>
        }
      >
        {words.name('leave.more_staff')}
      </Dialog>
      <Dialog
        open={state.at === 'confirming_end'}
        onClose={back}
        title={words.name('leave.end_title')}
        actions={
          <>
            <Button look="danger" onClick={() => void end()}>
              {words.name('leave.end_yes')}
            </Button>
            <Button look="plain" onClick={back}>
              {words.name('leave.back')}
            </Button>
          </>
        }
      >
        {words.name(`leave.end_more_${count}`, { count: others })}
        {endFailed && (
          <Notice look="danger" live>
            {words.name('leave.end_failed')}
          </Notice>
        )}
      </Dialog>
      <Dialog
        open={state.at === 'undoable'}
        onClose={back}
        title={words.name('leave.undo_title')}
        actions={
          <>
            <Button onClick={back}>{words.name('leave.undo')}</Button>
            <Button look="plain" onClick={() => send('now')}>
              {words.name('leave.now')}
            </Button>
          </>
        }
      >
        {words.name('leave.undo_more', { seconds: secondsLeft(state, now) })}
      </Dialog>
    </>
  );
}
