/** What a list said, for the office that sent it: faults, doubts, repairs, and what contradicts other lists. */
import type { BroughtList } from '../api';
import { DataTable, Section, Stack, Tag } from '../design';
import { useWords, type Words } from '../words';

type Finding = BroughtList['findings'][number];
type Clash = BroughtList['contradictions'][number];

const WEIGHTS = ['fault', 'doubt', 'repair'] as const;
const LOOKS = { fault: 'danger', doubt: 'warn', repair: 'info' } as const;
const SHOWN_PLACES = 3;

export function ListReport({ answer }: { answer: BroughtList }) {
  const words = useWords('catalogue');
  return (
    <Stack gap={6}>
      {WEIGHTS.map((weight) => {
        const found = answer.findings.filter((finding) => finding.weight === weight);
        return found.length === 0 ? null : <Findings key={weight} weight={weight} found={found} />;
      })}
      {answer.contradictions.length > 0 && (
        <Section title={words.name('contradictions', { count: answer.contradictions.length })}>
          <Clashes clashes={answer.contradictions} />
        </Section>
      )}
    </Stack>
  );
}

function Findings({ weight, found }: { weight: Finding['weight']; found: Finding[] }) {
  const words = useWords('catalogue');
  const title = words.name(`weight.${weight}`);
  return (
    <Section title={title} count={<Tag look={LOOKS[weight]}>{String(found.length)}</Tag>}>
      <DataTable
        caption={title}
        columns={[
          {
            key: 'remark',
            label: words.name('what'),
            lead: true,
            cell: ({ remark }) => words.name(`remark.${remark}`),
          },
          {
            key: 'column',
            label: words.name('column'),
            cell: ({ column }) => column || words.name('whole_file'),
          },
          { key: 'count', label: words.name('count'), figures: true, cell: ({ count }) => String(count) },
          { key: 'places', label: words.name('places'), cell: (finding) => placesOf(finding, words) },
        ]}
        rows={found}
        rowKey={({ remark, column }) => `${remark} ${column}`}
      />
    </Section>
  );
}

function placesOf({ places, count }: Finding, words: Words): string {
  const shown = places.slice(0, SHOWN_PLACES).map(({ line, value, became }) => {
    const where = line ? words.name('line', { line }) : '';
    return `${where} ${value}${became ? ` → ${became}` : ''}`.trim();
  });
  const more = count - shown.length;
  return [...shown, ...(more > 0 ? [words.name('more', { count: more })] : [])].filter(Boolean).join(' / ');
}

/** What cannot all be true, with both records and what to look at. */
export function Clashes({ clashes }: { clashes: readonly Clash[] }) {
  const words = useWords('catalogue');
  return (
    <DataTable
      caption={words.name('contradictions', { count: clashes.length })}
      columns={[
        {
          key: 'what',
          label: words.name('what'),
          lead: true,
          cell: ({ clash }) => words.name(`clash.${clash}`),
        },
        { key: 'who', label: words.name('who'), cell: (clash) => named(clash.who) },
        {
          key: 'other',
          label: words.name('other'),
          cell: (clash) => (clash.other ? named(clash.other) : '—'),
        },
        { key: 'words', label: words.name('look_at'), cell: (clash) => clash.words },
      ]}
      rows={[...clashes]}
      rowKey={({ clash, who, other, words: said }) => `${clash} ${who.entry_id} ${other?.entry_id} ${said}`}
    />
  );
}

function named({ entry_id, title }: Clash['who']): string {
  return `${entry_id} ${title}`;
}
