-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 0003.sql - the care directory, third edition: modules, clients, whose
-- relatives they have, times that repeat, who may administer what, locks,
-- reviews, and what has changed since the snapshots were written
--
-- A column by_person is the person who did it through the helper; NULL: root.
-- "Nobody acts on themselves" is compared with it.
--
-- Every opening of the file reads all triggers, so they are few and short.
-- Ids are compared besides being named after UPDATE OF: an id can be set by
-- the name rowid, too.

-- -- What the snapshots don't say yet ----------------------------------------------------------------------

-- Accounts and groups that have changed since the base was written: the delta holds just these.  Marked here, so that no act forgets.
ALTER TABLE meta ADD COLUMN base INTEGER NOT NULL DEFAULT 0;    -- the base's generation; 0: none counts
ALTER TABLE meta ADD COLUMN list_members INTEGER NOT NULL DEFAULT 0 CHECK (list_members IN (0, 1));    -- of groups, in the snapshots
-- Kinds of groups that are given at all; those of organisations, of roles at units and of clients are.
ALTER TABLE meta ADD COLUMN role_groups INTEGER NOT NULL DEFAULT 1 CHECK (role_groups IN (0, 1));
ALTER TABLE meta ADD COLUMN unit_groups INTEGER NOT NULL DEFAULT 1 CHECK (unit_groups IN (0, 1));
ALTER TABLE meta ADD COLUMN service_groups INTEGER NOT NULL DEFAULT 1 CHECK (service_groups IN (0, 1));
CREATE TABLE changed (
        what            TEXT NOT NULL CHECK (what IN ('account', 'group', 'all')),
        id              INTEGER NOT NULL,                       -- account id, gid; 'all': 0
        change          INTEGER NOT NULL,                       -- meta.changes after the act that marked it
        PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;
INSERT INTO changed SELECT 'all', 0, changes FROM meta;

-- -- What an organisation has, and what a service opens ------------------------------------------------

CREATE TABLE organisation_module (
        organisation    INTEGER NOT NULL REFERENCES organisation,
        module          TEXT NOT NULL CHECK (module IN ('chat', 'video', 'contact', 'tasks', 'booking', 'communication',
                                                        'schedule', 'reports', 'record-view')),
        PRIMARY KEY (organisation, module)
) STRICT, WITHOUT ROWID;

-- What was taken away once, so that no import of an older file brings it back unasked: a module from an organisation, a service
-- from a role.  It may have been given again since.
CREATE TABLE taken (
        what            TEXT NOT NULL CHECK (what IN ('module', 'role-service')),
        whose           INTEGER NOT NULL,                       -- organisation, role
        that            TEXT NOT NULL,                          -- module, id of the service
        PRIMARY KEY (what, whose, that)
) STRICT, WITHOUT ROWID;

-- Which module a service belongs to: what it opens to those who are not staff (K7).
ALTER TABLE service ADD COLUMN module TEXT CHECK (module IS NULL OR (
        module IN ('chat', 'video', 'contact', 'tasks', 'booking', 'communication', 'schedule', 'reports', 'record-view')
        AND (module = 'record-view') = (opens = 'record-view') AND opens <> 'record'));
UPDATE service SET module = 'record-view' WHERE opens = 'record-view';
ALTER TABLE service ADD COLUMN external INTEGER NOT NULL DEFAULT 0 CHECK (external = 0 OR (external = 1 AND opens = 'other'));
ALTER TABLE service ADD COLUMN lobby INTEGER NOT NULL DEFAULT 0 CHECK (lobby = 0 OR (lobby = 1 AND ifnull(module, '') IN ('video', 'booking')));
CREATE TRIGGER service_record_view BEFORE INSERT ON service WHEN NEW.opens = 'record-view' AND NEW.module IS NULL
        BEGIN SELECT RAISE(ABORT, 'a record view belongs to the module record-view'); END;
DROP TRIGGER role_service_k8;
CREATE TRIGGER role_service_new BEFORE INSERT ON role_service BEGIN
        SELECT RAISE(ABORT, 'a client, relative or external never reaches a record service') FROM role r, service v
                WHERE r.id = NEW.role AND v.id = NEW.service AND r.kind <> 'staff' AND v.opens = 'record';
        SELECT RAISE(ABORT, 'a client or relative reaches a service only if it names the module that it belongs to') FROM role r, service v
                WHERE r.id = NEW.role AND v.id = NEW.service AND r.kind IN ('client', 'relative') AND v.module IS NULL;
        SELECT RAISE(ABORT, 'an external reaches only services that are flagged for externals') FROM role r, service v
                WHERE r.id = NEW.role AND v.id = NEW.service AND r.kind = 'external' AND v.external = 0; END;

-- -- Persons -------------------------------------------------------------------------------------------

ALTER TABLE person ADD COLUMN protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1) AND (protected = 0 OR alias IS NOT NULL));
UPDATE person SET protected = 1 WHERE alias IS NOT NULL;
CREATE TRIGGER person_alias BEFORE INSERT ON person WHEN (NEW.alias IS NOT NULL) <> NEW.protected
        BEGIN SELECT RAISE(ABORT, 'an alias and protection go together'); END;
