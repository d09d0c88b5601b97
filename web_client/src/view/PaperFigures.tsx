/** 紙削減 (R13): what was looked at and not printed, with the formula beside the figure, and who saw which page when. */
import { useQuery } from '@tanstack/react-query';
import { get, type Paper } from '../api';
import { timeWithSeconds } from '../clock';
import { Failed, isRole, Loading, MarkLine, MarkLines, Section } from '../design';
import { useWords, type Words } from '../words';
import { pageOf } from './together';

export function PaperFigures({ callId }: { callId: string }) {
  const words = useWords('view');
  const paper = useQuery({
    queryKey: ['calls', callId, 'paper'],
    queryFn: () => get('/calls/{call_id}/paper', { path: { call_id: callId } }),
  });
  return (
    <Section title={words.name('paper.title')}>
      {paper.data ? (
        <Figures paper={paper.data} words={words} />
      ) : paper.isPending ? (
        <Loading label={words.name('paper.title')} />
      ) : (
        <Failed title={words.name('paper.failed')} error={paper.error} onRetry={() => void paper.refetch()} />
      )}
    </Section>
  );
}

function Figures({ paper, words }: { paper: Paper; words: Words }) {
  const { opened, rate, sheets, yen_per_sheet, yen, pages, people, seen } = paper;
  if (opened === 0) return <p>{words.name('paper.none')}</p>;
  const documents = seen.filter(({ document }) => document !== '');
  return (
    <>
      <p>
        <strong>{words.name('paper.sheets', { sheets, yen })}</strong>
      </p>
      <p>{words.name('paper.formula', { opened, rate, sheets, price: yen_per_sheet, yen })}</p>
      <p>{words.name('paper.inputs', { pages, people })}</p>
      <details>
        <summary>{words.name('paper.seen', { count: documents.length })}</summary>
        <MarkLines label={words.name('paper.seen', { count: documents.length })}>
          {documents.map(({ surface, identity, name, role, document, label, seen_at, ended_at }) => (
            <MarkLine
              key={`${identity} ${surface} ${seen_at}`}
              role={isRole(role) ? role : 'partner'}
              title={words.name('paper.page', { document, label, page: pageOf(surface) })}
              who={words.name('paper.when', {
                name,
                from: timeWithSeconds(seen_at),
                to: ended_at ? timeWithSeconds(ended_at) : '',
              })}
            />
          ))}
        </MarkLines>
      </details>
    </>
  );
}
