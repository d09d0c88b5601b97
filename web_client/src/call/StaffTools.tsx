/** The staff's tools. Only what this device can do is drawn: no lamp without a lamp, no switch with one camera. */
import {
  Flashlight,
  Grid2x2,
  Maximize,
  MessageSquareText,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  MoreHorizontal,
  NotebookPen,
  PhoneOff,
  Signal,
  SwitchCamera,
  Users,
  Video,
  VideoOff,
  ZoomIn,
} from 'lucide-react';
import { type ReactNode, Suspense } from 'react';
import { type Shape, Sheet, ToolButton, ToolDeck, ToolGrid } from '../design';
import type { View } from '../view/View';
import type { Words } from '../words';
import { canSwitch, nextZoom } from './camera';
import { microphoneState } from './facts';
import { CallTools, StillTool } from './later';
import type { Command } from './shortcuts';
import type { LiveCall } from './useCall';

/** Sharing a screen is offered at desks, where there is one to share. */
export function canShareScreen(shape: Shape): boolean {
  return shape === 'desk' && navigator.mediaDevices?.getDisplayMedia !== undefined;
}

/** Whoever listens sends nothing: no microphone, no camera, and nobody to put on hold. */
export type ToolsCall = LiveCall & { isListening: boolean };

interface ToolsProps {
  callId: string;
  shape: Shape;
  live: ToolsCall;
  layout: 'speaker' | 'grid';
  unread: number;
  isMoreOpen: boolean;
  onMore: (open: boolean) => void;
  run: (command: Command) => void;
  words: Words;
  view: View | null;
}

export function StaffTools(props: ToolsProps) {
  const { shape, words, run } = props;
  const small = shape === 'phone' || shape === 'low';
  return (
    <>
      <ToolDeck
        shape={shape}
        label={words.name('tools.label')}
        tools={small ? <SmallTools {...props} /> : <AllTools {...props} />}
        hang={
          <ToolButton
            look="hang"
            icon={PhoneOff}
            label={words.name('tools.leave')}
            onClick={() => run('leave')}
          />
        }
      />
      {small && (
        <Sheet open={props.isMoreOpen} onClose={() => props.onMore(false)} title={words.name('tools.more')}>
          <ToolGrid>
            <Suspense>
              <StillTool {...props} />
            </Suspense>
            <CameraTools {...props} />
            <LayoutTool {...props} />
            <LineTool {...props} />
            <NotesTool {...props} />
            {!props.live.isListening && (
              <Suspense>
                <CallTools {...props} />
              </Suspense>
            )}
          </ToolGrid>
        </Sheet>
      )}
    </>
  );
}

/** On the rail the hand rests in the middle, where the switches are; elsewhere they come first. */
function AllTools(props: ToolsProps) {
  const rail = props.shape === 'wide';
  if (props.live.isListening) {
    return (
      <>
        <LayoutTool {...props} />
        <LineTool {...props} />
        <NotesTool {...props} />
      </>
    );
  }
  return (
    <>
      {rail && <CameraTools {...props} />}
      <StillTool {...props} />
      {rail && <CameraTool {...props} />}
      <MicrophoneTool {...props} />
      {!rail && <CameraTool {...props} />}
      {!rail && <CameraTools {...props} />}
      <ShareTool {...props} />
      <LayoutTool {...props} />
      <LineTool {...props} />
      <NotesTool {...props} />
      <Suspense>
        <CallTools {...props} />
      </Suspense>
    </>
  );
}

