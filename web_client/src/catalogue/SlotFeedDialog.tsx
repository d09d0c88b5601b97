/** A feed described: looked at before it is kept, so that nobody keeps an address that says nothing. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { post, type SlotFeed } from '../api';
import {
  Button,
  Columns,
  Dialog,
  ErrorNotice,
  Words as Paragraph,
  SelectField,
  Stack,
  TextField,
} from '../design';
import { useWords } from '../words';
import { SLOT_FEEDS } from './queryKey';
import { SlotReport } from './SlotReport';

const FORMS = ['csv', 'json', 'ical'] as const;
const EMPTY = {
  name: '',
  address: '',
  form: 'csv' as SlotFeed['form'],
  owner: '',
  owner_code: '',
  licence: '',
  facility_id: '',
  every_s: '30',
};

export function SlotFeedDialog({ feed, onClose }: { feed: SlotFeed | null; onClose: () => void }) {
  const words = useWords('slots');
  const queries = useQueryClient();
  const [said, setSaid] = useState(() => (feed ? { ...feed, every_s: String(feed.every_s) } : EMPTY));
  const seconds = Number(said.every_s);
  const isWhole = Number.isInteger(seconds) && seconds >= 15 && seconds <= 86_400;
  const body = () => ({
    name: said.name,
    address: said.address.trim(),
    form: said.form,
    owner: said.owner,
    owner_code: said.owner_code,
    licence: said.licence,
    facility_id: said.facility_id,
    every_s: seconds,
  });
  const look = useMutation({
    mutationFn: () => post('/admin/slot-feeds/look', { body: { ...body(), feed_id: feed?.id ?? '' } }),
  });
  const save = useMutation({
    mutationFn: () =>
      feed
        ? post('/admin/slot-feeds/{feed_id}', { path: { feed_id: feed.id }, body: body() })
        : post('/admin/slot-feeds', { body: body() }),
    onSuccess: (answer) => {
      queries.setQueryData(SLOT_FEEDS, answer);
      onClose();
    },
  });
  const field = (name: Exclude<keyof typeof EMPTY, 'form'>) => ({
    label: words.name(name),
    value: said[name],
    onChange: (event: { target: { value: string } }) => setSaid({ ...said, [name]: event.target.value }),
  });
  const isWhere = said.address.trim() !== '';
  const isReady = said.name.trim() !== '' && said.licence.trim() !== '' && (isWhole || !isWhere);
  return (
    <Dialog
      open
      onClose={onClose}
      title={feed ? words.name('edit_title', { name: feed.name }) : words.name('add_title')}
      actions={
        <>
          <Button
            busy={save.isPending}
            busyLabel={words.name('saving')}
            disabled={!isReady}
            onClick={() => save.mutate()}
          >
            {words.name('save')}
          </Button>
          <Button look="second" onClick={onClose}>
            {words.name('close')}
          </Button>
        </>
      }
    >
      <Stack>
        <TextField {...field('name')} hint={words.name('name_hint')} maxLength={60} />
        <TextField {...field('licence')} hint={words.name('licence_hint')} maxLength={80} />
        <TextField {...field('address')} type="url" hint={words.name('address_hint')} />
        <Columns>
          <SelectField
            label={words.name('form')}
            value={said.form}
            options={FORMS.map((value) => ({ value, label: words.name(`form_${value}`) }))}
            onChange={(event) => setSaid({ ...said, form: event.target.value as SlotFeed['form'] })}
          />
          {isWhere && (
            <TextField
              {...field('every_s')}
              inputMode="numeric"
              error={isWhole ? null : words.name('every_s_wrong')}
            />
          )}
        </Columns>
        <TextField {...field('owner')} hint={words.name('owner_hint')} maxLength={120} />
        <TextField
          {...field('owner_code')}
          inputMode="numeric"
          hint={words.name('owner_code_hint')}
          maxLength={6}
        />
        <TextField {...field('facility_id')} hint={words.name('facility_id_hint')} maxLength={100} />
        {isWhere && (
          <Stack gap={2}>
            <Button
              look="second"
              icon={Search}
              busy={look.isPending}
              busyLabel={words.name('looking')}
              disabled={!isReady}
              onClick={() => look.mutate()}
            >
              {words.name('look')}
            </Button>
            <Paragraph voice="note">{words.name('look_hint')}</Paragraph>
          </Stack>
        )}
        {look.error && <ErrorNotice title={words.name('act_failed')} error={look.error} />}
        {look.data && <SlotReport look={look.data} words={words} />}
        {save.error && <ErrorNotice title={words.name('save_failed')} error={save.error} />}
      </Stack>
    </Dialog>
  );
}
