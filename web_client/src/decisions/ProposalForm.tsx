/** What is to be decided and why, what it leans on, and who is to approve it: the two first lines are enough. */
import { useQuery } from '@tanstack/react-query';
import { FilePenLine, Plus, Send } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Proposal } from '../api';
import {
  Button,
  Check,
  Columns,
  ErrorNotice,
  Notice,
  SegmentedControl,
  SelectField,
  Stack,
  StillStrip,
  TextArea,
  TextField,
  Words,
} from '../design';
import { imageOf, nameOf } from '../stills/useStills';
import { type About, type Ask, KINDS, useApprovers } from './decisions';
import { Cleared } from './Outsiders';
import { isReady, onlyOf, startOfCirculation, Voters } from './Voters';

const SHOWN_LINES = 12;
/** Pages are turned while it is written. */
const PAPERS_MS = 10_000;

export interface Start {
  kind: (typeof KINDS)[number];
  amount_yen: number | null;
  what: string;
  reason: string;
  rejected: { option: string; why: string }[];
  basis: { law: string }[];
  due: string;
  still_ids: string[];
  version_ids: string[];
  /** At which page a version is leaned on, where it is one. */
  pages: Record<string, number>;
  cites: string[];
}

export const BLANK: Start = {
  kind: 'site',
  amount_yen: null,
  what: '',
  reason: '',
  rejected: [],
  basis: [],
  due: '',
  still_ids: [],
  version_ids: [],
  pages: {},
  cites: [],
};

export function ProposalForm({
  about,
  start = BLANK,
  busy,
  error,
  onSend,
}: {
  about: About;
  start?: Start;
  busy: boolean;
  error: unknown;
  onSend: (proposal: Proposal) => void;
}) {
  const { t } = useTranslation('decision');
  const [said, setSaid] = useDraft(about, start);
  const [isMore, setMore] = useState(start.rejected.length > 0);
  const [way, setWay] = useState<'one' | 'several'>('one');
  const [asked, setAsked] = useState('');
  const [circulation, setCirculation] = useState(startOfCirculation);
  const set = (part: Partial<Start>) => setSaid((before) => ({ ...before, ...part }));
  const { data: rule } = useApprovers(about, said.kind, said.amount_yen);
  const first = rule?.approvers[0];
  const nobody = rule !== undefined && first === undefined;
  const ask: Ask =
    way === 'several'
      ? onlyOf(circulation, said)
      : { approver_id: asked || null, voter_ids: [], quorum: 0, until: null };
  const canAsk = way === 'several' ? isReady(circulation) : !nobody;
  const send = (handIn: boolean) =>
    onSend({
      ...said,
      rejected: said.rejected.filter(({ option }) => option.trim()),
      basis: said.basis.filter(({ law }) => law.trim()),
      ask: handIn ? ask : null,
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canAsk) send(true);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <TextArea
          label={t('form.what')}
          hint={t('form.what_hint')}
          required
          rows={2}
          maxLength={1000}
          value={said.what}
          onChange={(event) => set({ what: event.target.value })}
        />
        <TextArea
          label={t('form.reason')}
          rows={2}
          maxLength={1000}
          value={said.reason}
          onChange={(event) => set({ reason: event.target.value })}
        />
        <TextField
          label={t('form.basis')}
          hint={t('form.basis_hint')}
          maxLength={120}
          value={said.basis[0]?.law ?? ''}
          onChange={(event) => set({ basis: [{ law: event.target.value }, ...said.basis.slice(1)] })}
        />
        <Columns>
          <SelectField
            label={t('form.kind')}
            value={said.kind}
            options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(event) => set({ kind: event.target.value as Start['kind'] })}
          />
          <TextField
            label={t('form.amount')}
            inputMode="numeric"
            maxLength={13}
            value={said.amount_yen === null ? '' : said.amount_yen.toLocaleString('ja-JP')}
            onChange={(event) => set({ amount_yen: yenOf(event.target.value) })}
          />
        </Columns>
        {isMore ? (
          <More said={said} set={set} />
        ) : (
          <Button look="plain" size="small" icon={Plus} onClick={() => setMore(true)}>
            {t('form.more')}
          </Button>
        )}
        <Lines about={about} chosen={said.cites} onChoose={(cites) => set({ cites })} />
        <Pictures about={about} chosen={said.still_ids} onChoose={(still_ids) => set({ still_ids })} />
        <Papers about={about} chosen={said.version_ids} pages={said.pages} onChoose={set} />
        <SegmentedControl
          fill
          label={t('form.way')}
          choices={[
            { key: 'one', label: t('form.one') },
            { key: 'several', label: t('form.several') },
          ]}
          selected={way}
          onSelect={setWay}
        />
        {way === 'one' && first && (
          <SelectField
            label={t('form.approver')}
            hint={rule.post ? t('form.rule', { post: rule.post }) : undefined}
            value={asked || first.id}
            options={rule.approvers.map(({ id, name, post }) => ({ value: id, label: `${name}（${post}）` }))}
            onChange={(event) => setAsked(event.target.value)}
          />
        )}
        {way === 'one' && nobody && (
          <Notice look="warn" title={t('form.nobody')}>
            {rule.post ? t('form.nobody_more', { post: rule.post }) : t('form.no_rule')}
          </Notice>
        )}
        {way === 'several' && (
          <Voters said={circulation} canInvite={rule?.can_invite ?? false} onChange={setCirculation} />
        )}
        {way === 'several' && circulation.outside.length > 0 && (
          <Cleared
            about={about}
            leaning={said}
            said={circulation}
            onChange={(part) => setCirculation((before) => ({ ...before, ...part }))}
          />
        )}
        {error !== null && <ErrorNotice title={t('form.failed')} error={error} />}
        <Button
          type="submit"
          size="large"
          block
          icon={Send}
          busy={busy}
          disabled={!canAsk || !said.what.trim()}
        >
          {t(way === 'several' ? 'form.circulate' : 'form.send')}
        </Button>
        <Button
          look="plain"
          block
          icon={FilePenLine}
          disabled={busy || !said.what.trim()}
          onClick={() => send(false)}
        >
          {t('form.keep')}
        </Button>
      </Stack>
    </form>
  );
}

