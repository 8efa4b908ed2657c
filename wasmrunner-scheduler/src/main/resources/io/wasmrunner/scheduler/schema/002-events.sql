-- What happened, the newest. Severity: 0 information, 1 warning, 2 error.
CREATE TABLE event (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  service  TEXT,
  runner   INTEGER,
  message  TEXT    NOT NULL
);
