/** What was chosen on a page stands in its address, so that going back and passing it on keep it. */
import { useLocation, useNavigate } from 'react-router';

export function useAddress(): [chosen: URLSearchParams, choose: (name: string, value: string) => void] {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const choose = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    void navigate({ pathname, search: next.toString() }, { replace: true });
  };
  return [new URLSearchParams(search), choose];
}
