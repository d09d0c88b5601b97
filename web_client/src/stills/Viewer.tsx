/** One still looked at closely, beside another one if wished: its board, what is known of it, and the ways out of here. */
import { Columns2, Download, FileCheck2, Image as Picture, Presentation, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { type Still, urlOf } from '../api';
import { dateOf, timeWithSeconds } from '../clock';
import {
  BoardCard,
  Button,
  Facts,
  FullWindow,
  LinkButton,
  PanelSubhead,
  Row,
  Stack,
  StatusLine,
  StillFigure,
  StillStrip,
  StillView,
} from '../design';
import { recordDay } from '../letter/day';
import { useWords, type Words } from '../words';
import { imageOf, nameOf } from './useStills';
import { saveWithBoard } from './withBoard';

export function Viewer({
  still,
  others,
  onClose,
  onPresent,
}: {
  still: Still;
  /** What it can be compared with, earliest first. */
  others: readonly Still[];
  onClose: () => void;
  /** Where there is a call to show it to. */
  onPresent?: (() => void) | undefined;
}) {
  const words = useWords('still');
  const [isComparing, setComparing] = useState(false);
  const [besideId, setBeside] = useState<string | null>(null);
  const beside = others.find(({ id }) => id === besideId);
  const when = (each: Still) =>
    `${dateOf(each.taken_at, words.language)} ${timeWithSeconds(each.taken_at)} ${nameOf(each)}`;
  const figure = (each: Still) => (
    <StillFigure
      key={each.id}
      url={imageOf(each.id, 2560)}
      words={words.name('view.picture', { what: when(each) })}
      plate={when(each)}
    />
  );
  const path = { still_id: still.id };
  return (
    <FullWindow open onClose={onClose} title={nameOf(still) || words.name(`kind.${still.kind}`)}>
      <StillView
        pictures={[still, ...(beside ? [beside] : [])]
          .sort((one, other) => one.taken_at.localeCompare(other.taken_at))
          .map(figure)}
      >
        <Stack>
          <StatusLine icon={ShieldCheck}>{words.name('view.verified')}</StatusLine>
          <BoardCard title={words.name('board.title')} rows={boardRows(still, words)} />
          {onPresent && (
            <Button icon={Presentation} onClick={onPresent}>
              {words.name('view.present')}
            </Button>
          )}
          <Facts facts={factRows(still, words)} />
          {others.length > 0 && (
            <Button
              look="second"
              icon={Columns2}
              aria-expanded={isComparing}
              onClick={() => {
                setComparing(!isComparing);
                setBeside(null);
              }}
            >
              {words.name(isComparing ? 'view.alone' : 'view.compare')}
            </Button>
          )}
          {isComparing && (
            <div>
              <PanelSubhead>{words.name('view.beside')}</PanelSubhead>
              <StillStrip
                label={words.name('view.beside')}
                chosen={besideId}
                stills={others.map((each) => ({
                  id: each.id,
                  url: imageOf(each.id, 360),
                  label: when(each),
                }))}
                onOpen={setBeside}
              />
            </div>
          )}
          <Row gap={2}>
            <LinkButton
              look="second"
              size="small"
              icon={FileCheck2}
              href={urlOf('/stills/{still_id}/export', { path })}
              download
            >
              {words.name('view.export')}
            </LinkButton>
            <LinkButton
              look="second"
              size="small"
              icon={Download}
              href={urlOf('/stills/{still_id}/original', { path })}
              download
            >
              {words.name('view.original')}
            </LinkButton>
            <Button
              look="second"
              size="small"
              icon={Picture}
              onClick={() => void saveWithBoard(still, boardRows(still, words))}
            >
              {words.name('view.with_board')}
            </Button>
          </Row>
        </Stack>
      </StillView>
    </FullWindow>
  );
}

/** Rows that say something, and the date, which always does. */
function boardRows({ manifest, taken_at }: Still, words: Words): [string, string][] {
  const { board } = manifest;
  const rows = (['work', 'work_type', 'spot', 'designed', 'measured', 'witness', 'note'] as const)
    .filter((name) => board[name] !== '')
    .map((name): [string, string] => [words.name(`board.${name}`), board[name]]);
  return [...rows, [words.name('board.date'), recordDay(taken_at, words.language, { weekday: 'short' })]];
}

function factRows(still: Still, words: Words): [string, string][] {
  const { manifest } = still;
  const { place, heading_cdeg, picture, camera } = manifest;
  return [
    [
      words.name('fact.taken'),
      `${recordDay(still.taken_at, words.language, { weekday: 'short' })} ${timeWithSeconds(still.taken_at)}`,
    ],
    [words.name('fact.by'), still.taker_name],
    [words.name('fact.call'), [manifest.call.number, manifest.case?.number].filter(Boolean).join('・')],
    [
      words.name('fact.place'),
      place
        ? words.name('fact.place_value', {
            latitude: (place.latitude_e7 / 1e7).toFixed(6),
            longitude: (place.longitude_e7 / 1e7).toFixed(6),
            metres: Math.max(1, Math.round(place.accuracy_cm / 100)),
          })
        : words.name('fact.place_none'),
    ],
    [
      words.name('fact.heading'),
      heading_cdeg === null
        ? words.name('fact.unknown')
        : words.name('fact.heading_value', { degrees: Math.round(heading_cdeg / 100) }),
    ],
    [
      words.name('fact.picture'),
      words.name(`fact.way_${camera.way}`, { width: picture.width, height: picture.height }),
    ],
    [words.name('fact.consent'), words.name(`fact.consent_${manifest.consent}`)],
    [words.name('fact.received'), timeWithSeconds(still.received_at)],
    [words.name('fact.key'), `${manifest.device.label} ${manifest.device.key_sha256.slice(0, 16)}`],
  ];
}
