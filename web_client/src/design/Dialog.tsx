/**
 * Windows over the page, on the browser's own <dialog>: it traps the focus, closes on Escape, makes the rest
 * inert and gives the focus back to the opener. `Dialog` asks something in the middle; `Sheet` slides in from
 * the bottom (phones) or the right side with a list or a form.
 */
import { X } from 'lucide-react';
import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';
import { classes } from './classes';
import { Furigana } from './Furigana';

export interface WindowProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children?: ReactNode;
  /** Buttons at the foot, the main one first. */
  actions?: ReactNode;
}

/** `closable` puts a cross beside the title, for windows without buttons of their own. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  actions,
  closable = false,
}: WindowProps & { closable?: boolean }) {
  const titleId = useId();
  const { t } = useTranslation('app');
  return (
    <Window
      open={open}
      onClose={onClose}
      labelledBy={titleId}
      className="m-auto w-[calc(100%-32px)] max-w-[560px] animate-rise overflow-y-auto rounded-sheet p-5 tablet:p-7"
    >
      <div className="flex items-start justify-between gap-3">
        <h2 id={titleId} className="text-20 leading-[1.45] tablet:text-22">
          <Furigana text={title} />
        </h2>
        {closable && <IconButton icon={X} label={t('close')} onClick={onClose} />}
      </div>
      {children && <div className="mt-2 text-ink-2">{children}</div>}
      {actions && (
        <div className="mt-5 grid grid-flow-row gap-3 tablet:auto-cols-fr tablet:grid-flow-col">
          {actions}
        </div>
      )}
    </Window>
  );
}

export function Sheet({ open, onClose, title, children, actions }: WindowProps) {
  const titleId = useId();
  return (
    <Window
      open={open}
      onClose={onClose}
      labelledBy={titleId}
      className={classes(
        'mx-0 mt-auto mb-0 max-h-[88dvh] w-full max-w-none animate-rise rounded-t-sheet',
        'tablet:my-0 tablet:mr-0 tablet:ml-auto tablet:h-dvh tablet:max-h-none tablet:w-[440px] tablet:rounded-none',
      )}
    >
      <div className="flex max-h-[inherit] min-h-0 flex-col tablet:h-full">
        <Titled id={titleId} title={title} onClose={onClose} className="p-5">
          {children}
        </Titled>
        {actions && (
          <div className="grid flex-none gap-3 border-t border-line p-4 pb-[max(16px,env(safe-area-inset-bottom))]">
            {actions}
          </div>
        )}
      </div>
    </Window>
  );
}

/** A title with a cross, and under it what scrolls. */
export function Titled({
  id,
  title,
  onClose,
  className = '',
  children,
}: Pick<WindowProps, 'title' | 'onClose' | 'children'> & { id: string; className?: string }) {
  const { t } = useTranslation('app');
  return (
    <>
      <div className="flex flex-none items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-5">
        <h2 id={id} className="text-20">
          <Furigana text={title} />
        </h2>
        <IconButton icon={X} label={t('close')} onClick={onClose} />
      </div>
      <section
        className={classes('min-h-0 flex-1 overflow-y-auto focus-inside', className)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-labelledby={id}
      >
        {children}
      </section>
    </>
  );
}

/** What all of them stand on. */
export function Window({
  open,
  onClose,
  labelledBy,
  className,
  children,
}: {
  open: boolean;
  onClose: () => void;
  labelledBy: string;
  className: string;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element || !open) return;
    const opener = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [open]);

  const onBackdrop = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes; the click on the ground is a convenience
    <dialog
      ref={dialog}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={onBackdrop}
      className={classes(
        'overflow-hidden bg-surface text-ink shadow-3',
        open ? 'block' : 'hidden',
        className,
      )}
    >
      {open && children}
    </dialog>
  );
}
