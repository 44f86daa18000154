/** Who reads only the beginning of what a command prints, as `| head` does, has seen enough: it ends without a word. */
export function endWithItsReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(1)
  })
}
