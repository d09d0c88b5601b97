/**
 * The REST interface in memory, for development and unit tests: typed by the same schema as the client, so it
 * cannot drift in shape. One-time code 123456, password genba-demo-2026, enrolment for F1002, recovery code
 * AAAA-1111; invitation codes `open`, `expired`, `revoked`, `closed`, anything else is unknown.
 */
import type { components } from '../src/types.ts';
import {
  ADMIN,
  calls,
  FIELD,
  NEWCOMER,
  PUBLIC,
  QR_SVG,
  SPECIALIST,
  STAFF,
  SUPERVISOR,
  TOPICS,
} from './people.ts';

type Schemas = components['schemas'];
type Person = Schemas['Person'];

export interface MockRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  session: string | undefined;
}

export interface MockAnswer {
  status: number;
  body?: unknown;
  /** A new session cookie; "" takes it away. */
  session?: string;
}

interface Session {
  person: Person;
  stage: Schemas['Me']['stage'];
  triesLeft: number;
}

const PASSWORD = 'genba-demo-2026';
const CODE = '123456';
const TRIES = 5;
const CHECK_PLAN: Schemas['LineCheckPlan'] = {
  reference: 'K7Q2-9F',
  ways: ['udp', 'tcp'],
  relays: [],
  organisation: PUBLIC.organisation,
  office_phone: PUBLIC.office_phone,
};
const LOCK_S = 300;

class Refusal extends Error {
  readonly status: number;
  readonly key: string;
  readonly params: Record<string, string | number>;

  constructor(status: number, key: string, params: Record<string, string | number> = {}) {
    super(key);
    this.status = status;
    this.key = key;
    this.params = params;
  }
}