ALTER TABLE person ADD COLUMN died INTEGER;                     -- the first second after that day
ALTER TABLE person ADD COLUMN by_person INTEGER REFERENCES person;
ALTER TABLE account ADD COLUMN by_person INTEGER REFERENCES person;
-- What the organisation calls the person in files that are imported: never a personal number.
ALTER TABLE person ADD COLUMN reference TEXT CHECK (reference GLOB '[A-Za-z0-9]*' AND reference NOT GLOB '*[^A-Za-z0-9._-]*'
        AND length(reference) BETWEEN 1 AND 64);
CREATE UNIQUE INDEX person_reference ON person (reference) WHERE reference IS NOT NULL;
CREATE TRIGGER person_alias_changed BEFORE UPDATE OF alias, protected ON person WHEN (NEW.alias IS NOT NULL) <> NEW.protected
        BEGIN SELECT RAISE(ABORT, 'an alias and protection go together'); END;
CREATE TRIGGER person_fixed BEFORE UPDATE ON person WHEN OLD.id <> NEW.id OR OLD.by_person IS NOT NEW.by_person
        BEGIN SELECT RAISE(ABORT, 'who added it stays who added it'); END;

-- Numbers are compared under one key, the one that is in use: a number under two would be two people's.  Said at the end of a
-- transaction, which may change all of them; what an earlier edition has under another key stays, and is nobody's.
ALTER TABLE meta ADD COLUMN key INTEGER NOT NULL DEFAULT 1 CHECK (key BETWEEN 1 AND 999999);       -- id of the keys that are in use
CREATE UNIQUE INDEX meta_key ON meta (key);
ALTER TABLE identity ADD COLUMN key_in_use INTEGER GENERATED ALWAYS AS (CASE WHEN ended IS NULL THEN hmac_key END) VIRTUAL
        REFERENCES meta (key) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE identity ADD COLUMN by_person INTEGER REFERENCES person;
CREATE TRIGGER identity_kept BEFORE DELETE ON identity BEGIN SELECT RAISE(ABORT, 'an identity is ended, never deleted'); END;
CREATE TRIGGER identity_fixed BEFORE UPDATE OF person, issuer, organisation, created, by_person ON identity
        BEGIN SELECT RAISE(ABORT, 'an identity is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER identity_ended BEFORE UPDATE ON identity WHEN OLD.id <> NEW.id OR OLD.ended <> ifnull(NEW.ended, 0)
          OR (OLD.hmac_key = NEW.hmac_key AND OLD.hmac <> NEW.hmac)
        BEGIN SELECT RAISE(ABORT, 'an identity is ended, not turned into another, and stays ended'); END;

-- How a person is reached: encrypted, bound to its row (kind and person).
CREATE TABLE contact (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        kind            TEXT NOT NULL CHECK (kind IN ('phone', 'mail')),
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL CHECK (length(cipher) > 28),      -- nonce (12) ciphertext tag (16)
        created         INTEGER NOT NULL,
        ended           INTEGER
) STRICT;
CREATE UNIQUE INDEX contact_one ON contact (person, kind) WHERE ended IS NULL;
CREATE INDEX contact_removed ON contact (person, kind) WHERE ended IS NOT NULL;
CREATE TRIGGER contact_kept BEFORE DELETE ON contact BEGIN SELECT RAISE(ABORT, 'a contact detail is ended, never deleted'); END;
CREATE TRIGGER contact_fixed BEFORE UPDATE OF person, kind, created ON contact
        BEGIN SELECT RAISE(ABORT, 'a contact detail is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER contact_ended BEFORE UPDATE ON contact WHEN OLD.id <> NEW.id OR OLD.ended <> ifnull(NEW.ended, 0)
        BEGIN SELECT RAISE(ABORT, 'a contact detail is ended, not turned into another, and stays ended'); END;

-- -- Clients -------------------------------------------------------------------------------------------

-- A person whom an organisation cares for.  @number is the N of client-ORG-N: counted, never a number of the person's.
CREATE TABLE client (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        organisation    INTEGER NOT NULL REFERENCES organisation,
        number          INTEGER NOT NULL CHECK (number BETWEEN 1 AND 9999999),
        created         INTEGER NOT NULL,
        archived        INTEGER,
        UNIQUE (organisation, number)
) STRICT;
CREATE UNIQUE INDEX client_once ON client (organisation, person);
CREATE INDEX client_person ON client (person);
CREATE TRIGGER client_kept BEFORE DELETE ON client BEGIN SELECT RAISE(ABORT, 'a client is archived, never deleted'); END;
-- At which units, from when until when (A7).
CREATE TABLE enrolment (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        client          INTEGER NOT NULL REFERENCES client,
        unit            INTEGER NOT NULL REFERENCES unit,
        valid_from      INTEGER,
        valid_until     INTEGER,
        created         INTEGER NOT NULL,
        ended           INTEGER,
        CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until)
) STRICT;
CREATE INDEX enrolment_client ON enrolment (client);
CREATE INDEX enrolment_unit ON enrolment (unit);
CREATE TRIGGER enrolment_place BEFORE INSERT ON enrolment
        WHEN (SELECT organisation FROM client WHERE id = NEW.client) <> (SELECT organisation FROM unit WHERE id = NEW.unit)
        BEGIN SELECT RAISE(ABORT, 'the unit is of another organisation than the client'); END;
CREATE TRIGGER enrolment_fixed BEFORE UPDATE OF client, unit, valid_from, valid_until, created ON enrolment
        BEGIN SELECT RAISE(ABORT, 'an enrolment is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER enrolment_ended BEFORE UPDATE ON enrolment WHEN OLD.id <> NEW.id OR OLD.ended IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'an enrolment is ended, not turned into another, and stays ended'); END;

-- Who may do what for which client: A2's quadruple is organisation and client (the client's), role, and the kind of object (client).
CREATE TABLE client_grant (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        client          INTEGER NOT NULL REFERENCES client,
        role            INTEGER NOT NULL REFERENCES role,
        valid_from      INTEGER,
        valid_until     INTEGER,
        basis           TEXT NOT NULL CHECK (basis IN ('self', 'consent', 'power-of-attorney', 'guardian-ad-litem', 'custody',
                                                       'fuldmagt', 'vaerge')),
        document        TEXT CHECK (length(document) BETWEEN 1 AND 200),        -- where the document is kept
        checked_by      TEXT CHECK (length(checked_by) BETWEEN 1 AND 80),       -- who looked at it
        review_on       INTEGER,
        by_person       INTEGER REFERENCES person,
        created         INTEGER NOT NULL,
        ended           INTEGER,
        ended_why       TEXT CHECK (ended_why IN ('ended', 'client', 'archived', 'died', 'basis-lost', 'left')),
        CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until),
        CHECK ((ended IS NULL) = (ended_why IS NULL)),
        CHECK (basis = 'self' OR (document IS NOT NULL AND checked_by IS NOT NULL AND review_on IS NOT NULL))   -- A8
) STRICT;
CREATE INDEX client_grant_account ON client_grant (account);
CREATE INDEX client_grant_client ON client_grant (client);
CREATE INDEX client_grant_review ON client_grant (review_on) WHERE ended IS NULL;
CREATE TRIGGER client_grant_rules BEFORE INSERT ON client_grant BEGIN
        SELECT RAISE(ABORT, 'the kind of the role is not the kind of the account') FROM account a, role r
                WHERE a.id = NEW.account AND r.id = NEW.role AND (a.kind NOT IN ('client', 'relative') OR a.kind <> r.kind);
        SELECT RAISE(ABORT, 'an account of a client is for its own person, one of a relative for others') FROM account a, client c
                WHERE a.id = NEW.account AND c.id = NEW.client
                AND ((a.kind = 'client') <> (NEW.basis = 'self') OR (a.person = c.person) <> (NEW.basis = 'self'));
        SELECT RAISE(ABORT, 'nobody acts on themselves') FROM account WHERE id = NEW.account AND person = NEW.by_person; END;

