// Loaded into a child by --import: its channel breaks when the parent is gone, however that came about.
// The child's own children inherit the option, but their channels serve other ends.
if (process.ppid === Number(process.env['ENDS_WITH_PID'])) {
  process.on('disconnect', () => process.exit(1))
  // Listening must not keep a child alive that has nothing else to do.
  process.channel?.unref()
}
