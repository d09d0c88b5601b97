/**
 * The edge to LiveKit: one `Room`, its events folded into one immutable snapshot that the screen draws, and the few acts a
 * person has in a call. Everything decided here without a browser lives in the pure modules beside it.
 */

import {
  AudioPresets,
  LocalVideoTrack,
  type Participant,
  type RemoteTrack,
  Room,
  RoomEvent,
  Track,
  VideoPresets,
} from 'livekit-client';

import type { Problem } from '../join/devices';
import {
  type CameraTools,
  type Facing,
  nextCamera,
  type ReportedCapabilities,
  readFacing,
  readTools,
} from './camera';
import { CHAT_TOPIC, type ChatLine, parseChatLine } from './chat';
import { attempt, CONNECT, endOf, persistent, refusedEntry, SIGNALS } from './connecting';
import { readHold } from './hold';
import { advanceLine, type Line, type LineEnd, type LineEvent } from './line';
import { describe, type LiveMember } from './liveMember';
import { rememberSpeakers } from './members';
import { asBefore, isSame } from './unchanged';
import type { WeakLine, WeakSnapshot } from './WeakLine';

export interface CallSnapshot {
  readonly line: Line;
  readonly members: readonly LiveMember[];
  readonly speakers: readonly string[];
  readonly soundBlocked: boolean;
  readonly problems: { readonly microphone: Problem | null; readonly camera: Problem | null };
  readonly tools: CameraTools;
  readonly torchOn: boolean;
  readonly zoom: number;
  readonly cameras: readonly MediaDeviceInfo[];
  readonly isMirrored: boolean;
  /** Since when staff and guests are kept apart; null while they are not. */
  readonly holdSince: string | null;
  /** Null until the call is open. */
  readonly weak: WeakSnapshot | null;
}

/** What a call needs to start; `url` is the server's WebSocket origin. */
export interface CallEntry {
  readonly callId: string;
  readonly identity: string;
  readonly url: string;
  readonly token: string;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly facing: Facing;
  readonly microphoneId?: string;
  readonly cameraId?: string;
}

const NO_TOOLS: CameraTools = { hasTorch: false, zoom: null };

const clockSeconds = (): number => performance.now() / 1000;

/** One call of this browser. Make it, `enter`, draw `snapshot`, `leave`; it cannot be entered twice. */
export class CallSession {
  readonly #room: Room;
  readonly #listeners = new Set<() => void>();
  readonly #chatListeners = new Set<(line: ChatLine) => void>();
  readonly #sounds: HTMLElement;
  #snapshot: CallSnapshot;
  #facing: Facing;
  #hushed = false;
  #weak: WeakLine | null = null;

