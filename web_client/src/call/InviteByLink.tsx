/** Makes a personal link, shows it as a square to photograph and to send, lists the links made and takes them back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, CircleCheck, Clock, Link as LinkIcon, QrCode, Undo2 } from 'lucide-react';
import { type FormEvent, Suspense, useState } from 'react';
import { get, type Invitation, post } from '../api';
import {
  Button,
  Dialog,
  Empty,
  Failed,
  Loading,
  Notice,
  PanelSubhead,
  PeopleList,
  PersonRow,
  type PersonState,
  SegmentedControl,
  SelectField,
  SharePanel,
  Stack,
  Words as Text,
  TextField,
  useErrorWords,
} from '../design';
import { dayAndTime, secondsLeftToday } from '../join/when';
import type { Words } from '../words';
import { later } from './later';

const OrganisationField = later(
  async () => (await import('../cases/OrganisationField')).OrganisationField,
  'cases',
);

const HOUR_S = 3600;
const LIFETIMES = ['2h', 'today', '3d'] as const;
type Lifetime = (typeof LIFETIMES)[number];

function lifetime_s(lifetime: Lifetime): number {
  if (lifetime === '2h') return 2 * HOUR_S;
  return lifetime === '3d' ? 72 * HOUR_S : secondsLeftToday(new Date());
}

const listKey = (callId: string): readonly string[] => ['calls', callId, 'invitations'];

export function InviteByLink({ callId, words }: { callId: string; words: Words }) {
  const [shown, setShown] = useState<Invitation | null>(null);
  if (shown) return <Made invitation={shown} words={words} onAnother={() => setShown(null)} />;
  return (
    <Stack gap={4}>
      <NewLink callId={callId} words={words} onMade={setShown} />
      <MadeLinks callId={callId} words={words} onShow={setShown} />
    </Stack>
  );
}

function NewLink({
  callId,
  words,
  onMade,
}: {
  callId: string;
  words: Words;
  onMade: (invitation: Invitation) => void;
}) {
  const queries = useQueryClient();
  const errorWords = useErrorWords();
  const [kind, setKind] = useState<Invitation['kind']>('resident');
  const [name, setName] = useState('');
  const [organisation_id, setOrganisation] = useState<string | null>(null);
  const [language, setLanguage] = useState<Invitation['language']>('ja');
  const [lifetime, setLifetime] = useState<Lifetime>('today');
  const make = useMutation({
    mutationFn: () =>
      post('/calls/{call_id}/invitations', {
        path: { call_id: callId },
        body: {
          name: name.trim() || words.name(`invite.someone_${kind}`),
          kind,
          language,
          expires_in_s: lifetime_s(lifetime),
          organisation_id: kind === 'partner' ? organisation_id : null,
        },
      }),
    onSuccess: (invitation) => {
      void queries.invalidateQueries({ queryKey: ['calls', callId] });
      onMade(invitation);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <span />
        <SegmentedControl
          fill
          label={words.name('invite.kind')}
          choices={(['resident', 'partner', 'interpreter'] as const).map((key) => ({
            key,
            label: words.name(`invite.kind_${key}`),
          }))}
          selected={kind}
          onSelect={setKind}
        />
        <TextField
          label={words.name('invite.name')}
          hint={words.name('invite.name_hint')}
          value={name}
          maxLength={40}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        {kind === 'partner' && (
          <Suspense>
            <OrganisationField value={organisation_id} onChange={setOrganisation} />
          </Suspense>
        )}
        <SelectField
          label={words.name('invite.language')}
          value={language}
          onChange={(event) => setLanguage(event.target.value as Invitation['language'])}
          options={[
            { value: 'ja', label: words.name('invite.language_ja') },
            { value: 'ja-easy', label: words.name('invite.language_easy') },
            { value: 'en', label: words.name('invite.language_en') },
          ]}
        />
        <SelectField
          label={words.name('invite.expires')}
          value={lifetime}
          onChange={(event) => setLifetime(event.target.value as Lifetime)}
          options={LIFETIMES.map((value) => ({ value, label: words.name(`invite.expires_${value}`) }))}
        />
        {make.isError && (
          <Notice look="danger" title={words.name('invite.failed')} live>
            {errorWords(make.error)}
          </Notice>
        )}
        <Button
          type="submit"
          size="large"
          block
          icon={LinkIcon}
          busy={make.isPending}
          busyLabel={words.name('invite.creating')}
        >
          {words.name('invite.create')}
        </Button>
      </Stack>
    </form>
  );
}

function Made({
  invitation,
  words,
  onAnother,
}: {
  invitation: Invitation;
  words: Words;
  onAnother: () => void;
}) {
  const { name, url, qr_svg, expires_at } = invitation;
  const when = dayAndTime(expires_at, words.language);
  return (
    <Stack gap={4}>
      <span />
      <Notice
        look="ok"
        live
        title={name ? words.name('invite.ready_for', { name }) : words.name('invite.ready')}
      >
        {words.name('invite.show_qr')}
      </Notice>
      <SharePanel url={url} qrSvg={qr_svg} title={words.name('invite.link')}>
        <Text>{words.name('invite.valid_until', { when })}</Text>
      </SharePanel>
      <Button look="plain" block onClick={onAnother}>
        {words.name('invite.another')}
      </Button>
    </Stack>
  );
}

function stateOf(invitation: Invitation, words: Words): PersonState {
  const { state, joined, expires_at } = invitation;
  if (joined) return { icon: CircleCheck, words: words.name('invite.state_joined'), tone: 'ok' };
  if (state === 'open') {
    return {
      icon: Clock,
      words: words.name('invite.state_open', { when: dayAndTime(expires_at, words.language) }),
    };
  }
  return { icon: state === 'used' ? CircleCheck : Ban, words: words.name(`invite.state_${state}`) };
}

function MadeLinks({
  callId,
  words,
  onShow,
}: {
  callId: string;
  words: Words;
  onShow: (invitation: Invitation) => void;
}) {
  const {
    data: invitations,
    error,
    refetch,
  } = useQuery({
    queryKey: listKey(callId),
    queryFn: () => get('/calls/{call_id}/invitations', { path: { call_id: callId } }),
  });
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  return (
    <section>
      <PanelSubhead>{words.name('invite.list')}</PanelSubhead>
      {error && !invitations && (
        <Failed title={words.name('invite.list_failed')} error={error} onRetry={() => void refetch()} />
      )}
      {!error && !invitations && <Loading label={words.name('invite.list')} lines={1} />}
      {invitations?.length === 0 && <Empty icon={LinkIcon} title={words.name('invite.none')} />}
      {invitations && invitations.length > 0 && (
        <PeopleList label={words.name('invite.list')}>
          {invitations.map((invitation) => (
            <PersonRow
              key={invitation.id}
              name={invitation.name || words.name('invite.no_name')}
              role={invitation.kind}
              lines={[]}
              states={[stateOf(invitation, words)]}
              faded={invitation.state === 'revoked' || invitation.state === 'expired'}
              below={
                (invitation.state === 'open' || invitation.state === 'used') && (
                  <>
                    {invitation.url && (
                      <Button size="small" look="second" icon={QrCode} onClick={() => onShow(invitation)}>
                        {words.name('invite.show')}
                      </Button>
                    )}
                    <Button
                      size="small"
                      look="danger-line"
                      icon={Undo2}
                      onClick={() => setRevoking(invitation)}
                    >
                      {words.name('invite.revoke')}
                    </Button>
                  </>
                )
              }
            />
          ))}
        </PeopleList>
      )}
      <RevokeDialog callId={callId} invitation={revoking} words={words} onClose={() => setRevoking(null)} />
    </section>
  );
}

function RevokeDialog({
  callId,
  invitation,
  words,
  onClose,
}: {
  callId: string;
  invitation: Invitation | null;
  words: Words;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => post('/invitations/{invitation_id}/revoke', { path: { invitation_id: id } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['calls', callId] });
      onClose();
    },
  });
  return (
    <Dialog
      open={invitation !== null}
      onClose={onClose}
      title={words.name('invite.revoke_title')}
      actions={
        <>
          <Button
            look="danger"
            busy={revoke.isPending}
            onClick={() => invitation && revoke.mutate(invitation.id)}
          >
            {words.name('invite.revoke')}
          </Button>
          <Button look="plain" onClick={onClose}>
            {words.name('invite.revoke_keep')}
          </Button>
        </>
      }
    >
      {words.name('invite.revoke_more', { name: invitation?.name || words.name('invite.no_name') })}
      {revoke.isError && (
        <Notice look="danger" live>
          {words.name('invite.revoke_failed')}
        </Notice>
      )}
    </Dialog>
  );
}
