/** For administrators: the 決裁規程, which post approves what up to which amount. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Save, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api';
import {
  Button,
  Card,
  Columns,
  ErrorNotice,
  Failed,
  IconButton,
  Loading,
  Row,
  SelectField,
  Stack,
  TextField,
  useToast,
  Words,
} from '../design';
import type { components } from '../types';
import { KINDS } from './decisions';
import { yenOf } from './ProposalForm';

type Rule = components['schemas']['DecisionRule-Input'];
const KEY = ['decisions', 'rules'];

export function DecisionRules() {
  const { t } = useTranslation('decision');
  const rules = useQuery({
    queryKey: KEY,
    queryFn: async () => (await get('/decision-rules')).rules,
    refetchOnWindowFocus: false, // what is being typed stays
  });
  if (rules.isPending) return <Loading label={t('rules.reading')} lines={4} />;
  if (!rules.data)
    return <Failed title={t('rules.failed')} error={rules.error} onRetry={() => void rules.refetch()} />;
  return <Editor start={rules.data} />;
}

function Editor({ start }: { start: readonly Rule[] }) {
  const { t } = useTranslation('decision');
  const toast = useToast();
  const queries = useQueryClient();
  const [lines, setLines] = useState(() => start.map((rule, at) => ({ ...rule, key: at })));
  const save = useMutation({
    mutationFn: () =>
      post('/decision-rules', {
        body: {
          rules: lines.map(({ kind, up_to_yen, post: wanted }) => ({ kind, up_to_yen, post: wanted })),
        },
      }),
    onSuccess: (answer) => {
      queries.setQueryData(KEY, answer.rules);
      toast({ text: t('rules.saved') });
    },
  });
  const change = (key: number, part: Partial<Rule>) =>
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const add = () =>
    setLines((before) => [...before, { key: Date.now(), kind: 'other', up_to_yen: null, post: '' }]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <Words voice="note">{t('rules.about')}</Words>
        {lines.map(({ key, kind, up_to_yen, post: wanted }) => (
          <Card key={key}>
            <Stack gap={2}>
              <Columns count={3}>
                <SelectField
                  label={t('rules.kind')}
                  value={kind}
                  options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
                  onChange={(event) => change(key, { kind: event.target.value as Rule['kind'] })}
                />
                <TextField
                  label={t('rules.up_to')}
                  inputMode="numeric"
                  maxLength={13}
                  value={up_to_yen?.toLocaleString('ja-JP') ?? ''}
                  onChange={(event) => change(key, { up_to_yen: yenOf(event.target.value) })}
                />
                <TextField
                  label={t('rules.post')}
                  required
                  maxLength={60}
                  value={wanted}
                  onChange={(event) => change(key, { post: event.target.value })}
                  after={
                    <IconButton
                      icon={X}
                      label={t('rules.remove')}
                      onClick={() => setLines((before) => before.filter((line) => line.key !== key))}
                    />
                  }
                />
              </Columns>
            </Stack>
          </Card>
        ))}
        {save.error && <ErrorNotice title={t('rules.not_saved')} error={save.error} />}
        <Row>
          <Button type="submit" icon={Save} busy={save.isPending}>
            {t('rules.save')}
          </Button>
          <Button look="plain" icon={Plus} onClick={add}>
            {t('rules.add')}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
