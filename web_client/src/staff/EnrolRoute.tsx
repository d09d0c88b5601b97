/** Placeholder until the real screen lands. */
import { PageLoading } from '../design/States';

export function EnrolRoute() {
  return <PageLoading />;
}
