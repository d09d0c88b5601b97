import { describe, expect, test } from 'vitest';

import { canSwitch, nextCamera, nextZoom, readFacing, readTools, zoomStops } from './camera';

const PHONE = [
  { deviceId: 'a', label: '前面カメラ' },
  { deviceId: 'b', label: '背面カメラ' },
  { deviceId: 'c', label: '背面超広角カメラ' },
];

describe('what the camera can do', () => {
  test.each([
    [{}, { hasTorch: false, zoom: null }],
    [
      { torch: true, zoom: { min: 1, max: 8 } },
      { hasTorch: true, zoom: { min: 1, max: 8 } },
    ],
    [{ torch: [false, true] }, { hasTorch: true, zoom: null }],
    [{ torch: [false] }, { hasTorch: false, zoom: null }],
    [{ zoom: { min: 1, max: 1 } }, { hasTorch: false, zoom: null }],
  ])('%j', (capabilities, tools) => {
    expect(readTools(capabilities)).toEqual(tools);
  });
});

describe('zoom', () => {
  test.each([
    [{ min: 1, max: 8 }, [1, 2, 3, 4, 6]],
    [{ min: 0.5, max: 2 }, [1, 2]],
    [{ min: 1, max: 1.5 }, [1, 1.5]],
    [{ min: 100, max: 400 }, [100, 400]],
  ])('stops in %j', (range, stops) => {
    expect(zoomStops(range)).toEqual(stops);
  });

  test('goes up and around', () => {
    const range = { min: 1, max: 3 };

    expect(nextZoom(1, range)).toBe(2);
    expect(nextZoom(2.4, range)).toBe(3);
    expect(nextZoom(3, range)).toBe(1);
  });
});

describe('the next camera', () => {
  test('a phone changes sides and keeps to it among several lenses', () => {
    expect(nextCamera(PHONE, { deviceId: 'b', facing: 'environment' })).toEqual({
      by: 'facing',
      facing: 'user',
    });
    expect(nextCamera(PHONE, { deviceId: 'a', facing: 'user' })).toEqual({
      by: 'facing',
      facing: 'environment',
    });
  });

  test('a desk goes around its devices', () => {
    const desk = [
      { deviceId: 'x', label: 'HD Webcam' },
      { deviceId: 'y', label: '書画カメラ' },
    ];

    expect(nextCamera(desk, { deviceId: 'x', facing: undefined })).toEqual({ by: 'device', deviceId: 'y' });
    expect(nextCamera(desk, { deviceId: 'y', facing: undefined })).toEqual({ by: 'device', deviceId: 'x' });
    expect(nextCamera(desk, { deviceId: 'gone', facing: undefined })).toEqual({
      by: 'device',
      deviceId: 'x',
    });
  });

  test('one camera is no choice', () => {
    expect(canSwitch([...PHONE.slice(0, 1), ...PHONE.slice(0, 1)])).toBe(false);
    expect(nextCamera(PHONE.slice(0, 1), { deviceId: 'a', facing: 'user' })).toBeNull();
  });
});

test.each([
  ['environment', '', 'environment'],
  [undefined, '背面カメラ', 'environment'],
  [undefined, 'camera2 0, facing front', 'user'],
  [undefined, 'HD Webcam', undefined],
  ['left', '', undefined],
])('facing %s, label %j: %s', (facingMode, label, expected) => {
  expect(readFacing(facingMode, label)).toBe(expected);
});