  constructor(entry: CallEntry) {
    this.#facing = entry.facing;
    this.#sounds = document.createElement('div');
    this.#sounds.hidden = true;
    this.#sounds.dataset.sounds = 'call';
    this.#room = new Room({
      adaptiveStream: true,
      dynacast: true,
      audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      videoCaptureDefaults: { resolution: VideoPresets.h720.resolution, facingMode: entry.facing },
      publishDefaults: { audioPreset: AudioPresets.speech, dtx: true, red: true },
      reconnectPolicy: persistent(),
      disconnectOnPageLeave: true,
    });
    this.#snapshot = {
      line: { at: 'connecting', since: clockSeconds() },
      members: [],
      speakers: [],
      soundBlocked: false,
      problems: { microphone: null, camera: null },
      tools: NO_TOOLS,
      torchOn: false,
      zoom: 1,
      cameras: [],
      isMirrored: entry.facing === 'user',
      holdSince: null,
      weak: null,
    };
    this.#listen();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): CallSnapshot => this.#snapshot;

  /** Calls back with every chat line the server sends while the call lasts. */
  onChat(listener: (line: ChatLine) => void): () => void {
    this.#chatListeners.add(listener);
    return () => this.#chatListeners.delete(listener);
  }

  /** Connects, then switches microphone and camera on as wanted; problems with devices do not end the call. */
  async enter(entry: CallEntry): Promise<void> {
    document.body.append(this.#sounds);
    try {
      await this.#room.connect(entry.url, entry.token, CONNECT);
    } catch (error) {
      this.#move({ type: 'ended', reason: refusedEntry(error) ? 'refused' : 'lost' });
      return;
    }
    this.#move({ type: 'connected' });
    void this.#watch(entry);
    const microphone = entry.microphone ? this.setMicrophone(true, entry.microphoneId) : Promise.resolve();
    const camera = entry.camera ? this.setCamera(true, entry.cameraId) : Promise.resolve();
    await Promise.all([microphone, camera]);
    await this.#readCameras();
  }

  /** For what comes with a call later and hears the room itself. */
  get room(): Room {
    return this.#room;
  }

  /** What the person may decide about the line; null until the call is open. */
  get weak(): WeakLine | null {
    return this.#weak;
  }

  async #watch({ callId, identity }: CallEntry): Promise<void> {
    const { WeakLine } = await import('./WeakLine');
    if (this.#snapshot.line.at === 'ended') return;
    this.#weak = new WeakLine(this.#room, {
      callId,
      account: identity,
      // The SDK says that it reconnects only when it tries, and that it has although the socket went meanwhile.
      isSignalling: () => this.#snapshot.line.at === 'open' && !this.#room.engine.client.isDisconnected,
      signal: () => SIGNALS[this.#room.localParticipant.connectionQuality],
      onChange: (weak) => this.#notice(weak),
    });
  }

  #notice(weak: WeakSnapshot): void {
    const isNews = weak.others !== this.#snapshot.weak?.others;
    this.#change({ weak });
    if (isNews) this.#redraw();
  }

  async setMicrophone(on: boolean, deviceId?: string): Promise<void> {
    const problem = await attempt(() =>
      this.#room.localParticipant.setMicrophoneEnabled(on, deviceId === undefined ? undefined : { deviceId }),
    );
    this.#change({ problems: { ...this.#snapshot.problems, microphone: problem } });
  }

  async setCamera(on: boolean, deviceId?: string): Promise<void> {
    const wanted = deviceId === undefined ? { facingMode: this.#facing } : { deviceId };
    const problem = await attempt(() => this.#room.localParticipant.setCameraEnabled(on, wanted));
    this.#change({ problems: { ...this.#snapshot.problems, camera: problem } });
    this.#readTools();
    if (on) await this.#readCameras();
  }

  /** The other side of a phone or the next device of a desk. */
  async switchCamera(): Promise<void> {
    const track = this.#cameraTrack();
    const settings = track?.mediaStreamTrack.getSettings();
    const facing = readFacing(settings?.facingMode, track?.mediaStreamTrack.label ?? '');
    const change = nextCamera(this.#snapshot.cameras, { deviceId: settings?.deviceId, facing });
    if (track === undefined || change === null) return;
    const problem = await attempt(() =>
      track.restartTrack(
        change.by === 'facing' ? { facingMode: change.facing } : { deviceId: change.deviceId },
      ),
    );
    if (problem === null && change.by === 'facing') this.#facing = change.facing;
    this.#change({ problems: { ...this.#snapshot.problems, camera: problem } });
    this.#readTools();
  }

  /** Lamp of the rear camera. A device that refuses keeps what it had. */
  async setTorch(on: boolean): Promise<void> {
    if (await this.#constrain({ torch: on })) this.#change({ torchOn: on });
  }

  async setZoom(zoom: number): Promise<void> {
    if (await this.#constrain({ zoom })) this.#change({ zoom });
  }

  /** Shares a screen or stops; closing the browser's own window of choice is not a problem worth a message. */
  async setScreenShare(on: boolean): Promise<void> {
    await attempt(() => this.#room.localParticipant.setScreenShareEnabled(on));
  }

  /** Needs a tap: browsers let sound start only then. */
  async startSound(): Promise<void> {
    await attempt(() => this.#room.startAudio());
    this.#change({ soundBlocked: !this.#room.canPlaybackAudio });
  }

  /**
   * Sends nothing and plays nothing until the answer is called, which restores what was on: while leaving can be undone,
   * a person who thinks they left must not be heard.
   */
  holdStill(): () => void {
    const { isMicrophoneEnabled, isCameraEnabled } = this.#room.localParticipant;
    this.#hush(true);
    if (isMicrophoneEnabled) void this.setMicrophone(false);
    if (isCameraEnabled) void this.setCamera(false);
    return () => {
      if (this.#snapshot.line.at === 'ended') return;
      this.#hush(false);
      if (isMicrophoneEnabled) void this.setMicrophone(true);
      if (isCameraEnabled) void this.setCamera(true);
    };
  }

  #hush(hushed: boolean): void {
    this.#hushed = hushed;
    for (const element of this.#sounds.querySelectorAll('audio')) element.muted = hushed;
  }

  /** Hangs up; `reason` is what the person is told, since the answer of the server comes too late for that. */
  async leave(reason: LineEnd = 'left'): Promise<void> {
    this.#move({ type: 'ended', reason });
    this.#weak?.close();
    await this.#room.disconnect();
    this.#sounds.remove();
  }

  #listen(): void {
    const redraw = (): void => this.#redraw();
    const room = this.#room;
    for (const event of REDRAWING) room.on(event, redraw);
    room
      .on(RoomEvent.TrackSubscribed, (track, _, { identity }) => this.#play(track, identity))
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        track.detach();
        // A session that began anew took the stream away before it said so.
        for (const element of this.#sounds.querySelectorAll('audio'))
          if (!element.srcObject) element.remove();
      })
      .on(RoomEvent.SignalReconnecting, () => this.#move({ type: 'reconnecting' }))
      .on(RoomEvent.Reconnecting, () => this.#move({ type: 'reconnecting' }))
      .on(RoomEvent.Reconnected, () => this.#move({ type: 'reconnected' }))
      .on(RoomEvent.Disconnected, (reason) => {
        this.#weak?.close();
        this.#move({ type: 'ended', reason: endOf(reason) });
      })
      .on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
        if (participant.isLocal) this.#move({ type: 'signal', signal: SIGNALS[quality] });
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.#change({ soundBlocked: !room.canPlaybackAudio }))
      .on(RoomEvent.MediaDevicesChanged, () => void this.#readCameras())
      .on(RoomEvent.DataReceived, (payload, _participant, _kind, topic) => this.#hear(payload, topic));
  }

  #hear(payload: Uint8Array, topic: string | undefined): void {
    const line = topic === CHAT_TOPIC ? parseChatLine(payload) : null;
    if (line !== null) for (const listener of this.#chatListeners) listener(line);
  }

  #play(track: RemoteTrack, identity: string): void {
    if (track.kind !== Track.Kind.Audio) return;
    const element = track.attach();
    element.dataset.sound = identity;
    element.muted = this.#hushed;
    this.#sounds.append(element);
  }

  #redraw(): void {
    const people: readonly Participant[] = [
      ...this.#room.remoteParticipants.values(),
      this.#room.localParticipant,
    ];
    const lines = this.#snapshot.weak?.others;
    const described = people
      .filter(({ identity }) => identity !== '')
      .map((person) => describe(person, lines?.get(person.identity) ?? null, this.#facing));
    const members = asBefore(this.#snapshot.members, described);
    const others = this.#room.activeSpeakers.filter(({ isLocal }) => !isLocal);
    const speaking = others.map(({ identity }) => identity);
    const holdSince = readHold(this.#room.metadata);
    this.#change({ members, holdSince, speakers: rememberSpeakers(this.#snapshot.speakers, speaking) });
  }

  #cameraTrack(): LocalVideoTrack | undefined {
    const track = this.#room.localParticipant.getTrackPublication(Track.Source.Camera)?.track;
    return track instanceof LocalVideoTrack ? track : undefined;
  }

  #readTools(): void {
    const track = this.#cameraTrack()?.mediaStreamTrack;
    const capabilities = (track?.getCapabilities?.() ?? {}) as ReportedCapabilities; // the DOM types lag
    const facing = readFacing(track?.getSettings().facingMode, track?.label ?? '') ?? this.#facing;
    this.#facing = facing;
    this.#change({
      tools: track === undefined ? NO_TOOLS : readTools(capabilities),
      torchOn: false,
      zoom: 1,
      isMirrored: facing === 'user',
    });
    this.#redraw();
  }

  async #readCameras(): Promise<void> {
    const devices = await navigator.mediaDevices?.enumerateDevices?.();
    this.#change({ cameras: (devices ?? []).filter(({ kind }) => kind === 'videoinput') });
  }

  /** Torch and zoom are constraints the DOM types do not know (Image Capture section 13). */
  async #constrain(wish: { readonly torch?: boolean; readonly zoom?: number }): Promise<boolean> {
    const track = this.#cameraTrack()?.mediaStreamTrack;
    if (track === undefined) return false;
    return (
      (await attempt(() => track.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] }))) === null
    );
  }

  #move(event: LineEvent): void {
    this.#change({ line: advanceLine(this.#snapshot.line, event, clockSeconds()) });
    this.#redraw();
  }

  #change(part: Partial<CallSnapshot>): void {
    const next = { ...this.#snapshot, ...part };
    if (isSame(this.#snapshot, next)) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}

const REDRAWING = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.RoomMetadataChanged,
] as const;
