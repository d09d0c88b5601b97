/** On which days and between which hours somebody could use a free slot. */
import { Check, Columns, FieldGroup, Furigana, SelectField, Stack } from '../design';
import type { Words } from '../words';

export interface Times {
  /** Digits: 0 = Monday, 7 = national holidays. */
  weekdays: string;
  from_hour: number;
  until_hour: number;
}

export const ANY_TIME: Times = { weekdays: '01234567', from_hour: 8, until_hour: 22 };

const DAYS = [
  ['working', '01234'],
  ['saturday', '5'],
  ['sunday', '6'],
  ['holiday', '7'],
] as const;
const HOURS = Array.from({ length: 19 }, (_, at) => at + 6);

export function SlotTimes({
  times,
  onChange,
  words,
}: {
  times: Times;
  onChange: (times: Times) => void;
  words: Words;
}) {
  const turn = (digits: string, on: boolean) => {
    const rest = [...times.weekdays].filter((each) => !digits.includes(each));
    onChange({ ...times, weekdays: [...rest, ...(on ? digits : '')].sort().join('') });
  };
  const options = (hours: number[]) =>
    hours.map((hour) => ({ value: String(hour), label: words.name('rhythm.hour', { hour }) }));
  return (
    <Stack gap={4}>
      <FieldGroup label={words.name('slot.days')}>
        <Columns>
          {DAYS.map(([name, digits]) => (
            <Check
              key={name}
              checked={times.weekdays.includes(digits)}
              onChange={(event) => turn(digits, event.target.checked)}
              label={<Furigana text={words.say(`slot.${name}`)} />}
            />
          ))}
        </Columns>
      </FieldGroup>
      <Columns>
        <SelectField
          large
          label={words.name('slot.from')}
          options={options(HOURS.filter((hour) => hour < times.until_hour))}
          value={String(times.from_hour)}
          onChange={(event) => onChange({ ...times, from_hour: Number(event.target.value) })}
        />
        <SelectField
          large
          label={words.name('slot.until')}
          options={options(HOURS.filter((hour) => hour > times.from_hour))}
          value={String(times.until_hour)}
          onChange={(event) => onChange({ ...times, until_hour: Number(event.target.value) })}
        />
      </Columns>
    </Stack>
  );
}

/** 土・日、9時〜17時. */
export function timesLine(times: Times, words: Words): string {
  const days = DAYS.filter(([, digits]) => times.weekdays.includes(digits)).map(([name]) =>
    words.say(`slot.${name}`),
  );
  const hour = (each: number) => words.say('rhythm.hour', { hour: each });
  const between = { from: hour(times.from_hour), until: hour(times.until_hour) };
  return words.say('slot.line', { days: days.join(words.say('slot.and')), ...between });
}
