/** What the results are narrowed by, each value with how many there would be. */
import { useTranslation } from 'react-i18next';
import { Check, FacetCheck, FacetGroup, SegmentedControl, Stack } from '../design';
import type { Library } from './address';
import { type Answer, DISCLOSURES } from './useLibrary';

type Facet = keyof Answer['facets'];

export function Filters({ library, answer }: { library: Library; answer: Answer | undefined }) {
  const { t } = useTranslation('library');
  const { wanted, want } = library;
  return (
    <Stack gap={4}>
      <FacetGroup title={t('filters.audience')}>
        <SegmentedControl<'staff' | 'guests'>
          fill
          label={t('filters.audience')}
          choices={[
            { key: 'staff', label: t('filters.staff') },
            { key: 'guests', label: t('filters.guests') },
          ]}
          selected={wanted.audience}
          onSelect={(audience) =>
            want({ audience, disclosure: wanted.disclosure.filter((each) => each !== 'staff') })
          }
        />
      </FacetGroup>
      <Group library={library} answer={answer} facet="disclosure" />
      <Group library={library} answer={answer} facet="kind" />
      <Group library={library} answer={answer} facet="unit" />
      <Group library={library} answer={answer} facet="tags" />
      <FacetGroup title={t('filters.more')}>
        {wanted.case && <Check label={t('filters.case')} checked onChange={() => want({ case: '' })} />}
        <Check
          label={t('filters.older')}
          checked={wanted.older}
          onChange={(event) => want({ older: event.target.checked })}
        />
        <Check
          label={t('filters.withdrawn')}
          checked={wanted.withdrawn}
          onChange={(event) => want({ withdrawn: event.target.checked })}
        />
      </FacetGroup>
    </Stack>
  );
}

const NAMES = { disclosure: 'disclosure', kind: 'kind', unit: 'unit', tags: 'tag' } as const;
const SHOWN = 8;

function Group({
  library: { wanted, toggle },
  answer,
  facet,
}: {
  library: Library;
  answer: Answer | undefined;
  facet: Facet;
}) {
  const { t } = useTranslation('library');
  const name = NAMES[facet];
  const chosen = wanted[name];
  const counted = answer?.facets[facet] ?? [];
  const counts = new Map(counted.map(({ value, count }) => [value, count]));
  const listed =
    facet === 'disclosure'
      ? DISCLOSURES.filter((each) => counts.has(each) || chosen.includes(each))
      : [...chosen, ...counted.map(({ value }) => value).filter((each) => !chosen.includes(each))];
  if (listed.length === 0) return null;
  return (
    <FacetGroup title={t(`filters.${facet}`)}>
      {listed.slice(0, Math.max(SHOWN, chosen.length)).map((value) => {
        const count = counts.get(value) ?? 0;
        return (
          <FacetCheck
            key={value}
            label={facet === 'disclosure' ? t(`disclosure.${value}`) : value}
            count={count}
            spoken={t('list.documents', { count })}
            checked={chosen.includes(value)}
            onChange={() => toggle(name, value)}
          />
        );
      })}
    </FacetGroup>
  );
}
