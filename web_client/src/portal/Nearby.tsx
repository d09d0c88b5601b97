/** Works around a place somebody names, at a distance they choose; neither is kept, here or on the server. */
import { useState } from 'react';
import { get, post } from '../api';
import {
  Loading,
  OnScreen,
  ResidentBlock,
  ResidentText,
  SegmentedControl,
  SelectField,
  ServiceCard,
  Stack,
  Tag,
} from '../design';
import type { Words } from '../words';
import { useAsked } from './asking';
import { NotThere } from './NotThere';
import { linesOf, pathOf, summaryOf, titleOf } from './serviceWords';

const RADII = [500, 1000, 2000] as const;
type Radius = `${(typeof RADII)[number]}`;
interface Chosen {
  key: string;
  name: string;
}

export function Nearby({ words }: { words: Words }) {
  const { asked } = useAsked('places', (signal) => get('/services/places', { signal }));
  const [place, setPlace] = useState<Chosen | null>(null);
  const [radius, setRadius] = useState<Radius>('1000');
  const places = asked.at === 'ready' ? asked.answer.places : [];
  if (places.length === 0) return null;
  return (
    <OnScreen>
      <ResidentBlock title={words.say('nearby.heading')}>
        <Stack gap={3}>
          <SelectField
            large
            label={words.name('nearby.place')}
            options={[
              { value: '', label: words.name('nearby.choose') },
              ...places.map(({ key, name }) => ({ value: key, label: name })),
            ]}
            value={place?.key ?? ''}
            onChange={(event) => setPlace(places.find(({ key }) => key === event.target.value) ?? null)}
          />
          <SegmentedControl
            label={words.name('nearby.radius')}
            choices={RADII.map((each) => ({
              key: `${each}` as Radius,
              label: words.name(`nearby.r${each}`),
            }))}
            selected={radius}
            onSelect={setRadius}
          />
          <ResidentText voice="note" text={words.say('nearby.kept')} />
          {place && <Found place={place} radius={radius} words={words} />}
        </Stack>
      </ResidentBlock>
    </OnScreen>
  );
}

function Found({ place, radius, words }: { place: Chosen; radius: Radius; words: Words }) {
  const radius_m = Number(radius) as (typeof RADII)[number];
  const { asked, again } = useAsked(`${place.key} ${radius}`, () =>
    post('/services/works-nearby', { body: { place: place.key, radius_m } }),
  );
  if (asked.at === 'reading') return <Loading label={words.name('reading')} lines={2} />;
  if (asked.at !== 'ready') return <NotThere how={asked.at} words={words} again={again} />;
  const { total, works } = asked.answer;
  const said = { place: place.name, radius: words.name(`nearby.r${radius}`), count: total };
  return (
    <div role="status">
      <Stack gap={3}>
        <ResidentText text={words.say(total === 0 ? 'nearby.none' : 'nearby.total', said)} />
        {works.map(({ service, metres }) => (
          <ServiceCard
            key={service.id}
            level="h3"
            to={pathOf(service)}
            title={titleOf(service, words.language)}
            summary={summaryOf(service, words.language)}
            lines={linesOf(service, words)}
            tag={<Tag>{words.name('nearby.far', { metres })}</Tag>}
          />
        ))}
      </Stack>
    </div>
  );
}
