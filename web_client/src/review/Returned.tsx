/** What a supervisor returned to this person: said beside it, a press goes to it; nothing where nothing is. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { get } from '../api';
import { dateOf, timeOf } from '../clock';
import { Count, DecisionRow, DecisionRows, Section, Tag } from '../design';
import { useWords } from '../words';

export function Returned() {
  const words = useWords('review');
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['returns'],
    queryFn: async () => (await get('/returns')).returned,
  });
  if (!data || data.length === 0) return null;
  const count = data.length;
  return (
    <Section
      title={words.name('back.title')}
      count={<Count value={count} label={words.name('back.count', { count })} />}
    >
      <DecisionRows label={words.name('back.title')}>
        {data.map(({ id, call_id, number, title, kind, at_ms, text, words: said, by_name, at }) => {
          const way = `/calls/${encodeURIComponent(call_id)}`;
          return (
            <DecisionRow
              key={id}
              tag={<Tag look="warn">{words.name('lines.is_returned')}</Tag>}
              number={[number, title].filter(Boolean).join('　')}
              what={said}
              lines={[
                kind === 'minutes' ? words.name('minutes') : words.name('back.line', { text }),
                `${words.name('person', { name: by_name })}　${dateOf(at, words.language)} ${timeOf(at)}`,
              ]}
              onOpen={() =>
                void navigate(kind === 'minutes' ? `${way}/minutes` : `${way}/record?at=${at_ms}`)
              }
            />
          );
        })}
      </DecisionRows>
    </Section>
  );
}
