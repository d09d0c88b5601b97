/** One decision: what, why, what it leans on, what was done to it, and what whoever reads may do with it now. */
import { FilePenLine, Printer, Undo2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Decision, type DecisionPerson, urlOf } from '../api';
import { dateOf, timeOf, useClock } from '../clock';
import {
  Button,
  Card,
  DecisionFoot,
  DecisionPaper,
  DecisionPart,
  Digest,
  ErrorNotice,
  Facts,
  Failed,
  Loading,
  Notice,
  Row,
  Sheet,
  Stack,
  StillStrip,
  Tag,
  Words,
} from '../design';
import { type DecisionActs, STATE_LOOK, useDecision, useDecisionActs } from './decisions';
import { Cancelling, Judge } from './Judge';
import { Members } from './Members';
import { Oral } from './Oral';
import { ProposalForm } from './ProposalForm';
import { Steps } from './Steps';

const Excerpt = lazy(async () => ({ default: (await import('./Excerpt')).Excerpt }));

export function DecisionView({ id, actions }: { id: string; actions?: ReactNode }) {
  const { t } = useTranslation('decision');
  const found = useDecision(id);
  if (found.data) return <Shown decision={found.data} actions={actions} />;
  return (
    <Card pad={false}>
      {found.isError ? (
        <Failed
          whole
          title={t('failed')}
          error={found.error}
          onRetry={() => void found.refetch()}
          actions={actions}
        />
      ) : (
        <Loading label={t('reading')} lines={5} />
      )}
    </Card>
  );
}

function Shown({ decision, actions }: { decision: Decision; actions?: ReactNode }) {
  const { t } = useTranslation('decision');
  const acts = useDecisionActs(decision);
  const { can } = decision;
  const isJudging = can.includes('approve') || can.includes('stand_in') || can.includes('vote');
  return (
    <Stack gap={4}>
      <Alert decision={decision} />
      <Paper decision={decision} />
      <Row>
        <Button look="plain" icon={Printer} onClick={() => window.print()}>
          {t('print')}
        </Button>
        {can.includes('note_oral') && <Oral decision={decision} acts={acts} />}
        {actions}
      </Row>
      <Members decision={decision} acts={acts} />
      <Own decision={decision} acts={acts} />
      {can.includes('cancel') && <Cancelling key={decision.hash} acts={acts} />}
      {isJudging && (
        <DecisionFoot label={t('judge.label')}>
          <Judge key={decision.hash} decision={decision} acts={acts} />
        </DecisionFoot>
      )}
    </Stack>
  );
}

