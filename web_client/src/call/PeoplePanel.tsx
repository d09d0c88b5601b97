/** Who is in the call and who was called: state in words, and the way to call more people. */
import { CameraOff, Clock, Mic, MicOff, MonitorUp, Signal, SignalLow, UserPlus, Video } from 'lucide-react';
import type { Call } from '../api';
import { Button, PanelHead, PanelSubhead, PeopleList, PersonRow, type PersonState, Tag } from '../design';
import type { Words } from '../words';
import type { LiveMember } from './liveMember';
import { plateParts, staffIdentity } from './members';

function statesOf(member: LiveMember, words: Words): readonly PersonState[] {
  const { microphoneOn, cameraOn, signal, sharesScreen } = member;
  const bad = signal === 'weak' || signal === 'lost';
  return [
    {
      icon: microphoneOn ? Mic : MicOff,
      words: words.name(microphoneOn ? 'people.microphone_on' : 'people.microphone_off'),
      tone: microphoneOn ? 'plain' : 'warn',
    },
    {
      icon: cameraOn ? Video : CameraOff,
      words: words.name(cameraOn ? 'people.camera_on' : 'people.camera_off'),
    },
    ...(sharesScreen ? [{ icon: MonitorUp, words: words.name('people.screen') }] : []),
    {
      icon: bad ? SignalLow : Signal,
      words: words.name(`people.signal_${signal}`),
      tone: bad ? 'warn' : 'plain',
    },
  ];
}

export function PeoplePanel({
  call,
  members,
  words,
  onInvite,
  titled = true,
}: {
  call: Call;
  members: readonly LiveMember[];
  words: Words;
  onInvite: () => void;
  /** False where what holds the panel has its title. */
  titled?: boolean;
}) {
  const here = new Set(members.map(({ identity }) => identity));
  const hostIdentity = staffIdentity(call.host.id);
  const staff = call.members.filter(({ person }) => !here.has(staffIdentity(person.id)));
  const guests = call.guests.filter(({ invitation_id }) => !here.has(`G-${invitation_id}`));
  return (
    <>
      {titled && (
        <PanelHead
          title={words.name('people.count', { count: members.length })}
          action={<InviteButton words={words} onPress={onInvite} />}
        />
      )}
      <PeopleList label={words.name('people.here')}>
        {members.map((member) => (
          <PersonRow
            key={member.identity}
            name={member.name}
            role={member.role}
            lines={plateParts(member)}
            states={statesOf(member, words)}
            tag={
              <>
                {member.isLocal && <Tag>{words.name('people.you')}</Tag>}
                {member.identity === hostIdentity && <Tag look="info">{words.name('people.host')}</Tag>}
              </>
            }
          />
        ))}
      </PeopleList>
      {staff.length + guests.length > 0 && (
        <>
          <PanelSubhead>{words.name('people.not_here')}</PanelSubhead>
          <PeopleList label={words.name('people.not_here')}>
            {staff.map(({ person }) => (
              <PersonRow
                key={person.id}
                faded
                name={person.name}
                role={person.role}
                lines={plateParts(person)}
                states={[{ icon: Clock, words: words.name('people.waiting_member') }]}
              />
            ))}
            {guests.map((guest) => (
              <PersonRow
                key={guest.invitation_id}
                faded
                name={guest.name || words.name('invite.no_name')}
                role={guest.kind}
                lines={[]}
                states={[{ icon: Clock, words: words.name('people.waiting_guest') }]}
              />
            ))}
          </PeopleList>
        </>
      )}
    </>
  );
}

export function InviteButton({
  words,
  onPress,
  block = false,
}: {
  words: Words;
  onPress: () => void;
  block?: boolean;
}) {
  return (
    <Button look="second" icon={UserPlus} block={block} onClick={onPress}>
      {words.name('people.invite')}
    </Button>
  );
}
