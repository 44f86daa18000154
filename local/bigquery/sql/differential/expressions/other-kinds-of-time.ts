/** Functions of one kind of time, given another one, over the columns of `awkwardRows`. */
export const otherKindsOfTime: string[] = [
  ...['DATE', 'DATETIME', 'TIMESTAMP'].flatMap((name) => [
    `${name}_TRUNC(t, WEEK(MONDAY))`,
    `${name}_TRUNC(DATETIME(t), HOUR)`,
    `SAFE.${name}_ADD(t, INTERVAL u HOUR)`,
    `SAFE.${name}_SUB(DATETIME(t), INTERVAL u DAY)`,
    `${name}_DIFF(t, TIMESTAMP "2000-02-29 12:30:00", DAY)`,
    `${name}_DIFF(DATETIME(t), DATETIME "2000-02-29 12:30:00", HOUR)`,
    `FORMAT_${name}("%F %H:%M %Ez", t)`,
    `FORMAT_${name}("%F %T", DATETIME(t))`,
  ]),
  'DATE_TRUNC(t, DAY, "Asia/Tokyo")',
  'TIMESTAMP_DIFF(DATETIME(t), DATETIME "2000-02-29 12:30:00", MONTH)',
  'SAFE.DATETIME(s)',
]
