import { expect, test } from 'vitest';
import { masked } from './useTranscript';

test('what was proposed is masked sign by sign, and nothing else', () => {
  const proposals = [{ start: 3, end: 6, kind: 'phone' as const }];
  expect(masked({ text: '電話は𠮟23です', proposals })).toBe('電話は■■■です');
});
