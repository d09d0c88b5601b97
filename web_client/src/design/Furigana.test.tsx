import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Furigana, withoutReadings } from './Furigana';

test('readings stand over their words, the rest stays', () => {
  const { container } = render(<Furigana text="{話|はな}す まえに {電話|でんわ}" />);

  expect(container.innerHTML).toBe('<ruby>話<rt>はな</rt></ruby>す まえに <ruby>電話<rt>でんわ</rt></ruby>');
  expect(withoutReadings('{話|はな}す')).toBe('話す');
});