/** An oral approval that waits for its word, and a circulation that ran out of time. */
function Alert({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation('decision');
  const now = useClock(60_000);
  const { confirm_by, circulation, state, approver } = decision;
  if (confirm_by) {
    const isLate = now > Date.parse(confirm_by);
    const when = `${dateOf(confirm_by, i18n.language)} ${timeOf(confirm_by)}`;
    return (
      <Notice look={isLate ? 'danger' : 'warn'} title={t(isLate ? 'oral.late' : 'oral.waits')}>
        {t('oral.by', { name: approver?.name ?? '', when })}
      </Notice>
    );
  }
  if (circulation && state === 'review' && now > Date.parse(circulation.until))
    return (
      <Notice look="warn" title={t('circulation.over')}>
        {t('circulation.over_more')}
      </Notice>
    );
  return null;
}

function Paper({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation('decision');
  const { language } = i18n;
  const when = (at: string) => `${dateOf(at, language)} ${timeOf(at)}`;
  const { evidence, rejected, docs, circulation } = decision;
  const condition = decision.state === 'conditional' ? decision.people.at(-1)?.words : '';
  return (
    <DecisionPaper
      number={[decision.number, decision.case_title].filter(Boolean).join('　')}
      what={decision.what}
      tag={
        <Tag large look={STATE_LOOK[decision.state]}>
          {t(`state.${decision.state}`)}
        </Tag>
      }
    >
      {condition && (
        <Notice look="info" title={t('part.condition')}>
          {condition}
        </Notice>
      )}
      {evidence.length > 0 && (
        <StillStrip
          label={t('part.stills')}
          stills={evidence.map(({ id, at }) => ({
            id,
            url: evidenceOf(decision.id, id, 360),
            label: when(at),
          }))}
          onOpen={(id) => window.open(evidenceOf(decision.id, id, 2560), '_blank', 'noopener')}
        />
      )}
      <Facts
        facts={[
          [t('fact.proposer'), nameOf(decision.proposer)],
          ...(decision.asked ? ([[t('fact.asked'), nameOf(decision.asked)]] as const) : []),
          ...(decision.basis.length > 0
            ? ([[t('fact.basis'), decision.basis.map(({ law }) => law).join('、')]] as const)
            : []),
          [t('fact.kind'), t(`kind.${decision.kind}`)],
          ...(decision.amount_yen !== null
            ? ([[t('fact.amount'), t('yen', { yen: decision.amount_yen.toLocaleString('ja-JP') })]] as const)
            : []),
          ...(decision.due ? ([[t('fact.due'), decision.due]] as const) : []),
          ...(decision.way && decision.state !== 'oral'
            ? ([[t('fact.way'), t(`way.${WAYS[decision.way] ?? 'own'}`)]] as const)
            : []),
          ...(decision.decided_at ? ([[t('fact.decided_at'), when(decision.decided_at)]] as const) : []),
        ]}
      />
      {decision.excerpt && decision.call_id && (
        <Suspense>
          <Excerpt place={{ call_id: decision.call_id, ...decision.excerpt }} />
        </Suspense>
      )}
      {decision.reason && <DecisionPart title={t('part.reason')}>{decision.reason}</DecisionPart>}
      {rejected.map(({ option, why }) => (
        <DecisionPart key={option} title={t('part.rejected')}>
          {[option, why].filter(Boolean).join('\n')}
        </DecisionPart>
      ))}
      {decision.cites.length > 0 && (
        <DecisionPart title={t('part.cites')}>
          {decision.cites
            .map(({ name, text, is_same }) =>
              text ? `${name}「${text}」${is_same ? '' : t('cite.changed')}` : t('cite.gone'),
            )
            .join('\n')}
        </DecisionPart>
      )}
      {docs.length > 0 && (
        <DecisionPart title={t('part.documents')}>
          {docs
            .map(({ title, ver, page }) =>
              t(page ? 'form.paper_page' : 'form.paper', { title, ver, page: page ?? 0 }),
            )
            .join('\n')}
        </DecisionPart>
      )}
      {docs.some(({ page }) => page) && (
        <StillStrip
          label={t('part.documents')}
          stills={docs.flatMap(({ version, title, page }) =>
            page ? [{ id: version, url: pageOf(version, page, 360), label: `${title} ${page}` }] : [],
          )}
          onOpen={(id) => {
            const page = docs.find(({ version }) => version === id)?.page ?? 1;
            window.open(pageOf(id, page, 2560), '_blank', 'noopener');
          }}
        />
      )}
      {circulation && (
        <DecisionPart title={t('circulation.title')}>
          {t('circulation.facts', {
            names: circulation.voters.map(({ name }) => name).join('、'),
            until: when(circulation.until),
            quorum: circulation.quorum,
          })}
        </DecisionPart>
      )}
      <Steps people={decision.people} />
      <Digest>{t('row', { seq: decision.seq, hash: decision.hash })}</Digest>
    </DecisionPaper>
  );
}

/** What who proposed it may do: put it right, ask somebody else, take it back. */
function Own({ decision, acts }: { decision: Decision; acts: DecisionActs }) {
  const { t } = useTranslation('decision');
  const [isOpen, setOpen] = useState(false);
  const { can, state, case_id, call_id } = decision;
  const { revise, withdraw } = acts;
  if (!can.includes('change') && !can.includes('withdraw')) return null;
  const about = case_id ? { case_id } : { call_id: call_id ?? '' };
  return (
    <Stack gap={3}>
      {state === 'draft' && <Words voice="note">{t('own.draft')}</Words>}
      <Row>
        {can.includes('change') && (
          <Button
            look={state === 'cancelled' ? 'plain' : 'primary'}
            icon={FilePenLine}
            onClick={() => setOpen(true)}
          >
            {t(`own.change_${state}` as 'own.change_draft')}
          </Button>
        )}
        {can.includes('withdraw') && (
          <Button look="plain" icon={Undo2} busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t(state === 'review' ? 'own.withdraw' : 'own.drop')}
          </Button>
        )}
      </Row>
      {withdraw.error && <ErrorNotice title={t('own.failed')} error={withdraw.error} />}
      <Sheet open={isOpen} onClose={() => setOpen(false)} title={t('form.title')}>
        <ProposalForm
          about={about}
          start={{
            ...decision,
            cites: decision.cites.map(({ id }) => id),
            rejected: decision.rejected.map(({ option, why }) => ({ option, why: why ?? '' })),
            still_ids: decision.evidence.map(({ id }) => id),
            version_ids: decision.docs.map(({ version }) => version),
            pages: Object.fromEntries(
              decision.docs.flatMap(({ version, page }) => (page ? [[version, page]] : [])),
            ),
          }}
          busy={revise.isPending}
          error={revise.error}
          onSend={(proposal) => revise.mutate(proposal, { onSuccess: () => setOpen(false) })}
        />
      </Sheet>
    </Stack>
  );
}

/** 承認区分 as records say it. */
const WAYS: Record<string, 'own' | 'deputy' | 'oral' | 'several'> = {
  決裁: 'own',
  代決: 'deputy',
  口頭承認: 'oral',
  持ち回り: 'several',
};

export function nameOf({ name, post }: DecisionPerson): string {
  return [name, post].filter(Boolean).join('　');
}

function evidenceOf(decision_id: string, still_id: string, width: number): string {
  return urlOf('/decisions/{decision_id}/evidence/{still_id}', {
    path: { decision_id, still_id },
    query: { width },
  });
}

function pageOf(version_id: string, number: number, width: number): string {
  return urlOf('/documents/versions/{version_id}/pages/{number}', {
    path: { version_id, number },
    query: { width },
  });
}
