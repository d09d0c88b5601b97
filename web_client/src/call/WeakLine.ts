/**
 * The edge of a call on a weak line: reads the peer connections every second, asks the pure machines beside it, and does
 * what they answer to the SDK. Fetched once a call is open, so it costs the first picture nothing.
 */
import { LocalTrack, type Room, RoomEvent, Track, VideoQuality } from 'livekit-client';
import { HEARD, type Hearing, listen, speakOn } from './hearing';
import { type Chosen, FIRST_LADDER, type Ladder, type LineSample, pin, step } from './ladder';
import type { Signal } from './members';
import {
  advanceOthers,
  MAX_STILL_BYTES,
  type Others,
  type OthersEvent,
  parseRung,
  RUNG_TOPIC,
  rungPacket,
  STILL_TOPIC,
} from './others';
import { saverKey } from './saverKey';
import { Senders } from './senders';
import { planStill, type StillPlan } from './stillPlan';
import { StillCamera, sendStill } from './stills';
import {
  addTraffic,
  amount,
  NO_SAVER,
  parseSaver,
  parseTraffic,
  type Saver,
  saverState,
  type Traffic,
} from './traffic';
import { isSame } from './unchanged';
import { NO_UPLINK, readUplink, type Stat, type Uplink } from './uplink';

export interface WeakSnapshot {
  readonly ladder: Ladder;
  readonly hearing: Hearing;
  readonly stillEvery_s: number;
  readonly others: Others;
  /** Identities whose picture the server holds back for our line's sake. */
  readonly paused: readonly string[];
  readonly traffic: Traffic;
  readonly saver: Saver;
}

export interface WeakLineFacts {
  readonly callId: string;
  /** Whose meter and saver: they are kept on the device per account. */
  readonly account: string;
  readonly isSignalling: () => boolean;
  readonly signal: () => Signal;
  readonly onChange: (snapshot: WeakSnapshot) => void;
}

const READ_EVERY_MS = 1_000;
/** The microphone does not wait for the next reading. */
const LISTEN_EVERY_MS = 250;
const KEEP_EVERY_S = 5;
const FEW_LOST = 0.05;

const seconds = (): number => performance.now() / 1000;
const STILL_TYPES = ['image/webp', 'image/jpeg'];

export class WeakLine {
  readonly #room: Room;
  readonly #facts: WeakLineFacts;
  readonly #camera = new StillCamera();
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  readonly #layers = new Map<string, VideoQuality>();
  #uplink: Uplink = NO_UPLINK;
  #snapshot: WeakSnapshot;
  #told: WeakSnapshot;
  #keptAt = 0;
  #countedBytes = 0;
  #sending: AbortController | null = null;
  #isReading = false;
  #isMicrophoneOn = false;
  readonly #senders = new Senders();

