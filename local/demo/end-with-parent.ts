// Loaded into a child by --import: its channel breaks when the parent is gone, however that came about.
process.on('disconnect', () => process.exit(1))
// Listening must not keep a child alive that has nothing else to do.
process.channel?.unref()
