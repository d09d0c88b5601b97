/** `/calls/:id/minutes`: the minutes of a call, drafted from its record, put right by people, kept in versions, printed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, EyeOff, History, Printer, RefreshCw, Save, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { ApiError, get, type Minutes, post } from '../api';
import { dateOf, timeOf } from '../clock';
import {
  Button,
  Card,
  CaseRow,
  ErrorNotice,
  Failed,
  LinkButton,
  Loading,
  MinutesFoot,
  Notice,
  Page,
  Row,
  Section,
  Stack,
  Tag,
  Words as Text,
  TextSizeControl,
  useToast,
} from '../design';
import { ReturnDialog } from '../review/ReturnDialog';
import { standing, useHidingWords, useRedactions } from '../review/useRedactions';
import { StaffDoor } from '../staff/StaffDoor';
import { StaffHeader } from '../staff/StaffHeader';
import { useTitle } from '../staff/title';
import { useWords, type Words } from '../words';
import { type Form, formOf, moment } from './minutes';
import { Paper } from './Paper';

export function MinutesRoute() {
  const { id = '' } = useParams();
  const words = useWords('minutes');
  useTitle(words.name('title'));
  return (
    <StaffDoor reading={words.name('reading')} failed={words.name('failed')}>
      {(person) => (
        <Page header={<StaffHeader person={person} />} footer={<TextSizeControl />}>
          <Read key={id} callId={id} words={words} />
        </Page>
      )}
    </StaffDoor>
  );
}

function keyOf(call_id: string, version: number | null, disclosure = false) {
  return ['minutes', call_id, version, disclosure] as const;
}

function read(call_id: string, version: number | null, disclosure = false): Promise<Minutes> {
  return get('/calls/{call_id}/minutes', { path: { call_id }, query: { version, disclosure } });
}

function Read({ callId, words }: { callId: string; words: Words }) {
  const [address] = useSearchParams();
  const version = Number(address.get('version')) || null;
  const isDisclosure = address.get('for') === 'disclosure';
  const hiding = useHidingWords();
  const found = useQuery({
    queryKey: keyOf(callId, version, isDisclosure),
    queryFn: () => read(callId, version, isDisclosure),
    refetchOnWindowFocus: false,
  });
  const way = `/calls/${encodeURIComponent(callId)}`;
  if (!found.data) {
    return (
      <Card pad={false}>
        {found.isPending ? (
          <Loading label={words.name('reading')} lines={6} />
        ) : (
          <Failed
            whole
            title={words.name('failed')}
            error={found.error}
            onRetry={() => void found.refetch()}
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
  const isOld = found.data.version < found.data.newest;
  return (
    <Stack gap={4}>
      <Row justify="between">
        <LinkButton look="plain" size="small" icon={History} to={`${way}/record`}>
          {words.name('record')}
        </LinkButton>
        <Row>
          {!isDisclosure && (
            <LinkButton look="plain" size="small" icon={EyeOff} to={`${way}/minutes?for=disclosure`}>
              {hiding.name('disclosure')}
            </LinkButton>
          )}
          <Button look="second" size="small" icon={Printer} onClick={() => window.print()}>
            {words.name('print')}
          </Button>
        </Row>
      </Row>
      {isDisclosure ? (
        <Disclosed minutes={found.data} {...{ words, hiding }} />
      ) : isOld ? (
        <>
          <Notice
            title={words.name('old', { version: found.data.version })}
            action={
              <LinkButton look="second" size="small" to={`${way}/minutes`}>
                {words.name('newest')}
              </LinkButton>
            }
          >
            {words.name('old_more')}
          </Notice>
          <Paper minutes={found.data} form={formOf(found.data)} words={words} />
        </>
      ) : (
        <Write minutes={found.data} words={words} />
      )}
      {!isDisclosure && <Versions minutes={found.data} words={words} />}
    </Stack>
  );
}

/** As they leave the house: what is hidden is not in the page, and at its foot stands what proves that it was. */
function Disclosed({ minutes, words, hiding }: { minutes: Minutes; words: Words; hiding: Words }) {
  const { found } = useRedactions(minutes.call_id);
  const proofs = standing(found.data?.redactions ?? []).map(({ from_ms, to_ms, reason, seq, hash }) =>
    [
      hiding.name('span', { from: moment(from_ms), to: moment(to_ms) }),
      hiding.name('withheld', { reason: hiding.name(`reason.${reason}`) }),
      hiding.name('proof', { seq, hash }),
    ].join(' '),
  );
  return (
    <>
      <Notice
        icon={EyeOff}
        title={hiding.name('disclosure_title')}
        action={
          <LinkButton look="second" size="small" to={`/calls/${encodeURIComponent(minutes.call_id)}/minutes`}>
            {hiding.name('disclosure_back')}
          </LinkButton>
        }
      >
        {hiding.name('disclosure_more')}
      </Notice>
      <Paper minutes={minutes} form={formOf(minutes)} proofs={proofs} words={words} />
    </>
  );
}

