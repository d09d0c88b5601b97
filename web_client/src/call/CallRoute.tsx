/** Placeholder until the real screen lands. */
import { PageLoading } from '../design/States';

export function CallRoute() {
  return <PageLoading />;
}
