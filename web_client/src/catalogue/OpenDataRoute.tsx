/** `/open-data`: every list that everybody may use, as files and for programs; without an account. */
import { Download, FileX2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { get, type OpenList } from '../api';
import {
  Card,
  Empty,
  Failed,
  LinkButton,
  Loading,
  Words as Paragraph,
  ResidentBlock,
  ResidentHeading,
  ResidentPage,
  ResidentText,
  Row,
  Stack,
} from '../design';
import { Reading, ResidentBand } from '../join/Band';
import { useOffice } from '../join/office';
import { useWords, type Words } from '../words';
import { dayOf } from './day';

type Asked = { at: 'reading' } | { at: 'failed'; error: unknown } | { at: 'ready'; lists: OpenList[] };

export function OpenDataRoute() {
  const words = useWords('catalogue');
  const office = useOffice();
  const [asked, setAsked] = useState<Asked>({ at: 'reading' });
  const [tries, setTries] = useState(0);
  const title = words.name('open.title');
  useEffect(() => {
    document.title = title;
  }, [title]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when somebody tries again
  useEffect(() => {
    get('/open-data').then(
      ({ lists }) => setAsked({ at: 'ready', lists }),
      (error: unknown) => setAsked({ at: 'failed', error }),
    );
  }, [tries]);
  return (
    <ResidentPage band={<ResidentBand organisation={office?.organisation ?? ''} />}>
      <Reading />
      <ResidentHeading text={words.say('open.title')} lead={<ResidentText text={words.say('open.lead')} />} />
      <ResidentBlock title={words.say('open.lists')}>
        {asked.at === 'reading' && <Loading label={words.name('open.reading')} />}
        {asked.at === 'failed' && (
          <Failed
            title={words.name('open.failed')}
            error={asked.error}
            onRetry={() => {
              setAsked({ at: 'reading' });
              setTries(tries + 1);
            }}
          />
        )}
        {asked.at === 'ready' && asked.lists.length === 0 && (
          <Empty icon={FileX2} title={words.name('open.none')}>
            <p>{words.name('open.none_more')}</p>
          </Empty>
        )}
        {asked.at === 'ready' && (
          <Stack>
            {asked.lists.map((list) => (
              <List key={list.name} list={list} words={words} />
            ))}
          </Stack>
        )}
      </ResidentBlock>
      <ResidentBlock title={words.say('open.programs')}>
        <ResidentText text={words.say('open.programs_lead')} />
        <Paragraph voice="note">/api/3/action/package_list</Paragraph>
      </ResidentBlock>
    </ResidentPage>
  );
}

function List({ list, words }: { list: OpenList; words: Words }) {
  const title = words.name(`open.kind.${list.kind}`);
  return (
    <Card as="section">
      <Stack gap={3}>
        <ResidentText voice="strong" text={words.say(`open.kind.${list.kind}`)} />
        <ResidentText
          voice="note"
          text={words.say('open.about', {
            owner: list.owner,
            rows: list.rows,
            day: dayOf(list.changed_at, words.language),
          })}
        />
        <Row gap={2}>
          {list.shapes.map(({ shape, path }) => (
            <LinkButton
              key={shape}
              look="second"
              icon={Download}
              href={path}
              download
              aria-label={words.name('open.take', { list: title, shape: shape.toUpperCase() })}
            >
              {shape === 'geojson' ? 'GeoJSON' : shape.toUpperCase()}
            </LinkButton>
          ))}
        </Row>
        <ResidentText voice="note" text={words.say('open.terms', { licence: list.licence })} />
      </Stack>
    </Card>
  );
}
