// Loaded into a measured process by --import, so that what is measured needs no code for it.
process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  const { maxRSS } = process.resourceUsage()
  process.send?.({
    usage: { cpuMicros: user + system, rss: process.memoryUsage.rss(), peakRss: maxRSS * 1024 },
  })
})
// A measured process must not outlive its measurement.
process.on('disconnect', () => process.exit(1))
// Nor may the channel keep alive one that has nothing else to do.
process.channel?.unref()
