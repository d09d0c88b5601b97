/** Who votes from outside: name, affiliation and address each, and what of the proposal is cleared for them to see. */
import { useQuery } from '@tanstack/react-query';
import { Trash2, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { get } from '../api';
import {
  Button,
  Card,
  Check,
  Columns,
  FieldGroup,
  Notice,
  SelectField,
  Stack,
  TextField,
  Words,
} from '../design';
import { nameOf } from '../stills/useStills';
import type { About, Ask } from './decisions';

export type Outsider = NonNullable<Ask['outside']>[number];
const MOST = 30;
const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const LANGUAGES = ['ja', 'ja-easy', 'en'] as const;

/** Whether a mail can be written to them. */
export function isComplete({ name, post, address }: Outsider): boolean {
  return name.trim() !== '' && post.trim() !== '' && ADDRESS.test(address.trim());
}

export function Outsiders({
  outside,
  canInvite,
  onChange,
}: {
  outside: readonly Outsider[];
  canInvite: boolean;
  onChange: (outside: Outsider[]) => void;
}) {
  const { t } = useTranslation('decision');
  if (!canInvite)
    return (
      <Notice look="info" title={t('outside.no_mail')}>
        {t('outside.no_mail_more')}
      </Notice>
    );
  const put = (at: number, part: Partial<Outsider>) =>
    onChange(outside.map((each, place) => (place === at ? { ...each, ...part } : each)));
  const addresses = outside.map(({ address }) => address.trim().toLowerCase());
  return (
    <FieldGroup label={t('outside.title')}>
      <Stack gap={3}>
        <Words voice="note">{t('outside.about')}</Words>
        {outside.map((each, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is typed has no other name yet
          <Card key={at}>
            <Stack gap={3}>
              <Columns>
                <TextField
                  label={t('outside.name')}
                  maxLength={60}
                  autoComplete="off"
                  value={each.name}
                  onChange={(event) => put(at, { name: event.target.value })}
                />
                <TextField
                  label={t('outside.post')}
                  maxLength={60}
                  autoComplete="off"
                  value={each.post}
                  onChange={(event) => put(at, { post: event.target.value })}
                />
              </Columns>
              <TextField
                label={t('outside.address')}
                type="email"
                inputMode="email"
                autoComplete="off"
                maxLength={254}
                value={each.address}
                error={isTwice(addresses, at) ? t('outside.twice') : null}
                onChange={(event) => put(at, { address: event.target.value })}
              />
              <SelectField
                label={t('outside.language')}
                value={each.language ?? 'ja'}
                options={LANGUAGES.map((value) => ({ value, label: t(`outside.in.${value}`) }))}
                onChange={(event) => put(at, { language: event.target.value as 'ja' })}
              />
              <Button
                size="small"
                look="quiet"
                icon={Trash2}
                onClick={() => onChange(outside.filter((_, place) => place !== at))}
              >
                {t('outside.remove')}
              </Button>
            </Stack>
          </Card>
        ))}
        {outside.length < MOST && (
          <Button
            look="plain"
            icon={UserPlus}
            onClick={() => onChange([...outside, { name: '', post: '', address: '', language: 'ja' }])}
          >
            {t('outside.add')}
          </Button>
        )}
      </Stack>
    </FieldGroup>
  );
}

/** One person has one vote: an address stands there once. */
export function isTwice(addresses: readonly string[], at: number): boolean {
  const address = addresses[at] ?? '';
  return address !== '' && addresses.indexOf(address) < at;
}

/** What of the chosen papers and stills they are shown; papers that are not for guests cannot be. */
export function Cleared({
  about,
  leaning,
  said,
  onChange,
}: {
  about: About;
  leaning: { version_ids: readonly string[]; still_ids: readonly string[] };
  said: Ask;
  onChange: (part: Pick<Ask, 'shown_versions' | 'shown_stills'>) => void;
}) {
  const { t } = useTranslation('decision');
  const { data } = useQuery({
    queryKey: ['decisions', 'papers', about],
    queryFn: () => get('/decision-papers', { query: about }),
  });
  const { data: stills } = useQuery({
    queryKey: ['decisions', 'stills', about],
    queryFn: async () =>
      'call_id' in about
        ? (await get('/calls/{call_id}/stills', { path: about })).stills
        : (await get('/cases/{case_id}/stills', { path: about })).stills,
  });
  const papers = data?.papers.filter(({ version_id }) => leaning.version_ids.includes(version_id)) ?? [];
  const pictures = stills?.filter(({ id }) => leaning.still_ids.includes(id)) ?? [];
  if (papers.length + pictures.length === 0) return null;
  const versions = said.shown_versions ?? [];
  const shown = said.shown_stills ?? [];
  return (
    <FieldGroup label={t('outside.shown')}>
      <Stack gap={1}>
        <Words voice="note">{t('outside.shown_hint')}</Words>
        {papers.map(({ version_id, title, label: ver, is_for_outside }) => (
          <Check
            key={version_id}
            disabled={!is_for_outside}
            label={t(is_for_outside ? 'form.paper' : 'outside.staff_only', { title, ver })}
            checked={versions.includes(version_id)}
            onChange={() => onChange({ shown_versions: toggled(versions, version_id), shown_stills: shown })}
          />
        ))}
        {pictures.map((still) => (
          <Check
            key={still.id}
            label={t('outside.still', { name: nameOf(still) })}
            checked={shown.includes(still.id)}
            onChange={() => onChange({ shown_versions: versions, shown_stills: toggled(shown, still.id) })}
          />
        ))}
      </Stack>
    </FieldGroup>
  );
}

function toggled(chosen: readonly string[], id: string): string[] {
  return chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
}
