/** Text with readings: `{漢字|かんじ}` becomes ruby. Easy Japanese messages are written with it. */
import { Fragment } from 'react';

const READING = /\{([^{}|]+)\|([^{}|]+)\}/g;

export function Furigana({ text }: { text: string }) {
  const parts: { at: number; plain: string; base: string; reading: string }[] = [];
  let from = 0;
  for (const match of text.matchAll(READING)) {
    parts.push({
      at: from,
      plain: text.slice(from, match.index),
      base: match[1] ?? '',
      reading: match[2] ?? '',
    });
    from = match.index + match[0].length;
  }
  return (
    <>
      {parts.map(({ at, plain, base, reading }) => (
        <Fragment key={at}>
          {plain}
          <ruby>
            {base}
            <rt>{reading}</rt>
          </ruby>
        </Fragment>
      ))}
      {text.slice(from)}
    </>
  );
}

/** Lists write readings in brackets behind the word, 病院(びょういん): above it they are easier to read over. */
export function withRuby(text: string): string {
  return text.replace(
    /([\p{Script=Han}々]+)[(（]([\p{Script=Hiragana}\p{Script=Katakana}ー]+)[)）]/gu,
    '{$1|$2}',
  );
}

/** The same text without readings, for names of controls and titles of windows. */
export function withoutReadings(text: string): string {
  return text.replace(READING, '$1');
}