-- -- Assignments: times that repeat, deputies, templates ------------------------------------------------

-- Weekdays are bits (1 Monday .. 64 Sunday) of the day that a turn begins on; minutes count from midnight, local time;
-- a turn that ends at or before its beginning ends the next day.
ALTER TABLE assignment ADD COLUMN weekdays INTEGER CHECK (weekdays BETWEEN 1 AND 127);
ALTER TABLE assignment ADD COLUMN minute_from INTEGER CHECK (minute_from BETWEEN 0 AND 1439 AND (minute_from IS NULL) = (weekdays IS NULL));
ALTER TABLE assignment ADD COLUMN minute_until INTEGER CHECK (minute_until BETWEEN 0 AND 1439 AND (minute_until IS NULL) = (weekdays IS NULL));
ALTER TABLE assignment ADD COLUMN deputy_of INTEGER REFERENCES assignment;
ALTER TABLE assignment ADD COLUMN by_person INTEGER REFERENCES person;
CREATE INDEX assignment_unit ON assignment (unit);
CREATE INDEX assignment_turns ON assignment (id) WHERE weekdays IS NOT NULL;
CREATE INDEX assignment_deputy ON assignment (deputy_of) WHERE deputy_of IS NOT NULL;
DROP TRIGGER assignment_kinds;
DROP TRIGGER assignment_fixed;
CREATE TRIGGER assignment_rules BEFORE INSERT ON assignment BEGIN
        SELECT RAISE(ABORT, 'the kind of the role is not the kind of the account') FROM account a, role r
                WHERE a.id = NEW.account AND r.id = NEW.role AND (a.kind NOT IN ('staff', 'external') OR a.kind <> r.kind);
        SELECT RAISE(ABORT, 'weekdays and hours go together')
                WHERE (NEW.weekdays IS NULL) <> (NEW.minute_from IS NULL) OR (NEW.weekdays IS NULL) <> (NEW.minute_until IS NULL);
        SELECT RAISE(ABORT, 'a deputy holds the own assignment of another person, the same role and unit, for a time')
                WHERE NEW.deputy_of IS NOT NULL
                AND (NEW.valid_until IS NULL
                     OR NOT EXISTS (SELECT 1 FROM assignment s JOIN account a ON a.id = s.account JOIN account n ON n.id = NEW.account
                                    WHERE s.id = NEW.deputy_of AND s.deputy_of IS NULL AND s.role = NEW.role AND s.unit = NEW.unit
                                    AND a.person <> n.person));
        SELECT RAISE(ABORT, 'nobody acts on themselves') FROM account WHERE id = NEW.account AND person = NEW.by_person; END;

