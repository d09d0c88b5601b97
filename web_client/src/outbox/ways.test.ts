import { expect, test } from 'vitest';
import { packStill, unpackStill } from './ways';

test('papers and picture come out as they went in, line ends and all', () => {
  const papers = { manifest: '{"note":"幅\\n0.4 mm"}', signature: 'ab' };
  const picture = new Uint8Array([10, 0, 255, 10]);
  const { papers: same, bytes } = unpackStill(packStill(papers, picture));
  expect(same).toEqual(papers);
  expect([...bytes]).toEqual([10, 0, 255, 10]);
});
