/** How notices come: by mail, or as notifications of this browser; never by both. */
import { BellOff, BellRing, Mail } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type NoticesView, post } from '../api';
import {
  Button,
  Card,
  ErrorNotice,
  Furigana,
  Notice,
  ResidentBlock,
  ResidentText,
  SegmentedControl,
  Stack,
  StatusLine,
  SwitchItem,
} from '../design';
import { day } from '../letter/day';
import { PermissionRefused, type PushState, ServiceUnreachable } from '../push/device';
import type { Words } from '../words';
import { choices } from './choices';
import type { OwnNotices } from './ownNotices';
import { noticeState, turnOff, turnOn } from './thisDevice';

interface Parts {
  code: string;
  page: NoticesView;
  own: OwnNotices;
  words: Words;
}

export function Way({ code, page, own, words }: Parts) {
  const [state, setState] = useState<PushState>('off');
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    let isOver = false;
    void noticeState(code, page).then((found) => !isOver && setState(found));
    return () => {
      isOver = true;
    };
  }, [code, page]);
  const isPush = page.channel === 'push';
  const start = () => {
    setFailed(null);
    own.change(() =>
      turnOn(code, page).catch((refusal: unknown) => {
        setFailed(refusal);
        return page;
      }),
    );
  };
  return (
    <ResidentBlock title={words.say('way.heading')}>
      <Card>
        <Stack gap={4}>
          <StatusLine live icon={isPush ? BellRing : Mail} look="ok">
            <Furigana text={words.say(isPush ? 'way.push' : 'way.mail', { address: page.address })} />
          </StatusLine>
          {page.devices.length > 0 && (
            <SegmentedControl
              label={words.name('way.choose')}
              fill
              choices={(['mail', 'push'] as const).map((key) => ({
                key,
                label: words.name(`way.by.${key}`),
              }))}
              selected={page.channel}
              onSelect={(channel) =>
                own.change(() =>
                  post('/notices/{code}/choices', { path: { code }, body: choices(page, { channel }) }),
                )
              }
            />
          )}
          {state === 'off' && (
            <Stack gap={2}>
              <Button
                look="second"
                size="large"
                block
                icon={BellRing}
                busy={own.busy}
                busyLabel={words.name('way.starting')}
                onClick={start}
              >
                <Furigana text={words.say('way.start')} />
              </Button>
              <ResidentText voice="note" text={words.say('way.start_note')} />
            </Stack>
          )}
          {(state === 'blocked' || state === 'home-screen') && (
            <ResidentText voice="note" text={words.say(`way.${state}`)} />
          )}
          {failed !== null && <StartFailed error={failed} words={words} />}
          {page.devices.map((device) => (
            <SwitchItem
              key={device.id}
              title={device.label || words.say('way.unnamed')}
              lines={[words.say('way.since', { day: day(device.added_at, words.language) })]}
            >
              <Button
                look="quiet"
                size="small"
                icon={BellOff}
                aria-label={words.name('page.remove_name', {
                  label: device.label || words.name('way.unnamed'),
                })}
                onClick={() => own.change(() => turnOff(code, device.id))}
              >
                <Furigana text={words.say('page.remove')} />
              </Button>
            </SwitchItem>
          ))}
        </Stack>
      </Card>
    </ResidentBlock>
  );
}

function StartFailed({ error, words }: { error: unknown; words: Words }) {
  if (error instanceof PermissionRefused || error instanceof ServiceUnreachable) {
    const why = error instanceof PermissionRefused ? 'way.refused' : 'way.not_reached';
    return (
      <Notice look="warn" live title={words.name('way.failed')}>
        <Furigana text={words.say(why)} />
      </Notice>
    );
  }
  return <ErrorNotice title={words.name('way.failed')} error={error} />;
}
