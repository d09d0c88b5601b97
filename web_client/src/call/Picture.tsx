/** One person's picture in a tile, with everything the tile says about them. */
import { Suspense, useState } from 'react';
import { LiveVideo, StillPicture, type TileState, VideoTile } from '../design';
import type { View } from '../view/View';
import type { Words } from '../words';
import { LiveMarks } from './later';
import type { LiveMember } from './liveMember';
import { isInterpreter, type Picture, pictureFit } from './members';
import { type PictureState, pictureOf } from './otherPicture';

/** The name as a tile shows it: with the post, and あなた for oneself. */
export function tileName(member: LiveMember, source: Picture['source'], words: Words): string {
  if (source === 'screen') return words.name('stage.screen', { name: member.name });
  return [member.name, member.post].filter(Boolean).join(' ');
}

/** 川上 of 川上 拓也. */
function familyName(name: string): string {
  return name.split(/\s+/)[0] ?? name;
}

export function MemberTile({
  member,
  source,
  mirrored,
  words,
  plate = true,
  brief = false,
  draw = null,
  isAmongStaff = false,
}: {
  member: LiveMember;
  source: Picture['source'];
  mirrored: boolean;
  words: Words;
  plate?: boolean;
  /** Only the family name: there is no room for the post. */
  brief?: boolean;
  /** Where the marks over it live; null = it has none, being small. */
  draw?: View | null;
  /** Guests are kept apart just now. */
  isAmongStaff?: boolean;
}) {
  const [isMarked, setMarked] = useState(false);
  const [shape, setShape] = useState<number | undefined>();
  const track = source === 'screen' ? member.screen : member.camera;
  const lost = member.signal === 'lost' && !member.isLocal;
  const shown = pictureOf(member.line ?? undefined, performance.now() / 1000);
  const isCut = member.line?.rung === 'record';
  const offWords = words.name(isCut ? 'people.signal_lost' : 'stage.voice_only');
  const own = member.isLocal && source === 'camera';
  return (
    <VideoTile
      fill
      name={brief ? familyName(member.name) : tileName(member, source, words)}
      role={member.role}
      note={
        brief
          ? undefined
          : member.isLocal
            ? words.name('stage.you')
            : lost
              ? words.name('stage.weak')
              : isInterpreter(member)
                ? words.name('stage.interpreter')
                : undefined
      }
      speaking={member.isSpeaking && source === 'camera'}
      muted={!member.microphoneOn && source === 'camera'}
      plate={plate}
      state={tileState(shown, track !== null, source === 'camera' && member.cameraOn, offWords)}
    >
      {shown.kind === 'still' && (
        <StillPicture
          url={shown.url}
          fit={pictureFit(member, source, shape)}
          name={`${member.identity} still`}
          words={words.name('stage.still', { name: member.name })}
        />
      )}
      {track && shown.kind !== 'still' && (
        <LiveVideo
          source={track}
          fit={pictureFit(member, source, shape)}
          mirrored={own && mirrored && !isMarked}
          name={`${member.identity} ${source}`}
          onShape={setShape}
        />
      )}
      {draw && track?.sid && shape && (
        <Suspense>
          <LiveMarks
            view={draw}
            surface={`${source === 'screen' ? 'screen' : 'video'}:${member.identity}:${track.sid}`}
            proportion={shape}
            fit={pictureFit(member, source, shape)}
            label={tileName(member, source, words)}
            canDraw={draw.isStaff}
            isAmongStaff={isAmongStaff}
            onMarked={setMarked}
          />
        </Suspense>
      )}
    </VideoTile>
  );
}

function tileState(shown: PictureState, hasTrack: boolean, isAwaited: boolean, offWords: string): TileState {
  switch (shown.kind) {
    case 'still':
      return { kind: 'stills', age_s: shown.age_s, isOld: shown.isOld };
    case 'awaited':
      return { kind: 'waiting' };
    case 'none':
      return { kind: 'camera-off', words: offWords };
    case 'video':
      if (hasTrack) return { kind: 'live' };
      return isAwaited ? { kind: 'waiting' } : { kind: 'camera-off' };
  }
}
