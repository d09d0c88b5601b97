/**
 * What people draw, as it looks. Everything is in units of the surface (its own pixels); `unit` is how many of them a CSS
 * pixel takes, for what must stay readable on a small screen. A white edge keeps marks visible on photographs.
 */
import { type ComponentProps, type ReactNode, type Ref, useId } from 'react';
import { classes } from './classes';
import type { Role } from './NamePlate';

export type Ink = 'orange' | 'red' | 'blue' | 'green' | 'purple' | 'black';

export const INKS: Record<Ink, string> = {
  orange: '#c74700',
  red: '#ce0000',
  blue: '#0055ad',
  green: '#197a4b',
  purple: '#5109ad',
  black: '#1a1a1a',
};

export interface DrawnMark {
  readonly tool: string;
  readonly colour: Ink;
  /** In 10000ths of the surface's width. */
  readonly width: number;
  /** x, y, x, y ... in 10000ths. */
  readonly points: readonly number[];
  readonly text: string;
  readonly audience: 'all' | 'staff' | 'own';
}

export interface SurfaceSize {
  readonly width: number;
  readonly height: number;
}

/** The transparent sheet over a picture: the browser fits it as it fits the picture, so marks and picture agree. */
export function DrawingSheet({
  size,
  fit,
  rotation = 0,
  active,
  scrolls,
  label,
  description,
  svgRef,
  children,
  ...rest
}: Omit<ComponentProps<'svg'>, 'className' | 'style' | 'ref' | 'viewBox' | 'fill'> & {
  size: SurfaceSize;
  fit: 'contain' | 'cover';
  rotation?: 0 | 90 | 180 | 270;
  /** Takes input; else it lets through to what lies under it. */
  active: boolean;
  /** A finger may scroll what lies under it, because nothing is drawn with it. */
  scrolls: boolean;
  label: string;
  description: string;
  svgRef: Ref<SVGSVGElement>;
  children: ReactNode;
}) {
  const descriptionId = useId();
  const isTurned = rotation === 90 || rotation === 270;
  const { width, height } = size;
  const [across, down] = isTurned ? [height, width] : [width, height];
  const turn = `translate(${across / 2} ${down / 2}) rotate(${rotation}) translate(${-width / 2} ${-height / 2})`;
  return (
    <>
      <svg
        {...rest}
        ref={svgRef}
        viewBox={`0 0 ${across} ${down}`}
        preserveAspectRatio={`xMidYMid ${fit === 'cover' ? 'slice' : 'meet'}`}
        role={active ? 'application' : 'img'}
        aria-label={label}
        aria-describedby={active ? descriptionId : undefined}
        tabIndex={active ? 0 : undefined}
        className={classes(
          'absolute inset-0 size-full select-none overflow-hidden -outline-offset-4!',
          active ? 'cursor-crosshair' : 'pointer-events-none',
          active && !scrolls && 'touch-none',
        )}
      >
        <g transform={rotation === 0 ? undefined : turn}>{children}</g>
      </svg>
      {active && (
        <span id={descriptionId} className="sr-only">
          {description}
        </span>
      )}
    </>
  );
}

type Points = readonly (readonly [number, number])[];

function placed(points: readonly number[], { width, height }: SurfaceSize): Points {
  return Array.from({ length: points.length / 2 }, (_, at) => [
    ((points[2 * at] ?? 0) / 10_000) * width,
    ((points[2 * at + 1] ?? 0) / 10_000) * height,
  ]);
}

const at = (points: Points, index: number) => points[index] ?? ([0, 0] as const);

/** One mark. `faint` while it is being drawn elsewhere. */
export function MarkShape({
  mark,
  size,
  unit,
  faint = false,
}: {
  mark: DrawnMark;
  size: SurfaceSize;
  unit: number;
  faint?: boolean;
}) {
  const points = placed(mark.points, size);
  const thickness = Math.max((mark.width / 10_000) * size.width, 1.5 * unit);
  const colour = INKS[mark.colour];
  const props = { mark, points, thickness, colour, unit, size };
  return (
    <g
      data-mark={mark.tool}
      opacity={faint ? 0.7 : undefined}
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <Shape {...props} />
    </g>
  );
}

interface ShapeProps {
  mark: DrawnMark;
  points: Points;
  thickness: number;
  colour: string;
  unit: number;
  size: SurfaceSize;
}

