/**
 * The only place that asks the server. Paths, bodies and answers are typed by the server's schema (`types.ts`);
 * every failure, whether the server refused or was not reached, is one `ApiError` whose `key` the screens
 * translate. The anti-forgery token is read from the answers that carry it and sent with unsafe requests.
 */
import type { components, paths } from './types';

type Schemas = components['schemas'];

export type AccessLogRow = Schemas['AccessLogRow'];
export type AdminStaffEntry = Schemas['AdminStaffEntry'];
export type Appointment = Schemas['Appointment'];
export type AppointmentView = Schemas['AppointmentView'];
export type Call = Schemas['Call'];
export type CallRecord = Schemas['CallRecordAnswer'];
export type CaseBrief = Schemas['CaseBrief'];
export type CaseEntry = Schemas['CaseEntry'];
export type CaseFile = Schemas['CaseFile'];
export type BroughtList = Schemas['BroughtAnswer'];
export type CatalogueList = Schemas['CatalogueListView'];
export type SlotFeed = Schemas['SlotFeedView'];
export type SlotLook = Schemas['SlotLook'];
export type LawNotice = Schemas['LawNoticeView'];
export type LawNotices = Schemas['LawNoticesAnswer'];
export type OpenList = Schemas['OpenList'];
export type Connection = Schemas['Connection'];
export type ConsentPerson = Schemas['ConsentPerson'];
export type ConsentPurpose = ConsentPerson['standings'][number]['purpose'];
export type ConsentsAnswer = Schemas['ConsentsAnswer'];
export type Consultation = Schemas['Consultation'];
export type Decision = Schemas['Decision'];
export type DecisionBrief = Schemas['DecisionBrief'];
export type DecisionPerson = Schemas['DecisionPerson'];
export type OwedDecision = Schemas['OwedDecision'];
export type Proposal = Omit<Schemas['ReviseRequest'], 'seen'>;
export type Eligibility = Schemas['EligibilityAnswer'];
export type Enrolment = Schemas['Enrolment'];
export type HandOver = Schemas['HandOver'];
export type FoundLine = Schemas['FoundLine'];
export type GuestConnection = Schemas['GuestConnection'];
export type GuestKind = Schemas['CallGuestEntry']['kind'];
export type GuestPlace = Schemas['GuestPlace'];
export type Invitation = Schemas['Invitation'];
export type InvitationView = Schemas['InvitationView'];
export type Letter = Schemas['Letter'];
export type LetterView = Schemas['LetterView'];
export type BallotView = Schemas['BallotView'];
export type LetterConsents = Schemas['LetterConsents'];
export type LetterReceipt = Schemas['LetterReceipt'];
export type LineCheckPlan = Schemas['LineCheckPlan'];
export type ChoicesRequest = Schemas['ChoicesRequest'];
export type NoticesOffer = Schemas['NoticesOffer'];
export type NoticesView = Schemas['NoticesView'];
export type Look = Schemas['Look'];
export type Mark = Schemas['MarkEntry'];
export type Me = Schemas['Me'];
export type Message = Schemas['Message'];
export type Minutes = Schemas['MinutesAnswer'];
export type MinutesSentence = Schemas['MinutesSentence'];
export type OwnedKey = Schemas['OwnedKey'];
export type Person = Schemas['Person'];
export type Public = Schemas['Public'];
export type QuestionEntry = Schemas['QuestionEntry'];
export type QuestionsAnswer = Schemas['QuestionsAnswer'];
export type Recording = Schemas['Recording'];
export type TranscriptKeeping = Schemas['TranscriptKeepingAnswer'];
export type Recap = Schemas['Recap'];
export type Redaction = Schemas['Redaction'];
export type RedactionWish = Schemas['RedactRequest'];
export type RingEntry = Schemas['RingEntry'];
export type Still = Schemas['Still'];
export type Kept = Schemas['Kept'];
export type Paper = Schemas['PaperAnswer'];
export type FoundDocument = Schemas['FoundDocument'];
export type Shown = Schemas['Shown'];
export type StaffEntry = Schemas['StaffEntry'];
export type StaffListAnswer = Schemas['StaffListAnswer'];
export type StaffRole = Person['role'];
export type TranscriptLine = Schemas['TranscriptEntry'];
export type NeedProposal = Schemas['NeedProposalView'];
export type CallCard = Schemas['CallCard'];
export type ServiceCard = Schemas['ServiceCard'];
export type StaffPaper = Schemas['StaffPaper'];
export type ServiceMatch = Schemas['ServiceMatch'];
export type ServicesFound = Schemas['ServicesFound'];
export type Checklist = Schemas['Checklist'];
export type PortalView = Schemas['PortalView'];
export type Recommendation = Schemas['RecommendedItem'];
export type ServiceItem = Schemas['ServiceItem'];
export type ServicePage = Schemas['ServicePage'];
export type ServicesList = Schemas['ServicesList'];
export type Topic = Schemas['Topic'];

