-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 0004.sql - the care directory, fourth edition: what proves somebody besides
-- an e-ID, how often that was tried, who keeps a password, and when the e-ID is out
--
-- What of these is over is deleted: the audit trail says that it was.

-- -- What an account has -----------------------------------------------------------------------------------

-- What may set one is listed, and no e-ID is among it (X14).
CREATE TABLE password (
        account         INTEGER PRIMARY KEY REFERENCES account,
        hash            TEXT NOT NULL CHECK (hash GLOB '$y$*$*$*' AND length(hash) BETWEEN 60 AND 200),        -- yescrypt
        proven_by       TEXT NOT NULL CHECK (proven_by IN ('root', 'password', 'activation')),
        created         INTEGER NOT NULL
) STRICT;
-- Let in by an activation code, and without a new password since.
CREATE TABLE password_due (
        account         INTEGER PRIMARY KEY REFERENCES account,
        since           INTEGER NOT NULL
) STRICT;

-- SHA-1, 6 digits, 30 s.  What was used is the last step, whoever asks.
CREATE TABLE totp (
        account         INTEGER PRIMARY KEY REFERENCES account,
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL CHECK (length(cipher) = 60),      -- nonce (12) base32 of 20 bytes (32) tag (16)
        last_step       INTEGER NOT NULL CHECK (last_step > 0),
        created         INTEGER NOT NULL
) STRICT;
CREATE TRIGGER totp_used BEFORE UPDATE OF account, last_step ON totp WHEN OLD.account <> NEW.account OR NEW.last_step <= OLD.last_step
        BEGIN SELECT RAISE(ABORT, 'a step of a TOTP is good once'); END;

CREATE TABLE code (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        kind            TEXT NOT NULL CHECK (kind IN ('activation', 'temporary', 'sms', 'mail')),
        mac_key         INTEGER NOT NULL,
        mac             BLOB NOT NULL CHECK (length(mac) = 32),
        checked         TEXT CHECK (length(checked) BETWEEN 1 AND 200), -- how it was checked who they are
        created         INTEGER NOT NULL,
        until           INTEGER NOT NULL,
        answers         INTEGER NOT NULL DEFAULT 0,                     -- that were charged
        used            INTEGER,
        ended           INTEGER,
        CHECK (until > created AND until - created <= CASE kind WHEN 'activation' THEN 604800 WHEN 'temporary' THEN 86400 ELSE 600 END),
        CHECK ((kind IN ('activation', 'temporary')) = (checked IS NOT NULL)),
        CHECK (used IS NULL OR ended IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX code_one ON code (account, kind) WHERE ended IS NULL;
CREATE INDEX code_account ON code (account, kind, created);
CREATE TRIGGER code_used BEFORE UPDATE ON code WHEN OLD.ended IS NOT NULL OR OLD.id <> NEW.id OR OLD.account <> NEW.account
          OR OLD.kind <> NEW.kind OR OLD.mac <> NEW.mac OR OLD.until < NEW.until OR OLD.answers > NEW.answers
        BEGIN SELECT RAISE(ABORT, 'a code is good once, and stays used'); END;

-- -- How often that was tried ------------------------------------------------------------------------------

-- Written before anything is compared.  @proof is what came out right; without it the charge counts, for an hour.
CREATE TABLE charge (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER REFERENCES account,             -- NULL: a name that nobody has
        kind            TEXT NOT NULL CHECK (kind IN ('password', 'totp', 'code', 'sms', 'mail')),
        source          TEXT NOT NULL,                          -- 'here', an address, the /64 of one, 'elsewhere'
        known           INTEGER NOT NULL CHECK (known IN (0, 1)),       -- good for the account
        at              INTEGER NOT NULL,
        refused         INTEGER NOT NULL DEFAULT 0,             -- that came after it, when the bucket was full
        proof           TEXT CHECK (proof IN ('password', 'totp', 'activation', 'temporary', 'sms', 'mail')),
        used            INTEGER CHECK (used IS NULL OR proof IN ('password', 'activation')),   -- it has set a new password
        CHECK (account IS NOT NULL OR (known = 0 AND proof IS NULL))
) STRICT;
CREATE INDEX charge_account ON charge (account, at);
CREATE INDEX charge_source ON charge (source, at) WHERE known = 0;
CREATE INDEX charge_at ON charge (at);
CREATE TRIGGER charge_proof BEFORE UPDATE OF proof, used ON charge WHEN OLD.proof <> ifnull(NEW.proof, '') OR OLD.used IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'what was proven is used once'); END;

-- Where an account has logged in from, by any method, in the last 90 days.
CREATE TABLE known_source (
        account         INTEGER NOT NULL REFERENCES account,
        source          TEXT NOT NULL,                          -- as in charge
        at              INTEGER NOT NULL,
        PRIMARY KEY (account, source)
) STRICT, WITHOUT ROWID;
INSERT INTO known_source SELECT account, source, max(at) FROM login WHERE source GLOB '*[0-9].*[0-9].*[0-9].[0-9]*' AND source NOT GLOB '*[^0-9.]*'
        GROUP BY account, source;

-- -- Who keeps a password when they end (M7), and when the e-ID is out (M2) ------------------------------------

CREATE TABLE exemption (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        requested_by    TEXT NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 80),
        why             TEXT NOT NULL CHECK (length(why) BETWEEN 1 AND 200),
        until           INTEGER NOT NULL,
        created         INTEGER NOT NULL,
        ended           INTEGER,
        CHECK (until > created)
) STRICT;
CREATE UNIQUE INDEX exemption_one ON exemption (account) WHERE ended IS NULL;
CREATE TRIGGER exemption_kind BEFORE INSERT ON exemption WHEN (SELECT kind FROM account WHERE id = NEW.account) <> 'external'
        BEGIN SELECT RAISE(ABORT, 'an exemption is for an external'); END;
