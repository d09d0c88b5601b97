/** The tools over a surface: what is in the hand, its colour and thickness, taking back, and for whom it is drawn. */
import {
  Eye,
  EyeOff,
  Highlighter,
  MousePointer2,
  MoveUpRight,
  Pencil,
  Redo2,
  Ruler,
  Shapes,
  Stamp,
  Type,
  Undo2,
} from 'lucide-react';
import { memo, useState, useSyncExternalStore } from 'react';
import { Furigana, InkButton, PenBar, PenButton, PenChoices } from '../design';
import { useWords, type Words } from '../words';
import { COLOURS, type Colour, lastOf } from './marks';
import type { SurfaceMarks } from './SurfaceMarks';
import type { Pen } from './useDrawing';

export type Hand = 'point' | 'pen' | 'highlighter' | 'arrow' | 'shape' | 'text' | 'measure' | 'stamp';
export const SHAPES = ['line', 'rect', 'ellipse'] as const;
export const LENGTHS = ['measure', 'scale'] as const;
export const STAMPS = ['done', 'check', 'care', 'yes', 'no'] as const;
export const WIDTHS = { thin: 20, middle: 40, thick: 80 } as const;

/** Everything that is chosen, also for tools that are not in the hand now. */
export interface Kit {
  readonly hand: Hand;
  readonly colour: Colour;
  readonly width: keyof typeof WIDTHS;
  readonly shape: (typeof SHAPES)[number];
  readonly length: (typeof LENGTHS)[number];
  readonly stamp: (typeof STAMPS)[number];
  readonly isPrivate: boolean;
}

export const FIRST_KIT: Kit = {
  hand: 'point',
  colour: 'orange',
  width: 'middle',
  shape: 'rect',
  length: 'measure',
  stamp: 'check',
  isPrivate: false,
};

/** What the kit puts into the hand; `isAmongStaff` while guests are kept apart or do not see the surface. */
export function penOf(kit: Kit, isAmongStaff: boolean): Pen {
  const tool = kit.hand === 'shape' ? kit.shape : kit.hand === 'measure' ? kit.length : kit.hand;
  const width = WIDTHS[kit.width] * (tool === 'highlighter' ? 5 : 1);
  const audience = kit.isPrivate ? 'own' : isAmongStaff ? 'staff' : 'all';
  return { tool, colour: kit.colour, width, audience };
}

const HANDS = [
  ['point', MousePointer2],
  ['pen', Pencil],
  ['highlighter', Highlighter],
  ['arrow', MoveUpRight],
  ['shape', Shapes],
  ['text', Type],
  ['measure', Ruler],
  ['stamp', Stamp],
] as const;
const HAS_KINDS: ReadonlySet<Hand> = new Set<Hand>(['shape', 'measure', 'stamp']);
const FOR_GUESTS: ReadonlySet<Hand> = new Set<Hand>(['point', 'pen', 'arrow', 'text']);

export function PenTools({
  kit,
  onKit,
  marks,
  forGuest,
}: {
  kit: Kit;
  onKit: (kit: Kit) => void;
  marks: SurfaceMarks;
  forGuest: boolean;
}) {
  const words = useWords('view');
  const [isInkOpen, setInkOpen] = useState(false);
  const choices = { kit, onKit, words };
  return (
    <PenBar
      label={words.name('tools.label')}
      more={isInkOpen ? <InkChoices {...choices} /> : HAS_KINDS.has(kit.hand) && <HandChoices {...choices} />}
    >
      <Hands kit={kit} onKit={onKit} forGuest={forGuest} isInkOpen={isInkOpen} onInk={setInkOpen} />
      <Undoing marks={marks} forGuest={forGuest} />
      {!forGuest && (
        <PenButton
          icon={kit.isPrivate ? EyeOff : Eye}
          label={<Furigana text={words.say('tools.private')} />}
          pressed={kit.isPrivate}
          onClick={() => onKit({ ...kit, isPrivate: !kit.isPrivate })}
        />
      )}
    </PenBar>
  );
}

interface HandsProps {
  kit: Kit;
  onKit: (kit: Kit) => void;
  forGuest: boolean;
  isInkOpen: boolean;
  onInk: (isOpen: boolean) => void;
}

/** The same whatever page is under them. */
const Hands = memo(({ kit, onKit, forGuest, isInkOpen, onInk }: HandsProps) => {
  const words = useWords('view');
  return (
    <>
      {HANDS.filter(([hand]) => !forGuest || FOR_GUESTS.has(hand)).map(([hand, icon]) => (
        <PenButton
          key={hand}
          icon={icon}
          label={<Furigana text={words.say(`tools.${hand}`)} />}
          large={forGuest}
          pressed={kit.hand === hand}
          onClick={() => {
            onInk(false);
            onKit({ ...kit, hand });
          }}
        />
      ))}
      <InkButton
        ink={kit.colour}
        label={<Furigana text={words.say('tools.ink')} />}
        open={isInkOpen}
        onClick={() => onInk(!isInkOpen)}
      />
    </>
  );
});

function Undoing({ marks, forGuest }: { marks: SurfaceMarks; forGuest: boolean }) {
  const words = useWords('view');
  const { marks: known } = useSyncExternalStore(marks.watch, marks.drawn.get);
  return (
    <>
      <PenButton
        icon={Undo2}
        label={<Furigana text={words.say('tools.undo')} />}
        large={forGuest}
        disabled={lastOf(known, marks.me.identity) === undefined}
        onClick={() => marks.undo()}
      />
      {!forGuest && (
        <PenButton
          icon={Redo2}
          label={<Furigana text={words.say('tools.redo')} />}
          disabled={!marks.canRedo}
          onClick={() => marks.redo()}
        />
      )}
    </>
  );
}

interface ChoicesProps {
  kit: Kit;
  onKit: (kit: Kit) => void;
  words: Words;
}

function InkChoices({ kit, onKit, words }: ChoicesProps) {
  return (
    <>
      <PenChoices
        label={words.name('tools.ink')}
        choices={COLOURS.map((key) => ({ key, label: words.name(`ink.${key}`), ink: key }))}
        selected={kit.colour}
        onSelect={(colour) => onKit({ ...kit, colour })}
      />
      <PenChoices
        label={words.name('tools.width')}
        choices={(['thin', 'middle', 'thick'] as const).map((key) => ({
          key,
          label: words.name(`width.${key}`),
        }))}
        selected={kit.width}
        onSelect={(width) => onKit({ ...kit, width })}
      />
    </>
  );
}

/** The kinds of the tool in hand. */
function HandChoices({ kit, onKit, words }: ChoicesProps) {
  const choose = <K extends string>(
    label: string,
    keys: readonly K[],
    selected: K,
    onSelect: (key: K) => void,
  ) => (
    <PenChoices
      label={words.name(`tools.${label}`)}
      choices={keys.map((key) => ({ key, label: words.name(`${label}.${key}`) }))}
      selected={selected}
      onSelect={onSelect}
    />
  );
  if (kit.hand === 'shape') return choose('shape', SHAPES, kit.shape, (shape) => onKit({ ...kit, shape }));
  if (kit.hand === 'measure')
    return choose('measure', LENGTHS, kit.length, (length) => onKit({ ...kit, length }));
  if (kit.hand === 'stamp') return choose('stamp', STAMPS, kit.stamp, (stamp) => onKit({ ...kit, stamp }));
  return null;
}