type Params = Record<string, string | number | boolean | null>;

/** A request that did not do what was asked; `status` is 0 when no server answered. */
export class ApiError extends Error {
  readonly key: string;
  readonly params: Params;
  /** Also in the server's log; empty when no server answered. */
  readonly reference: string;
  readonly status: number;

  constructor(key: string, status: number, params: Params = {}, reference = '') {
    super(key);
    this.name = 'ApiError';
    this.key = key;
    this.status = status;
    this.params = params;
    this.reference = reference;
  }

  /** A parameter that should be a number, else undefined. */
  number(name: string): number | undefined {
    const value = this.params[name];
    return typeof value === 'number' ? value : undefined;
  }
}

const REQUEST_TIMEOUT_MS = 15_000;

const csrf = { token: '' };
let onSignedOut: (() => void) | undefined;

/** What to do when a request finds that the staff session has ended; the staff pages register it. */
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut = listener;
  return () => {
    if (onSignedOut === listener) onSignedOut = undefined;
  };
}

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathOf<V extends Verb> = {
  [P in keyof paths]: paths[P] extends Record<V, { responses: unknown }> ? P : never;
}[keyof paths];
type Operation<P extends keyof paths, V extends Verb> = paths[P] extends Record<V, infer O> ? O : never;
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : undefined;
type Success<R> = R extends { 200: infer A } | { 201: infer A } | { 202: infer A } ? A : undefined;
type AnswerOf<O> = O extends { responses: infer R } ? Json<Success<R>> : never;
type PathParams<O> = O extends { parameters: { path: infer A } } ? { path: A } : { path?: undefined };
type Query<O> = O extends { parameters: { query?: infer Q } } ? { query?: Q } : { query?: undefined };
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : { body?: undefined };
type Options<O> = PathParams<O> &
  Query<O> &
  Body<O> & {
    signal?: AbortSignal;
    keepalive?: boolean;
    /** What takes the server longer than others is waited for longer. */
    within_ms?: number;
  };
type Arguments<O> = object extends Options<O> ? [options?: Options<O>] : [options: Options<O>];

export function get<P extends PathOf<'get'>>(
  path: P,
  ...[options]: Arguments<Operation<P, 'get'>>
): Promise<AnswerOf<Operation<P, 'get'>>> {
  return send('GET', path, (options ?? {}) as Loose);
}

export function post<P extends PathOf<'post'>>(
  path: P,
  ...[options]: Arguments<Operation<P, 'post'>>
): Promise<AnswerOf<Operation<P, 'post'>>> {
  return send('POST', path, (options ?? {}) as Loose);
}

export function patch<P extends PathOf<'patch'>>(
  path: P,
  ...[options]: Arguments<Operation<P, 'patch'>>
): Promise<AnswerOf<Operation<P, 'patch'>>> {
  return send('PATCH', path, (options ?? {}) as Loose);
}

