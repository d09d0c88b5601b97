/** `/calls/:id/record`: a call gone through afterwards, all that is on record of it on one timeline. */
import { useQuery } from '@tanstack/react-query';
import { FileX2, NotebookPen, ScrollText } from 'lucide-react';
import { useNavigate, useParams } from 'react-router';
import { type CallRecord, get } from '../api';
import { timeOf, useClock } from '../clock';
import { DecisionList } from '../decisions/DecisionList';
import { useDecisionsOf } from '../decisions/decisions';
import {
  Card,
  Failed,
  LinkButton,
  Loading,
  Page,
  Row,
  Section,
  Stack,
  TextSizeControl,
  Title,
} from '../design';
import { useEvents } from '../events';
import { recordDay } from '../letter/day';
import { Keeping } from '../record/Keeping';
import { KeepingWords } from '../record/KeepingWords';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { useWords, type Words } from '../words';
import { ConsentSteps } from './ConsentSteps';
import { Player } from './Player';
import { Redactions } from './Redactions';
import { lengthOf } from './record';
import { ShownCards } from './ShownCards';
import { useRecording } from './useRecording';
import { useTranscript } from './useTranscript';

export function ReviewRoute() {
  const { id = '' } = useParams();
  const words = useWords('review');
  useTitle(words.name('title'));
  return (
    <StaffDoor reading={words.name('reading')} failed={words.name('failed')}>
      {(person) => (
        <Page header={<StaffHeader person={person} />} width="desk" footer={<TextSizeControl />}>
          <Review key={id} callId={id} words={words} />
        </Page>
      )}
    </StaffDoor>
  );
}

function Review({ callId, words }: { callId: string; words: Words }) {
  useEvents();
  const record = useQuery({
    queryKey: ['calls', callId, 'record'],
    queryFn: () => get('/calls/{call_id}/record', { path: { call_id: callId } }),
  });
  if (!record.data) {
    return (
      <Card pad={false}>
        {record.isPending ? (
          <Loading label={words.name('reading')} lines={6} />
        ) : (
          <Failed
            whole
            icon={FileX2}
            title={words.name('failed')}
            error={record.error}
            onRetry={() => void record.refetch()}
            actions={
              <LinkButton look="second" to="/">
                {words.name('home')}
              </LinkButton>
            }
          />
        )}
      </Card>
    );
  }
  return <Found record={record.data} words={words} />;
}

function Decisions({ callId, words }: { callId: string; words: Words }) {
  const navigate = useNavigate();
  const { data: decisions = [] } = useDecisionsOf({ call_id: callId });
  if (decisions.length === 0) return null;
  return (
    <Section title={words.name('lanes.decisions')}>
      <DecisionList
        decisions={decisions}
        label={words.name('lanes.decisions')}
        onOpen={(id) => void navigate(`/decisions/${encodeURIComponent(id)}`)}
      />
    </Section>
  );
}

function Found({ record, words }: { record: CallRecord; words: Words }) {
  const now = useClock(30_000);
  const length_ms = lengthOf(record, now);
  const { found: recording } = useRecording(record.call_id);
  const { found: transcript } = useTranscript(record.call_id);
  const until = record.ended_at ? timeOf(record.ended_at) : words.name('goes_on');
  const when = `${recordDay(record.started_at, words.language, { weekday: 'short' })} ${timeOf(record.started_at)}～${until}`;
  return (
    <Stack gap={6}>
      <Row justify="between">
        <Title lead={[record.number, when, record.place].filter(Boolean).join('　')}>
          {record.title || words.name('untitled')}
        </Title>
        <Row>
          <LinkButton
            look="second"
            icon={ScrollText}
            to={`/calls/${encodeURIComponent(record.call_id)}/minutes`}
          >
            {words.name('minutes')}
          </LinkButton>
          <LinkButton
            look="second"
            icon={NotebookPen}
            to={`/calls/${encodeURIComponent(record.call_id)}/recap`}
          >
            {words.name('recap')}
          </LinkButton>
        </Row>
      </Row>
      <Player {...{ record, length_ms, words }} />
      <Decisions callId={record.call_id} words={words} />
      {recording.data && <Keeping recording={recording.data} />}
      <Redactions record={record} lines={transcript.data?.lines ?? []} />
      <KeepingWords callId={record.call_id} />
      <ShownCards record={record} words={words} />
      <ConsentSteps record={record} words={words} />
    </Stack>
  );
}
