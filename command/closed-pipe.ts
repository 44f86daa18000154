/** Who reads only the beginning of what a command prints, as `| head` does, has seen enough: it ends without a word. */
export function endWithItsReader(end: () => void = () => process.exit(1)): void {
  let isRead = true
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    if (isRead) end()
    isRead = false
  })
}
