export type FlowLimits = { maxMessages: number; maxBytes: number }

/** What is in memory, against what may be. */
export type Flow = {
  hold(messages: number, bytes: number): void
  release(messages: number, bytes: number): void
}

/**
 * Pub/Sub keeps to the limits by itself, but forgets what outlived its lease: at the limit pulling
 * pauses, and goes on when a fifth of it is free.
 */
export function createFlow(
  { maxMessages, maxBytes }: FlowLimits,
  { pause, resume }: { pause: () => void; resume: () => void },
): Flow {
  let messages = 0
  let bytes = 0
  let isPaused = false

  return {
    hold(moreMessages, moreBytes) {
      messages += moreMessages
      bytes += moreBytes
      if (isPaused || (messages < maxMessages && bytes < maxBytes)) return
      isPaused = true
      pause()
    },
    release(fewerMessages, fewerBytes) {
      messages -= fewerMessages
      bytes -= fewerBytes
      if (!isPaused || messages >= maxMessages * 0.8 || bytes >= maxBytes * 0.8) return
      isPaused = false
      resume()
    },
  }
}
