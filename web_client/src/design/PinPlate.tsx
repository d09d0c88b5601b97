/**
 * A place without a map: a drawn plate with a pin, and in words the address and the position. It is what a screen shows
 * where no tiles are set up or none arrive; beside a map its words stay, so that the map is never the only way.
 */
import { MapPin } from 'lucide-react';
import type { ReactNode } from 'react';

export function PinPlate({
  name,
  address,
  position,
  children,
}: {
  /** What stands in the plate's middle, for example that there is no map here. */
  name: string;
  address: string;
  position: string;
  children?: ReactNode;
}) {
  return (
    <figure className="overflow-hidden rounded-card border border-line bg-surface">
      {children || (
        <div className="relative grid h-36 place-items-center overflow-hidden bg-well text-ink-3">
          <svg
            aria-hidden="true"
            viewBox="0 0 320 144"
            preserveAspectRatio="xMidYMid slice"
            className="absolute inset-0 size-full text-line"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
          >
            <path d="M0 100 90 74l70 10 160-42M60 0l40 144M210 0l26 144M0 36l120-14 200 90" />
          </svg>
          <span className="relative flex flex-col items-center gap-1">
            <MapPin size={40} aria-hidden className="text-brand" />
            <span className="rounded-tag bg-surface px-2 text-14 text-ink-2">{name}</span>
          </span>
        </div>
      )}
      <figcaption className="px-4 py-3">
        {address && <span className="block text-16 font-bold">{address}</span>}
        {position && <span className="figures block text-14 text-ink-2">{position}</span>}
      </figcaption>
    </figure>
  );
}
