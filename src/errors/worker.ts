import { errorTable } from './error-table.ts';

export const workerErrors = errorTable('WORKER', {
  NO_RESOURCE: {
    message: ({ pipeline, resource }: { pipeline: string; resource: string }) =>
      `A plugin of pipeline ${pipeline} asks for ${resource}, which does not exist here.`,
    remedy: 'Use a version of the plugin that was written for this version of Sluice.',
  },
  TWO_DRIVERS: {
    message: ({ pipeline }: { pipeline: string }) => `Pipeline ${pipeline} was given a driver and a data folder.`,
    remedy: 'Give options.driver or options.data, not both.',
  },
});
