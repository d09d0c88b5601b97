/** What of consent the screens say (pure): of whom what stands, who is still asked, what has just been taken back. */
import type { ConsentPerson, ConsentPurpose, ConsentsAnswer } from '../api';

export const PURPOSES = ['recording', 'transcript', 'photo', 'concierge'] as const;
/** What goes on by itself once it was allowed, and so is stopped by one press; a photo is asked for each time. */
export type Running = Exclude<ConsentPurpose, 'photo'>;

export type ConsentWord = ConsentPerson['standings'][number]['state'];

export function standingOf(person: ConsentPerson, purpose: ConsentPurpose) {
  return person.standings.find((each) => each.purpose === purpose);
}

export function isRunning(purpose: ConsentPurpose): purpose is Running {
  return purpose !== 'photo';
}

function purposesIn(person: ConsentPerson, state: ConsentWord): readonly ConsentPurpose[] {
  return person.standings.filter((each) => each.state === state).map(({ purpose }) => purpose);
}

/** What this person can stop now. */
export function stoppable(person: ConsentPerson): readonly Running[] {
  return purposesIn(person, 'given').filter(isRunning);
}

/** What was stopped, while nobody has said what becomes of what was taken until then. */
export function unsettled(person: ConsentPerson): readonly Running[] {
  return person.standings
    .filter(({ state, wish }) => state === 'withdrawn' && wish === null)
    .map(({ purpose }) => purpose)
    .filter(isRunning);
}

/** Who of them said what: yes, no, not yet. Those who were never asked count as not yet. */
export function counted(people: readonly ConsentPerson[], purpose: ConsentPurpose) {
  const states = people.map((person) => standingOf(person, purpose)?.state);
  const yes = states.filter((state) => state === 'given').length;
  const no = states.filter((state) => state === 'refused' || state === 'withdrawn').length;
  return { yes, no, open: states.length - yes - no };
}

/** Those who are here, and those who were and have said something. */
export function concerned(answer: ConsentsAnswer, here: ReadonlySet<string>): readonly ConsentPerson[] {
  const hasSpoken = (person: ConsentPerson) =>
    person.standings.some(({ state }) => state !== 'none' && state !== 'asked');
  return answer.people.filter((person) => here.has(person.identity) || hasSpoken(person));
}

/** Who took what back between two answers. */
export function takenBack(
  before: ConsentsAnswer,
  after: ConsentsAnswer,
): readonly { person: ConsentPerson; purpose: ConsentPurpose }[] {
  return after.people.flatMap((person) => {
    const known = before.people.find(({ identity }) => identity === person.identity);
    const stood = known ? purposesIn(known, 'given') : [];
    return purposesIn(person, 'withdrawn')
      .filter((purpose) => stood.includes(purpose))
      .map((purpose) => ({ person, purpose }));
  });
}