  /** When anybody's sound last played here, in a clock that only moves forward; 0 before the first. */
  soundsAt(): number {
    const people = [...this.#room.remoteParticipants.values()];
    const tracks = people.flatMap((person) => [...person.audioTrackPublications.values()]);
    const heard = tracks.flatMap(({ track }) => track?.receiver?.getSynchronizationSources() ?? []);
    return Math.max(0, ...heard.map(({ timestamp }) => timestamp));
  }

  constructor(room: Room, facts: WeakLineFacts) {
    this.#room = room;
    this.#facts = facts;
    this.#snapshot = {
      ladder: { ...FIRST_LADDER, since: seconds() },
      hearing: HEARD,
      stillEvery_s: 0,
      others: new Map(),
      paused: [],
      traffic: addTraffic(parseTraffic(localStorage.getItem(this.#trafficKey)), facts.callId, 0, Date.now()),
      saver: parseSaver(localStorage.getItem(saverKey(facts.account))),
    };
    this.#told = this.#snapshot;
    this.#hearOthers();
    this.#timers.push(
      setInterval(() => void this.#read(), READ_EVERY_MS),
      setInterval(() => this.#listen(), LISTEN_EVERY_MS),
    );
    window.addEventListener('pagehide', this.#keep);
    facts.onChange(this.#snapshot);
  }

  /** Holds a rung, or gives it back to the line with null. */
  choose(chosen: Chosen | null): void {
    this.#climb(pin(this.#snapshot.ladder, chosen, seconds()));
  }

  /** Lets the microphone go although nobody may hear. */
  speakOn(): void {
    this.#change({ hearing: speakOn(this.#snapshot.hearing) });
    this.#guardMicrophone();
  }

  /** Megabytes per call; 0 switches the saver off. */
  setCap(cap_mb: number): void {
    this.#save({ ...NO_SAVER, cap_mb });
  }

  /** Goes on over the cap, in this call only. */
  goOn(): void {
    this.#save({ ...this.#snapshot.saver, goesOnIn: this.#facts.callId });
  }

  close(): void {
    this.#timers.forEach(clearInterval);
    window.removeEventListener('pagehide', this.#keep);
    this.#room.unregisterByteStreamHandler(STILL_TOPIC);
    this.#sending?.abort();
    this.#camera.close();
    for (const { still } of this.#snapshot.others.values()) if (still) URL.revokeObjectURL(still.url);
    this.#keep();
  }

  get #trafficKey(): string {
    return `genba.traffic.${this.#facts.account}`;
  }

  #save(saver: Saver): void {
    localStorage.setItem(saverKey(this.#facts.account), JSON.stringify(saver));
    this.#change({ saver });
  }

  #hearOthers(): void {
    const room = this.#room;
    room.registerByteStreamHandler(STILL_TOPIC, async (reader, { identity }) => {
      const { mimeType, size } = reader.info;
      if (!STILL_TYPES.includes(mimeType) || (size ?? Number.POSITIVE_INFINITY) > MAX_STILL_BYTES) return;
      const parts = await reader.readAll().catch(() => null); // given up on the way: the next one comes whole
      if (parts === null) return;
      const url = URL.createObjectURL(new Blob(parts as BlobPart[], { type: mimeType })); // the DOM types know only buffers that cannot be shared
      this.#learn({ type: 'still', identity, still: { url, at: seconds() } });
    });
    room
      .on(RoomEvent.DataReceived, (payload, participant, _kind, topic) => {
        const told = topic === RUNG_TOPIC && participant ? parseRung(payload) : null;
        if (told && participant) this.#learn({ type: 'rung', identity: participant.identity, ...told });
      })
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) => this.#learn({ type: 'gone', identity }))
      .on(RoomEvent.ParticipantConnected, () => {
        if (this.#snapshot.ladder.rung !== 'high') this.#tell();
      })
      .on(RoomEvent.TrackStreamStateChanged, (_publication, state, { identity }) => {
        const others = this.#snapshot.paused.filter((other) => other !== identity);
        this.#change({ paused: state === Track.StreamState.Paused ? [...others, identity] : others });
      })
      .on(RoomEvent.LocalTrackPublished, () => {
        this.#guardMicrophone();
        this.#senders.forget();
        void this.#apply();
      });
    room.engine.on('subscribedQualityUpdate', ({ trackSid, subscribedCodecs, subscribedQualities }) => {
      const wanted = subscribedCodecs.flatMap(({ qualities }) => qualities);
      const enabled = (wanted.length > 0 ? wanted : subscribedQualities).filter(({ enabled }) => enabled);
      const best = Math.max(...enabled.map(({ quality }) => quality), VideoQuality.LOW);
      this.#layers.set(trackSid, best as VideoQuality); // the two enumerations have the same numbers
      this.#senders.forget(); // the SDK switched layers by itself
      void this.#apply();
    });
  }

  #learn(event: OthersEvent): void {
    const { others, dropped } = advanceOthers(this.#snapshot.others, event);
    for (const { url } of dropped) URL.revokeObjectURL(url);
    this.#change({ others });
  }

  async #read(): Promise<void> {
    if (this.#isReading) return; // a browser that takes longer than a second answers once
    this.#isReading = true;
    try {
      const { publisher, subscriber } = this.#room.engine.pcManager ?? {};
      const [own, other] = await Promise.all([statsOf(publisher), statsOf(subscriber)]);
      const now = seconds();
      this.#uplink = readUplink(this.#uplink, own, [other], now);
      this.#count(now);
      this.#climb(step(this.#snapshot.ladder, this.#sample(now), now));
    } finally {
      this.#isReading = false;
    }
  }

  #sample(now: number): LineSample {
    const { available_bps, roundTrip_ms, loss, unheardSince } = this.#uplink;
    return {
      available_bps,
      roundTrip_ms,
      loss,
      unheard_s: unheardSince === null ? null : now - unheardSince,
      quality: this.#facts.signal(),
      isSignalling: this.#facts.isSignalling(),
      isOnline: navigator.onLine,
      saver: saverState(this.#snapshot.traffic, this.#snapshot.saver),
    };
  }

  #climb(ladder: Ladder): void {
    const before = this.#snapshot.ladder;
    this.#change({ ladder, stillEvery_s: this.#plan().every_s });
    if (before.rung !== ladder.rung || before.reason !== ladder.reason) this.#tell();
    void this.#apply();
    if (ladder.rung === 'stills') void this.#sendStills();
    else this.#sending?.abort();
  }

  /** Viewers show what they are told, not what they can guess from a track that stopped. */
  #tell(): void {
    const { rung, reason } = this.#snapshot.ladder;
    this.#room.localParticipant
      .publishData(rungPacket(rung, reason), { reliable: true, topic: RUNG_TOPIC })
      .catch(() => undefined); // without a line nobody can be told; the next change is
  }

  #plan(): StillPlan {
    return planStill(this.#uplink.available_bps, this.#uplink.audio_bps);
  }

  async #sendStills(): Promise<void> {
    if (this.#sending !== null) return;
    const sending = new AbortController();
    this.#sending = sending;
    try {
      while (!sending.signal.aborted) {
        const begun = performance.now();
        const track = this.#filmed();
        const plan = this.#plan();
        const still = track && (await this.#camera.take(track, plan.limit_bytes));
        if (still) await sendStill(this.#room, still, () => this.#plan(), sending.signal);
        const rest_ms = begun + plan.every_s * 1000 - performance.now();
        await new Promise((done) => setTimeout(done, Math.max(200, rest_ms)));
      }
    } catch {
      // The channel broke: the next reading of the line begins anew.
    } finally {
      this.#sending = null;
    }
  }

  /** What a still shows: the shared screen before the camera, as on the stage. */
  #filmed(): MediaStreamTrack | null {
    const { localParticipant } = this.#room;
    for (const source of [Track.Source.ScreenShare, Track.Source.Camera]) {
      const publication = localParticipant.getTrackPublication(source);
      if (publication?.track && !publication.isMuted) return publication.track.mediaStreamTrack;
    }
    return null;
  }

  async #apply(): Promise<void> {
    const { rung } = this.#snapshot.ladder;
    // Redundancy doubles what a voice takes; where nothing is lost it is the first thing to save.
    const isPlain = (this.#uplink.loss ?? 0) < FEW_LOST;
    for (const { track, trackSid } of this.#room.localParticipant.trackPublications.values())
      if (track instanceof LocalTrack)
        await this.#senders.set(track, rung, this.#layers.get(trackSid), isPlain);
  }

  #listen(): void {
    const microphone = this.#room.localParticipant.getTrackPublication(Track.Source.Microphone);
    // Between two sessions nothing is published: the wish is what it was.
    if (microphone) this.#isMicrophoneOn = !microphone.isMuted;
    const facts = {
      isSignalling: this.#facts.isSignalling() && navigator.onLine,
      isMicrophoneOn: this.#isMicrophoneOn,
      audioHeardAt: this.#uplink.audioHeardAt,
    };
    const hearing = listen(this.#snapshot.hearing, facts, seconds());
    if (hearing !== this.#snapshot.hearing) this.#change({ hearing });
    this.#guardMicrophone();
  }

  /** The SDK restarts tracks when it reconnects, so this is looked after, not done once. */
  #guardMicrophone(): void {
    const track = this.#room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
    const media = track?.mediaStreamTrack;
    if (!track || !media || track.isMuted) return;
    const isOpen = this.#snapshot.hearing.at !== 'held';
    if (media.enabled !== isOpen) media.enabled = isOpen;
  }

  #count(now: number): void {
    const grown = this.#uplink.bytes - this.#countedBytes;
    this.#countedBytes = this.#uplink.bytes;
    const traffic = addTraffic(this.#snapshot.traffic, this.#facts.callId, grown, Date.now());
    this.#snapshot = { ...this.#snapshot, traffic };
    if (now - this.#keptAt <= KEEP_EVERY_S) return;
    this.#keep();
    this.#senders.forget(); // what the browser was asked for may have failed without a word
  }

  readonly #keep = (): void => {
    this.#keptAt = seconds();
    localStorage.setItem(this.#trafficKey, JSON.stringify(this.#snapshot.traffic));
  };

  #change(part: Partial<WeakSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
    if (isSame(drawn(this.#told), drawn(this.#snapshot))) return;
    this.#told = this.#snapshot;
    this.#facts.onChange(this.#snapshot);
  }
}

/** What screens say of it: a reading each second that changes nothing of this is not news. */
function drawn({ ladder, traffic, stillEvery_s, ...others }: WeakSnapshot) {
  const { rung, reason, since, pinned, climbsAt } = ladder;
  const every_s = rung === 'stills' ? stillEvery_s : 0;
  const shown = { call: amount(traffic.call_bytes), month: amount(traffic.month_bytes) };
  return { ...others, ...shown, rung, reason, since, pinned, climbsAt, every_s };
}

async function statsOf(
  transport: { getStats(): Promise<RTCStatsReport> | undefined } | undefined,
): Promise<readonly Stat[]> {
  const report = await transport?.getStats();
  return report ? ([...report.values()] as Stat[]) : []; // the DOM types leave the dictionaries open
}
