/** What is said of a document: the same fields when it is added and when it is put right. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, ErrorNotice, Row, SegmentedControl, SelectField, Stack, TextField, Words } from '../design';
import { DISCLOSURES, type Disclosure } from './useLibrary';

export interface Said {
  title: string;
  kind: string;
  disclosure: Disclosure;
  sensitivity: number;
  retention: string;
  tags: string[];
}

export const NEW: Said = {
  title: '',
  kind: '',
  disclosure: 'staff',
  sensitivity: 2,
  retention: '5年',
  tags: [],
};

/** The kinds a prefecture names; another word may stay where it was taken in with one. */
const KINDS = ['手引', '図面', '様式', '案内', '資料', '写真', '記録'];
const RETENTIONS = ['1年', '3年', '5年', '10年', '30年', '常用'];

export function DocumentForm({
  start,
  send,
  sending,
  busy,
  error,
  failed,
  children,
}: {
  start: Said;
  send: (said: Said) => void;
  sending: string;
  busy: boolean;
  error: unknown;
  failed: string;
  /** Before the fields: the file. */
  children?: ReactNode;
}) {
  const { t } = useTranslation('library');
  const [said, setSaid] = useState(start);
  const [tags, setTags] = useState(start.tags.join(t('list.comma')));
  const [missing, setMissing] = useState(false);
  const form = useId();
  const put = (changes: Partial<Said>) => setSaid({ ...said, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isMissing = said.title.trim() === '';
    setMissing(isMissing);
    if (!isMissing && !busy) send({ ...said, tags: tagsOf(tags) });
  };
  return (
    <form id={form} onSubmit={submit} noValidate>
      <Stack gap={4}>
        {children}
        <TextField
          label={t('form.title')}
          value={said.title}
          maxLength={160}
          error={missing && said.title.trim() === '' ? t('form.titleMissing') : null}
          onChange={(event) => put({ title: event.target.value })}
        />
        <Stack gap={2}>
          <Words as="h3">{t('form.disclosure')}</Words>
          <SegmentedControl<Disclosure>
            fill
            label={t('form.disclosure')}
            choices={DISCLOSURES.map((key) => ({ key, label: t(`disclosure.${key}`) }))}
            selected={said.disclosure}
            onSelect={(disclosure) => put({ disclosure })}
          />
          <Words voice="note">{t(`form.disclosureText.${said.disclosure}`)}</Words>
        </Stack>
        <SelectField
          label={t('form.kind')}
          value={said.kind}
          options={listed(KINDS, said.kind, t('form.none'))}
          onChange={(event) => put({ kind: event.target.value })}
        />
        <TextField
          label={t('form.tags')}
          hint={t('form.tagsHint')}
          value={tags}
          onChange={(event) => setTags(event.target.value)}
        />
        <SelectField
          label={t('form.sensitivity')}
          value={String(said.sensitivity)}
          options={[1, 2, 3].map((each) => ({ value: String(each), label: t(`sensitivity.${each}`) }))}
          onChange={(event) => put({ sensitivity: Number(event.target.value) })}
        />
        <SelectField
          label={t('form.retention')}
          value={said.retention}
          options={listed(RETENTIONS, said.retention, t('form.none'))}
          onChange={(event) => put({ retention: event.target.value })}
        />
        {error ? <ErrorNotice title={failed} error={error} /> : null}
        <Row justify="end">
          <Button type="submit" busy={busy}>
            {sending}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}

function listed(known: readonly string[], chosen: string, none: string) {
  const values = chosen && !known.includes(chosen) ? [chosen, ...known] : known;
  return [{ value: '', label: none }, ...values.map((value) => ({ value, label: value }))];
}

/** Words between commas, of whatever kind; each once. */
export function tagsOf(written: string): string[] {
  const words = written.split(/[、，,\n]/).map((each) => each.trim().slice(0, 40));
  return [...new Set(words.filter(Boolean))].slice(0, 20);
}
