create schema if not exists events_assertions
options (
  description = 'Views of what must not be; each is empty while its assertion holds. Made by Dataform.'
);
