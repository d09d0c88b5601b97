/** The topics of calls, and what a call is called when nobody gave it a title. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Call, get, type Topic } from '../api';

const REFRESH_MS = 30_000;

export function useTopics() {
  return useQuery({ queryKey: ['topics'], queryFn: () => get('/topics'), refetchInterval: REFRESH_MS });
}

/** In the language of the page. */
export function useTopicLabel(): (topic: Topic) => string {
  const { i18n } = useTranslation('home');
  return (topic) => (i18n.language === 'en' ? topic.label_en : topic.label);
}

/** The title somebody gave, else the topic, else that it is a call from the field. */
export function useCallTitle(): (call: Pick<Call, 'title' | 'topic'>) => string {
  const { t } = useTranslation('home');
  const label = useTopicLabel();
  const { data: topics } = useTopics();
  return (call) => {
    if (call.title) return call.title;
    const topic = topics?.find((each) => each.key === call.topic);
    return topic ? t('topicCall', { topic: label(topic) }) : t('fieldCall');
  };
}
