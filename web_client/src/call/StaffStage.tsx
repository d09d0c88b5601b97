/** The stage of the staff's call: one large picture and a strip, or all beside each other; any tile can be made large. */
import { type ReactNode, Suspense } from 'react';
import { PressableTile, type Shape, Stage, StageMessage, TileGrid } from '../design';
import type { View } from '../view/View';
import type { Words } from '../words';
import { Captions, Ringing, ViewStage } from './later';
import type { LineWords } from './line';
import type { LiveMember } from './liveMember';
import { chooseStage, type Picture, pictures } from './members';
import { CallNotices } from './notices';
import { MemberTile, tileName } from './Picture';
import type { LiveCall } from './useCall';

const same = (one: Picture | null, other: Picture): boolean =>
  one?.identity === other.identity && one.source === other.source;

const STRIP_ON_PHONE = 2;

export function StaffStage({
  callId,
  live,
  said,
  layout,
  pinned,
  onPin,
  shape,
  words,
  onNotes,
  view,
  over,
  draw,
}: {
  callId: string;
  live: LiveCall;
  said: LineWords;
  layout: 'speaker' | 'grid';
  pinned: Picture | null;
  onPin: (picture: Picture | null) => void;
  shape: Shape;
  words: Words;
  onNotes: () => void;
  /** What is presented, in the place of the pictures. */
  view: View | null;
  /** What can be done with the pictures, over them. */
  over: ReactNode;
  /** Where marks over running pictures live. */
  draw: View | null;
}) {
  const { session, snapshot } = live;
  const { members, speakers } = snapshot;
  const small = shape === 'phone' || shape === 'low';
  const all = pictures(members);
  const main = chooseStage({ members, pinned, speakers });
  const alone = members.length === 1 && snapshot.line.at === 'open';

  const find = (picture: Picture): LiveMember | undefined =>
    members.find(({ identity }) => identity === picture.identity);
  const tile = (picture: Picture, brief = false) => {
    const member = find(picture);
    return member ? (
      <MemberTile
        member={member}
        source={picture.source}
        mirrored={snapshot.isMirrored}
        words={words}
        brief={brief}
        draw={picture === main ? draw : null}
        isAmongStaff={snapshot.holdSince !== null}
      />
    ) : null;
  };
  const pressable = (picture: Picture, fill: boolean) => {
    const member = find(picture);
    const isPinned = same(pinned, picture);
    return (
      <PressableTile
        key={`${picture.identity} ${picture.source}`}
        fill={fill}
        small={small}
        label={
          isPinned
            ? words.name('stage.shrink')
            : words.name('stage.enlarge', { name: member ? tileName(member, picture.source, words) : '' })
        }
        pressed={isPinned}
        onPress={() => onPin(isPinned ? null : picture)}
      >
        {tile(picture, small && !fill)}
      </PressableTile>
    );
  };
  const grid = layout === 'grid' && pinned === null && all.length > 1;
  const rest = all.filter((picture) => main === null || !same(main, picture));
  const strip = small ? rest.slice(0, STRIP_ON_PHONE) : rest;
  return (
    <Stage
      label={words.name('stage.label')}
      small={small}
      lowNotices={view !== null}
      main={
        view ? (
          <Suspense>
            <ViewStage view={view} isHeld={snapshot.holdSince !== null} />
          </Suspense>
        ) : grid ? (
          <TileGrid>{all.map((picture) => pressable(picture, true))}</TileGrid>
        ) : (
          main && tile(main)
        )
      }
      strip={
        view || grid || strip.length === 0 ? undefined : strip.map((picture) => pressable(picture, false))
      }
      overlay={
        alone && (
          <StageMessage title={words.name('stage.alone')}>{words.name('stage.alone_staff')}</StageMessage>
        )
      }
      caption={
        <Suspense>
          <Captions live={live} />
        </Suspense>
      }
      notices={
        <>
          <Suspense>
            <Ringing callId={callId} />
          </Suspense>
          {!view && !grid && <Suspense>{over}</Suspense>}
          <CallNotices snapshot={snapshot} session={session} said={said} words={words} onNotes={onNotes} />
        </>
      }
    />
  );
}
