/** What this person owes residents an answer to, the most urgent first; nothing where nothing is owed. */
import { useQuery } from '@tanstack/react-query';
import { NotebookPen } from 'lucide-react';
import { get } from '../api';
import { useClock } from '../clock';
import { Count, LinkButton, Question, QuestionList, Section, Tag } from '../design';
import { day } from '../letter/day';
import { isOverdue } from '../questions/due';
import { useWords } from '../words';

const REFRESH_MS = 300_000;

export function OwedQuestions() {
  const words = useWords('question');
  const now = useClock(60_000);
  const { data } = useQuery({
    queryKey: ['questions'],
    queryFn: () => get('/questions'),
    refetchInterval: REFRESH_MS,
  });
  if (!data || data.questions.length === 0) return null;
  const count = data.questions.length;
  return (
    <Section
      title={words.name('owed')}
      count={<Count value={count} label={words.name('owed_count', { count })} />}
    >
      <QuestionList label={words.name('owed')}>
        {data.questions.map((question) => {
          const due = question.due_on && words.name('due', { day: day(question.due_on, words.language) });
          const late = isOverdue(question, now);
          return (
            <Question
              key={question.id}
              text={question.text}
              who={[
                words.name('asked_by', { name: question.asked_name }),
                question.number,
                question.title,
              ].join('　')}
              answer=""
              action={
                <LinkButton
                  size="small"
                  look="second"
                  icon={NotebookPen}
                  to={`/calls/${encodeURIComponent(question.call_id)}/recap`}
                  aria-label={words.name('to_recap_named', { text: question.text })}
                >
                  {words.name('to_recap')}
                </LinkButton>
              }
            >
              <Tag look={late ? 'warn' : 'info'}>
                {[due || words.name('no_due'), late && words.name('late')].filter(Boolean).join('　')}
              </Tag>
            </Question>
          );
        })}
      </QuestionList>
    </Section>
  );
}
