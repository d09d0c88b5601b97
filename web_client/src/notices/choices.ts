/** What a change of settings sends: all of them, with one that is different (pure). */
import type { ChoicesRequest, NoticesView } from '../api';

export function choices(page: NoticesView, different: Partial<ChoicesRequest>): ChoicesRequest {
  const {
    language,
    per_week,
    quiet_from,
    quiet_until,
    switched_off,
    digest_on,
    wakes_for_same_day,
    channel,
  } = page;
  const rhythm = { per_week, quiet_from, quiet_until, digest_on, wakes_for_same_day };
  return { language, switched_off, channel, ...rhythm, ...different };
}
