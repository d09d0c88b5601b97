/** A notice of a change of the law written: what, from when, where it is written, and whom it is for. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type LawNotice, type LawNotices, post } from '../api';
import {
  Button,
  Check,
  Columns,
  Disclosure,
  ErrorNotice,
  FieldGroup,
  Words as Paragraph,
  SelectField,
  Sheet,
  Stack,
  TextArea,
  TextField,
} from '../design';
import { useWords, type Words } from '../words';
import { LAWS } from './queryKey';

const EMPTY = {
  title: '',
  text: '',
  title_easy: '',
  text_easy: '',
  title_en: '',
  text_en: '',
  in_force_on: '',
  basis: '',
  source: '',
  source_url: '',
  source_on: '',
  contact: '',
  phone: '',
  area: '',
};
type Name = keyof typeof EMPTY;
const NAMES = Object.keys(EMPTY) as Name[];
const NEEDED = [
  'title',
  'text',
  'in_force_on',
  'basis',
  'source',
  'source_url',
  'source_on',
] as const satisfies readonly Name[];

export function LawDraft({
  law,
  choices,
  onClose,
}: {
  law: LawNotice | null;
  choices: LawNotices;
  onClose: () => void;
}) {
  const words = useWords('law');
  const queries = useQueryClient();
  const [said, setSaid] = useState(() => ({
    ...EMPTY,
    ...(law && Object.fromEntries(NAMES.map((name) => [name, law[name]]))),
  }));
  const [licences, setLicences] = useState<readonly string[]>(law?.licences ?? []);
  const [categories, setCategories] = useState<readonly string[]>(law?.categories ?? []);
  const save = useMutation({
    mutationFn: () => {
      const body = { ...said, licences: [...licences], categories: [...categories] };
      return law
        ? post('/admin/law-notices/{law_id}', { path: { law_id: law.id }, body })
        : post('/admin/law-notices', { body });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: LAWS });
      onClose();
    },
  });
  const box = (name: Name) => ({
    value: said[name],
    onChange: (event: { target: { value: string } }) => setSaid({ ...said, [name]: event.target.value }),
  });
  const field = (name: Name) => ({ label: words.name(`field_${name}`), ...box(name) });
  const isReady = NEEDED.every((name) => said[name].trim()) && licences.length + categories.length > 0;
  return (
    <Sheet
      open
      onClose={onClose}
      title={words.name('write_title')}
      actions={
        <>
          {save.error && <ErrorNotice title={words.name('save_failed')} error={save.error} />}
          <Button
            block
            busy={save.isPending}
            busyLabel={words.name('saving')}
            disabled={!isReady}
            onClick={() => save.mutate()}
          >
            {words.name('save')}
          </Button>
        </>
      }
    >
      <Stack>
        <TextField {...field('title')} hint={words.name('field_title_hint')} maxLength={100} />
        <TextArea {...field('text')} hint={words.name('field_text_hint')} maxLength={1500} />
        <Disclosure summary={words.name('easy')}>
          <Translation
            words={words}
            language={words.name('easy')}
            title={box('title_easy')}
            text={box('text_easy')}
          />
        </Disclosure>
        <Disclosure summary={words.name('english')}>
          <Translation
            words={words}
            language={words.name('english')}
            title={box('title_en')}
            text={box('text_en')}
          />
        </Disclosure>
        <TextField {...field('in_force_on')} type="date" />
        <TextField {...field('basis')} hint={words.name('field_basis_hint')} maxLength={200} />
        <Columns>
          <TextField {...field('source')} maxLength={200} />
          <TextField {...field('source_on')} type="date" />
        </Columns>
        <TextField {...field('source_url')} type="url" hint={words.name('field_source_url_hint')} />
        <Columns>
          <TextField {...field('contact')} maxLength={80} />
          <TextField {...field('phone')} type="tel" maxLength={20} />
        </Columns>
        <Paragraph voice="strong">{words.name('whom')}</Paragraph>
        <Boxes
          label={words.name('licences')}
          choices={choices.licences.map(({ key, name }) => [key, name] as const)}
          chosen={licences}
          onChoose={setLicences}
        />
        <Boxes
          label={words.name('categories')}
          choices={choices.categories.map((name) => [name, name] as const)}
          chosen={categories}
          onChoose={setCategories}
        />
        {categories.length > 0 && (
          <SelectField
            label={words.name('area')}
            hint={words.name('area_hint')}
            options={[
              { value: '', label: words.name('area_all') },
              ...choices.areas.map(({ key, name }) => ({ value: key, label: name })),
            ]}
            {...box('area')}
          />
        )}
      </Stack>
    </Sheet>
  );
}

type Box = { value: string; onChange: (event: { target: { value: string } }) => void };

function Translation({
  words,
  language,
  title,
  text,
}: {
  words: Words;
  language: string;
  title: Box;
  text: Box;
}) {
  return (
    <Stack>
      <Paragraph voice="note">{words.name('languages_hint')}</Paragraph>
      <TextField label={words.name('title_in', { language })} maxLength={100} {...title} />
      <TextArea label={words.name('text_in', { language })} maxLength={1500} {...text} />
    </Stack>
  );
}

function Boxes({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  choices: readonly (readonly [key: string, name: string])[];
  chosen: readonly string[];
  onChoose: (chosen: readonly string[]) => void;
}) {
  return (
    <FieldGroup label={label}>
      <Columns>
        {choices.map(([key, name]) => (
          <Check
            key={key}
            label={name}
            checked={chosen.includes(key)}
            onChange={(event) =>
              onChoose(event.target.checked ? [...chosen, key] : chosen.filter((each) => each !== key))
            }
          />
        ))}
      </Columns>
    </FieldGroup>
  );
}