-- What a temp gets in one command (X17).
CREATE TABLE template (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        organisation    INTEGER NOT NULL REFERENCES organisation,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND length(name) BETWEEN 1 AND 32),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        role            INTEGER NOT NULL REFERENCES role,
        unit            INTEGER NOT NULL REFERENCES unit,
        days            INTEGER NOT NULL CHECK (days BETWEEN 1 AND 366),        -- how long, unless it is said
        weekdays        INTEGER CHECK (weekdays BETWEEN 1 AND 127),
        minute_from     INTEGER CHECK (minute_from BETWEEN 0 AND 1439),
        minute_until    INTEGER CHECK (minute_until BETWEEN 0 AND 1439),
        archived        INTEGER,
        CHECK ((weekdays IS NULL) = (minute_from IS NULL) AND (weekdays IS NULL) = (minute_until IS NULL))
) STRICT;
CREATE TRIGGER template_place BEFORE INSERT ON template
        WHEN (SELECT organisation FROM unit WHERE id = NEW.unit) <> NEW.organisation
          OR (SELECT kind FROM role WHERE id = NEW.role) NOT IN ('staff', 'external')
        BEGIN SELECT RAISE(ABORT, 'a template is for a role of staff or externals at a unit of its organisation'); END;
CREATE TRIGGER template_kept BEFORE DELETE ON template BEGIN SELECT RAISE(ABORT, 'a template is archived, never deleted'); END;
CREATE TRIGGER template_fixed BEFORE UPDATE OF organisation, name, role, unit ON template
        BEGIN SELECT RAISE(ABORT, 'a template keeps its name, role and unit for good'); END;
CREATE TRIGGER template_same BEFORE UPDATE ON template WHEN OLD.id <> NEW.id
        BEGIN SELECT RAISE(ABORT, 'a template keeps its name, role and unit for good'); END;

-- -- Who may administer what (X11) -----------------------------------------------------------------------

CREATE TABLE mandate (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        act             TEXT NOT NULL CHECK (act IN ('invite', 'add', 'grant', 'lock', 'seal', 'block', 'bind', 'read-audit', 'configure')),
        organisation    INTEGER NOT NULL REFERENCES organisation,
        unit            INTEGER REFERENCES unit,                -- NULL: the whole organisation
        valid_from      INTEGER,
        valid_until     INTEGER,
        by_person       INTEGER REFERENCES person,
        created         INTEGER NOT NULL,
        ended           INTEGER,
        CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until),
        CHECK (act <> 'configure' OR unit IS NULL),
        CHECK (by_person IS NULL OR by_person <> person)        -- nobody acts on themselves
) STRICT;
CREATE INDEX mandate_person ON mandate (person);
CREATE TRIGGER mandate_rules BEFORE INSERT ON mandate BEGIN
        SELECT RAISE(ABORT, 'the unit is of another organisation') FROM unit WHERE id = NEW.unit AND organisation <> NEW.organisation;
        SELECT RAISE(ABORT, 'an auditor only reads: no other act beside it in the same organisation') FROM mandate m
                WHERE m.person = NEW.person AND m.organisation = NEW.organisation AND m.ended IS NULL
                AND (m.valid_until IS NULL OR m.valid_until > NEW.created) AND (m.act = 'read-audit') <> (NEW.act = 'read-audit'); END;
CREATE TRIGGER mandate_fixed BEFORE UPDATE OF person, act, organisation, unit, valid_from, valid_until, by_person, created ON mandate
        BEGIN SELECT RAISE(ABORT, 'a mandate is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER mandate_ended BEFORE UPDATE ON mandate WHEN OLD.id <> NEW.id OR OLD.ended IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a mandate is ended, not turned into another, and stays ended'); END;

-- -- Locks (L3) --------------------------------------------------------------------------------------------

CREATE TABLE lock (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        client          INTEGER NOT NULL REFERENCES client,
        requested_by    TEXT NOT NULL CHECK (requested_by IN ('resident', 'region')),
        region          TEXT CHECK (length(region) BETWEEN 1 AND 80),
        provider        TEXT CHECK (length(provider) BETWEEN 1 AND 80),         -- who judged
        reason          TEXT NOT NULL CHECK (reason IN ('no-contact', 'no-access', 'judgement', 'other')),
        reason_text     TEXT CHECK (length(reason_text) BETWEEN 1 AND 500),
        reference       TEXT CHECK (length(reference) BETWEEN 1 AND 80),
        by_actor        TEXT NOT NULL,
        by_person       INTEGER REFERENCES person,
        created         INTEGER NOT NULL,
        lifted          INTEGER,
        lifted_by       TEXT,
        lifted_for      TEXT CHECK (length(lifted_for) BETWEEN 1 AND 80),       -- the region on whose behalf; NULL: the resident
        consultation    TEXT CHECK (length(consultation) BETWEEN 1 AND 500),
        CHECK ((requested_by = 'region') = (region IS NOT NULL)),
        CHECK ((requested_by = 'region') = (provider IS NOT NULL)),
        CHECK (reason <> 'other' OR reason_text IS NOT NULL),
        CHECK ((lifted IS NULL) = (lifted_by IS NULL)),
        CHECK (lifted IS NULL OR region IS NULL OR lifted_for = region OR consultation IS NOT NULL)    -- L4
) STRICT;
CREATE INDEX lock_standing ON lock (client) WHERE lifted IS NULL;
CREATE TRIGGER lock_not_self BEFORE INSERT ON lock
        WHEN NEW.by_person = (SELECT person FROM client WHERE id = NEW.client)
        BEGIN SELECT RAISE(ABORT, 'nobody acts on themselves'); END;
