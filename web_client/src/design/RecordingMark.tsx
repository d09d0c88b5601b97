/** A red line over the whole stage with one word in it: what everybody must know while a call is recorded. */
import { Furigana } from './Furigana';

export function RecordingMark({ children }: { children: string }) {
  return (
    <div
      data-recording
      className="pointer-events-none absolute inset-x-0 top-0 z-20 flex justify-center border-t-4 border-danger"
    >
      <p
        role="status"
        className="inline-flex items-center gap-2 rounded-b-control bg-danger px-3.5 pt-0.5 pb-1.5 text-16 leading-[1.4] font-bold text-white"
      >
        <span aria-hidden="true" className="size-3 rounded-full bg-white" />
        <span>
          <Furigana text={children} />
        </span>
      </p>
    </div>
  );
}
