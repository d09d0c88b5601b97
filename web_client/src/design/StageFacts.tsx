/** Short facts under the words of a notice over the stage: who, and how it stands with them. */
export function StageFacts({
  label,
  facts,
}: {
  label: string;
  facts: readonly (readonly [name: string, state: string])[];
}) {
  return (
    <ul aria-label={label} className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-16 leading-[1.5] text-white">
      {facts.map(([name, state]) => (
        <li key={name}>
          {name} <span className="text-stage-ink-2">{state}</span>
        </li>
      ))}
    </ul>
  );
}