CREATE TRIGGER lock_kept BEFORE DELETE ON lock BEGIN SELECT RAISE(ABORT, 'a lock is lifted, never deleted'); END;
CREATE TRIGGER lock_fixed BEFORE UPDATE OF client, requested_by, region, provider, reason, reason_text, reference, by_actor, by_person, created ON lock
        BEGIN SELECT RAISE(ABORT, 'a lock is lifted, not turned into another, and stays lifted'); END;
CREATE TRIGGER lock_lifted BEFORE UPDATE ON lock WHEN OLD.id <> NEW.id OR OLD.lifted IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a lock is lifted, not turned into another, and stays lifted'); END;

-- -- Review (X18) ------------------------------------------------------------------------------------------

CREATE TABLE review (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        what            TEXT NOT NULL CHECK (what IN ('audit', 'assignment', 'client-grant')),
        object          INTEGER NOT NULL,                       -- audit sequence, assignment, client_grant
        drawn           INTEGER NOT NULL,
        reviewer        INTEGER REFERENCES person,
        outcome         TEXT CHECK (outcome IN ('right', 'wrong', 'unclear')),
        note            TEXT CHECK (length(note) BETWEEN 1 AND 500),
        reviewed        INTEGER,
        CHECK ((reviewed IS NULL) = (outcome IS NULL)),
        CHECK (outcome IS NULL OR outcome = 'right' OR note IS NOT NULL)
) STRICT;
CREATE INDEX review_open ON review (reviewer) WHERE reviewed IS NULL;
CREATE INDEX review_of ON review (what, object);
CREATE TRIGGER review_kept BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'a review is recorded, never deleted'); END;
CREATE TRIGGER review_fixed BEFORE UPDATE ON review
        WHEN OLD.reviewed IS NOT NULL OR OLD.id <> NEW.id OR OLD.what <> NEW.what OR OLD.object <> NEW.object OR OLD.drawn <> NEW.drawn OR OLD.reviewer IS NOT NEW.reviewer
        BEGIN SELECT RAISE(ABORT, 'a review is recorded once, for what was drawn'); END;
CREATE TRIGGER review_not_self BEFORE INSERT ON review
        WHEN NEW.reviewer = CASE NEW.what
                WHEN 'assignment' THEN (SELECT a.person FROM assignment s JOIN account a ON a.id = s.account WHERE s.id = NEW.object)
                WHEN 'client-grant' THEN (SELECT a.person FROM client_grant g JOIN account a ON a.id = g.account WHERE g.id = NEW.object) END
        BEGIN SELECT RAISE(ABORT, 'nobody reviews themselves'); END;

-- -- The audit trail, pruned under a checkpoint --------------------------------------------------------------

-- What was cut off: everything up to @sequence, whose hash this was.  @signature is by the directory's own key.
CREATE TABLE checkpoint (
        sequence        INTEGER PRIMARY KEY,
        hash            BLOB NOT NULL CHECK (length(hash) = 32),
        at              INTEGER NOT NULL,
        key             INTEGER NOT NULL,
        signature       BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint is never removed'); END;
CREATE TRIGGER checkpoint_fixed BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
DROP TRIGGER audit_kept;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
        WHEN NOT EXISTS (SELECT 1 FROM checkpoint WHERE sequence >= OLD.sequence)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is pruned under a checkpoint only'); END;

-- -- What is never deleted ---------------------------------------------------------------------------------

CREATE TRIGGER person_kept BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'a person is archived, never deleted'); END;
CREATE TRIGGER account_kept BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'an account is archived, never deleted'); END;
CREATE TRIGGER assignment_kept BEFORE DELETE ON assignment BEGIN SELECT RAISE(ABORT, 'an assignment is ended, never deleted'); END;
CREATE TRIGGER enrolment_kept BEFORE DELETE ON enrolment BEGIN SELECT RAISE(ABORT, 'an enrolment is ended, never deleted'); END;
CREATE TRIGGER client_grant_kept BEFORE DELETE ON client_grant BEGIN SELECT RAISE(ABORT, 'a grant is ended, never deleted'); END;
CREATE TRIGGER mandate_kept BEFORE DELETE ON mandate BEGIN SELECT RAISE(ABORT, 'a mandate is ended, never deleted'); END;
CREATE TRIGGER organisation_kept BEFORE DELETE ON organisation BEGIN SELECT RAISE(ABORT, 'an organisation is archived, never deleted'); END;
CREATE TRIGGER unit_kept BEFORE DELETE ON unit BEGIN SELECT RAISE(ABORT, 'a unit is archived, never deleted'); END;
CREATE TRIGGER role_kept BEFORE DELETE ON role BEGIN SELECT RAISE(ABORT, 'a role is archived, never deleted'); END;
CREATE TRIGGER service_kept BEFORE DELETE ON service BEGIN SELECT RAISE(ABORT, 'a service is archived, never deleted'); END;

-- -- Groups, and who marks what the snapshots don't say yet -------------------------------------------------

