/** `/calls/:id`: takes the connection the home page got, or asks to join; then the call, then where to go from its end. */
import { DoorOpen } from 'lucide-react';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { type Connection, type Person, post } from '../api';
import { takeConnection } from '../connections';
import { Button, Card, Empty, Failed, Loading, Page, TopBar } from '../design';
import { StaffDoor } from '../staff/StaffDoor';
import { useWords } from '../words';
import { AfterCall, canKeepNotes, OutboxPanel } from './later';
import type { LineEnd } from './line';
import { staffIdentity } from './members';
import { StaffCall } from './StaffCall';

export function CallRoute() {
  const { id = '' } = useParams();
  const words = useWords('call');
  const isListening = useSearchParams()[0].has('listen');
  return (
    <StaffDoor reading={words.name('opening')} failed={words.name('open_failed')}>
      {(person) => (
        <Entrance key={`${id}${isListening}`} callId={id} person={person} isListening={isListening} />
      )}
    </StaffDoor>
  );
}

type Door =
  | { at: 'opening' }
  | { at: 'failed'; error: unknown }
  | { at: 'inside'; connection: Connection }
  | { at: 'outside'; reason: LineEnd };

function Entrance({ callId, person, isListening }: { callId: string; person: Person; isListening: boolean }) {
  const words = useWords('call');
  const navigate = useNavigate();
  const [door, setDoor] = useState<Door>(() => {
    const connection = takeConnection(callId);
    return connection ? { at: 'inside', connection } : { at: 'opening' };
  });

  useEffect(() => {
    if (door.at !== 'opening') return;
    let wanted = true;
    const path = { call_id: callId };
    const asked = isListening
      ? post('/calls/{call_id}/listen', { path })
      : post('/calls/{call_id}/join', { path });
    asked.then(
      (connection) => wanted && setDoor({ at: 'inside', connection }),
      (error: unknown) => wanted && setDoor({ at: 'failed', error }),
    );
    return () => {
      wanted = false;
    };
  }, [door.at, callId, isListening]);

  useEffect(() => {
    document.title = `${words.name('title')} | Genba 現場`;
  }, [words]);

  const enterAgain = useCallback(() => setDoor({ at: 'opening' }), []);
  const onEnded = useCallback((reason: LineEnd) => setDoor({ at: 'outside', reason }), []);
  const home = (look: 'primary' | 'second') => (
    <Button look={look} onClick={() => void navigate('/')}>
      {words.name('home')}
    </Button>
  );
  if (door.at === 'inside') {
    return (
      <StaffCall connection={door.connection} person={person} isListening={isListening} onEnded={onEnded} />
    );
  }
  return (
    <Page header={<TopBar person={person} />} width="form">
      {door.at === 'opening' && <Loading label={words.name('opening')} />}
      {door.at === 'failed' && (
        <Card pad={false}>
          <Failed
            whole
            title={words.name('open_failed')}
            error={door.error}
            onRetry={enterAgain}
            actions={home('second')}
          />
        </Card>
      )}
      {door.at === 'outside' && (
        <Card pad={false}>
          <Empty
            whole
            icon={DoorOpen}
            title={words.name(`line.ended_${door.reason}`)}
            actions={
              <>
                {home(isReturnable(door.reason) ? 'second' : 'primary')}
                {isReturnable(door.reason) && (
                  <Button onClick={enterAgain}>{words.name('enter_again')}</Button>
                )}
              </>
            }
          >
            {words.name(`ended.${door.reason}_more`)}
          </Empty>
        </Card>
      )}
      {door.at === 'outside' && (
        <Suspense>
          <AfterCall callId={callId} />
        </Suspense>
      )}
      {door.at === 'outside' && door.reason === 'lost' && canKeepNotes() && (
        <Suspense>
          <OutboxPanel account={staffIdentity(person.id)} callId={callId} />
        </Suspense>
      )}
    </Page>
  );
}

function isReturnable(reason: LineEnd): boolean {
  return reason === 'lost' || reason === 'replaced' || reason === 'refused';
}