/** What was typed of a new one, so that turning a telephone round, or a call's end, loses none of it. */
const drafts = new Map<string, Start>();

function useDraft(about: About, start: Start): [Start, (change: (before: Start) => Start) => void] {
  const key = JSON.stringify(about);
  const isNew = start === BLANK;
  const [said, setSaid] = useState(() => (isNew && drafts.get(key)) || start);
  useEffect(() => {
    if (isNew) drafts.set(key, said);
  }, [isNew, key, said]);
  return [said, setSaid];
}

/** What was proposed is no draft any more. */
export function forgetDraft(about: About): void {
  drafts.delete(JSON.stringify(about));
}

/** What is rarely needed: an option that was not taken, a term. */
function More({ said, set }: { said: Start; set: (part: Partial<Start>) => void }) {
  const { t } = useTranslation('decision');
  const option = said.rejected[0] ?? { option: '', why: '' };
  return (
    <>
      <TextArea
        label={t('form.rejected')}
        rows={1}
        maxLength={1000}
        value={option.option}
        onChange={(event) => set({ rejected: [{ ...option, option: event.target.value }] })}
      />
      <TextArea
        label={t('form.rejected_why')}
        rows={1}
        maxLength={1000}
        value={option.why}
        onChange={(event) => set({ rejected: [{ ...option, why: event.target.value }] })}
      />
      <TextField
        label={t('form.due')}
        hint={t('form.due_hint')}
        maxLength={120}
        value={said.due}
        onChange={(event) => set({ due: event.target.value })}
      />
    </>
  );
}

interface Choice {
  chosen: readonly string[];
  onChoose: (ids: string[]) => void;
}

function toggled(chosen: readonly string[], id: string): string[] {
  return chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
}

