-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 0002.sql - the care directory, second edition: evidence of approvals, and notices that were given

-- What the e-ID provider said about an approval, encrypted, until its time is over.
-- The ciphertext is bound to the record of the log-in: beside another one, or if
-- that one has been changed, it can't be read.
CREATE TABLE evidence (
        login           INTEGER PRIMARY KEY REFERENCES login,
        kept_until      INTEGER NOT NULL,
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL CHECK (length(cipher) > 28)       -- nonce (12) ciphertext tag (16)
) STRICT;
CREATE INDEX evidence_end ON evidence (kept_until);
CREATE TRIGGER evidence_fixed BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is kept or deleted, never changed'); END;

-- When the administrator was last told of something that is told once a day.
CREATE TABLE notice (
        name            TEXT PRIMARY KEY,
        at              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
