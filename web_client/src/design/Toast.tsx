/** A short note that leaves by itself after 6 s with at most one action; never the only trace of an error. */
import { CircleCheck, type LucideIcon } from 'lucide-react';
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react';

const STAYS_MS = 6_000;

interface ToastContent {
  text: string;
  icon?: LucideIcon;
  action?: { label: string; onPress: () => void };
}

type ShowToast = (content: ToastContent) => void;

const ToastContext = createContext<ShowToast>(() => {});

export function ToastProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<(ToastContent & { id: number }) | null>(null);
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (!current || held) return;
    const timer = setTimeout(() => setCurrent(null), STAYS_MS);
    return () => clearTimeout(timer);
  }, [current, held]);

  const show = useCallback<ShowToast>((content) => setCurrent({ ...content, id: Date.now() }), []);

  return (
    <ToastContext value={show}>
      {children}
      <div
        role="status"
        className="pointer-events-none fixed inset-x-4 bottom-[max(16px,env(safe-area-inset-bottom))] z-50 flex justify-center"
      >
        {current && (
          // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds the note, it does nothing
          <div
            key={current.id}
            onMouseEnter={() => setHeld(true)}
            onMouseLeave={() => setHeld(false)}
            className="pointer-events-auto animate-rise"
          >
            <ToastNote content={current} onDone={() => setCurrent(null)} />
          </div>
        )}
      </div>
    </ToastContext>
  );
}

export function useToast(): ShowToast {
  return use(ToastContext);
}

/** The note itself, as the component page shows it. */
export function ToastNote({ content, onDone }: { content: ToastContent; onDone: () => void }) {
  const Icon = content.icon ?? CircleCheck;
  const { action } = content;
  return (
    <div className="inline-flex items-center gap-3 rounded-control bg-ink px-4 py-1.5 font-medium text-white shadow-2">
      <Icon size={24} aria-hidden className="flex-none" />
      <span className="py-1.5 leading-[1.5]">{content.text}</span>
      {action && (
        <button
          type="button"
          className="min-h-11 px-2 font-bold underline underline-offset-4"
          onClick={() => {
            onDone();
            action.onPress();
          }}
        >
          {action.label}
        </button>
      )}
    </div>
  );
}
