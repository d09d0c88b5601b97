/**
 * A map of raster tiles with one pin, by MapLibre: fetched where a place is shown and tiles are set up, and by nothing
 * else, so this file is not part of the design system's door. Words beside it say the same place (PinPlate). What the
 * map cannot do, for want of WebGL or of tiles, it tells by `onFailed`.
 */
import { Minus, Plus } from 'lucide-react';
import { Map as MapLibre, Marker, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { useEffect, useRef } from 'react';
import { IconButton } from './Button';
import 'maplibre-gl/dist/maplibre-gl.css';

const ZOOM = 15;
const MAX_ZOOM = 18;

export interface TileMapProps {
  tiles: string;
  attribution: string;
  attributionUrl: string;
  latitude: number;
  longitude: number;
  words: {
    /** What the map is called, for example 川辺橋の地図. */
    name: string;
    zoomIn: string;
    zoomOut: string;
    /** How to move it without scrolling the page away: by mouse and by fingers. */
    byKeys: string;
    byFingers: string;
  };
  onFailed: () => void;
}

export function TileMap(props: TileMapProps) {
  const { attribution, attributionUrl, words } = props;
  const { frame, map } = useMap(props);
  return (
    <div className="relative">
      <div ref={frame} className="h-56 bg-well" />
      <div className="absolute top-2 right-2 grid rounded-control border border-line-control bg-surface">
        <IconButton icon={Plus} label={words.zoomIn} onClick={() => map.current?.zoomIn()} />
        <IconButton icon={Minus} label={words.zoomOut} onClick={() => map.current?.zoomOut()} />
      </div>
      <p className="absolute right-0 bottom-0 rounded-tl-tag bg-surface px-2 text-14">
        {attributionUrl ? (
          <a
            href={attributionUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-block min-h-6 text-brand-line underline"
          >
            {attribution}
          </a>
        ) : (
          attribution
        )}
      </p>
    </div>
  );
}

function useMap({ tiles, latitude, longitude, words, onFailed }: TileMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibre | null>(null);
  const latest = useRef({ words, onFailed });
  useEffect(() => {
    latest.current = { words, onFailed };
  });

  useEffect(() => {
    if (!frame.current) return;
    const { words: said } = latest.current;
    const fail = () => latest.current.onFailed();
    let drawn: MapLibre;
    try {
      setWorkerUrl(new URL(workerUrl, window.location.href).href);
      drawn = new MapLibre({
        container: frame.current,
        center: [longitude, latitude],
        zoom: ZOOM,
        maxZoom: MAX_ZOOM,
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        cooperativeGestures: true,
        fadeDuration: 0,
        locale: {
          'Map.Title': said.name,
          'CooperativeGesturesHandler.WindowsHelpText': said.byKeys,
          'CooperativeGesturesHandler.MacHelpText': said.byKeys,
          'CooperativeGesturesHandler.MobileHelpText': said.byFingers,
        },
        style: {
          version: 8,
          sources: {
            tiles: {
              type: 'raster',
              tiles: [
                new URL(tiles, window.location.href).href.replaceAll('%7B', '{').replaceAll('%7D', '}'),
              ],
              tileSize: 256,
              maxzoom: MAX_ZOOM,
            },
          },
          layers: [{ id: 'tiles', type: 'raster', source: 'tiles' }],
        },
      });
    } catch {
      fail(); // no WebGL on this device
      return;
    }
    map.current = drawn;
    const pin = new Marker({ element: pinElement() }).setLngLat([longitude, latitude]).addTo(drawn);
    pin.getElement().removeAttribute('aria-label'); // the picture of what the words beside say
    let hasTiles = false;
    drawn.on('data', (event) => {
      if (event.dataType === 'source' && 'tile' in event && event.tile) hasTiles ||= event.isSourceLoaded;
    });
    drawn.on('error', () => {
      if (!hasTiles) fail();
    });
    return () => {
      map.current = null;
      drawn.remove();
    };
  }, [tiles, latitude, longitude]);
  return { frame, map };
}

/** A round pin in our blue with a white rim, seen on any ground. */
function pinElement(): HTMLElement {
  const pin = document.createElement('div');
  pin.className = 'size-6 rounded-full border-4 border-white bg-brand shadow-2';
  pin.setAttribute('aria-hidden', 'true');
  return pin;
}