export function remove<P extends PathOf<'delete'>>(
  path: P,
  ...[options]: Arguments<Operation<P, 'delete'>>
): Promise<AnswerOf<Operation<P, 'delete'>>> {
  return send('DELETE', path, (options ?? {}) as Loose);
}

/** The body of a PUT is bytes; what it answers is typed like the rest. */
export function put<P extends PathOf<'put'>>(
  path: P,
  options: PathParams<Operation<P, 'put'>> & {
    query: object;
    bytes: Uint8Array<ArrayBuffer>;
    signal?: AbortSignal;
  },
): Promise<AnswerOf<Operation<P, 'put'>>> {
  return send('PUT', path, options as Loose);
}

/**
 * A file on its way to the server; `onProgress` gets the share that was sent, 0 to 1. By XMLHttpRequest, which alone says how
 * much was: a large drawing over a mobile line takes minutes.
 */
export function putFile<P extends PathOf<'put'>>(
  path: P,
  options: PathParams<Operation<P, 'put'>> & { query: object },
  file: File,
  onProgress: (share: number) => void,
): Promise<AnswerOf<Operation<P, 'put'>>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', address(path, options as Loose));
    request.responseType = 'json';
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-CSRF-Token', csrf.token);
    request.upload.onprogress = ({ loaded, total }) => total > 0 && onProgress(loaded / total);
    request.onload = () =>
      request.status < 300 ? resolve(request.response) : reject(refusal(request.status, request.response));
    request.onerror = () => reject(new ApiError('network.unreachable', 0));
    request.send(file);
  });
}

/** A file of the server with what its headers say: what a voice note sounds like, what a page looks like. */
export async function getFile<P extends PathOf<'get'>>(
  path: P,
  options: PathParams<Operation<P, 'get'>> & Query<Operation<P, 'get'>>,
): Promise<Response> {
  const response = await reach('GET', address(path, options as Loose), {});
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => undefined));
  return response;
}

/** Where the browser itself fetches a file of the server, for a picture or a download. */
export function urlOf<P extends PathOf<'get'>>(
  path: P,
  options: PathParams<Operation<P, 'get'>> & Query<Operation<P, 'get'>>,
): string {
  return address(path, options as Loose);
}

interface Loose {
  path?: object | undefined;
  query?: object | undefined;
  body?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
  keepalive?: boolean;
  within_ms?: number;
}

async function send<A>(method: Uppercase<Verb>, template: string, options: Loose): Promise<A> {
  const response = await reach(method, address(template, options), options);
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, answer);
  rememberToken(answer);
  return answer as A; // the schema gate, not this line, keeps the server to the type
}

async function reach(method: string, url: string, options: Loose): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET' && csrf.token) headers['X-CSRF-Token'] = csrf.token;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.bytes !== undefined) headers['Content-Type'] = 'application/octet-stream';
  const timeout = AbortSignal.timeout(options.within_ms ?? REQUEST_TIMEOUT_MS);
  try {
    return await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      body: options.bytes ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      keepalive: options.keepalive ?? false,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(timeout.aborted ? 'network.timeout' : 'network.unreachable', 0);
  }
}

function address(template: string, options: Loose): string {
  const values = new Map(Object.entries(options.path ?? {}));
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name) ?? '')),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (Array.isArray(value)) for (const each of value) query.append(name, String(each));
    else if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const tail = query.toString();
  return `/api${path}${tail ? `?${tail}` : ''}`;
}

function refusal(status: number, answer: unknown): ApiError {
  const error = fields(fields(answer).error);
  if (typeof error.key !== 'string') return new ApiError('server.failed', status);
  const reference = typeof error.reference === 'string' ? error.reference : '';
  if (status === 401 && error.key === 'signed_out') onSignedOut?.();
  return new ApiError(error.key, status, fields(error.params) as Params, reference);
}

function rememberToken(answer: unknown): void {
  const source = fields(answer);
  const token = source.csrf_token ?? fields(source.me).csrf_token;
  if (typeof token === 'string') csrf.token = token;
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
