/**
 * 名札: who is responsible. Name, post, office, always in that order, wherever a person appears; a role letter
 * goes with everything a person makes, so that the colour is never the only sign.
 */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes';

export type Role =
  | 'field'
  | 'specialist'
  | 'supervisor'
  | 'resident'
  | 'partner'
  | 'interpreter'
  | 'admin'
  | 'operator';

const LIGHT: Record<Role, string> = {
  field: 'bg-field text-white',
  specialist: 'bg-expert text-white',
  supervisor: 'bg-boss text-white',
  resident: 'bg-citizen text-white',
  partner: 'bg-other text-white',
  interpreter: 'bg-other text-white',
  admin: 'bg-ink text-white',
  operator: 'bg-ink text-white',
};

const ON_STAGE: Record<Role, string> = {
  field: 'bg-field-stage text-ink',
  specialist: 'bg-expert-stage text-ink',
  supervisor: 'bg-boss-stage text-ink',
  resident: 'bg-citizen-stage text-ink',
  partner: 'bg-other-stage text-ink',
  interpreter: 'bg-other-stage text-ink',
  admin: 'bg-white text-ink',
  operator: 'bg-white text-ink',
};

const LETTERS: Record<Role, string> = {
  field: '現',
  specialist: '専',
  supervisor: '責',
  resident: '住',
  partner: '外',
  interpreter: '通',
  admin: '管',
  operator: '運',
};

/** True for the role words the server sends (`genba.role`). */
export function isRole(word: string | undefined): word is Role {
  return word !== undefined && word in LETTERS;
}

export function RoleLetter({ role, onStage = false }: { role: Role; onStage?: boolean }) {
  const { t } = useTranslation('app');
  return (
    <span
      className={classes(
        'inline-grid size-[1.7em] flex-none place-items-center rounded-tag text-14 font-bold leading-none tracking-normal',
        onStage ? ON_STAGE[role] : LIGHT[role],
      )}
    >
      <span aria-hidden="true">{LETTERS[role]}</span>
      <span className="sr-only">{t(`role.${role}`)}</span>
    </span>
  );
}

export type PortraitSize = 'tiny' | 'small' | 'normal' | 'large';

const PORTRAITS: Record<PortraitSize, string> = {
  tiny: 'size-8 rounded-control text-16',
  small: 'size-10 rounded-control text-18',
  normal: 'size-14 rounded-card text-24',
  large: 'size-22 rounded-card text-36',
};

const TINTS: Record<Role, string> = {
  field: 'bg-[#e9f7f9] text-field',
  specialist: 'bg-[#ffeee2] text-expert',
  supervisor: 'bg-[#f1eafa] text-boss',
  resident: 'bg-ok-tint text-citizen',
  partner: 'bg-well text-other',
  interpreter: 'bg-well text-other',
  admin: 'bg-well text-ink',
  operator: 'bg-well text-ink',
};

/** Stands where a photograph would: the first character of the family name in the tint of the role. */
export function Portrait({
  name,
  role,
  size = 'normal',
}: {
  name: string;
  role?: Role;
  size?: PortraitSize;
}) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        'inline-grid flex-none select-none place-items-center font-bold leading-none tracking-normal',
        PORTRAITS[size],
        role ? TINTS[role] : 'bg-well text-ink-2',
      )}
    >
      {Array.from(name.trim())[0] ?? ''}
    </span>
  );
}

export interface Plate {
  name: string;
  kana?: string;
  /** 役職 */
  post?: string;
  department?: string;
  office?: string;
  role?: Role;
}

export function NamePlate({
  person,
  size = 'normal',
  action,
  letter = false,
}: {
  person: Plate;
  size?: 'small' | 'normal' | 'large';
  action?: ReactNode;
  /** Shows the role letter before the name. */
  letter?: boolean;
}) {
  const { i18n } = useTranslation('app');
  const joint = i18n.language === 'en' ? ', ' : '・';
  const lines =
    size === 'large'
      ? [[person.department, person.office].filter(Boolean).join(joint), person.post]
      : [[person.post, person.department, person.office].filter(Boolean).join(joint)];
  return (
    <div className={classes('flex min-w-0 items-center', size === 'small' ? 'gap-2.5' : 'gap-4')}>
      <Portrait name={person.name} role={person.role} size={size} />
      <div className="min-w-0 flex-1">
        <div
          className={classes(
            'heading flex flex-wrap items-center gap-x-2 leading-[1.35]',
            { small: 'text-16', normal: 'text-20', large: 'text-28' }[size],
          )}
        >
          {letter && person.role && <RoleLetter role={person.role} />}
          <span>{person.name}</span>
          {person.kana && size !== 'small' && (
            <span className={classes('font-medium text-ink-2', size === 'large' ? 'text-16' : 'text-14')}>
              {person.kana}
            </span>
          )}
        </div>
        {lines
          .filter((line): line is string => Boolean(line))
          .map((line) => (
            <div
              key={line}
              className={classes(
                'leading-[1.5]',
                size === 'large' ? 'text-18 text-ink' : 'text-14 text-ink-2',
              )}
            >
              {line}
            </div>
          ))}
      </div>
      {action}
    </div>
  );
}