-- Groups of clients have longer names, and say whose they are.
CREATE TABLE care_group_3 (
        gid             INTEGER PRIMARY KEY REFERENCES number,
        name            TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND CASE WHEN kind IN ('client', 'client-service') THEN 64 ELSE 32 END),
        kind            TEXT NOT NULL CHECK (kind IN ('role', 'unit', 'role-at-unit', 'org', 'service', 'service-record', 'client', 'client-service')),
        organisation    INTEGER REFERENCES organisation,
        unit            INTEGER REFERENCES unit,
        role            INTEGER REFERENCES role,
        service         INTEGER REFERENCES service,
        client          INTEGER REFERENCES client,
        CHECK ((kind IN ('client', 'client-service')) = (client IS NOT NULL)),
        CHECK (kind <> 'client' OR service IS NULL),
        CHECK (kind <> 'client-service' OR service IS NOT NULL)
) STRICT;
INSERT INTO care_group_3 (gid, name, kind, organisation, unit, role, service)
        SELECT gid, name, kind, organisation, unit, role, service FROM care_group WHERE kind NOT IN ('client', 'client-service');
DROP TABLE care_group;
ALTER TABLE care_group_3 RENAME TO care_group;
CREATE TRIGGER care_group_kept BEFORE DELETE ON care_group BEGIN SELECT RAISE(ABORT, 'a group is archived with what it is about, never deleted'); END;
CREATE TRIGGER care_group_own BEFORE INSERT ON care_group
        WHEN NEW.name NOT GLOB CASE NEW.kind WHEN 'role-at-unit' THEN 'unit-*-*' WHEN 'service-record' THEN 'service-*'
                WHEN 'client-service' THEN 'client-*-*-*' ELSE NEW.kind || '-*' END
          OR (NEW.kind = 'unit' AND NEW.name GLOB 'unit-*-*')
          OR NOT EXISTS (SELECT 1 FROM number WHERE number = NEW.gid AND used_for = 'gid' AND name = NEW.name)
        BEGIN SELECT RAISE(ABORT, 'a group has a name of its kind, and a number that was taken for it'); END;
CREATE TRIGGER care_group_fixed BEFORE UPDATE ON care_group BEGIN SELECT RAISE(ABORT, 'a group keeps its number, name and meaning for good'); END;
CREATE UNIQUE INDEX care_group_client_own ON care_group (client) WHERE kind = 'client';
CREATE UNIQUE INDEX care_group_client ON care_group (client, service) WHERE client IS NOT NULL;
CREATE INDEX care_group_service ON care_group (service, client) WHERE service IS NOT NULL;
CREATE UNIQUE INDEX care_group_role ON care_group (role) WHERE kind = 'role';
CREATE UNIQUE INDEX care_group_unit ON care_group (unit) WHERE kind = 'unit';
CREATE UNIQUE INDEX care_group_place ON care_group (role, unit) WHERE kind = 'role-at-unit';
CREATE UNIQUE INDEX care_group_org ON care_group (organisation) WHERE kind = 'org';

DROP TRIGGER account_fixed;
DROP TRIGGER role_kind_fixed;
DROP TRIGGER service_fixed;
-- What an earlier edition let in on a number that was taken for something else gives nothing any more (careid check names it).
UPDATE account SET archived = created WHERE archived IS NULL AND uid IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM number WHERE number = uid AND used_for = 'uid' AND name = account.name);
CREATE TRIGGER account_new AFTER INSERT ON account BEGIN
        SELECT RAISE(ABORT, 'nobody acts on themselves') WHERE NEW.person = NEW.by_person;
        SELECT RAISE(ABORT, 'an account has a number that was taken for it') WHERE NEW.uid IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM number WHERE number = NEW.uid AND used_for = 'uid' AND name = NEW.name);
        INSERT OR REPLACE INTO changed SELECT 'account', NEW.id, changes + 1 FROM meta; END;
CREATE TRIGGER account_fixed BEFORE UPDATE OF person, organisation, name, kind, source, uid, created, by_person ON account
        BEGIN SELECT RAISE(ABORT, 'an account keeps its person, name, kind and uid for good'); END;
CREATE TRIGGER account_changed AFTER UPDATE ON account BEGIN
        SELECT RAISE(ABORT, 'an account keeps its person, name, kind and uid for good') WHERE OLD.id <> NEW.id;
        SELECT RAISE(ABORT, 'an account has a number that was taken for it') WHERE NEW.uid IS NOT NULL AND NEW.archived IS NULL
                AND NOT EXISTS (SELECT 1 FROM number WHERE number = NEW.uid AND used_for = 'uid' AND name = NEW.name);
        INSERT OR REPLACE INTO changed SELECT 'account', NEW.id, changes + 1 FROM meta;
        INSERT OR REPLACE INTO changed SELECT 'account', s.account, changes + 1 FROM assignment h JOIN assignment s ON s.deputy_of = h.id, meta
                WHERE h.account = NEW.id; END;
CREATE TRIGGER assignment_new AFTER INSERT ON assignment BEGIN
        INSERT OR REPLACE INTO changed SELECT 'account', NEW.account, changes + 1 FROM meta; END;
