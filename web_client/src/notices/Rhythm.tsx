/** How often and when: mails a week, and the hours in which none comes. */
import { type NoticesView, post } from '../api';
import {
  Card,
  Check,
  Columns,
  Furigana,
  ResidentBlock,
  ResidentText,
  SegmentedControl,
  SelectField,
  Stack,
} from '../design';
import { LANGUAGES } from '../i18n';
import { day } from '../letter/day';
import type { Words } from '../words';
import { choices } from './choices';
import type { OwnNotices } from './ownNotices';

const LANGUAGE_NAMES = { ja: '日本語', 'ja-easy': 'やさしい日本語', en: 'English' } as const;
/** Weekdays from Monday, and every day. */
const DIGEST_DAYS = [0, 1, 2, 3, 4, 5, 6, 7];
const EVENINGS = [18, 19, 20, 21, 22, 23];
const MORNINGS = [5, 6, 7, 8, 9, 10];

export function Rhythm({
  code,
  page,
  own,
  words,
}: {
  code: string;
  page: NoticesView;
  own: OwnNotices;
  words: Words;
}) {
  const choose = (different: Parameters<typeof choices>[1]) =>
    own.change(() => post('/notices/{code}/choices', { path: { code }, body: choices(page, different) }));
  const hours = (each: number[]) =>
    each.map((hour) => ({ value: String(hour), label: words.name('rhythm.hour', { hour }) }));
  return (
    <ResidentBlock title={words.say('rhythm.heading')}>
      <Card>
        <Stack gap={4}>
          <Stack gap={2}>
            <ResidentText voice="strong" text={words.say('rhythm.per_week')} />
            <SegmentedControl
              label={words.name('rhythm.per_week')}
              fill
              choices={[1, 2, 3].map((count) => ({
                key: String(count),
                label: words.name('rhythm.times', { count }),
              }))}
              selected={String(page.per_week)}
              onSelect={(count) => choose({ per_week: Number(count) })}
            />
          </Stack>
          <Stack gap={2}>
            <SelectField
              label={words.name('rhythm.digest_on')}
              options={DIGEST_DAYS.map((each) => ({
                value: String(each),
                label: words.name(`rhythm.day.${each}`),
              }))}
              value={String(page.digest_on)}
              onChange={(event) => choose({ digest_on: Number(event.target.value) })}
            />
            <ResidentText
              voice="note"
              text={words.say('rhythm.digest', { day: day(page.next_digest_at, words.language) })}
            />
          </Stack>
          <Stack gap={2}>
            <ResidentText voice="strong" text={words.say('rhythm.quiet')} />
            <Columns>
              <SelectField
                label={words.name('rhythm.from')}
                options={hours(EVENINGS)}
                value={String(page.quiet_from)}
                onChange={(event) => choose({ quiet_from: Number(event.target.value) })}
              />
              <SelectField
                label={words.name('rhythm.until')}
                options={hours(MORNINGS)}
                value={String(page.quiet_until)}
                onChange={(event) => choose({ quiet_until: Number(event.target.value) })}
              />
            </Columns>
            <ResidentText voice="note" text={words.say('rhythm.quiet_note')} />
            <Check
              checked={page.wakes_for_same_day}
              onChange={(event) => choose({ wakes_for_same_day: event.target.checked })}
              label={<Furigana text={words.say('rhythm.wakes')} />}
            />
          </Stack>
          <SelectField
            label={words.name('rhythm.language')}
            options={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))}
            value={page.language}
            onChange={(event) => {
              const language = LANGUAGES.find((each) => each === event.target.value);
              if (language) choose({ language });
            }}
          />
        </Stack>
      </Card>
    </ResidentBlock>
  );
}