/** Phones: what is pressed during the talk in the first row, the panels in the second; the rest behind one more. */
function SmallTools({ unread, onMore, ...props }: ToolsProps) {
  const { words, run } = props;
  return (
    <>
      {!props.live.isListening && <MicrophoneTool {...props} />}
      {!props.live.isListening && <CameraTool {...props} />}
      {isSwitchable(props) ? <SwitchTool {...props} /> : <LayoutTool {...props} />}
      <ToolButton icon={MoreHorizontal} label={words.name('tools.more')} onClick={() => onMore(true)} />
      <ToolButton icon={Users} label={words.name('tools.people')} onClick={() => run('people')} />
      <ToolButton
        icon={MessageSquareText}
        label={words.name('tools.chat')}
        mark={unread > 0 ? words.name('tools.chat_unread', { count: unread }) : undefined}
        onClick={() => run('chat')}
      />
    </>
  );
}

type Part = Pick<ToolsProps, 'live' | 'layout' | 'run' | 'words' | 'shape'>;

function local({ live }: Part) {
  return live.snapshot.members.find(({ isLocal }) => isLocal);
}

function MicrophoneTool(props: Part): ReactNode {
  const state = microphoneState(props.live.snapshot);
  const isOn = state === 'on';
  return (
    <ToolButton
      icon={isOn ? Mic : MicOff}
      look={isOn ? 'tool' : 'alert'}
      label={props.words.name(`tools.microphone_${state}`)}
      onClick={() => props.run('microphone')}
    />
  );
}

function CameraTool(props: Part): ReactNode {
  const on = local(props)?.cameraOn ?? false;
  return (
    <ToolButton
      icon={on ? Video : VideoOff}
      label={props.words.name(on ? 'tools.camera_on' : 'tools.camera_off')}
      onClick={() => props.run('camera')}
    />
  );
}

function isSwitchable(props: Part): boolean {
  return (local(props)?.cameraOn ?? false) && canSwitch(props.live.snapshot.cameras);
}

function SwitchTool(props: Part): ReactNode {
  const { session } = props.live;
  if (!isSwitchable(props)) return null;
  return (
    <ToolButton
      icon={SwitchCamera}
      label={props.words.name('tools.switch')}
      onClick={() => void session?.switchCamera()}
    />
  );
}

/** Lamp, zoom and the other camera, where the running camera has them. */
function CameraTools(props: Part): ReactNode {
  const { session, snapshot } = props.live;
  const { tools, torchOn, zoom } = snapshot;
  const { words } = props;
  const range = tools.zoom;
  return (
    <>
      {tools.hasTorch && (
        <ToolButton
          icon={Flashlight}
          pressed={torchOn}
          label={words.name(torchOn ? 'tools.torch_on' : 'tools.torch_off')}
          onClick={() => void session?.setTorch(!torchOn)}
        />
      )}
      {range && (
        <ToolButton
          icon={ZoomIn}
          label={words.name('tools.zoom', { factor: zoom })}
          onClick={() => void session?.setZoom(nextZoom(zoom, range))}
        />
      )}
      {(props.shape === 'tall' || props.shape === 'wide' || props.shape === 'desk') && (
        <SwitchTool {...props} />
      )}
    </>
  );
}

function ShareTool(props: Part): ReactNode {
  const on = local(props)?.sharesScreen ?? false;
  if (!canShareScreen(props.shape)) return null;
  return (
    <ToolButton
      icon={on ? MonitorX : MonitorUp}
      pressed={on}
      label={props.words.name(on ? 'tools.share_stop' : 'tools.share_start')}
      onClick={() => props.run('share')}
    />
  );
}

function LayoutTool({ layout, run, words }: Part): ReactNode {
  const grid = layout === 'grid';
  return (
    <ToolButton
      icon={grid ? Maximize : Grid2x2}
      label={words.name(grid ? 'tools.speaker' : 'tools.grid')}
      onClick={() => run('layout')}
    />
  );
}

function LineTool({ run, words }: Part): ReactNode {
  return <ToolButton icon={Signal} label={words.name('tools.line')} onClick={() => run('line')} />;
}

function NotesTool({ run, words }: Part): ReactNode {
  return <ToolButton icon={NotebookPen} label={words.name('tools.notes')} onClick={() => run('notes')} />;
}
