create schema if not exists events
options (description = 'Typed events, rejected events and views on them. Made by Dataform.');
