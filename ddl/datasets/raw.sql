create schema if not exists raw
options (description = 'Raw events, as they were published. Written by ingest/.');
