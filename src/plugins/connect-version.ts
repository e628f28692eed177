/** The release of Kafka Connect whose REST, configs and formats these are; clients choose what they ask for by it. */
export const connectVersion = '4.3.1';
