/** Whether rings wake this device, and the ways to change that. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { post } from '../api';
import { usePreferences } from '../preferences';
import { knownAs, readPush, tell, turnOff, turnOn } from './device';

const KEY = ['push'];

export function usePush() {
  const queries = useQueryClient();
  const language = usePreferences().language === 'en' ? 'en' : 'ja';
  const push = useQuery({ queryKey: KEY, queryFn: readPush });
  const onSettled = () => queries.invalidateQueries({ queryKey: KEY });
  const made = push.data?.made;
  const isLost = push.data?.state === 'off' && Notification.permission === 'granted' && knownAs() !== '';
  useEffect(() => {
    // The server forgot a device that is still subscribed, or somebody else signed in here meanwhile.
    if (isLost && made) void tell(made, language).then(() => queries.invalidateQueries({ queryKey: KEY }));
  }, [isLost, made, language, queries]);
  return {
    push,
    start: useMutation({ mutationFn: (key: string) => turnOn(key, language), onSettled }),
    stop: useMutation({ mutationFn: turnOff, onSettled }),
    remove: useMutation({
      mutationFn: (device_id: string) => post('/push/devices/{device_id}/remove', { path: { device_id } }),
      onSettled,
    }),
    test: useMutation({
      mutationFn: () => post('/push/devices/{device_id}/test', { path: { device_id: knownAs() } }),
    }),
  };
}
