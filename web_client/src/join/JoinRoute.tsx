/** Placeholder until the real screen lands. */
import { PageLoading } from '../design/States';

export function JoinRoute() {
  return <PageLoading />;
}