CREATE TRIGGER assignment_fixed BEFORE UPDATE OF account, role, unit, valid_from, valid_until, created, weekdays, minute_from, minute_until, deputy_of, by_person ON assignment
        BEGIN SELECT RAISE(ABORT, 'an assignment is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER assignment_changed AFTER UPDATE ON assignment BEGIN
        SELECT RAISE(ABORT, 'an assignment is ended, not turned into another, and stays ended') WHERE OLD.id <> NEW.id OR OLD.ended IS NOT NULL;
        INSERT OR REPLACE INTO changed SELECT 'account', NEW.account, changes + 1 FROM meta;
        INSERT OR REPLACE INTO changed SELECT 'account', s.account, changes + 1 FROM assignment s, meta WHERE s.deputy_of = NEW.id; END;
CREATE TRIGGER client_grant_new AFTER INSERT ON client_grant BEGIN
        INSERT OR REPLACE INTO changed SELECT 'account', NEW.account, changes + 1 FROM meta; END;
CREATE TRIGGER client_grant_fixed BEFORE UPDATE OF account, client, role, valid_from, valid_until, basis, document, checked_by, by_person, created ON client_grant
        BEGIN SELECT RAISE(ABORT, 'a grant is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER client_grant_changed AFTER UPDATE ON client_grant BEGIN
        SELECT RAISE(ABORT, 'a grant is ended, not turned into another, and stays ended') WHERE OLD.id <> NEW.id OR OLD.ended IS NOT NULL;
        INSERT OR REPLACE INTO changed SELECT 'account', NEW.account, changes + 1 FROM meta; END;
CREATE TRIGGER person_changed AFTER UPDATE OF archived, died ON person BEGIN
        INSERT OR REPLACE INTO changed SELECT 'account', a.id, changes + 1 FROM account a, meta WHERE a.person = NEW.id;
        INSERT OR REPLACE INTO changed SELECT 'account', s.account, changes + 1 FROM account a JOIN assignment h ON h.account = a.id
                JOIN assignment s ON s.deputy_of = h.id, meta WHERE a.person = NEW.id;
        INSERT OR REPLACE INTO changed SELECT 'account', g.account, changes + 1 FROM client c JOIN client_grant g ON g.client = c.id, meta
                WHERE c.person = NEW.id; END;
CREATE TRIGGER client_fixed BEFORE UPDATE OF person, organisation, number, created ON client
        BEGIN SELECT RAISE(ABORT, 'a client keeps its person, organisation and number for good'); END;
CREATE TRIGGER client_changed AFTER UPDATE ON client BEGIN
        SELECT RAISE(ABORT, 'a client keeps its person, organisation and number for good') WHERE OLD.id <> NEW.id;
        INSERT OR REPLACE INTO changed SELECT 'account', g.account, changes + 1 FROM client_grant g, meta WHERE g.client = NEW.id;
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM care_group g, meta WHERE g.client = NEW.id; END;
CREATE TRIGGER care_group_new AFTER INSERT ON care_group BEGIN
        INSERT OR REPLACE INTO changed SELECT 'group', NEW.gid, changes + 1 FROM meta; END;
-- How groups are given: everything anew.
CREATE TRIGGER meta_groups AFTER UPDATE OF list_members, role_groups, unit_groups, service_groups ON meta BEGIN
        INSERT OR REPLACE INTO changed SELECT 'all', 0, changes + 1 FROM meta; END;
-- What reaches far is told to the view reached, which holds nothing: a role that gives something else, a unit or an organisation that
-- is archived or not any more, a module of an organisation.  Whoever has something by it is marked, and its groups.  A delta has
-- 2048 entries at most (PUBLISH_RECORDS_MAX): where there are more, everything is marked, and no more than that are looked for.
-- These indexes are for these statements alone: their conditions keep others from being planned by them.
CREATE INDEX assignment_role ON assignment (role, account) WHERE role > 0;
CREATE INDEX client_grant_role ON client_grant (role, account) WHERE role > 0;
CREATE INDEX account_organisation ON account (organisation) WHERE organisation > 0;
CREATE INDEX care_group_at ON care_group (unit) WHERE unit > 0;
CREATE VIEW reached (role, unit, organisation, module) AS SELECT NULL, NULL, NULL, NULL WHERE 0;
CREATE TRIGGER reached_role INSTEAD OF INSERT ON reached WHEN NEW.role IS NOT NULL BEGIN
        INSERT OR REPLACE INTO changed SELECT DISTINCT 'account', s.account, changes + 1 FROM meta CROSS JOIN assignment s
                WHERE s.role = NEW.role AND s.role > 0 LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT DISTINCT 'account', g.account, changes + 1 FROM meta CROSS JOIN client_grant g
                WHERE g.role = NEW.role AND g.role > 0 LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT 'all', 0, changes + 1 FROM meta WHERE EXISTS (SELECT 1 FROM changed LIMIT 1 OFFSET 2048); END;
CREATE TRIGGER reached_place INSTEAD OF INSERT ON reached WHEN NEW.role IS NULL AND NEW.module IS NULL BEGIN
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM meta CROSS JOIN care_group g
                WHERE g.unit IN (SELECT id FROM unit WHERE id = NEW.unit OR organisation = NEW.organisation) AND g.unit > 0 LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT DISTINCT 'account', s.account, changes + 1 FROM meta CROSS JOIN assignment s
                WHERE s.unit IN (SELECT id FROM unit WHERE id = NEW.unit OR organisation = NEW.organisation) LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM meta CROSS JOIN care_group g
                WHERE g.kind = 'org' AND g.organisation = NEW.organisation;
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM meta CROSS JOIN client c CROSS JOIN care_group g
                WHERE c.organisation = NEW.organisation AND g.client = c.id LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT 'account', a.id, changes + 1 FROM meta CROSS JOIN account a
                WHERE a.organisation = NEW.organisation AND a.organisation > 0 LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT DISTINCT 'account', g.account, changes + 1 FROM meta CROSS JOIN client c CROSS JOIN client_grant g
                WHERE c.organisation = NEW.organisation AND g.client = c.id LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT 'all', 0, changes + 1 FROM meta WHERE EXISTS (SELECT 1 FROM changed LIMIT 1 OFFSET 2048); END;
CREATE TRIGGER reached_module INSTEAD OF INSERT ON reached WHEN NEW.module IS NOT NULL BEGIN
        INSERT OR REPLACE INTO changed SELECT DISTINCT 'account', g.account, changes + 1 FROM meta CROSS JOIN client c CROSS JOIN client_grant g
                WHERE EXISTS (SELECT 1 FROM role_service s JOIN service v ON v.id = s.service WHERE v.module = NEW.module)
                AND c.organisation = NEW.organisation AND g.client = c.id AND EXISTS (SELECT 1 FROM role_service s
                        JOIN service v ON v.id = s.service WHERE s.role = g.role AND v.module = NEW.module) LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT 'all', 0, changes + 1 FROM meta WHERE EXISTS (SELECT 1 FROM changed LIMIT 1 OFFSET 2048); END;
CREATE TRIGGER organisation_fixed AFTER UPDATE ON organisation WHEN OLD.id <> NEW.id OR OLD.name <> NEW.name
        BEGIN SELECT RAISE(ABORT, 'an organisation keeps its name for good'); END;
CREATE TRIGGER organisation_archived AFTER UPDATE OF archived ON organisation WHEN OLD.archived IS NOT NEW.archived
        BEGIN INSERT INTO reached (organisation) VALUES (NEW.id); END;
CREATE TRIGGER unit_fixed AFTER UPDATE ON unit WHEN OLD.id <> NEW.id OR OLD.name <> NEW.name OR OLD.organisation <> NEW.organisation
        BEGIN SELECT RAISE(ABORT, 'a unit keeps its name and organisation for good'); END;
CREATE TRIGGER unit_archived AFTER UPDATE OF archived ON unit WHEN OLD.archived IS NOT NEW.archived
        BEGIN INSERT INTO reached (unit) VALUES (NEW.id); END;
CREATE TRIGGER role_fixed AFTER UPDATE ON role WHEN OLD.id <> NEW.id OR OLD.name <> NEW.name OR OLD.kind <> NEW.kind
        BEGIN SELECT RAISE(ABORT, 'a role keeps its name and kind for good'); END;
CREATE TRIGGER role_archived AFTER UPDATE OF archived ON role WHEN OLD.archived IS NOT NEW.archived BEGIN
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM meta CROSS JOIN care_group g WHERE g.kind = 'role' AND g.role = NEW.id;
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM meta CROSS JOIN care_group g
                WHERE g.kind = 'role-at-unit' AND g.role = NEW.id LIMIT 2049;
        INSERT INTO reached (role) VALUES (NEW.id); END;
CREATE TRIGGER service_fixed AFTER UPDATE ON service
        WHEN OLD.id <> NEW.id OR OLD.name <> NEW.name OR OLD.opens <> NEW.opens OR OLD.module IS NOT NEW.module OR OLD.external > NEW.external
        BEGIN SELECT RAISE(ABORT, 'a service keeps its name and what it opens for good'); END;
CREATE TRIGGER service_archived AFTER UPDATE OF archived, external ON service
        WHEN OLD.archived IS NOT NEW.archived OR OLD.external <> NEW.external BEGIN
        INSERT OR REPLACE INTO changed SELECT 'group', g.gid, changes + 1 FROM meta CROSS JOIN care_group g WHERE g.service = NEW.id LIMIT 2049;
        INSERT OR REPLACE INTO changed SELECT 'all', 0, changes + 1 FROM meta WHERE EXISTS (SELECT 1 FROM changed LIMIT 1 OFFSET 2048);
        INSERT INTO reached (role) SELECT role FROM role_service WHERE service = NEW.id; END;
CREATE TRIGGER role_service_given AFTER INSERT ON role_service BEGIN INSERT INTO reached (role) VALUES (NEW.role); END;
CREATE TRIGGER role_service_gone AFTER DELETE ON role_service BEGIN
        INSERT OR IGNORE INTO taken VALUES ('role-service', OLD.role, OLD.service);
        INSERT INTO reached (role) VALUES (OLD.role); END;
CREATE TRIGGER module_new AFTER INSERT ON organisation_module BEGIN
        INSERT INTO reached (organisation, module) VALUES (NEW.organisation, NEW.module); END;
CREATE TRIGGER module_gone AFTER DELETE ON organisation_module BEGIN
        INSERT OR IGNORE INTO taken VALUES ('module', OLD.organisation, OLD.module);
        INSERT INTO reached (organisation, module) VALUES (OLD.organisation, OLD.module); END;
