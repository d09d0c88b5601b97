/** A window over all of the screen; apart from the others, which every page carries. */
import { X } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';
import { Window, type WindowProps } from './Dialog';

/** All of the screen, for what needs it: a picture looked at closely. */
export function FullWindow({ open, onClose, title, children }: WindowProps) {
  const titleId = useId();
  const { t } = useTranslation('app');
  return (
    <Window
      open={open}
      onClose={onClose}
      labelledBy={titleId}
      className="m-0 size-full max-h-none max-w-none"
    >
      <div className="flex h-full flex-col">
        <div className="flex flex-none items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-5">
          <h2 id={titleId} className="text-20">
            {title}
          </h2>
          <IconButton icon={X} label={t('close')} onClick={onClose} />
        </div>
        <section
          className="min-h-0 flex-1 overflow-y-auto focus-inside"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-labelledby={titleId}
        >
          {children}
        </section>
      </div>
    </Window>
  );
}
