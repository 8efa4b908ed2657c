-- Times are milliseconds since the epoch.

CREATE TABLE queue (
  id             INTEGER PRIMARY KEY,
  name           TEXT    NOT NULL UNIQUE,
  published      INTEGER NOT NULL DEFAULT 0,
  delivered      INTEGER NOT NULL DEFAULT 0,
  last_published INTEGER NOT NULL DEFAULT 0
);

-- Who gets the messages of a queue. Inactive ones are kept while deliveries point to them.
CREATE TABLE subscription (
  id      INTEGER PRIMARY KEY,
  queue   INTEGER NOT NULL REFERENCES queue (id),
  service TEXT    NOT NULL,
  path    TEXT    NOT NULL,
  active  INTEGER NOT NULL DEFAULT 1,
  UNIQUE (queue, service, path)
);

CREATE TABLE message (
  seq          INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE,
  content_type TEXT    NOT NULL,
  published_at INTEGER NOT NULL
);

-- Apart, since a body goes once every subscriber has it, before the record of the message does.
CREATE TABLE message_body (
  message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
  body    BLOB NOT NULL
);

CREATE TABLE delivery (
  id              INTEGER PRIMARY KEY,
  message         INTEGER NOT NULL REFERENCES message (seq),
  queue           INTEGER NOT NULL REFERENCES queue (id),
  subscription    INTEGER NOT NULL REFERENCES subscription (id),
  state           TEXT    NOT NULL CHECK (state IN ('PENDING', 'IN_FLIGHT', 'DELIVERED', 'DEAD')),
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  last_status     INTEGER NOT NULL DEFAULT 0,
  last_error      TEXT    NOT NULL DEFAULT '',
  finished_at     INTEGER
);

CREATE INDEX delivery_due ON delivery (subscription, next_attempt_at, id) WHERE state = 'PENDING';
CREATE INDEX delivery_state ON delivery (queue, state, id);
CREATE INDEX delivery_message ON delivery (message);

CREATE TABLE schedule (
  service          TEXT    NOT NULL,
  position         INTEGER NOT NULL,
  path             TEXT    NOT NULL,
  paused           INTEGER NOT NULL,
  next_run_at      INTEGER,
  last_started_at  INTEGER,
  last_duration_ms INTEGER NOT NULL DEFAULT 0,
  last_status      INTEGER NOT NULL DEFAULT 0,
  last_error       TEXT    NOT NULL DEFAULT '',
  last_attempts    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (service, position)
);
