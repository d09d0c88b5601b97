/** What a resident looks at: one face or what is shown, the interpreter, themselves in a corner, what has to be said. */
import { SwitchCamera } from 'lucide-react';
import { Suspense } from 'react';
import { FixedTile, NameBand, SelfCorner, Stage, StageButton, StageMessage } from '../design';
import type { Words } from '../words';
import { canSwitch } from './camera';
import { Captions, GuestAbove, GuestOver, ViewStage } from './later';
import type { LineWords } from './line';
import type { LiveMember } from './liveMember';
import { chooseStage, isInterpreter, plateParts } from './members';
import { CallNotices } from './notices';
import { MemberTile } from './Picture';
import type { CallSession, CallSnapshot } from './session';
import type { LiveCall } from './useCall';
import type { ShownView } from './useView';

export function GuestStage({
  callId,
  live,
  said,
  words,
  onNotes,
  shown: { view, isShown },
}: {
  callId: string;
  live: LiveCall;
  said: LineWords;
  words: Words;
  onNotes: () => void;
  shown: ShownView;
}) {
  const { session, snapshot } = live;
  const { members, speakers } = snapshot;
  const me = members.find(({ isLocal }) => isLocal);
  const others = members.filter(({ isLocal }) => !isLocal);
  const choice = chooseStage({ members: others, pinned: null, speakers });
  const shown = others.find(({ identity }) => identity === choice?.identity);
  return (
    <Stage
      label={words.name('stage.label')}
      lowNotices={isShown}
      main={
        isShown && view ? (
          <Suspense>
            <ViewStage view={view} isHeld={snapshot.holdSince !== null} />
          </Suspense>
        ) : shown && choice ? (
          <MemberTile
            member={shown}
            source={choice.source}
            mirrored={false}
            words={words}
            plate={false}
            draw={view}
          />
        ) : (
          <StageMessage title={words.say('stage.alone')} />
        )
      }
      overlay={
        <>
          {shown && !isShown && <NameBand name={shown.name} kana={shown.kana} lines={plateParts(shown)} />}
          {others
            .filter((other) => isInterpreter(other) && other !== shown)
            .map((other) => (
              <FixedTile key={other.identity}>
                <MemberTile member={other} source="camera" mirrored={false} words={words} />
              </FixedTile>
            ))}
          {me && !isShown && <Self member={me} session={session} snapshot={snapshot} words={words} />}
          <Suspense>
            <GuestOver since={snapshot.holdSince} {...{ session, live, callId }} />
          </Suspense>
        </>
      }
      caption={
        <Suspense>
          <Captions live={live} />
        </Suspense>
      }
      notices={
        <>
          <Suspense>
            <GuestAbove since={snapshot.holdSince} {...{ live, callId }} />
          </Suspense>
          <CallNotices snapshot={snapshot} session={session} said={said} words={words} onNotes={onNotes} />
        </>
      }
    />
  );
}

function Self({
  member,
  session,
  snapshot,
  words,
}: {
  member: LiveMember;
  session: CallSession | null;
  snapshot: CallSnapshot;
  words: Words;
}) {
  const switchable = member.cameraOn && canSwitch(snapshot.cameras);
  return (
    <SelfCorner
      note={words.name('stage.you')}
      off={member.cameraOn ? undefined : words.name('stage.camera_off')}
      action={
        switchable && (
          <StageButton icon={SwitchCamera} onClick={() => void session?.switchCamera()}>
            {words.name('tools.switch')}
          </StageButton>
        )
      }
    >
      {member.cameraOn && (
        <MemberTile
          member={member}
          source="camera"
          mirrored={snapshot.isMirrored}
          words={words}
          plate={false}
        />
      )}
    </SelfCorner>
  );
}
