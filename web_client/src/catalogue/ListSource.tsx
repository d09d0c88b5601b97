/** Where a list comes from, on which terms, and after how many days it is stale. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CatalogueList, post } from '../api';
import { Button, Dialog, ErrorNotice, Stack, TextField } from '../design';
import { useWords } from '../words';
import { LISTS } from './queryKey';

export function ListSource({ list, onClose }: { list: CatalogueList; onClose: () => void }) {
  const words = useWords('catalogue');
  const queries = useQueryClient();
  const [source, setSource] = useState(() => ({
    owner: list.owner,
    owner_code: list.owner_code,
    licence: list.licence,
    address: list.address,
    every_days: String(list.every_days),
  }));
  const save = useMutation({
    mutationFn: () =>
      post('/admin/catalogue/{list_id}', {
        path: { list_id: list.id },
        body: { ...source, every_days: Number(source.every_days) },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: LISTS });
      onClose();
    },
  });
  const field = (name: keyof typeof source) => ({
    label: words.name(name),
    value: source[name],
    onChange: (event: { target: { value: string } }) => setSource({ ...source, [name]: event.target.value }),
  });
  const days = Number(source.every_days);
  const isWhole = Number.isInteger(days) && days >= 1 && days <= 3660;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.name('source_title', { name: list.name })}
      actions={
        <>
          <Button
            busy={save.isPending}
            busyLabel={words.name('saving')}
            disabled={!(source.owner && source.licence && isWhole)}
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
        <TextField {...field('owner')} />
        <TextField {...field('owner_code')} inputMode="numeric" hint={words.name('owner_code_hint')} />
        <TextField {...field('licence')} hint={words.name('licence_hint')} />
        <TextField {...field('address')} type="url" hint={words.name('address_hint')} />
        <TextField
          {...field('every_days')}
          inputMode="numeric"
          error={isWhole ? null : words.name('every_days_wrong')}
        />
        {save.error && <ErrorNotice title={words.name('save_failed')} error={save.error} />}
      </Stack>
    </Dialog>
  );
}
