import type { Command } from 'commander';
import { withJson, withPluginPath } from '../options.ts';

/** `sluice plugins [NAME]`: what can be named in a pipeline or connector. */
export function addPlugins(sluice: Command): void {
  const command = sluice
    .command('plugins')
    .description('list plugins, or describe one with its configuration')
    .argument('[NAME]', "the plugin's name, Java class name or alias");
  withJson(withPluginPath(command))
    .addHelpText(
      'after',
      '\nExamples:\n  sluice plugins\n  sluice plugins FileStreamSource\n  sluice plugins --plugin-path ./plugins,@acme/sluice-http',
    )
    .action(async (name: string | undefined, { json = false, pluginPath }: { json?: boolean; pluginPath: string }) => {
      const { listPlugins, pluginPage, pluginsNamed, withPath } = await import('../plugins/show-plugins.ts');
      const { printTable } = await import('../print-table.ts');
      const { registry, failed } = await withPath(pluginPath);
      if (name === undefined) return printTable(process.stdout, [...(await listPlugins(registry)), ...failed], { json });
      const pages = await pluginsNamed(registry, name);
      if (json) return printTable(process.stdout, pages, { json });
      process.stdout.write(pages.map(pluginPage).join('\n'));
    });
}
