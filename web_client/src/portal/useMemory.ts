/** What this device remembers, as the pages read and change it. */
import { useCallback, useState } from 'react';
import type { ServiceItem } from '../api';
import { forgotten, type Memory, NOTHING, postponed, readMemory, refused, seen, writeMemory } from './device';

type Of = Pick<ServiceItem, 'kind' | 'id' | 'title'>;

export interface DeviceMemory {
  readonly memory: Memory;
  readonly turn: (on: boolean) => void;
  readonly see: (service: Of) => void;
  readonly forget: (service: Of) => void;
  readonly refuse: (service: Of) => void;
  readonly postpone: (service: Of) => void;
  /** Everything, but that it goes on remembering. */
  readonly clear: () => void;
  /** As it was before a change. */
  readonly restore: (memory: Memory) => void;
}

export function useMemory(): DeviceMemory {
  const [memory, setMemory] = useState(() => readMemory(Date.now()));
  const change = useCallback((make: (memory: Memory) => Memory) => {
    setMemory((before) => {
      const after = make(before);
      writeMemory(after);
      return after;
    });
  }, []);
  return {
    memory,
    turn: useCallback((on) => change(() => ({ ...NOTHING, on })), [change]),
    see: useCallback((service) => change((before) => seen(before, service, Date.now())), [change]),
    forget: useCallback((service) => change((before) => forgotten(before, service)), [change]),
    refuse: useCallback((service) => change((before) => refused(before, service, Date.now())), [change]),
    postpone: useCallback((service) => change((before) => postponed(before, service, Date.now())), [change]),
    clear: useCallback(() => change((before) => ({ ...NOTHING, on: before.on })), [change]),
    restore: useCallback((before) => change(() => before), [change]),
  };
}
