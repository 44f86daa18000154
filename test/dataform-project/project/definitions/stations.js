publish('stations', {
  type: 'table',
  description: 'One row per station.',
  columns: { station: 'Its name.', rides: 'How many rides began there.' },
  clusterBy: ['station'],
  labels: { layer: 'mart' },
  additionalOptions: { friendly_name: '"Stations"' },
  tags: ['nightly'],
})
  .query(
    (context) =>
      `select station, count(*) as rides, array_agg(ride_id order by ride_id) as ride_ids
       from ${context.ref('rides')} group by station`,
  )
  .preOps('declare started_at default current_timestamp()')
  .postOps(
    (context) =>
      `insert into ${context.ref('audit')} (action, started_at) values ('stations', started_at)`,
  )
