/** Placeholder until the real screen lands. */
import { PageLoading } from './States';

export function DesignRoute() {
  return <PageLoading />;
}