function Shape(props: ShapeProps) {
  const { mark, points, thickness, colour } = props;
  switch (mark.tool) {
    case 'highlighter':
      return (
        <path d={curve(points)} stroke={colour} strokeWidth={thickness} opacity={0.35} strokeLinecap="butt" />
      );
    case 'text':
      return <Label {...props} place={at(points, 0)} text={mark.text} />;
    case 'stamp':
      return <Seal {...props} />;
    case 'measure':
    case 'scale':
      return <Dimension {...props} />;
    default:
      return <Edged {...props} d={outline(mark.tool, points, thickness)} />;
  }
}

function outline(tool: string, points: Points, thickness: number): string {
  const [[ax, ay], [bx, by]] = [at(points, 0), at(points, 1)];
  switch (tool) {
    case 'rect':
      return `M${ax} ${ay}H${bx}V${by}H${ax}Z`;
    case 'ellipse': {
      const [rx, ry] = [Math.abs(bx - ax) / 2, Math.abs(by - ay) / 2];
      return `M${Math.min(ax, bx)} ${(ay + by) / 2}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`;
    }
    case 'arrow': {
      const [dx, dy] = [bx - ax, by - ay];
      const length = Math.hypot(dx, dy) || 1;
      const head = Math.min(thickness * 5, length * 0.6);
      const wing = (side: number) =>
        `${bx - (head * (dx * 0.87 - side * dy * 0.5)) / length} ${by - (head * (dy * 0.87 + side * dx * 0.5)) / length}`;
      return `M${ax} ${ay}L${bx} ${by}M${wing(1)}L${bx} ${by}L${wing(-1)}`;
    }
    case 'line':
      return `M${ax} ${ay}L${bx} ${by}`;
    default:
      return curve(points);
  }
}

/** Through the middles of the stretches, so that few points look like a hand's line; a single point is a dot. */
function curve(points: Points): string {
  const [x, y] = at(points, 0);
  if (points.length === 1) return `M${x} ${y}h0.01`;
  let path = `M${x} ${y}`;
  for (let index = 1; index < points.length - 1; index += 1) {
    const [cx, cy] = at(points, index);
    const [nx, ny] = at(points, index + 1);
    path += `Q${cx} ${cy} ${(cx + nx) / 2} ${(cy + ny) / 2}`;
  }
  const [lx, ly] = at(points, points.length - 1);
  return `${path}L${lx} ${ly}`;
}

/** A line with a white edge; dashed where not everybody sees it. */
function Edged({ d, thickness, colour, unit, mark }: ShapeProps & { d: string }) {
  const dashes = mark.audience === 'all' ? undefined : `${thickness * 3} ${thickness * 2}`;
  return (
    <>
      <path d={d} stroke="#ffffff" strokeOpacity={0.85} strokeWidth={thickness + 2.5 * unit} />
      <path d={d} stroke={colour} strokeWidth={thickness} strokeDasharray={dashes} />
    </>
  );
}

