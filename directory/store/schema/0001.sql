-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 0001.sql - the care directory, first edition
--
-- What must never break is a constraint here, not an if in C.  Times are
-- seconds since 1970-01-01 UTC; an end is exclusive; NULL means unbounded.
-- Rows are archived, not deleted; ids and numbers are never used again.

CREATE TABLE meta (
        one             INTEGER PRIMARY KEY CHECK (one = 1),
        host_id         TEXT NOT NULL CHECK (length(host_id) = 36),
        changes         INTEGER NOT NULL DEFAULT 0      -- counts the acts that change what a snapshot says
) STRICT;

-- A uid or gid, once given, is never given again: nothing is ever deleted here.
CREATE TABLE number (
        number          INTEGER PRIMARY KEY CHECK (number BETWEEN 2001000000 AND 2100999999),
        used_for        TEXT NOT NULL CHECK (used_for IN ('uid', 'gid')),
        name            TEXT NOT NULL
) STRICT;
CREATE TRIGGER number_kept BEFORE DELETE ON number BEGIN SELECT RAISE(ABORT, 'numbers are never given again'); END;
CREATE TRIGGER number_fixed BEFORE UPDATE ON number BEGIN SELECT RAISE(ABORT, 'numbers are never given again'); END;

CREATE TABLE organisation (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        country         TEXT NOT NULL CHECK (country IN ('SE', 'DK')),
        time_zone       TEXT NOT NULL,
        archived        INTEGER
) STRICT;

CREATE TABLE unit (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        organisation    INTEGER NOT NULL REFERENCES organisation,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        archived        INTEGER
) STRICT;

CREATE TABLE service (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        number          INTEGER UNIQUE CHECK (number BETWEEN 1 AND 99999),
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        opens           TEXT NOT NULL CHECK (opens IN ('other', 'record', 'record-view')),
        archived        INTEGER
) STRICT;
CREATE TRIGGER service_fixed BEFORE UPDATE OF opens ON service WHEN OLD.opens <> NEW.opens
        BEGIN SELECT RAISE(ABORT, 'what a service opens is fixed once it exists'); END;

CREATE TABLE role (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        kind            TEXT NOT NULL CHECK (kind IN ('staff', 'client', 'relative', 'external')),
        daily_planning  INTEGER NOT NULL DEFAULT 0 CHECK (daily_planning IN (0, 1)),
        archived        INTEGER,
        CHECK (kind <> 'relative' OR daily_planning = 0)                -- A1
) STRICT;
CREATE TRIGGER role_kind_fixed BEFORE UPDATE OF kind ON role WHEN OLD.kind <> NEW.kind
        BEGIN SELECT RAISE(ABORT, 'the kind of a role is fixed once it exists'); END;

CREATE TABLE role_service (
        role            INTEGER NOT NULL REFERENCES role,
        service         INTEGER NOT NULL REFERENCES service,
        PRIMARY KEY (role, service)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER role_service_k8 BEFORE INSERT ON role_service
        WHEN (SELECT kind FROM role WHERE id = NEW.role) <> 'staff' AND (SELECT opens FROM service WHERE id = NEW.service) = 'record'
        BEGIN SELECT RAISE(ABORT, 'a client, relative or external never reaches a record service'); END;
CREATE TRIGGER role_service_fixed BEFORE UPDATE ON role_service BEGIN SELECT RAISE(ABORT, 'add or remove, never change'); END;

CREATE TABLE person (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        given_name      TEXT NOT NULL CHECK (length(given_name) BETWEEN 1 AND 80),
        family_name     TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 80),
        alias           TEXT CHECK (length(alias) BETWEEN 1 AND 80),    -- shown instead of the name (X10)
        language        TEXT CHECK (language IN ('sv', 'da', 'en')),
        created         INTEGER NOT NULL,
        archived        INTEGER
) STRICT;

