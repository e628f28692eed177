/** Keeps two noises of Node.js from users: warnings about experimental built-ins, and errors about a reader that went away. */
export function quietly(): void {
  const printed = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') for (const print of printed) print(warning);
  });
  // `sluice … | head` closes our output when it has enough: the work is done as far as the reader is concerned.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
