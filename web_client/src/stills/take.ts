/** From a picture to evidence: hashed and signed on this device, then safe in its outbox, which sends it by itself. */

import { outboxOf } from '../outbox/Outbox';
import { sha256 } from '../outbox/vault';
import { packStill } from '../outbox/ways';
import { canonical } from './canonical';
import { deviceKey } from './deviceKey';
import { type Circumstances, manifestOf, type Shot } from './manifest';

export type Occasion = Omit<Circumstances, 'id' | 'takenAt' | 'device'>;

/** Resolves with the still's id when it is safe on the device. `account` is the identity of who takes it. */
export async function keepStill(account: string, shot: Shot, occasion: Occasion): Promise<string> {
  const takenAt = new Date();
  const [key, hash] = await Promise.all([deviceKey(account), sha256(shot.bytes)]);
  const id = crypto.randomUUID();
  const device = { key_sha256: key.fingerprint, label: key.label };
  const manifest = canonical(manifestOf(shot, hash, { ...occasion, id, takenAt, device }));
  const signature = await key.sign(manifest);
  await outboxOf(account).add({
    id,
    call_id: occasion.call.id,
    kind: 'still',
    content: packStill({ manifest, signature }, shot.bytes),
    size_bytes: shot.bytes.length,
    duration_ms: 0,
  });
  return id;
}