export class MockServer {
  readonly calls = calls();
  private readonly sessions = new Map<string, Session>();
  private readonly invitations = new Map<string, Schemas['Invitation']>();
  private readonly messages = new Map<string, Schemas['Message'][]>();
  private readonly enrolled = new Set(STAFF.filter((each) => each !== NEWCOMER).map((each) => each.id));
  private locked: string[] = ['id-X2002'];
  private serial = 0;
  private readonly consultations = new Map<string, Schemas['Consultation']>();
  private readonly said = new Map<string, Schemas['PresenceRequest']['status']>();
  private readonly now: () => number;
  /** Told that the list of calls changed, for the event stream. */
  onCallsChanged: () => void = () => {};

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  answer(request: MockRequest): MockAnswer {
    try {
      return this.route(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {
        status: error.status,
        body: { error: { key: error.key, params: error.params, reference: 'K7Q2-9F' } },
      };
    }
  }

  private route(request: MockRequest): MockAnswer {
    const { method, path } = request;
    for (const [verb, pattern, handle] of this.routes) {
      const match = verb === method ? pattern.exec(path) : null;
      if (match) return handle(request, match.slice(1).map(decodeURIComponent));
    }
    throw new Refusal(404, 'not_found');
  }

  private readonly routes: readonly [
    string,
    RegExp,
    (request: MockRequest, found: string[]) => MockAnswer,
  ][] = [
    ['GET', /^\/public$/, () => ok(PUBLIC)],
    ['GET', /^\/check$/, () => ok(CHECK_PLAN)],
    ['GET', /^\/me$/, (request) => ok(this.me(this.session(request)))],
    ['POST', /^\/sign-in$/, (request) => this.signIn(request)],
    ['POST', /^\/sign-in\/otp$/, (request) => this.otp(request)],
    ['POST', /^\/sign-in\/recovery$/, (request) => this.recovery(request)],
    ['POST', /^\/sign-out$/, () => ({ status: 204, session: '' })],
    ['GET', /^\/enrolment$/, (request) => this.enrolment(request)],
    ['POST', /^\/enrolment$/, (request) => this.enrol(request)],
    ['GET', /^\/topics$/, (request) => this.staff(request, () => ok(TOPICS))],
    ['GET', /^\/rings$/, (request) => this.staff(request, (person) => ok(this.rings(person)))],
    [
      'POST',
      /^\/consultations\/([^/]+)\/accept$/,
      (request, [id]) => this.staff(request, (person) => this.answerRing(id, person)),
    ],
    [
      'POST',
      /^\/consultations\/([^/]+)\/decline$/,
      (request, [id]) => this.staff(request, () => this.passRing(id)),
    ],
    [
      'GET',
      /^\/calls\/([^/]+)\/consultation$/,
      (request, [id]) => this.staff(request, () => ok(this.consultations.get(id ?? '') ?? null)),
    ],
    [
      'POST',
      /^\/calls\/([^/]+)\/consultation\/withdraw$/,
      (request, [id]) => this.staff(request, () => this.passRing(`ask-${id}`)),
    ],
    ['GET', /^\/staff$/, (request) => this.staff(request, () => ok(this.directory(request)))],
    [
      'GET',
      /^\/me\/presence$/,
      (request) => this.staff(request, (person) => ok(this.colleague(person, true))),
    ],
    [
      'POST',
      /^\/me\/presence$/,
      (request) => this.staff(request, (person) => this.sayPresence(request, person)),
    ],
    ['GET', /^\/calls$/, (request) => this.staff(request, (person) => ok({ calls: this.callsOf(person) }))],
    ['POST', /^\/calls$/, (request) => this.staff(request, (person) => this.start(request, person))],
    ['GET', /^\/calls\/([^/]+)$/, (request, [id]) => this.staff(request, () => ok(this.call(id)))],
    [
      'POST',
      /^\/calls\/([^/]+)\/join$/,
      (request, [id]) => this.staff(request, (person) => this.join(id, person)),
    ],
    ['POST', /^\/calls\/([^/]+)\/end$/, (request, [id]) => this.staff(request, () => this.end(id))],
    [
      'POST',
      /^\/calls\/([^/]+)\/members$/,
      (request, [id]) => this.staff(request, () => this.addMember(request, id)),
    ],
    ['GET', /^\/calls\/([^/]+)\/messages$/, (_, [id]) => ok({ messages: this.messages.get(id ?? '') ?? [] })],
    ['POST', /^\/calls\/([^/]+)\/messages$/, (request, [id]) => this.say(request, id)],
    [
      'GET',
      /^\/calls\/([^/]+)\/invitations$/,
      (_, [id]) => ok([...this.invitations.values()].filter((each) => each.call_id === id)),
    ],
    [
      'POST',
      /^\/calls\/([^/]+)\/invitations$/,
      (request, [id]) => this.staff(request, () => this.invite(request, id)),
    ],
    [
      'POST',
      /^\/invitations\/([^/]+)\/revoke$/,
      (request, [id]) => this.staff(request, () => this.revoke(id)),
    ],
    ['GET', /^\/join\/([^/]+)$/, (_, [code]) => ok(this.view(code))],
    ['POST', /^\/join\/([^/]+)$/, (request, [code]) => this.redeem(request, code)],
    ['POST', /^\/guest\/leave$/, () => ({ status: 204 })],
    ['GET', /^\/access-log$/, (request) => this.staff(request, () => ok(this.accessLog(request)))],
    [
      'GET',
      /^\/admin\/staff$/,
      (request) => this.staff(request, () => ok({ staff: STAFF.map((each) => this.entry(each)) })),
    ],
    [
      'POST',
      /^\/admin\/staff\/([^/]+)\/reset-otp$/,
      (request, [id]) => this.staff(request, () => this.resetOtp(id)),
    ],
    [
      'POST',
      /^\/admin\/staff\/([^/]+)\/unlock$/,
      (request, [id]) => this.staff(request, () => this.unlock(id)),
    ],
  ];

  // sign-in

  private signIn({ body }: MockRequest): MockAnswer {
    const person = STAFF.find((each) => each.staff_no === String(body.staff_no).toUpperCase());
    if (!person || body.password !== PASSWORD) throw new Refusal(401, 'sign_in.failed');
    const stage = this.enrolled.has(person.id) ? 'otp' : 'enrol';
    const key = this.openSession(person, stage);
    return { ...ok({ next: stage }), session: key };
  }

  /** Puts somebody in without the two steps, for tests. */
  openSession(person: Person, stage: Session['stage'] = 'full'): string {
    const key = `session-${++this.serial}`;
    this.sessions.set(key, { person, stage, triesLeft: TRIES });
    return key;
  }

  private otp(request: MockRequest): MockAnswer {
    const session = this.session(request);
    if (session.triesLeft <= 0) throw new Refusal(429, 'sign_in.locked', { retry_after_s: LOCK_S });
    if (request.body.code !== CODE) {
      session.triesLeft -= 1;
      if (session.triesLeft === 0) throw new Refusal(429, 'sign_in.locked', { retry_after_s: LOCK_S });
      throw new Refusal(401, 'otp.wrong', { attempts_left: session.triesLeft });
    }
    session.stage = 'full';
    return ok(this.me(session));
  }

  private recovery(request: MockRequest): MockAnswer {
    const session = this.session(request);
    if (String(request.body.code).toUpperCase().replace(/\W/g, '') !== 'AAAA1111')
      throw new Refusal(401, 'otp.wrong', { attempts_left: --session.triesLeft });
    session.stage = 'full';
    return ok({ ...this.me(session), recovery_codes_left: 9 });
  }

  private enrolment(request: MockRequest): MockAnswer {
    const { person } = this.session(request);
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    return ok({
      secret,
      otpauth_uri: `otpauth://totp/Genba:${person.staff_no}?secret=${secret}`,
      qr_svg: QR_SVG,
    });
  }

  private enrol(request: MockRequest): MockAnswer {
    const session = this.session(request);
    if (request.body.code !== CODE) throw new Refusal(401, 'otp.wrong', { attempts_left: 4 });
    this.enrolled.add(session.person.id);
    session.stage = 'full';
    const recovery_codes = Array.from(
      { length: 10 },
      (_, at) => `${'ABCDEFGHJK'[at]?.repeat(4)}-${String(1111 * (at + 1)).slice(0, 4)}`,
    );
    return ok({ recovery_codes, me: this.me(session) });
  }

  private session({ session }: MockRequest): Session {
    const found = this.sessions.get(session ?? '');
    if (!found) throw new Refusal(401, 'signed_out');
    return found;
  }

  private staff(request: MockRequest, handle: (person: Person) => MockAnswer): MockAnswer {
    const session = this.session(request);
    if (session.stage !== 'full') throw new Refusal(401, 'signed_out');
    return handle(session.person);
  }

  private me({ person, stage }: Session): Schemas['Me'] {
    return {
      stage,
      person: stage === 'full' ? person : null,
      csrf_token: 'mock-token',
      expires_at: new Date(this.now() + 8 * 3_600_000).toISOString(),
    };
  }

  // calls

  private callsOf(person: Person): Schemas['Call'][] {
    return this.calls.filter((call) => call.members.some((each) => each.person.id === person.id));
  }

  private call(id: string | undefined): Schemas['Call'] {
    const found = this.calls.find((each) => each.id === id);
    if (!found) throw new Refusal(404, 'call.not_found');
    return found;
  }

  private start({ body }: MockRequest, person: Person): MockAnswer {
    const topic = TOPICS.find((each) => each.key === body.topic);
    const number = `R8-東土-0${143 + ++this.serial}`;
    const call: Schemas['Call'] = {
      id: `call-${this.serial}`,
      number,
      title: String(body.title ?? ''),
      topic: topic?.key ?? '',
      place: String(body.place ?? ''),
      state: 'open',
      started_at: new Date(this.now()).toISOString(),
      ended_at: null,
      host: person,
      members: [{ person, joined: true }],
      guests: [],
      live_count: 1,
    };
    this.calls.unshift(call);
    this.onCallsChanged();
    return { status: 201, body: this.connection(call, `S-${person.id}`) };
  }

  private join(id: string | undefined, person: Person): MockAnswer {
    const call = this.call(id);
    if (call.state === 'closed') throw new Refusal(409, 'call.closed');
    return ok(this.connection(call, `S-${person.id}`));
  }

  private connection(call: Schemas['Call'], identity: string): Schemas['Connection'] {
    return { call, url: '', token: 'mock.token.none', identity };
  }

  private end(id: string | undefined): MockAnswer {
    const call = this.call(id);
    Object.assign(call, { state: 'closed', ended_at: new Date(this.now()).toISOString(), live_count: 0 });
    this.onCallsChanged();
    return ok(call);
  }

  private addMember({ body }: MockRequest, id: string | undefined): MockAnswer {
    const call = this.call(id);
    const person = STAFF.find((each) => each.id === body.staff_id);
    if (!person) throw new Refusal(404, 'not_found');
    if (!call.members.some((each) => each.person.id === person.id))
      call.members.push({ person, joined: false });
    this.onCallsChanged();
    return ok(call);
  }

  private directory({ query }: MockRequest): Schemas['StaffEntry'][] {
    const wanted = query.get('q') ?? '';
    return STAFF.filter(
      (each) => each !== ADMIN && `${each.name}${each.kana}${each.department}`.includes(wanted),
    ).map((each, at) => this.colleague(each, at % 2 === 1));
  }

  /** A call starts to ring for whoever signs in as a specialist or supervisor. */
  ring(callId: string, changes: Partial<Schemas['Consultation']> = {}): void {
    this.consultations.set(callId, {
      id: `ask-${callId}`,
      state: 'waiting',
      asked_at: new Date(this.now() - 14_000).toISOString(),
      ended_at: null,
      rung: [SPECIALIST],
      rings: [{ person: SPECIALIST, state: 'shown' }],
      position: 1,
      expected_wait_s: 8,
      next_circle: [SUPERVISOR],
      next_in_s: 6,
      ...changes,
    });
  }

  private rings(person: Person): Schemas['RingsAnswer'] {
    const entries = [...this.consultations].map(([id, consultation]) => {
      const { id: call_id, number, title, topic, place, host } = this.call(id);
      return { consultation, call_id, number, title, topic, place, host, hand_over: null };
    });
    const mine = entries.filter(({ host }) => host.id !== person.id);
    return {
      rings: mine.filter(({ consultation }) => consultation.state === 'waiting'),
      tickets: mine.filter(({ consultation }) => consultation.state === 'ticket'),
      missed: mine.filter(({ consultation }) => consultation.state === 'withdrawn'),
    };
  }

  private answerRing(id: string | undefined, person: Person): MockAnswer {
    const callId = id?.replace('ask-', '') ?? '';
    if (!this.consultations.delete(callId)) throw new Refusal(409, 'consultation.over');
    return this.join(callId, person);
  }

  private passRing(id: string | undefined): MockAnswer {
    this.consultations.delete(id?.replace('ask-', '') ?? '');
    return { status: 204 };
  }

  private colleague(person: Person, present: boolean): Schemas['StaffEntry'] {
    const said = this.said.get(person.id) ?? null;
    return {
      ...person,
      present,
      said,
      status: said ?? (present ? 'office' : 'absent'),
      hours: '月-金 8:30-17:15',
      here_from: null,
    };
  }

  private sayPresence({ body }: MockRequest, person: Person): MockAnswer {
    this.said.set(person.id, body.status as Schemas['PresenceRequest']['status']);
    return ok(this.colleague(person, true));
  }

  private say({ body, session }: MockRequest, id: string | undefined): MockAnswer {
    const sender = this.sessions.get(session ?? '')?.person;
    const message: Schemas['Message'] = {
      id: `message-${++this.serial}`,
      call_id: id ?? '',
      sender_identity: sender ? `S-${sender.id}` : 'G-inv-1',
      sender_name: sender?.name ?? '田端 和子',
      sender_role: sender?.role ?? 'resident',
      text: String(body.text),
      sent_at: new Date(this.now()).toISOString(),
    };
    this.messages.set(message.call_id, [...(this.messages.get(message.call_id) ?? []), message]);
    return { status: 201, body: { messages: [message] } };
  }

  // invitations

  private invite({ body }: MockRequest, id: string | undefined): MockAnswer {
    const invitation: Schemas['Invitation'] = {
      id: `inv-${++this.serial + 10}`,
      call_id: this.call(id).id,
      url: 'https://genba.example/j/open',
      qr_svg: QR_SVG,
      name: String(body.name),
      kind: body.kind === 'partner' || body.kind === 'interpreter' ? body.kind : 'resident',
      language: body.language === 'en' || body.language === 'ja-easy' ? body.language : 'ja',
      state: 'open',
      created_at: new Date(this.now()).toISOString(),
      expires_at: new Date(this.now() + 86_400_000).toISOString(),
      joined: false,
    };
    this.invitations.set(invitation.id, invitation);
    return { status: 201, body: invitation };
  }

  private revoke(id: string | undefined): MockAnswer {
    const invitation = this.invitations.get(id ?? '');
    if (!invitation) throw new Refusal(404, 'not_found');
    Object.assign(invitation, { state: 'revoked', url: '', qr_svg: '' });
    return ok(invitation);
  }

  private view(code: string | undefined): Schemas['InvitationView'] {
    if (code === 'expired' || code === 'revoked') throw new Refusal(410, `invitation.${code}`);
    if (code === 'closed') throw new Refusal(409, 'call.closed');
    if (code !== 'open') throw new Refusal(404, 'invitation.unknown');
    const { name, kana, post, department, office } = FIELD;
    return {
      call_title: '川辺橋 P2橋脚 ひび割れ',
      starts_at: new Date(this.now()).toISOString(),
      host: { name, kana, post, department, office },
      organisation: PUBLIC.organisation,
      office_phone: PUBLIC.office_phone,
      guest_name: '田端 和子',
      kind: 'resident',
      language: 'ja',
      state: 'open',
    };
  }

  private redeem(_: MockRequest, code: string | undefined): MockAnswer {
    this.view(code);
    return ok({ ...this.connection(this.call('call-live'), 'G-inv-1'), csrf_token: 'mock-guest-token' });
  }

  // administration

  private entry(person: Person): Schemas['AdminStaffEntry'] {
    return {
      ...person,
      disabled: false,
      enrolled: this.enrolled.has(person.id),
      locked_until: this.locked.includes(person.id) ? new Date(this.now() + 9 * 60_000).toISOString() : null,
      last_signed_in_at: this.enrolled.has(person.id)
        ? new Date(this.now() - 3_600_000 * (person.staff_no.length - 3)).toISOString()
        : null,
      recovery_codes_left: this.enrolled.has(person.id) ? 10 : 0,
      hours: '',
      boss_id: null,
      deputy_ids: [],
    };
  }

  private found(id: string | undefined): Person {
    const person = STAFF.find((each) => each.id === id);
    if (!person) throw new Refusal(404, 'not_found');
    return person;
  }

  private resetOtp(id: string | undefined): MockAnswer {
    const person = this.found(id);
    this.enrolled.delete(person.id);
    return ok(this.entry(person));
  }

  private unlock(id: string | undefined): MockAnswer {
    const person = this.found(id);
    this.locked = this.locked.filter((each) => each !== person.id);
    return ok(this.entry(person));
  }

  private accessLog({ query }: MockRequest): Schemas['AccessLogAnswer'] {
    const after = Number(query.get('after') ?? 0);
    const limit = Number(query.get('limit') ?? 100);
    const actions = [
      'sign_in.password',
      'sign_in',
      'call.started',
      'invitation.created',
      'room.joined',
      'call.join',
      'room.left',
      'call.ended',
    ];
    const total = 64;
    const rows = Array.from({ length: total }, (_, at): Schemas['AccessLogRow'] => ({
      seq: at + 1,
      at: new Date(this.now() - (total - at) * 97_000).toISOString(),
      actor: STAFF[at % 4]?.id ?? '',
      address: `10.20.0.${10 + (at % 40)}`,
      action: actions[at % actions.length] ?? '',
      object: at % 8 > 1 ? 'call-live' : '',
      result: at % 13 === 1 ? 'refused' : 'ok',
      reason: at % 13 === 1 ? 'otp.wrong' : '',
      detail: '',
      prev_hash: (at * 7919).toString(16).padStart(64, '0'),
      hash: ((at + 1) * 7919).toString(16).padStart(64, '0'),
    })).filter((row) => row.seq > after);
    const page = rows.slice(0, limit);
    return { rows: page, next_after: rows.length > limit ? (page.at(-1)?.seq ?? null) : null, total };
  }
}

function ok(body: unknown): MockAnswer {
  return { status: 200, body };
}
