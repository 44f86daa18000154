import { day, hour, minute, second } from './event.ts'

/** How many events a millisecond the shop aims at, at this time and after so many events. */
export type Pace = (time: number, emitted: number) => number

/** So many events between two times, fewer at night. It corrects itself: the last one is near the end. */
export function spreadOver(start: number, end: number, count: number): Pace {
  return (time, emitted) => {
    const left = Math.max(end - Math.max(time, start), minute)
    return (rhythm(time) * Math.max(count - emitted, 1)) / left
  }
}

/** The same number of events a second by day and night. */
export function steadily(perSecond: number): Pace {
  return () => perSecond / second
}

/** The share of an average hour: least at four in the morning, most at eight in the evening (UTC). */
function rhythm(time: number): number {
  const hours = (time % day) / hour
  const daily = Math.cos(((hours - 19) / 24) * 2 * Math.PI)
  const evening = Math.cos(((hours - 20) / 12) * 2 * Math.PI)
  return 1 + 0.6 * daily + 0.2 * evening
}