-- What an e-ID says of a person.  The subject (a personal number, later a
-- provider's id) stands here twice, under two keys: as an HMAC for look-up and
-- uniqueness, and encrypted for hints, rotation and export.
CREATE TABLE identity (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        issuer          TEXT NOT NULL,                          -- 'se' (personnummer, samordningsnummer), 'dk' (CPR); later a provider
        organisation    INTEGER REFERENCES organisation,        -- NULL: good for all (M4)
        hmac_key        INTEGER NOT NULL,
        hmac            BLOB NOT NULL CHECK (length(hmac) = 32),
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL,                          -- nonce (12) ciphertext tag (16)
        created         INTEGER NOT NULL,
        ended           INTEGER
) STRICT;
CREATE UNIQUE INDEX identity_once ON identity (issuer, hmac_key, hmac) WHERE ended IS NULL;
CREATE INDEX identity_person ON identity (person);

CREATE TABLE account (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        organisation    INTEGER NOT NULL REFERENCES organisation,       -- whose log-in this is; its group is the primary one
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z_]*' AND name NOT GLOB '*[^a-z0-9_.-]*' AND length(name) BETWEEN 1 AND 32),
        kind            TEXT NOT NULL CHECK (kind IN ('staff', 'client', 'relative', 'external')),
        source          TEXT NOT NULL CHECK (source IN ('careid', 'host')),     -- 'host': passwd entry from files, SSSD, AD
        uid             INTEGER UNIQUE REFERENCES number,
        home            TEXT,
        shell           TEXT,
        created         INTEGER NOT NULL,
        archived        INTEGER,
        CHECK ((source = 'careid') = (uid IS NOT NULL)),
        CHECK ((source = 'careid') = (home IS NOT NULL AND shell IS NOT NULL)),
        CHECK (name NOT IN ('root', 'daemon', 'bin', 'sys', 'nobody', '_careid', 'register'))
) STRICT;
CREATE INDEX account_person ON account (person);
CREATE TRIGGER account_fixed BEFORE UPDATE OF person, name, kind, source, uid ON account
        WHEN OLD.person <> NEW.person OR OLD.name <> NEW.name OR OLD.kind <> NEW.kind OR OLD.source <> NEW.source OR OLD.uid IS NOT NEW.uid
        BEGIN SELECT RAISE(ABORT, 'an account keeps its person, name, kind and uid for good'); END;

-- Staff and externals: who is what, where, from when until when.
CREATE TABLE assignment (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        role            INTEGER NOT NULL REFERENCES role,
        unit            INTEGER NOT NULL REFERENCES unit,
        valid_from      INTEGER,
        valid_until     INTEGER,
        created         INTEGER NOT NULL,
        ended           INTEGER,
        CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until)
) STRICT;
CREATE INDEX assignment_account ON assignment (account);
CREATE TRIGGER assignment_kinds BEFORE INSERT ON assignment
        WHEN (SELECT kind FROM account WHERE id = NEW.account) NOT IN ('staff', 'external')
          OR (SELECT kind FROM account WHERE id = NEW.account) <> (SELECT kind FROM role WHERE id = NEW.role)
        BEGIN SELECT RAISE(ABORT, 'the kind of the role is not the kind of the account'); END;
CREATE TRIGGER assignment_fixed BEFORE UPDATE OF account, role, unit ON assignment
        BEGIN SELECT RAISE(ABORT, 'an assignment is ended, not turned into another'); END;

-- Groups get their gid when they first can have a member, and keep it.
CREATE TABLE care_group (
        gid             INTEGER PRIMARY KEY REFERENCES number,
        name            TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 32),
        kind            TEXT NOT NULL CHECK (kind IN ('role', 'unit', 'role-at-unit', 'org', 'service', 'service-record', 'client', 'client-service')),
        organisation    INTEGER REFERENCES organisation,
        unit            INTEGER REFERENCES unit,
        role            INTEGER REFERENCES role,
        service         INTEGER REFERENCES service
) STRICT;

-- One row per log-in that was approved, and per session that was opened.
CREATE TABLE login (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        at              INTEGER NOT NULL,
        method          TEXT NOT NULL,                          -- 'bankid'
        authenticator   TEXT NOT NULL,                          -- which kind of e-ID it was ('mobile')
        assurance       TEXT NOT NULL,                          -- 'se-loa3'
        host            TEXT NOT NULL,
        service         TEXT NOT NULL,
        source          TEXT,                                   -- address; NULL: at the console
        target          TEXT,                                   -- su, sudo: the account it was for
        reference       BLOB CHECK (length(reference) = 32)     -- SHA-256 of the provider's order id
) STRICT;
CREATE INDEX login_account ON login (account, at);

CREATE TABLE session (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        login           INTEGER REFERENCES login,               -- NULL: a key, or another module, authenticated
        host            TEXT NOT NULL,
        service         TEXT NOT NULL,
        source          TEXT,
        tty             TEXT,
        opened          INTEGER NOT NULL,
        closed          INTEGER
) STRICT;
CREATE INDEX session_open ON session (account) WHERE closed IS NULL;

-- The audit trail.  hash = SHA-256(previous hash, canonical JSON of the rest).
-- (json_valid() is not to be had: SQLite does not run it in a schema that is not trusted.)
CREATE TABLE audit (
        sequence        INTEGER PRIMARY KEY,
        at              INTEGER NOT NULL,
        host_id         TEXT NOT NULL,
        actor           TEXT NOT NULL,                          -- 'uid:0', 'account:ID', 'helper'
        act             TEXT NOT NULL,                          -- 'person.add', 'login.approved', ...
        object          TEXT NOT NULL,                          -- 'person:17'
        detail          TEXT NOT NULL CHECK (detail GLOB '{*}'),        -- JSON, without numbers, contacts or codes
        hash            BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is pruned under a checkpoint only'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
