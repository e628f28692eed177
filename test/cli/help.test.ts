import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { commandLine } from '../../src/cli/program.ts';

/** Commands that do something, by what is typed to run them. */
function commandsOf(command: Command, typed: string): readonly (readonly [string, Command])[] {
  if (command.commands.length === 0) return [[typed, command]];
  return command.commands.flatMap((each) => commandsOf(each, `${typed} ${each.name()}`));
}

const commands = commandsOf(commandLine(), 'sluice');

test('all commands are looked at', () => {
  expect(commands.map(([typed]) => typed)).toEqual(
    expect.arrayContaining(['sluice run', 'sluice ls', 'sluice topics list', 'sluice version']),
  );
});

test.each(commands)('the help of %s ends with examples of it', (typed, command) => {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, examples] = /\nExamples?:\n(.*)$/s.exec(help) ?? [];
  expect(examples).toContain(typed);
});
