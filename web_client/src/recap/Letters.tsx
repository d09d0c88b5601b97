/** Letters to the resident: written from the recap in the resident's language, handed over as link, mail or paper. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban, CircleCheck, Clock, FileText, MailX, Printer, QrCode, Send, Undo2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Letter, post, type Recap } from '../api';
import { dateOf, timeOf, useClock } from '../clock';
import {
  Button,
  Card,
  Check,
  Dialog,
  Empty,
  ErrorNotice,
  LinkButton,
  Row,
  Section,
  SelectField,
  SharePanel,
  Sheet,
  Stack,
  StatusLine,
  TextArea,
  TextField,
  Words,
} from '../design';
import { recapKey } from './key';

export function Letters({ recap }: { recap: Recap }) {
  const { t } = useTranslation('recap');
  const [open, setOpen] = useState<'new' | string | null>(null);
  const [revoking, setRevoking] = useState<Letter | null>(null);
  const shown = recap.letters.find(({ id }) => id === open);
  const close = () => setOpen(null);
  return (
    <Section
      title={t('letters.title')}
      action={
        <Button look="second" icon={FileText} onClick={() => setOpen('new')}>
          {t('letters.new')}
        </Button>
      }
    >
      {recap.letters.length === 0 && (
        <Card pad={false}>
          <Empty icon={FileText} title={t('letters.none')}>
            <p>{t('letters.noneMore')}</p>
          </Empty>
        </Card>
      )}
      <Stack gap={3}>
        {recap.letters.map((letter) => (
          <LetterCard
            key={letter.id}
            letter={letter}
            onShow={() => setOpen(letter.id)}
            onRevoke={() => setRevoking(letter)}
          />
        ))}
      </Stack>
      <Sheet open={open === 'new'} onClose={close} title={t('letters.newTitle')}>
        <NewLetter recap={recap} onMade={setOpen} />
      </Sheet>
      <Sheet open={shown !== undefined} onClose={close} title={t('letters.hand')}>
        {shown && <HandOver recap={recap} letter={shown} />}
      </Sheet>
      <RevokeDialog recap={recap} letter={revoking} onClose={() => setRevoking(null)} />
    </Section>
  );
}

function LetterCard({
  letter,
  onShow,
  onRevoke,
}: {
  letter: Letter;
  onShow: () => void;
  onRevoke: () => void;
}) {
  const { t, i18n } = useTranslation('recap');
  const now = useClock(60_000);
  const isOpen = !letter.revoked && Date.parse(letter.expires_at) > now;
  const until = dateOf(letter.expires_at, i18n.language);
  return (
    <Card>
      <Stack gap={3}>
        <Row justify="between">
          <Words voice="strong">
            {letter.recipient ? t('letters.to', { name: letter.recipient }) : t('letters.toSomebody')}
          </Words>
          <Words voice="note">
            {t('letters.made', {
              name: letter.created_by,
              day: dateOf(letter.created_at, i18n.language),
              time: timeOf(letter.created_at),
            })}
          </Words>
        </Row>
        {isOpen ? (
          <StatusLine icon={Clock} look="plain">
            {t('letters.until', { day: until })}
          </StatusLine>
        ) : (
          <StatusLine icon={Ban} look="plain">
            {t(letter.revoked ? 'letters.revoked' : 'letters.expired')}
          </StatusLine>
        )}
        <Mails letter={letter} />
        {isOpen && (
          <Row>
            <Button size="small" icon={QrCode} onClick={onShow}>
              {t('letters.show')}
            </Button>
            <LinkButton size="small" look="second" icon={Printer} href={letter.url} target="_blank">
              {t('letters.print')}
            </LinkButton>
            <Button size="small" look="danger-line" icon={Undo2} onClick={onRevoke}>
              {t('letters.revoke')}
            </Button>
          </Row>
        )}
      </Stack>
    </Card>
  );
}

const MAIL_LOOKS = {
  waiting: { icon: Clock, look: 'plain' },
  sent: { icon: CircleCheck, look: 'ok' },
  failed: { icon: MailX, look: 'warn' },
} as const;

function Mails({ letter }: { letter: Letter }) {
  const { t } = useTranslation('recap');
  return letter.mails.map((mail) => (
    <StatusLine key={mail.created_at} {...MAIL_LOOKS[mail.state]} live>
      {t(`mail.${mail.state}`, { time: timeOf(mail.ended_at ?? mail.created_at) })}
    </StatusLine>
  ));
}

function NewLetter({ recap, onMade }: { recap: Recap; onMade: (id: string) => void }) {
  const { t } = useTranslation('recap');
  const queries = useQueryClient();
  const resident = recap.people.find(({ role }) => role === 'resident');
  const guests = recap.people.filter(({ guest_id, role }) => guest_id && role === 'resident');
  const [letter, setLetter] = useState({
    recipient: resident?.name ?? '',
    guest_id: resident?.guest_id ?? '',
    language: 'ja' as Letter['language'],
    agreed: recap.agreed,
    next_step: recap.next_step,
    due_on: recap.due_on ?? '',
    contact: recap.contact,
  });
  const make = useMutation({
    mutationFn: () =>
      post('/calls/{call_id}/letters', {
        path: { call_id: recap.call_id },
        body: { ...letter, due_on: letter.due_on || null, guest_id: letter.guest_id || null },
      }),
    onSuccess: (saved) => {
      queries.setQueryData(recapKey(recap.call_id), saved);
      const made = saved.letters.at(-1);
      if (made) onMade(made.id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const field = (name: Exclude<keyof typeof letter, 'language'>) => ({
    value: letter[name],
    onChange: (event: { target: { value: string } }) =>
      setLetter((before) => ({ ...before, [name]: event.target.value })),
  });
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <TextField
          label={t('letters.recipient')}
          hint={t('letters.recipientHint')}
          autoComplete="off"
          maxLength={60}
          {...field('recipient')}
        />
        {guests.length > 0 && (
          <SelectField
            label={t('letters.guest')}
            hint={t('letters.guestHint')}
            {...field('guest_id')}
            options={[
              ...guests.map(({ guest_id, name }) => ({ value: guest_id ?? '', label: name })),
              { value: '', label: t('letters.nobody') },
            ]}
          />
        )}
        <SelectField
          label={t('letters.language')}
          hint={t('letters.languageHint')}
          value={letter.language}
          onChange={(event) =>
            setLetter((before) => ({ ...before, language: event.target.value as Letter['language'] }))
          }
          options={[
            { value: 'ja', label: t('letters.ja') },
            { value: 'ja-easy', label: t('letters.easy') },
            { value: 'en', label: t('letters.en') },
          ]}
        />
        <TextArea label={t('field.agreed')} hint={t('hint.agreed')} maxLength={2000} {...field('agreed')} />
        <TextArea label={t('field.next_step')} rows={2} maxLength={2000} {...field('next_step')} />
        <TextField label={t('field.due_on')} type="date" {...field('due_on')} />
        <TextField label={t('field.contact')} maxLength={120} {...field('contact')} />
        {make.error && <ErrorNotice title={t('letters.failed')} error={make.error} />}
        <Button
          type="submit"
          size="large"
          block
          icon={FileText}
          busy={make.isPending}
          busyLabel={t('letters.making')}
        >
          {t('letters.make')}
        </Button>
      </Stack>
    </form>
  );
}

function HandOver({ recap, letter }: { recap: Recap; letter: Letter }) {
  const { t, i18n } = useTranslation('recap');
  return (
    <Stack gap={6}>
      <SharePanel url={letter.url} qrSvg={letter.qr_svg} title={t('letters.share')} label={t('letters.link')}>
        <Words>{t('letters.until', { day: dateOf(letter.expires_at, i18n.language) })}</Words>
      </SharePanel>
      <LinkButton look="second" icon={Printer} href={letter.url} target="_blank" block>
        {t('letters.print')}
      </LinkButton>
      <Mails letter={letter} />
      {recap.can_mail ? (
        <SendMail recap={recap} letter={letter} />
      ) : (
        <Words voice="note">{t('mail.notSetUp')}</Words>
      )}
    </Stack>
  );
}

function SendMail({ recap, letter }: { recap: Recap; letter: Letter }) {
  const { t } = useTranslation('recap');
  const queries = useQueryClient();
  const [address, setAddress] = useState('');
  const [agrees, setAgrees] = useState(false);
  const send = useMutation({
    mutationFn: () =>
      post('/letters/{letter_id}/mail', {
        path: { letter_id: letter.id },
        body: { address: address.trim(), consent: true },
      }),
    onSuccess: (saved) => {
      queries.setQueryData(recapKey(recap.call_id), saved);
      setAddress('');
      setAgrees(false);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={3}>
        <TextField
          label={t('mail.address')}
          hint={t('mail.hint')}
          type="email"
          required
          autoComplete="off"
          maxLength={254}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
        <Check
          required
          checked={agrees}
          onChange={(event) => setAgrees(event.target.checked)}
          label={t('mail.consent')}
        />
        {send.error && <ErrorNotice title={t('mail.sendFailed')} error={send.error} />}
        <Button type="submit" block icon={Send} busy={send.isPending} busyLabel={t('mail.sending')}>
          {t('mail.send')}
        </Button>
      </Stack>
    </form>
  );
}

function RevokeDialog({
  recap,
  letter,
  onClose,
}: {
  recap: Recap;
  letter: Letter | null;
  onClose: () => void;
}) {
  const { t } = useTranslation(['recap', 'app']);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (letter_id: string) => post('/letters/{letter_id}/revoke', { path: { letter_id } }),
    onSuccess: (saved) => {
      queries.setQueryData(recapKey(recap.call_id), saved);
      onClose();
    },
  });
  return (
    <Dialog
      open={letter !== null}
      onClose={onClose}
      title={t('letters.revokeTitle')}
      actions={
        <>
          <Button
            look="danger"
            busy={revoke.isPending}
            busyLabel={t('saving')}
            onClick={() => letter && revoke.mutate(letter.id)}
          >
            {t('letters.revoke')}
          </Button>
          <Button look="plain" onClick={onClose}>
            {t('app:cancel')}
          </Button>
        </>
      }
    >
      <Words>{t('letters.revokeMore')}</Words>
      {revoke.error && <ErrorNotice title={t('letters.revokeFailed')} error={revoke.error} />}
    </Dialog>
  );
}
