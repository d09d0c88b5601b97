/** A window over all of the screen; apart from the others, which every page carries. */
import { useId } from 'react';
import { Titled, Window, type WindowProps } from './Dialog';

/** All of the screen, for what needs it: a picture looked at closely. */
export function FullWindow({ open, onClose, title, children }: WindowProps) {
  const titleId = useId();
  return (
    <Window
      open={open}
      onClose={onClose}
      labelledBy={titleId}
      className="m-0 size-full max-h-none max-w-none"
    >
      <div className="flex h-full flex-col">
        <Titled id={titleId} title={title} onClose={onClose}>
          {children}
        </Titled>
      </div>
    </Window>
  );
}
