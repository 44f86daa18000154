create schema if not exists staging
options (description = 'Views that type raw events, one per event type. Made by Dataform.');
