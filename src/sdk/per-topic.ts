const maxTopics = 1000;

/** Remembers what `make` answers for each topic, up to a thousand; a throw is not remembered. */
export function perTopic<T>(make: (topic: string) => T): (topic: string) => T {
  const answers = new Map<string, T>();
  return (topic) => {
    const known = answers.get(topic);
    if (known !== undefined) return known;
    const answer = make(topic);
    if (answers.size >= maxTopics) answers.clear();
    answers.set(topic, answer);
    return answer;
  };
}
