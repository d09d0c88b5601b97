/** Runs the check, one step after the other, and keeps what was found. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, get, type LineCheckPlan } from '../api';
import { askForDevices, stopStream } from '../join/asking';
import type { DeviceState } from '../join/devices';
import { measure, openEcho, reachLive } from './measure';
import {
  bestWay,
  type Findings,
  NOTHING_FOUND,
  STEPS,
  type State,
  type Step,
  stateOfQuality,
  WAYS,
} from './verdict';

/** Nobody answers the browser's question for so long. */
const QUESTION_TIMEOUT_MS = 45_000;

export interface Check {
  readonly at: 'ready' | 'running' | 'done';
  readonly findings: Findings;
  readonly plan: LineCheckPlan | null;
  /** Why the server was not reached or did not want to be asked. */
  readonly error: unknown;
  readonly begun_at: Date | null;
  readonly begin: () => void;
}

export function useCheck(): Check {
  const [at, setAt] = useState<Check['at']>('ready');
  const [findings, setFindings] = useState(NOTHING_FOUND);
  const [plan, setPlan] = useState<LineCheckPlan | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [begun_at, setBegun] = useState<Date | null>(null);
  const run = useRef(0);
  useEffect(
    () => () => {
      run.current += 1; // whoever has left the page is not asked for a camera
    },
    [],
  );

  const begin = useCallback(() => {
    run.current += 1;
    const mine = run.current;
    setAt('running');
    setFindings(NOTHING_FOUND);
    setError(null);
    setBegun(new Date());
    const isOver = () => run.current !== mine;
    const find = (change: (before: Findings) => Findings) => {
      if (!isOver()) setFindings(change);
    };
    void checkAll({ find, isOver, onPlan: setPlan, onError: setError }).finally(() => {
      if (!isOver()) setAt('done');
    });
  }, []);
  return { at, findings, plan, error, begun_at, begin };
}

interface Run {
  readonly find: (change: (before: Findings) => Findings) => void;
  readonly isOver: () => boolean;
  readonly onPlan: (plan: LineCheckPlan) => void;
  readonly onError: (error: unknown) => void;
}

function setter({ find }: Run) {
  return (step: Step, state: State, rest: Partial<Findings> = {}) =>
    find((before) => ({ ...before, ...rest, states: { ...before.states, [step]: state } }));
}

async function checkAll(run: Run): Promise<void> {
  const set = setter(run);
  set('server', 'running');
  try {
    const plan = await get('/check');
    run.onPlan(plan);
    set('server', 'good');
    set('live', 'running');
    set('live', (await reachLive()) ? 'good' : 'bad');
    await checkLine(plan, run);
    if (!run.isOver()) await checkDevices(run);
  } catch (error) {
    run.onError(error);
    for (const step of STEPS) set(step, 'skipped');
    // A server that is too busy to answer was reached, too.
    set('server', error instanceof ApiError && error.status > 0 ? 'weak' : 'bad');
  }
}

async function checkLine(plan: LineCheckPlan, run: Run): Promise<void> {
  const set = setter(run);
  const states = { ...NOTHING_FOUND.states };
  const isUnsupported = typeof RTCPeerConnection === 'undefined';
  for (const way of WAYS) {
    if (run.isOver()) return;
    if (isUnsupported || !plan.ways.includes(way)) {
      set(way, 'skipped', { isUnsupported });
      continue;
    }
    set(way, 'running');
    const echo = await openEcho(way, plan);
    echo?.close();
    states[way] = echo ? 'good' : 'bad';
    set(way, states[way]);
  }
  const best = bestWay(states);
  set('quality', best ? 'running' : 'skipped');
  if (best === null || run.isOver()) return;
  const echo = await openEcho(best, plan);
  if (echo === null) return set('quality', 'bad');
  const quality = await measure(echo).finally(echo.close);
  set('quality', stateOfQuality(quality), { quality });
}

async function checkDevices(run: Run): Promise<void> {
  const set = setter(run);
  set('microphone', 'running');
  set('camera', 'running');
  const late = new Promise<null>((done) => setTimeout(() => done(null), QUESTION_TIMEOUT_MS));
  const asked = askForDevices();
  void asked.then(({ stream }) => stopStream(stream));
  const answer = await Promise.race([asked, late]);
  const { microphone, camera } = answer?.report ?? { microphone: null, camera: null };
  set('microphone', microphone?.ok ? 'good' : 'bad', { microphone: problemOf(microphone) });
  set('camera', camera?.ok ? 'good' : 'bad', { camera: problemOf(camera) });
}

function problemOf(state: DeviceState | null): Findings['microphone'] {
  if (state === null) return 'unanswered';
  return state.ok ? null : state.problem;
}
