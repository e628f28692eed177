import type { Command } from 'commander';
import { withJson } from '../options.ts';

/** `sluice plugins [NAME]`: what can be named in a pipeline or connector. */
export function addPlugins(sluice: Command): void {
  const command = sluice
    .command('plugins')
    .description('list plugins, or describe one with its configuration')
    .argument('[NAME]', "the plugin's name, Java class name or alias");
  withJson(command)
    .addHelpText('after', '\nExamples:\n  sluice plugins\n  sluice plugins FileStreamSource')
    .action(async (name: string | undefined, { json = false }: { json?: boolean }) => {
      const { PluginRegistry } = await import('../../plugins/registry.ts');
      const { listPlugins, pluginPage, pluginsNamed } = await import('../plugins/show-plugins.ts');
      const { printTable } = await import('../print-table.ts');
      const registry = new PluginRegistry();
      if (name === undefined) return printTable(process.stdout, await listPlugins(registry), { json });
      const pages = await pluginsNamed(registry, name);
      if (json) return printTable(process.stdout, pages, { json });
      process.stdout.write(pages.map(pluginPage).join('\n'));
    });
}
