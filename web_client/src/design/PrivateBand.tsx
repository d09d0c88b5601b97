/** Over the whole call of staff: that guests do not hear them now, in a colour that nothing else in a call has. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes';

/** `alarm` while guests are shut out; without it, what goes on beside the talk. */
export function PrivateBand({
  icon: Icon,
  title,
  counter,
  children,
  actions,
  below,
  alarm = false,
}: {
  icon: LucideIcon;
  title: string;
  counter?: string;
  children?: ReactNode;
  actions?: ReactNode;
  below?: ReactNode;
  alarm?: boolean;
}) {
  return (
    <section
      aria-label={title}
      className={classes(
        'max-h-[40dvh] overflow-y-auto border-b-4 px-4 py-2.5 text-ink tablet:px-5',
        alarm ? 'border-warn bg-warn-stage' : 'border-brand bg-brand-tint-2',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3.5 gap-y-2">
        <Icon size={32} aria-hidden className="flex-none" />
        <div role="status" className="min-w-0 flex-1 basis-52">
          <p className="heading text-18 leading-[1.4] tablet:text-20">
            {title}
            {counter && (
              <span aria-hidden="true" className="figures ml-2.5">
                {counter}
              </span>
            )}
          </p>
          {children && <p className="text-16 leading-[1.5]">{children}</p>}
        </div>
        {actions && <div className="flex max-w-full flex-none flex-wrap gap-2">{actions}</div>}
      </div>
      {below && <div className="mt-2">{below}</div>}
    </section>
  );
}