/** Any of them; nothing where there are none. */
function Choices({
  title,
  offered,
  chosen,
  onChoose,
}: Choice & { title: string; offered: readonly { id: string; label: string }[] }) {
  if (offered.length === 0) return null;
  return (
    <Stack gap={1}>
      <Words voice="strong">{title}</Words>
      {offered.map(({ id, label }) => (
        <Check
          key={id}
          label={label}
          checked={chosen.includes(id)}
          onChange={() => onChoose(toggled(chosen, id))}
        />
      ))}
    </Stack>
  );
}

/** What was said last in the call; the chosen lines are cited. */
function Lines({ about, chosen, onChoose }: Choice & { about: About }) {
  const { t } = useTranslation('decision');
  const call_id = 'call_id' in about ? about.call_id : '';
  const { data } = useQuery({
    queryKey: ['decisions', 'lines', call_id],
    queryFn: () => get('/calls/{call_id}/transcript', { path: { call_id } }),
    enabled: call_id !== '',
  });
  const lines = data?.lines.filter(({ text }) => text !== '').slice(-SHOWN_LINES) ?? [];
  const offered = lines.map(({ id, name, text }) => ({ id, label: `${name}「${text}」` }));
  return <Choices title={t('form.lines')} {...{ offered, chosen, onChoose }} />;
}

/** The stills of the call or the case; the chosen ones are evidence. */
function Pictures({ about, chosen, onChoose }: Choice & { about: About }) {
  const { t } = useTranslation('decision');
  const { data } = useQuery({
    queryKey: ['decisions', 'stills', about],
    queryFn: async () =>
      'call_id' in about
        ? (await get('/calls/{call_id}/stills', { path: about })).stills
        : (await get('/cases/{case_id}/stills', { path: about })).stills,
  });
  if (!data || data.length === 0) return null;
  return (
    <Stack gap={2}>
      <Words voice="strong">{t('form.stills', { count: chosen.length })}</Words>
      <StillStrip
        label={t('form.stills', { count: chosen.length })}
        stills={data.map((still) => ({
          id: still.id,
          url: imageOf(still.id, 360),
          label: [chosen.includes(still.id) ? t('form.chosen') : '', nameOf(still)].filter(Boolean).join(' '),
        }))}
        onOpen={(id) => onChoose(toggled(chosen, id))}
      />
    </Stack>
  );
}

/** What was shown in the call, at the page that is or was open, and the documents of the case. */
function Papers({
  about,
  chosen,
  pages,
  onChoose,
}: {
  about: About;
  chosen: readonly string[];
  pages: Start['pages'];
  onChoose: (part: Pick<Start, 'version_ids' | 'pages'>) => void;
}) {
  const { t } = useTranslation('decision');
  const { data } = useQuery({
    queryKey: ['decisions', 'papers', about],
    queryFn: () => get('/decision-papers', { query: about }),
    staleTime: 0,
    refetchInterval: PAPERS_MS,
  });
  // What was chosen stays at its page when the call goes on to another one.
  const papers = (data?.papers ?? []).map((paper) => {
    const page = (chosen.includes(paper.version_id) && pages[paper.version_id]) || paper.page;
    return { ...paper, page, is_open: paper.is_open && page === paper.page };
  });
  const offered = papers.map(({ version_id, title, label: ver, page, is_open }) => ({
    id: version_id,
    label: t(page === null ? 'form.paper' : is_open ? 'form.paper_open' : 'form.paper_page', {
      title,
      ver,
      page: page ?? 0,
    }),
  }));
  const choose = (version_ids: string[]) =>
    onChoose({
      version_ids,
      pages: Object.fromEntries(
        papers.flatMap(({ version_id, page }) =>
          page !== null && version_ids.includes(version_id) ? [[version_id, page]] : [],
        ),
      ),
    });
  return <Choices title={t('form.documents')} offered={offered} chosen={chosen} onChoose={choose} />;
}

/** 「１，２００」 and 1,200 are 1200; nothing is no amount. */
export function yenOf(typed: string): number | null {
  const digits = typed.normalize('NFKC').replace(/\D/g, '').slice(0, 10);
  return digits === '' ? null : Math.min(Number(digits), 2_000_000_000);
}
