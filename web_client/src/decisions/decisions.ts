/** What the server says of decisions, and the acts on one; every act answers with the whole decision, which is kept. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Decision, type DecisionBrief, get, type OwedDecision, type Proposal, post } from '../api';
import type { TagLook } from '../design';
import type { components } from '../types';

type Schemas = components['schemas'];
export type Ask = Schemas['DecisionAsk'];
/** Where a decision belongs: a call brings its case along. */
export type About = { call_id: string } | { case_id: string };

const REFRESH_MS = 60_000;

export const STATE_LOOK: Record<DecisionBrief['state'], TagLook> = {
  draft: 'draft',
  review: 'draft',
  oral: 'warn',
  approved: 'ok',
  conditional: 'ok',
  returned: 'danger',
  cancelled: 'plain',
};

export const WHY_LOOK: Record<OwedDecision['why'], TagLook> = {
  approve: 'info',
  stand_in: 'plain',
  vote: 'info',
  confirm: 'warn',
  overdue: 'danger',
  returned: 'warn',
  no_quorum: 'warn',
};

export const KINDS = ['site', 'traffic', 'works', 'spending', 'other'] as const;

export function useDecision(decision_id: string) {
  return useQuery({
    queryKey: keyOf(decision_id),
    queryFn: () => get('/decisions/{decision_id}', { path: { decision_id } }),
    refetchInterval: REFRESH_MS,
  });
}

export function useDecisionsOf(about: About) {
  return useQuery({
    queryKey: ['decisions', 'of', about],
    queryFn: async () =>
      'call_id' in about
        ? (await get('/calls/{call_id}/decisions', { path: about })).decisions
        : (await get('/cases/{case_id}/decisions', { path: about })).decisions,
    refetchInterval: REFRESH_MS,
  });
}

export function useWaiting() {
  return useQuery({
    queryKey: ['decisions', 'waiting'],
    queryFn: async () => (await get('/decisions/waiting')).waiting,
    refetchInterval: REFRESH_MS,
  });
}

/** Whom the rule table names for such a decision there, in the order they are asked in. */
export function useApprovers(about: About, kind: Proposal['kind'], amount_yen: number | null) {
  return useQuery({
    queryKey: ['decisions', 'approvers', about, kind, amount_yen],
    queryFn: () => get('/decision-approvers', { query: { ...about, kind: kind ?? 'site', amount_yen } }),
    placeholderData: (before) => before,
  });
}

export function usePropose(about: About, onDone: (after: Decision) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Proposal) => post('/decisions', { body: { ...body, ...about } }),
    onSuccess: (after) => {
      keepDecision(queries, after);
      onDone(after);
    },
  });
}

/** Acts on one decision as it is shown: `seen` says which row that was. */
export function useDecisionActs({ id, hash }: Pick<Decision, 'id' | 'hash'>) {
  const queries = useQueryClient();
  const path = { decision_id: id };
  const seen = hash;
  const onSuccess = (after: Decision) => keepDecision(queries, after);
  return {
    judge: useMutation({
      mutationFn: (said: Omit<Schemas['JudgeRequest'], 'seen'>) =>
        post('/decisions/{decision_id}/judge', { path, body: { ...said, seen } }),
      onSuccess,
    }),
    vote: useMutation({
      mutationFn: (said: Omit<Schemas['VoteRequest'], 'seen'>) =>
        post('/decisions/{decision_id}/vote', { path, body: { ...said, seen } }),
      onSuccess,
    }),
    oral: useMutation({
      mutationFn: (approver_id: string) =>
        post('/decisions/{decision_id}/oral', { path, body: { approver_id, seen } }),
      onSuccess,
    }),
    withdraw: useMutation({
      mutationFn: () => post('/decisions/{decision_id}/withdraw', { path, body: { seen } }),
      onSuccess,
    }),
    handIn: useMutation({
      mutationFn: (ask: Ask) => post('/decisions/{decision_id}/hand-in', { path, body: { ask, seen } }),
      onSuccess,
    }),
    revise: useMutation({
      mutationFn: (body: Proposal) =>
        post('/decisions/{decision_id}/revise', { path, body: { ...body, seen } }),
      onSuccess,
    }),
    /** What is on the server now, after somebody else was faster. */
    again: () => queries.invalidateQueries({ queryKey: keyOf(id) }),
  };
}

export type DecisionActs = ReturnType<typeof useDecisionActs>;

/** What an act answered is what the pages show. */
export function keepDecision(queries: QueryClient, after: Decision): void {
  queries.setQueryData(keyOf(after.id), after);
  for (const part of ['of', 'waiting']) void queries.invalidateQueries({ queryKey: ['decisions', part] });
}

const keyOf = (decision_id: string) => ['decisions', decision_id] as const;