/** The newest version, or the draft, with what is changed in it and not kept yet. */
function Write({ minutes, words }: { minutes: Minutes; words: Words }) {
  const { call_id } = minutes;
  const toast = useToast();
  const queries = useQueryClient();
  const [form, setForm] = useUnsaved(minutes);
  const [base, setBase] = useState(minutes.newest);
  const accept = (saved: Minutes) => {
    queries.setQueryData(keyOf(call_id, null), saved);
    setBase(saved.newest);
    setForm(null);
  };
  const shown = form ?? formOf(minutes);
  const save = useMutation({
    mutationFn: (confirmed: boolean) =>
      post('/calls/{call_id}/minutes', {
        path: { call_id },
        body: {
          ...shown,
          sentences: shown.sentences.map(({ confirmed: _, redaction: __, ...sentence }) => sentence),
          version: base,
          confirmed,
        },
      }),
    onSuccess: (saved, confirmed) => {
      accept(saved);
      const text = words.name(confirmed ? 'confirmed' : 'saved', { version: saved.version });
      toast({ text, icon: confirmed ? Check : Save });
    },
  });
  const again = useMutation({
    mutationFn: () => read(call_id, 0),
    onSuccess: (drafted) => setForm(formOf(drafted)),
  });
  const newest = useMutation({
    mutationFn: () => read(call_id, null),
    onSuccess: ({ newest: version }) => {
      setBase(version);
      save.reset();
    },
  });
  const back = useWords('review');
  const [isReturning, setReturning] = useState(false);
  const giveBack = useMutation({
    mutationFn: (said: string) =>
      post('/calls/{call_id}/minutes/return', {
        path: { call_id },
        body: { revision: minutes.version, words: said },
      }),
    onSuccess: () => {
      setReturning(false);
      void queries.invalidateQueries({ queryKey: ['minutes', call_id] });
    },
  });
  const isChanged = save.error instanceof ApiError && save.error.key === 'minutes.changed';
  const open = shown.sentences.filter(({ confirmed }) => !confirmed);
  return (
    <>
      {minutes.returned && (
        <Notice
          look="warn"
          icon={Undo2}
          title={back.name('back.said', { name: minutes.returned.by_name, words: minutes.returned.words })}
        >
          {back.name('back.again')}
        </Notice>
      )}
      {minutes.ended_at === null && (
        <Notice look="warn" title={words.name('not_over')}>
          {words.name('not_over_more')}
        </Notice>
      )}
      <Text voice="note">{words.name('lead')}</Text>
      <Row>
        <Button
          look="plain"
          size="small"
          icon={RefreshCw}
          busy={again.isPending}
          title={words.name('again_more')}
          onClick={() => again.mutate()}
        >
          {words.name('again')}
        </Button>
        {open.length > 0 && (
          <Button
            look="plain"
            size="small"
            onClick={() =>
              setForm({ ...shown, sentences: shown.sentences.filter(({ confirmed }) => confirmed) })
            }
          >
            {words.name('drop_unconfirmed', { count: open.length })}
          </Button>
        )}
      </Row>
      {again.error && <ErrorNotice title={words.name('failed')} error={again.error} />}
      <Paper minutes={minutes} form={shown} onChange={setForm} words={words} />
      {isChanged && (
        <Notice
          look="warn"
          live
          title={words.name('changed')}
          action={
            <>
              <Button size="small" look="second" onClick={() => newest.mutate()}>
                {words.name('keep_mine')}
              </Button>
              <Button
                size="small"
                look="plain"
                onClick={() => newest.mutate(undefined, { onSuccess: accept })}
              >
                {words.name('take_theirs')}
              </Button>
            </>
          }
        >
          {words.name('changed_more')}
        </Notice>
      )}
      {save.error && !isChanged && <ErrorNotice title={words.name('save_failed')} error={save.error} />}
      <MinutesFoot label={words.name(form ? 'unsaved' : 'title')}>
        <Button
          icon={Check}
          busy={save.isPending && save.variables}
          busyLabel={words.name('saving')}
          onClick={() => save.mutate(true)}
        >
          {words.name('confirm')}
        </Button>
        <Button
          look="second"
          icon={Save}
          busy={save.isPending && !save.variables}
          busyLabel={words.name('saving')}
          onClick={() => save.mutate(false)}
        >
          {words.name('save')}
        </Button>
        {minutes.may_return && minutes.confirmed && !minutes.returned && !form && (
          <Button look="plain" icon={Undo2} onClick={() => setReturning(true)}>
            {back.name('back.give')}
          </Button>
        )}
        {form && <Text voice="note">{words.name('unsaved')}</Text>}
      </MinutesFoot>
      {isReturning && (
        <ReturnDialog
          busy={giveBack.isPending}
          error={giveBack.error}
          onClose={() => setReturning(false)}
          onReturn={(said) => giveBack.mutate(said)}
        />
      )}
    </>
  );
}

/** What was changed and is not kept, so that going to hear a second and coming back loses none of it. */
const unsaved = new Map<string, Form>();

function useUnsaved({ call_id }: Minutes): [Form | null, (form: Form | null) => void] {
  const [form, setForm] = useState(() => unsaved.get(call_id) ?? null);
  const change = (next: Form | null) => {
    if (next) unsaved.set(call_id, next);
    else unsaved.delete(call_id);
    setForm(next);
  };
  return [form, change];
}

function Versions({ minutes, words }: { minutes: Minutes; words: Words }) {
  const { versions, call_id } = minutes;
  if (versions.length === 0) return null;
  return (
    <Section title={words.name('versions')}>
      <Card pad={false} as="ul">
        {versions.toReversed().map(({ version, confirmed, author_name, at }) => (
          <CaseRow
            key={version}
            to={`/calls/${encodeURIComponent(call_id)}/minutes?version=${version}`}
            number={`${dateOf(at, words.language)} ${timeOf(at)}`}
            title={words.name('version', { version })}
            lines={[words.name('by', { name: author_name })]}
            tag={
              <Tag look={confirmed ? 'ok' : 'draft'} {...(confirmed ? { icon: Check } : {})}>
                {words.name(`version_is.${confirmed ? 'confirmed' : 'saved'}`)}
              </Tag>
            }
          />
        ))}
      </Card>
    </Section>
  );
}