CREATE TRIGGER exemption_fixed BEFORE UPDATE ON exemption
        WHEN OLD.ended IS NOT NULL OR OLD.id <> NEW.id OR OLD.account <> NEW.account OR OLD.requested_by <> NEW.requested_by
          OR OLD.why <> NEW.why OR OLD.until <> NEW.until OR OLD.created <> NEW.created
        BEGIN SELECT RAISE(ABORT, 'an exemption is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER exemption_kept BEFORE DELETE ON exemption BEGIN SELECT RAISE(ABORT, 'an exemption is ended, never deleted'); END;

CREATE TABLE outage (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        began           INTEGER NOT NULL,
        until           INTEGER NOT NULL,
        reason          TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
        ended           INTEGER,
        CHECK (until > began AND until - began <= 259200)
) STRICT;
CREATE UNIQUE INDEX outage_one ON outage (ended IS NULL) WHERE ended IS NULL;
CREATE TRIGGER outage_fixed BEFORE UPDATE ON outage
        WHEN OLD.ended IS NOT NULL OR OLD.id <> NEW.id OR OLD.began <> NEW.began OR OLD.until <> NEW.until OR OLD.reason <> NEW.reason
        BEGIN SELECT RAISE(ABORT, 'an outage is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER outage_kept BEFORE DELETE ON outage BEGIN SELECT RAISE(ABORT, 'an outage is ended, never deleted'); END;

-- -- Whom to tell that their contact data have changed (X14) ---------------------------------------------------

-- What was registered until then, under its own key and binding (contact); deleted once it was told, or is over.
CREATE TABLE contact_notice (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        kind            TEXT NOT NULL CHECK (kind IN ('phone', 'mail')),
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL CHECK (length(cipher) > 28),
        at              INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_notice_at ON contact_notice (at);

-- -- What waits to be sent (K4, X14) ---------------------------------------------------------------------------

-- Who is told of what: the words are made when it is sent.  An address stands here only where it is registered no more.
CREATE TABLE message (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        account         INTEGER REFERENCES account,
        purpose         TEXT NOT NULL CHECK (purpose IN ('invitation', 'contact-changed')),
        kind            TEXT NOT NULL CHECK (kind IN ('phone', 'mail')),
        cipher_key      INTEGER,
        cipher          BLOB CHECK (length(cipher) > 28),       -- nonce (12) ciphertext tag (16), as in contact
        by_person       INTEGER REFERENCES person,
        created         INTEGER NOT NULL,
        due             INTEGER NOT NULL,                       -- when it is tried next
        tries           INTEGER NOT NULL DEFAULT 0,
        ended           INTEGER,
        outcome         TEXT CHECK (outcome IN ('sent', 'refused', 'gave-up', 'dropped')),
        CHECK ((ended IS NULL) = (outcome IS NULL)),
        CHECK ((cipher IS NULL) = (cipher_key IS NULL)),
        CHECK ((purpose = 'contact-changed') = (cipher IS NOT NULL) OR ended IS NOT NULL),
        CHECK ((purpose = 'invitation') = (account IS NOT NULL))
) STRICT;
CREATE INDEX message_due ON message (due) WHERE ended IS NULL;
CREATE INDEX message_person ON message (person);
CREATE TRIGGER message_ended BEFORE UPDATE ON message
        WHEN OLD.ended IS NOT NULL OR OLD.id <> NEW.id OR OLD.person <> NEW.person OR OLD.account IS NOT NEW.account
          OR OLD.purpose <> NEW.purpose OR OLD.kind <> NEW.kind OR OLD.created <> NEW.created OR OLD.tries > NEW.tries
        BEGIN SELECT RAISE(ABORT, 'a message is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER message_locked BEFORE INSERT ON message
        WHEN NEW.purpose = 'invitation' AND EXISTS (SELECT 1 FROM lock l JOIN client c ON c.id = l.client WHERE c.person = NEW.person AND l.lifted IS NULL)
        BEGIN SELECT RAISE(ABORT, 'nothing is sent to whose log-in is locked'); END;

-- What stands on the page of who waits there (K6), of organisations that have the module.
CREATE TABLE general_message (
        organisation    INTEGER PRIMARY KEY REFERENCES organisation,
        text            TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
        by_person       INTEGER REFERENCES person,
        created         INTEGER NOT NULL
) STRICT;
CREATE TRIGGER general_message_module BEFORE INSERT ON general_message
        WHEN NOT EXISTS (SELECT 1 FROM organisation_module WHERE organisation = NEW.organisation AND module = 'communication')
        BEGIN SELECT RAISE(ABORT, 'a general message is of the module communication'); END;