/** Words in a white box that starts at the point. Full-width characters are as wide as they are high, others half. */
function Label({
  place: [x, y],
  text,
  colour,
  unit,
  size,
  mark,
  isCentred = false,
}: ShapeProps & { place: readonly [number, number]; text: string; isCentred?: boolean }) {
  const em = Math.max(size.width * 0.017, 13 * unit);
  const lines = text.split('\n');
  const width = Math.max(...lines.map((line) => widthOf(line))) * em + em * 1.1;
  const height = lines.length * em * 1.4 + em * 0.6;
  const left = Math.max(0, Math.min(isCentred ? x - width / 2 : x, size.width - width));
  const top = Math.min(y, Math.max(0, size.height - height));
  return (
    <g transform={`translate(${left} ${top})`}>
      <rect
        width={width}
        height={height}
        rx={em * 0.3}
        fill="#ffffff"
        stroke={colour}
        strokeWidth={1.5 * unit}
        strokeDasharray={mark.audience === 'all' ? undefined : `${5 * unit} ${3 * unit}`}
      />
      {lines.map((line, row) => (
        <text
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and never move
          key={row}
          x={em * 0.55}
          y={em * (1.25 + row * 1.4)}
          fontSize={em}
          fontWeight={700}
          fill={colour}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

function widthOf(line: string): number {
  let width = 0;
  for (const letter of line) width += /[mwMW%@]/.test(letter) ? 0.92 : /[ -~｡-ﾟ]/.test(letter) ? 0.6 : 1;
  return width;
}

/** 印: a word in a ring, as a rubber stamp would leave it. */
function Seal({ points, colour, unit, size, mark }: ShapeProps) {
  const [x, y] = at(points, 0);
  const em = Math.max(size.width * 0.02, 14 * unit);
  const letters = widthOf(mark.text);
  const rx = (letters * em) / 2 + em * 0.75;
  return (
    <g transform={`translate(${x} ${y}) rotate(-6)`}>
      <rect
        x={-rx}
        y={-em * 1.05}
        width={2 * rx}
        height={em * 2.1}
        rx={em * 1.05}
        fill="#ffffff"
        fillOpacity={0.88}
        stroke={colour}
        strokeWidth={em * 0.14}
        strokeDasharray={mark.audience === 'all' ? undefined : `${em * 0.4} ${em * 0.25}`}
      />
      <text fontSize={em} fontWeight={700} fill={colour} textAnchor="middle" dominantBaseline="central">
        {mark.text}
      </text>
    </g>
  );
}

/** A stretch with end strokes and its length in words at its middle. */
function Dimension(props: ShapeProps) {
  const { points, thickness, mark } = props;
  const [[ax, ay], [bx, by]] = [at(points, 0), at(points, 1)];
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const tick = Math.max(thickness * 3, 7 * props.unit) / length;
  const [nx, ny] = [-(by - ay) * tick, (bx - ax) * tick];
  const end = (x: number, y: number) => `M${x - nx} ${y - ny}L${x + nx} ${y + ny}`;
  const d = `M${ax} ${ay}L${bx} ${by}${end(ax, ay)}${end(bx, by)}`;
  return (
    <>
      <Edged {...props} d={d} />
      {mark.text && <Label {...props} place={[(ax + bx) / 2, (ay + by) / 2]} text={mark.text} isCentred />}
    </>
  );
}

const PLATES: Record<Role, string> = {
  field: '#006f83',
  specialist: '#8b3200',
  supervisor: '#5109ad',
  resident: '#115a36',
  partner: '#4d4d4d',
  interpreter: '#4d4d4d',
  admin: '#1a1a1a',
  operator: '#1a1a1a',
};

/** Where somebody points, with their name: the size on the screen is always the same. */
export function PointerShape({
  place,
  size,
  unit,
  name,
  role,
}: {
  place: readonly [number, number];
  size: SurfaceSize;
  unit: number;
  name: string;
  role: Role;
}) {
  const [[x, y]] = [at(placed(place, size), 0)];
  const width = widthOf(name) * 14 + 16;
  const isRight = x / unit + width + 16 > size.width / unit;
  return (
    <g data-pointer={name} transform={`translate(${x} ${y}) scale(${unit})`}>
      <circle r={11} fill={PLATES[role]} fillOpacity={0.25} stroke="#ffffff" strokeWidth={4} />
      <circle r={11} stroke={PLATES[role]} strokeWidth={2.5} fill="none" />
      <circle r={3} fill={PLATES[role]} stroke="#ffffff" strokeWidth={1} />
      <g transform={`translate(${isRight ? -width - 14 : 14} 6)`}>
        <rect width={width} height={24} rx={4} fill={PLATES[role]} stroke="#ffffff" strokeWidth={1} />
        <text x={8} y={17} fontSize={14} fontWeight={700} fill="#ffffff">
          {name}
        </text>
      </g>
    </g>
  );
}

/** The keyboard's place on the surface, and where a line began that awaits its end. */
export function Crosshair({
  place,
  size,
  unit,
  isAnchor = false,
}: {
  place: readonly [number, number];
  size: SurfaceSize;
  unit: number;
  isAnchor?: boolean;
}) {
  const [[x, y]] = [at(placed(place, size), 0)];
  const d = isAnchor ? 'M-7 0H7M0 -7V7' : 'M-22 0H-5M5 0H22M0 -22V-5M0 5V22';
  return (
    <g
      data-crosshair={isAnchor ? 'anchor' : 'here'}
      transform={`translate(${x} ${y}) scale(${unit})`}
      fill="none"
    >
      <path d={d} stroke="#ffffff" strokeWidth={6} />
      <path d={d} stroke="#000000" strokeWidth={2.5} />
      {isAnchor && <circle r={9} stroke="#000000" strokeWidth={2} />}
    </g>
  );
}
