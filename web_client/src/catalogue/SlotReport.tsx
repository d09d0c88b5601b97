/** What a feed says and what taking it in would do, for whoever decides it. */
import type { SlotLook } from '../api';
import { dateOf, timeOf } from '../clock';
import { Facts, Notice, Stack } from '../design';
import type { Words } from '../words';

type Fault = NonNullable<SlotLook['fault']>;

/** Why nothing was taken, with the line and what stood there. */
export function slotFault({ reason, place, status, value }: Fault, words: Words): string {
  const what = words.name(`fault.${reason}`, { status });
  if (place && value) return words.name('fault_where', { what, place, value });
  return place ? words.name('fault_place', { what, place }) : what;
}

export function SlotReport({ look, words }: { look: SlotLook; words: Words }) {
  if (look.fault) return <Notice look="warn" live title={slotFault(look.fault, words)} />;
  if (look.taken) return <Notice look="ok" live title={words.name('taken', { free: look.free })} />;
  if (look.slots === 0) return <Notice look="warn" live title={words.name('found_none')} />;
  return (
    <Stack gap={3}>
      <Notice look="info" live title={words.name('found', { slots: look.slots, free: look.free })} />
      <Facts facts={factsOf(look, words)} />
    </Stack>
  );
}

function factsOf(look: SlotLook, words: Words): (readonly [string, React.ReactNode])[] {
  const day = (at: string) => dateOf(at, words.language);
  const facts: (readonly [string, React.ReactNode])[] = [];
  if (look.first_at && look.last_at)
    facts.push([
      words.name('span'),
      day(look.first_at) === day(look.last_at)
        ? day(look.first_at)
        : words.name('span_days', { first: day(look.first_at), last: day(look.last_at) }),
    ]);
  for (const name of ['opened', 'gone', 'over'] as const)
    if (look[name] > 0) facts.push([words.name(name), words.name(`${name}_count`, { count: look[name] })]);
  facts.push([
    words.name('halls'),
    <Lines
      key="halls"
      lines={look.halls.map(({ id, title }) =>
        title ? words.name('hall', { title, id }) : words.name('hall_unknown', { id }),
      )}
    />,
  ]);
  const samples = look.samples.map(({ starts_at, ends_at, room }) =>
    words.name('sample', { day: day(starts_at), from: timeOf(starts_at), until: timeOf(ends_at), room }),
  );
  if (samples.length > 0) facts.push([words.name('samples'), <Lines key="samples" lines={samples} />]);
  return facts;
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
