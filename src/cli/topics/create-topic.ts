import { cliErrors } from '../../errors/cli.ts';
import type { Driver, NewTopic } from '../../kafka/driver.ts';

/** Makes a topic; one that is there already is an error, since its settings may be others. */
export async function createTopic(driver: Driver, topic: NewTopic): Promise<void> {
  const admin = await driver.admin();
  const [answer] = await admin.createTopics([topic]);
  await admin.close();
  if (answer?.created === false) throw cliErrors.TOPIC_EXISTS({ topic: topic.name });
}
