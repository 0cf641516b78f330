-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 3.sql - a care directory as the programs of edition 3 left it: what they have that editions before had not has rows

PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
        one             INTEGER PRIMARY KEY CHECK (one = 1),
        host_id         TEXT NOT NULL CHECK (length(host_id) = 36),
        changes         INTEGER NOT NULL DEFAULT 0      -- counts the acts that change what a snapshot says
, base INTEGER NOT NULL DEFAULT 0, list_members INTEGER NOT NULL DEFAULT 0 CHECK (list_members IN (0, 1)), role_groups INTEGER NOT NULL DEFAULT 1 CHECK (role_groups IN (0, 1)), unit_groups INTEGER NOT NULL DEFAULT 1 CHECK (unit_groups IN (0, 1)), service_groups INTEGER NOT NULL DEFAULT 1 CHECK (service_groups IN (0, 1)), key INTEGER NOT NULL DEFAULT 1 CHECK (key BETWEEN 1 AND 999999)) STRICT;
INSERT INTO meta VALUES(1,'33e112f3-dad7-4aef-8f3d-199224835e32',41,717550065,0,1,1,1,1);
CREATE TABLE number (
        number          INTEGER PRIMARY KEY CHECK (number BETWEEN 2001000000 AND 2100999999),
        used_for        TEXT NOT NULL CHECK (used_for IN ('uid', 'gid')),
        name            TEXT NOT NULL
) STRICT;
INSERT INTO number VALUES(2001000000,'gid','org-oakclinic');
INSERT INTO number VALUES(2001000001,'gid','unit-oak');
INSERT INTO number VALUES(2001000002,'gid','unit-elm');
INSERT INTO number VALUES(2001000003,'gid','service-journal');
INSERT INTO number VALUES(2001000004,'gid','service-video');
INSERT INTO number VALUES(2001000005,'gid','role-nurse');
INSERT INTO number VALUES(2001000006,'gid','role-doctor');
INSERT INTO number VALUES(2001000007,'gid','role-relative');
INSERT INTO number VALUES(2001000008,'gid','role-secretary');
INSERT INTO number VALUES(2001000009,'uid','anna');
INSERT INTO number VALUES(2001000010,'uid','bo');
INSERT INTO number VALUES(2001000011,'gid','unit-oak-nurse');
INSERT INTO number VALUES(2001000012,'gid','org-birch');
INSERT INTO number VALUES(2001000013,'gid','unit-north');
INSERT INTO number VALUES(2001000014,'gid','service-read');
INSERT INTO number VALUES(2001000015,'gid','service-chat');
INSERT INTO number VALUES(2001000016,'gid','role-client');
INSERT INTO number VALUES(2001000017,'uid','eva');
INSERT INTO number VALUES(2001000018,'uid','eva.rel');
INSERT INTO number VALUES(2001000019,'uid','eva.ext');
INSERT INTO number VALUES(2001000020,'gid','unit-north-secretary');
INSERT INTO number VALUES(2001000021,'gid','unit-elm-doctor');
INSERT INTO number VALUES(2001000022,'gid','client-oakclinic-1');
CREATE TABLE organisation (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        country         TEXT NOT NULL CHECK (country IN ('SE', 'DK')),
        time_zone       TEXT NOT NULL,
        archived        INTEGER
) STRICT;
INSERT INTO organisation VALUES(1,'oakclinic','The Oak clinic','SE','Europe/Stockholm',NULL);
INSERT INTO organisation VALUES(2,'birch','Birch care','DK','Europe/Copenhagen',NULL);
CREATE TABLE unit (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        organisation    INTEGER NOT NULL REFERENCES organisation,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        archived        INTEGER
) STRICT;
INSERT INTO unit VALUES(1,1,'oak','Ward Oak',NULL);
INSERT INTO unit VALUES(2,1,'elm','Ward Elm',NULL);
INSERT INTO unit VALUES(3,2,'north','North',NULL);
CREATE TABLE service (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        number          INTEGER UNIQUE CHECK (number BETWEEN 1 AND 99999),
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        opens           TEXT NOT NULL CHECK (opens IN ('other', 'record', 'record-view')),
        archived        INTEGER
, module TEXT CHECK (module IS NULL OR (
        module IN ('chat', 'video', 'contact', 'tasks', 'booking', 'communication', 'schedule', 'reports', 'record-view')
        AND (module = 'record-view') = (opens = 'record-view') AND opens <> 'record')), external INTEGER NOT NULL DEFAULT 0 CHECK (external = 0 OR (external = 1 AND opens = 'other')), lobby INTEGER NOT NULL DEFAULT 0 CHECK (lobby = 0 OR (lobby = 1 AND ifnull(module, '') IN ('video', 'booking')))) STRICT;
INSERT INTO service VALUES(1,NULL,'journal','The journal','record',NULL,NULL,0,0);
INSERT INTO service VALUES(2,262,'video','Video calls','other',NULL,NULL,0,0);
INSERT INTO service VALUES(3,NULL,'read','Reading copy','record-view',NULL,'record-view',0,0);
INSERT INTO service VALUES(4,NULL,'chat','Chat','other',NULL,NULL,0,0);
CREATE TABLE role (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        kind            TEXT NOT NULL CHECK (kind IN ('staff', 'client', 'relative', 'external')),
        daily_planning  INTEGER NOT NULL DEFAULT 0 CHECK (daily_planning IN (0, 1)),
        archived        INTEGER,
        CHECK (kind <> 'relative' OR daily_planning = 0)                -- A1
) STRICT;
INSERT INTO role VALUES(1,'nurse','Nurse','staff',1,NULL);
INSERT INTO role VALUES(2,'doctor','Doctor','staff',0,NULL);
INSERT INTO role VALUES(3,'relative','Relative','relative',0,NULL);
INSERT INTO role VALUES(4,'secretary','External secretary','external',0,NULL);
INSERT INTO role VALUES(5,'client','Client','client',0,NULL);
CREATE TABLE role_service (
        role            INTEGER NOT NULL REFERENCES role,
        service         INTEGER NOT NULL REFERENCES service,
        PRIMARY KEY (role, service)
) STRICT, WITHOUT ROWID;
INSERT INTO role_service VALUES(1,1);
INSERT INTO role_service VALUES(3,2);
INSERT INTO role_service VALUES(3,3);
INSERT INTO role_service VALUES(4,2);
INSERT INTO role_service VALUES(4,4);
INSERT INTO role_service VALUES(5,4);
CREATE TABLE person (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        given_name      TEXT NOT NULL CHECK (length(given_name) BETWEEN 1 AND 80),
        family_name     TEXT NOT NULL CHECK (length(family_name) BETWEEN 1 AND 80),
        alias           TEXT CHECK (length(alias) BETWEEN 1 AND 80),    -- shown instead of the name (X10)
        language        TEXT CHECK (language IN ('sv', 'da', 'en')),
        created         INTEGER NOT NULL,
        archived        INTEGER
, protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1) AND (protected = 0 OR alias IS NOT NULL)), died INTEGER, by_person INTEGER REFERENCES person, reference TEXT CHECK (reference GLOB '[A-Za-z0-9]*' AND reference NOT GLOB '*[^A-Za-z0-9._-]*'
        AND length(reference) BETWEEN 1 AND 64)) STRICT;
INSERT INTO person VALUES(1,'Anna','Alm',NULL,'sv',1795258800,NULL,0,NULL,NULL,NULL);
INSERT INTO person VALUES(2,'Bo','Berg','B. B.',NULL,1795258800,NULL,1,NULL,NULL,NULL);
INSERT INTO person VALUES(3,'Eva','Ek','E. E.','da',1795258800,NULL,1,NULL,NULL,NULL);
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
, key_in_use INTEGER GENERATED ALWAYS AS (CASE WHEN ended IS NULL THEN hmac_key END) VIRTUAL
        REFERENCES meta (key) DEFERRABLE INITIALLY DEFERRED, by_person INTEGER REFERENCES person) STRICT;
INSERT INTO identity VALUES(1,1,'se',NULL,1,X'874da80c1d886bf481dbd53cc83670a36bdf386f473f28e68eb95a98ea1ab3de',1,X'847028f12f8f76dadf15203cde7d195225cea0f4a70f4647b2078e2d8eb1ab17d56a23faf51a3e11',1795258800,NULL,NULL);
INSERT INTO identity VALUES(2,3,'se',NULL,1,X'4d34ac3ca56db819b1a4d278331ef6fe790fe4be0a9430cf4d9a99113d7f0dfc',1,X'83b9414265d83618f16eee4e38206b8a3a0fa2faa6523251bfd94a6b72a6622b11d05ed5ed60ef8b',1795258800,NULL,NULL);
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
        archived        INTEGER, by_person INTEGER REFERENCES person,
        CHECK ((source = 'careid') = (uid IS NOT NULL)),
        CHECK ((source = 'careid') = (home IS NOT NULL AND shell IS NOT NULL)),
        CHECK (name NOT IN ('root', 'daemon', 'bin', 'sys', 'nobody', '_careid', 'register'))
) STRICT;
INSERT INTO account VALUES(1,1,1,'anna','staff','careid',2001000009,'/home/anna','/bin/bash',1795258800,NULL,NULL);
INSERT INTO account VALUES(2,2,1,'bo','staff','careid',2001000010,'/home/bo','/bin/bash',1795258800,NULL,NULL);
INSERT INTO account VALUES(3,3,1,'eva','client','careid',2001000017,'/home/eva','/bin/bash',1795258800,NULL,NULL);
INSERT INTO account VALUES(4,3,1,'eva.rel','relative','careid',2001000018,'/home/eva.rel','/bin/bash',1795258800,NULL,NULL);
INSERT INTO account VALUES(5,3,2,'eva.ext','external','careid',2001000019,'/home/eva.ext','/bin/bash',1795258800,NULL,NULL);
INSERT INTO account VALUES(6,3,2,'eva.ad','staff','host',NULL,NULL,NULL,1795258800,1795258800,NULL);
CREATE TABLE assignment (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        account         INTEGER NOT NULL REFERENCES account,
        role            INTEGER NOT NULL REFERENCES role,
        unit            INTEGER NOT NULL REFERENCES unit,
        valid_from      INTEGER,
        valid_until     INTEGER,
        created         INTEGER NOT NULL,
        ended           INTEGER, weekdays INTEGER CHECK (weekdays BETWEEN 1 AND 127), minute_from INTEGER CHECK (minute_from BETWEEN 0 AND 1439 AND (minute_from IS NULL) = (weekdays IS NULL)), minute_until INTEGER CHECK (minute_until BETWEEN 0 AND 1439 AND (minute_until IS NULL) = (weekdays IS NULL)), deputy_of INTEGER REFERENCES assignment, by_person INTEGER REFERENCES person,
        CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until)
) STRICT;
INSERT INTO assignment VALUES(1,1,1,1,NULL,1798758000,1795258800,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO assignment VALUES(2,5,4,3,1796079600,1801436400,1795258800,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO assignment VALUES(3,2,2,2,NULL,NULL,1795258800,1795258800,NULL,NULL,NULL,NULL,NULL);
INSERT INTO assignment VALUES(4,2,1,1,NULL,NULL,1795258800,NULL,96,480,960,NULL,NULL);
INSERT INTO assignment VALUES(5,2,1,1,NULL,1798153200,1795258800,NULL,NULL,NULL,NULL,1,NULL);
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
INSERT INTO login VALUES(1,1,1795258800,'bankid','mobile','se-loa3','ward1','sshd','192.0.2.7',NULL,X'0102030000000000000000000000000000000000000000000000000000000000');
INSERT INTO login VALUES(2,3,1795258820,'bankid','mobile','se-loa3','ward1','login',NULL,NULL,X'0700000000000000000000000000000000000000000000000000000000000000');
INSERT INTO login VALUES(3,1,1795258800,'bankid','mobile','se-loa3','oak1','sshd','192.0.2.10',NULL,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO login VALUES(4,1,1795258800,'bankid','mobile','se-loa3','oak1','sshd','2001:db8::7',NULL,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO login VALUES(5,1,1795258800,'bankid','mobile','se-loa3','oak1','sshd','unknown',NULL,X'0000000000000000000000000000000000000000000000000000000000000000');
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
INSERT INTO session VALUES(1,1,1,'ward1','sshd','192.0.2.7','pts/0',1795258805,NULL);
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
INSERT INTO audit VALUES(1,1795333976,'33e112f3-dad7-4aef-8f3d-199224835e32','careid','directory.create','directory','{}',X'6325bb5464873de7fe7d7029677fd240931da3f408a34b5bf5be70626c72a3d0');
INSERT INTO audit VALUES(2,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','organisation.add','organisation:1','{"country":"SE","name":"oakclinic","time_zone":"Europe/Stockholm"}',X'80b06d88c5dac533966b009aac44c42a4634d93065578e79715e5d5e54d625a4');
INSERT INTO audit VALUES(3,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','unit.add','unit:1','{"name":"oak","organisation":"oakclinic"}',X'8f3ae5ede5bc856b4a945b48db4a9be9a2fb206cd50669307d6db9b510998407');
INSERT INTO audit VALUES(4,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','unit.add','unit:2','{"name":"elm","organisation":"oakclinic"}',X'be38d6d8bb2482a93d382d912b62fe91855cf3b4e79294b863f1de677d1f395a');
INSERT INTO audit VALUES(5,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','service.add','service:1','{"name":"journal","number":0,"opens":"record"}',X'082ace757ffb748d12ac36c079763040ed8db3661fa14ab41bca17f288289076');
INSERT INTO audit VALUES(6,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','service.add','service:2','{"name":"video","number":262,"opens":"other"}',X'b85da1003e634bcb5678290b66b1fef3d2565ee3261cc8da73acabb0fe0f10b6');
INSERT INTO audit VALUES(7,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.add','role:1','{"daily_planning":true,"kind":"staff","name":"nurse"}',X'67779c90e86e9a405950b7b9b30b2a2570b2024af56124502c85137fd628f8b0');
INSERT INTO audit VALUES(8,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.add','role:2','{"daily_planning":false,"kind":"staff","name":"doctor"}',X'0b12e6e73f3fc8c55646a86f73eaed28c9774a1ee608fc4efa33c9a910177d3e');
INSERT INTO audit VALUES(9,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.add','role:3','{"daily_planning":false,"kind":"relative","name":"relative"}',X'5b087468c079660b703e2eca6b3948fc3f68f4c0dadd8057acb35bb4f757220a');
INSERT INTO audit VALUES(10,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.add','role:4','{"daily_planning":false,"kind":"external","name":"secretary"}',X'979883c486a994f36fcc402638d84bc1d82f43f9be09210f6b457f7095fc4d2c');
INSERT INTO audit VALUES(11,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.service.add','role:1','{"role":"nurse","service":"journal"}',X'15a05e936c7f66ea9b375f41ea6354ecb295c38fe1f596bcb01ee01670707558');
INSERT INTO audit VALUES(12,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.service.add','role:4','{"role":"secretary","service":"video"}',X'37ad737925e43459f5ac19f2286cb5d92d6a199a439f532f17273ae45875bb07');
INSERT INTO audit VALUES(13,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','person.add','person:1','{"protected":false}',X'386fde54eac844255a49cd6001c0bed1352ff4ab6a60e79fcf05fa113ae08d3c');
INSERT INTO audit VALUES(14,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','person.add','person:2','{"protected":true}',X'c838a7e9efa831c69358cb3cab04acc11c6618bf8b3a20c9a31555d52a43c0c6');
INSERT INTO audit VALUES(15,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','identity.add','person:1','{"issuer":"se"}',X'e1e942ff0b68b06db0134acdf9dea9c5383c2e79713b69571e755ce01bcdb72a');
INSERT INTO audit VALUES(16,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','account.add','account:1','{"kind":"staff","organisation":"oakclinic","person":1,"source":"careid","uid":2001000009}',X'6332f31fca1f9012988e81a52289c37211aa4ebc0d27c229abfbade51f22c655');
INSERT INTO audit VALUES(17,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','account.add','account:2','{"kind":"staff","organisation":"oakclinic","person":2,"source":"careid","uid":2001000010}',X'835bddaed3260dec56965dc6d4c1f870e5780d9968e7b6bb019a7f52bde89b54');
INSERT INTO audit VALUES(18,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','assignment.add','assignment:1','{"account":1,"from":null,"role":"nurse","unit":"oak","until":"2026-12-31"}',X'd6f3de18ec3c53f235523021f797a8bc19b6b0ff9296511390a7970c81009821');
INSERT INTO audit VALUES(19,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','organisation.add','organisation:2','{"country":"DK","name":"birch","time_zone":"Europe/Copenhagen"}',X'ab75a994a1106a7eb86221d8363a13429218d10201b2062d5af32d57c239a8d2');
INSERT INTO audit VALUES(20,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','unit.add','unit:3','{"name":"north","organisation":"birch"}',X'c2a223282151b457fc52b192189e7e41dd20ca502f891795855fcd94a497426a');
INSERT INTO audit VALUES(21,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','service.add','service:3','{"name":"read","number":0,"opens":"record-view"}',X'9401221bba900d3d51e5e8f76a11d0d397d8145f8d8368cfc5af30a8b5267f7e');
INSERT INTO audit VALUES(22,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','service.add','service:4','{"name":"chat","number":0,"opens":"other"}',X'da15af02cc8bd4105cbd996b0b922b20db8491901a0c93400dfec8b1492d6eba');
INSERT INTO audit VALUES(23,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.add','role:5','{"daily_planning":false,"kind":"client","name":"client"}',X'79b83b700932646a7860a9ccbefbc0f24f212d1f3abcb182c6198955678f20f7');
INSERT INTO audit VALUES(24,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.service.add','role:3','{"role":"relative","service":"video"}',X'385671299cf4101d2509926f052bff089f7ea3055faabd4e9905f08bf4df880d');
INSERT INTO audit VALUES(25,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.service.add','role:3','{"role":"relative","service":"read"}',X'5865ab56dbdbdf29055c9fa33245e35cd8b940b709a50da343fd74fc612b2e2b');
INSERT INTO audit VALUES(26,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.service.add','role:5','{"role":"client","service":"chat"}',X'ec058007d48e5ffad194ab4d252022f1deed7b998d20e4ed58900967e32cba5c');
INSERT INTO audit VALUES(27,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','role.service.add','role:4','{"role":"secretary","service":"chat"}',X'91269b9f187949c944dc7b594971b0b1acafd5dd78bf31f37a57bfb822835b0c');
INSERT INTO audit VALUES(28,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','person.add','person:3','{"protected":false}',X'3202bf18548a65665a0854b6e9f7eab04f8fc97ca47373acd557127c8a0b7650');
INSERT INTO audit VALUES(29,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','identity.add','person:3','{"issuer":"se"}',X'991cece3ad32362bf1026b2afd82e64976ad94537f636372a720944dfb78b937');
INSERT INTO audit VALUES(30,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','account.add','account:3','{"kind":"client","organisation":"oakclinic","person":3,"source":"careid","uid":2001000017}',X'ad9453d4d043b2236ac4a66caa5ede5224a0091539daf25e9edc33ebb12e0422');
INSERT INTO audit VALUES(31,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','account.add','account:4','{"kind":"relative","organisation":"oakclinic","person":3,"source":"careid","uid":2001000018}',X'd1453f7c0d71149fd17ffde6c2d91bf1122eec664e57426ecbebb846656d0786');
INSERT INTO audit VALUES(32,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','account.add','account:5','{"kind":"external","organisation":"birch","person":3,"source":"careid","uid":2001000019}',X'2b26327bc699e036b2e70676d52a191a7a92c118af3004ae1a0be55ab69333c5');
INSERT INTO audit VALUES(33,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','account.add','account:6','{"kind":"staff","organisation":"birch","person":3,"source":"host","uid":0}',X'36ec411d314a545c5dfbeb876f5739f0234e766537c1e11b3c442900201ad74f');
INSERT INTO audit VALUES(34,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','assignment.add','assignment:2','{"account":5,"from":"2026-12-01","role":"secretary","unit":"north","until":"2027-01-31"}',X'65de844715ca057f0a36722e87b046353bf12e15bbc4587151bfd2d3bc0539c7');
INSERT INTO audit VALUES(35,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','assignment.add','assignment:3','{"account":2,"from":null,"role":"doctor","unit":"elm","until":null}',X'83952e9a5aa59e00c42b43a6224acbf13b8bba025108c5dfab5df947d0b6df17');
INSERT INTO audit VALUES(36,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','assignment.end','assignment:3','{}',X'd669d825f0793b8a56e93a3723e42becabbcedc534330a8c23c691bd7db4d4b6');
INSERT INTO audit VALUES(37,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','archive','unit:2','{}',X'5a9e8cfbdeb7e043fe6540cf0bd8a4fa58e5b7b8b27e255ee808f1d5bbbec690');
INSERT INTO audit VALUES(38,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','archive','account:6','{}',X'f42ac2b80893dab6a6d3a3599aa619d9853377f625b29eb3b089fff95aa72551');
INSERT INTO audit VALUES(39,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','login.approved','account:1','{"assurance":"se-loa3","authenticator":"mobile","host":"ward1","login":1,"method":"bankid","service":"sshd","source":"192.0.2.7","target":null}',X'0c61e1b2410f66ea618de3fbb994ded2cc9d09b3ff1f664ddf596f5e3aded050');
INSERT INTO audit VALUES(40,1795258805,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','session.open','account:1','{"host":"ward1","login":1,"service":"sshd","session":1,"source":"192.0.2.7","tty":"pts/0"}',X'46e9b3b447f3d8f32140517f7ec220b2c26b61efa0883e6fb87ad53678423318');
INSERT INTO audit VALUES(41,1795258809,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','login.refused','account:2','{"host":"ward1","method":"bankid","reason":"archived","service":"login","source":null,"target":null}',X'c4007d8786ab6666edc9110549817e6a16b44694ef09307e9e7bf45b6df2c2f6');
INSERT INTO audit VALUES(42,1795258820,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','login.approved','account:3','{"assurance":"se-loa3","authenticator":"mobile","host":"ward1","login":2,"method":"bankid","service":"login","source":null,"target":null}',X'f49cd353d394eb471c35d17ff0f91c602d950d8090906c8544de72dd67c145b8');
INSERT INTO audit VALUES(43,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','module.on','organisation:2','{"module":"chat"}',X'8cbe9ab7045d1613e25f1b61ade4ad2b6be311ca9fac7069b78fd5cf6b617599');
INSERT INTO audit VALUES(44,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','module.on','organisation:1','{"module":"video"}',X'9542465a564c94183fba091246fb73700d5547efb41568a7c2fbd4b70f37e727');
INSERT INTO audit VALUES(45,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','module.on','organisation:1','{"module":"chat"}',X'0dc692efe44f8750d88be8c19cd3c2bcf85272fa85663414faa406b665c5e88c');
INSERT INTO audit VALUES(46,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','module.off','organisation:1','{"module":"chat"}',X'5048c00fa9fb46dd5eda7e2401565d8154f08d9f07e97a4ba235b7088e855e59');
INSERT INTO audit VALUES(47,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','restore','unit:2','{}',X'7436056ff19cfb78724d41a84cea0851ef9f2a1b6e388d10aebfa87b2f3fcc07');
INSERT INTO audit VALUES(48,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','contact.set','person:1','{"kind":"phone"}',X'3c0d01719a80893b0c032462bdbb77de07930d07ea736b73c6638e58251384c1');
INSERT INTO audit VALUES(49,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','contact.set','person:1','{"kind":"mail"}',X'489fa811e01942d25aadebe9691a4422d8518fb9dfc737ceac82eb4123758cd4');
INSERT INTO audit VALUES(50,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','contact.set','person:1','{"kind":"mail"}',X'bfaf34257f06efea1d50f5700c9fdf9a2891701df125586b4a6e97f638464ba3');
INSERT INTO audit VALUES(51,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','client.add','client:1','{"number":1,"organisation":"oakclinic","person":2}',X'44d683d56524d87540da44c9a8ef64350078781a4ae028fba7ffa2ae99cd76e1');
INSERT INTO audit VALUES(52,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','enrolment.add','enrolment:1','{"client":1,"from":null,"unit":"oak","until":null}',X'7c3c9cc797c879977e3fbaf42d3c873de0ed125948963f2e9955ea7b23dc4b6c');
INSERT INTO audit VALUES(53,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','grant.add','grant:1','{"account":4,"basis":"consent","client":1,"from":null,"review":"2027-11-01","role":"relative","until":"2027-12-31"}',X'd477d92035a4875f81702e8496f1bb286498dfa0975af246d494c164e5ae8418');
INSERT INTO audit VALUES(54,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','template.add','template:1','{"days":2,"hours":"21:00-07:00","name":"night","role":"nurse","unit":"oak","weekdays":"mon-fri"}',X'aa37bdfab22a01f1ba952e0e3083485026bb7241115b8ce15fb0949e2c118f06');
INSERT INTO audit VALUES(55,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','assignment.add','assignment:4','{"account":2,"from":null,"hours":"08:00-16:00","role":"nurse","unit":"oak","until":null,"weekdays":"sat,sun"}',X'7be38d7ed68ef81b27fc2e81318248ea81c74f791e76b46945163484b99466e9');
INSERT INTO audit VALUES(56,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','assignment.deputy','assignment:5','{"account":2,"from":null,"held":1,"until":"2026-12-24"}',X'86af43ac962f6e5499b92dee7b4ab3059d5d495742de4dc69b3c21fc7d826247');
INSERT INTO audit VALUES(57,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','mandate.add','mandate:1','{"act":"grant","from":null,"organisation":"oakclinic","person":2,"unit":"oak","until":null}',X'367366c4dcb66b66be315d50fa3116ad38218bc2e8f90d4b376149dafd5dbff7');
INSERT INTO audit VALUES(58,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','person.protect','person:3','{}',X'cf6d9ba2e946018f5deb087f7c3656e5c5d0b95077c51cdefb9c842c861551ff');
INSERT INTO audit VALUES(59,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','uid:0','audit.sample','person:2','{"drawn":[13,37],"from":null,"of":47,"until":null}',X'005e4b93db0915df52ed556ce44461e47673dcfc8a3bfa66cd196958df0b6c76');
INSERT INTO audit VALUES(60,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','login.approved','account:1','{"assurance":"se-loa3","authenticator":"mobile","host":"oak1","login":3,"method":"bankid","service":"sshd","source":"192.0.2.10","target":null}',X'746156014ece675b06a13d9ebf8c8eb1c5fff5180476777bb8a301ea8a607679');
INSERT INTO audit VALUES(61,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','login.approved','account:1','{"assurance":"se-loa3","authenticator":"mobile","host":"oak1","login":4,"method":"bankid","service":"sshd","source":"2001:db8::7","target":null}',X'4c368c564658e6dc8560880850b3479a09f3a79ac3b43deef50f156471d6adb3');
INSERT INTO audit VALUES(62,1795258800,'33e112f3-dad7-4aef-8f3d-199224835e32','helper','login.approved','account:1','{"assurance":"se-loa3","authenticator":"mobile","host":"oak1","login":5,"method":"bankid","service":"sshd","source":"unknown","target":null}',X'b5fb343b12d5f7d33f646b59a15d6c31fb9f52b25d7665bf43a002ed4ddc6119');
CREATE TABLE evidence (
        login           INTEGER PRIMARY KEY REFERENCES login,
        kept_until      INTEGER NOT NULL,
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL CHECK (length(cipher) > 28)       -- nonce (12) ciphertext tag (16)
) STRICT;
INSERT INTO evidence VALUES(2,2110618800,1,X'3804a675075707ff8684ee1fd224572c5b08f0a1966e846167d9cf58fdbb499d30cc9c6906a3462fcb429ddbe419550b');
CREATE TABLE notice (
        name            TEXT PRIMARY KEY,
        at              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO notice VALUES('daily',1795258800);
CREATE TABLE changed (
        what            TEXT NOT NULL CHECK (what IN ('account', 'group', 'all')),
        id              INTEGER NOT NULL,                       -- account id, gid; 'all': 0
        change          INTEGER NOT NULL,                       -- meta.changes after the act that marked it
        PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE organisation_module (
        organisation    INTEGER NOT NULL REFERENCES organisation,
        module          TEXT NOT NULL CHECK (module IN ('chat', 'video', 'contact', 'tasks', 'booking', 'communication',
                                                        'schedule', 'reports', 'record-view')),
        PRIMARY KEY (organisation, module)
) STRICT, WITHOUT ROWID;
INSERT INTO organisation_module VALUES(1,'video');
INSERT INTO organisation_module VALUES(2,'chat');
CREATE TABLE taken (
        what            TEXT NOT NULL CHECK (what IN ('module', 'role-service')),
        whose           INTEGER NOT NULL,                       -- organisation, role
        that            TEXT NOT NULL,                          -- module, id of the service
        PRIMARY KEY (what, whose, that)
) STRICT, WITHOUT ROWID;
INSERT INTO taken VALUES('module',1,'chat');
CREATE TABLE contact (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        kind            TEXT NOT NULL CHECK (kind IN ('phone', 'mail')),
        cipher_key      INTEGER NOT NULL,
        cipher          BLOB NOT NULL CHECK (length(cipher) > 28),      -- nonce (12) ciphertext tag (16)
        created         INTEGER NOT NULL,
        ended           INTEGER
) STRICT;
INSERT INTO contact VALUES(1,1,'phone',1,X'c2f8302fd1214b9057d436265f44c9272292b66239b875ac1650616785f4d49a68e48f2dcdcf5d2c',1795258800,NULL);
INSERT INTO contact VALUES(2,1,'mail',1,X'0000000000000000000000000000000000000000000000000000000000',1795258800,1795258800);
INSERT INTO contact VALUES(3,1,'mail',1,X'44f582cb8d3f6e0bd1a2e3fe7ddf62864880c48a9433d048fee445f5b6ef8a57e3fbf88a74b5a2e3a9e0c4b5',1795258800,NULL);
CREATE TABLE client (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        person          INTEGER NOT NULL REFERENCES person,
        organisation    INTEGER NOT NULL REFERENCES organisation,
        number          INTEGER NOT NULL CHECK (number BETWEEN 1 AND 9999999),
        created         INTEGER NOT NULL,
        archived        INTEGER,
        UNIQUE (organisation, number)
) STRICT;
INSERT INTO client VALUES(1,2,1,1,1795258800,NULL);
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
INSERT INTO enrolment VALUES(1,1,1,NULL,NULL,1795258800,NULL);
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
INSERT INTO client_grant VALUES(1,4,1,3,NULL,1830294000,'consent','binder 4','anna',1825023600,NULL,1795258800,NULL,NULL);
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
INSERT INTO template VALUES(1,1,'night','Night',1,1,2,31,1260,420,NULL);
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
INSERT INTO mandate VALUES(1,2,'grant',1,1,NULL,NULL,NULL,1795258800,NULL);
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
INSERT INTO lock VALUES(1,1,'resident',NULL,NULL,'no-contact',NULL,NULL,'uid:0',NULL,1795258800,NULL,NULL,NULL,NULL);
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
INSERT INTO review VALUES(1,'audit',13,1795258800,2,NULL,NULL,NULL);
INSERT INTO review VALUES(2,'audit',37,1795258800,2,NULL,NULL,NULL);
CREATE TABLE checkpoint (
        sequence        INTEGER PRIMARY KEY,
        hash            BLOB NOT NULL CHECK (length(hash) = 32),
        at              INTEGER NOT NULL,
        key             INTEGER NOT NULL,
        signature       BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE TABLE IF NOT EXISTS "care_group" (
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
INSERT INTO care_group VALUES(2001000000,'org-oakclinic','org',1,NULL,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000001,'unit-oak','unit',1,1,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000002,'unit-elm','unit',1,2,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000003,'service-journal','service-record',NULL,NULL,NULL,1,NULL);
INSERT INTO care_group VALUES(2001000004,'service-video','service',NULL,NULL,NULL,2,NULL);
INSERT INTO care_group VALUES(2001000005,'role-nurse','role',NULL,NULL,1,NULL,NULL);
INSERT INTO care_group VALUES(2001000006,'role-doctor','role',NULL,NULL,2,NULL,NULL);
INSERT INTO care_group VALUES(2001000007,'role-relative','role',NULL,NULL,3,NULL,NULL);
INSERT INTO care_group VALUES(2001000008,'role-secretary','role',NULL,NULL,4,NULL,NULL);
INSERT INTO care_group VALUES(2001000011,'unit-oak-nurse','role-at-unit',1,1,1,NULL,NULL);
INSERT INTO care_group VALUES(2001000012,'org-birch','org',2,NULL,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000013,'unit-north','unit',2,3,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000014,'service-read','service',NULL,NULL,NULL,3,NULL);
INSERT INTO care_group VALUES(2001000015,'service-chat','service',NULL,NULL,NULL,4,NULL);
INSERT INTO care_group VALUES(2001000016,'role-client','role',NULL,NULL,5,NULL,NULL);
INSERT INTO care_group VALUES(2001000020,'unit-north-secretary','role-at-unit',2,3,4,NULL,NULL);
INSERT INTO care_group VALUES(2001000021,'unit-elm-doctor','role-at-unit',1,2,2,NULL,NULL);
INSERT INTO care_group VALUES(2001000022,'client-oakclinic-1','client',1,NULL,NULL,NULL,1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('organisation',2);
INSERT INTO sqlite_sequence VALUES('unit',3);
INSERT INTO sqlite_sequence VALUES('service',4);
INSERT INTO sqlite_sequence VALUES('role',5);
INSERT INTO sqlite_sequence VALUES('person',3);
INSERT INTO sqlite_sequence VALUES('identity',2);
INSERT INTO sqlite_sequence VALUES('account',6);
INSERT INTO sqlite_sequence VALUES('assignment',5);
INSERT INTO sqlite_sequence VALUES('login',5);
INSERT INTO sqlite_sequence VALUES('session',1);
INSERT INTO sqlite_sequence VALUES('contact',3);
INSERT INTO sqlite_sequence VALUES('client',1);
INSERT INTO sqlite_sequence VALUES('enrolment',1);
INSERT INTO sqlite_sequence VALUES('client_grant',1);
INSERT INTO sqlite_sequence VALUES('template',1);
INSERT INTO sqlite_sequence VALUES('mandate',1);
INSERT INTO sqlite_sequence VALUES('review',2);
INSERT INTO sqlite_sequence VALUES('lock',1);
CREATE TRIGGER number_kept BEFORE DELETE ON number BEGIN SELECT RAISE(ABORT, 'numbers are never given again'); END;
CREATE TRIGGER number_fixed BEFORE UPDATE ON number BEGIN SELECT RAISE(ABORT, 'numbers are never given again'); END;
CREATE TRIGGER role_service_fixed BEFORE UPDATE ON role_service BEGIN SELECT RAISE(ABORT, 'add or remove, never change'); END;
CREATE UNIQUE INDEX identity_once ON identity (issuer, hmac_key, hmac) WHERE ended IS NULL;
CREATE INDEX identity_person ON identity (person);
CREATE INDEX account_person ON account (person);
CREATE INDEX assignment_account ON assignment (account);
CREATE INDEX login_account ON login (account, at);
CREATE INDEX session_open ON session (account) WHERE closed IS NULL;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE INDEX evidence_end ON evidence (kept_until);
CREATE TRIGGER evidence_fixed BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is kept or deleted, never changed'); END;
CREATE TRIGGER service_record_view BEFORE INSERT ON service WHEN NEW.opens = 'record-view' AND NEW.module IS NULL
        BEGIN SELECT RAISE(ABORT, 'a record view belongs to the module record-view'); END;
CREATE TRIGGER role_service_new BEFORE INSERT ON role_service BEGIN
        SELECT RAISE(ABORT, 'a client, relative or external never reaches a record service') FROM role r, service v
                WHERE r.id = NEW.role AND v.id = NEW.service AND r.kind <> 'staff' AND v.opens = 'record';
        SELECT RAISE(ABORT, 'a client or relative reaches a service only if it names the module that it belongs to') FROM role r, service v
                WHERE r.id = NEW.role AND v.id = NEW.service AND r.kind IN ('client', 'relative') AND v.module IS NULL;
        SELECT RAISE(ABORT, 'an external reaches only services that are flagged for externals') FROM role r, service v
                WHERE r.id = NEW.role AND v.id = NEW.service AND r.kind = 'external' AND v.external = 0; END;
CREATE TRIGGER person_alias BEFORE INSERT ON person WHEN (NEW.alias IS NOT NULL) <> NEW.protected
        BEGIN SELECT RAISE(ABORT, 'an alias and protection go together'); END;
CREATE UNIQUE INDEX person_reference ON person (reference) WHERE reference IS NOT NULL;
CREATE TRIGGER person_alias_changed BEFORE UPDATE OF alias, protected ON person WHEN (NEW.alias IS NOT NULL) <> NEW.protected
        BEGIN SELECT RAISE(ABORT, 'an alias and protection go together'); END;
CREATE TRIGGER person_fixed BEFORE UPDATE ON person WHEN OLD.id <> NEW.id OR OLD.by_person IS NOT NEW.by_person
        BEGIN SELECT RAISE(ABORT, 'who added it stays who added it'); END;
CREATE UNIQUE INDEX meta_key ON meta (key);
CREATE TRIGGER identity_kept BEFORE DELETE ON identity BEGIN SELECT RAISE(ABORT, 'an identity is ended, never deleted'); END;
CREATE TRIGGER identity_fixed BEFORE UPDATE OF person, issuer, organisation, created, by_person ON identity
        BEGIN SELECT RAISE(ABORT, 'an identity is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER identity_ended BEFORE UPDATE ON identity WHEN OLD.id <> NEW.id OR OLD.ended <> ifnull(NEW.ended, 0)
          OR (OLD.hmac_key = NEW.hmac_key AND OLD.hmac <> NEW.hmac)
        BEGIN SELECT RAISE(ABORT, 'an identity is ended, not turned into another, and stays ended'); END;
CREATE UNIQUE INDEX contact_one ON contact (person, kind) WHERE ended IS NULL;
CREATE INDEX contact_removed ON contact (person, kind) WHERE ended IS NOT NULL;
CREATE TRIGGER contact_kept BEFORE DELETE ON contact BEGIN SELECT RAISE(ABORT, 'a contact detail is ended, never deleted'); END;
CREATE TRIGGER contact_fixed BEFORE UPDATE OF person, kind, created ON contact
        BEGIN SELECT RAISE(ABORT, 'a contact detail is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER contact_ended BEFORE UPDATE ON contact WHEN OLD.id <> NEW.id OR OLD.ended <> ifnull(NEW.ended, 0)
        BEGIN SELECT RAISE(ABORT, 'a contact detail is ended, not turned into another, and stays ended'); END;
CREATE UNIQUE INDEX client_once ON client (organisation, person);
CREATE INDEX client_person ON client (person);
CREATE TRIGGER client_kept BEFORE DELETE ON client BEGIN SELECT RAISE(ABORT, 'a client is archived, never deleted'); END;
CREATE INDEX enrolment_client ON enrolment (client);
CREATE INDEX enrolment_unit ON enrolment (unit);
CREATE TRIGGER enrolment_place BEFORE INSERT ON enrolment
        WHEN (SELECT organisation FROM client WHERE id = NEW.client) <> (SELECT organisation FROM unit WHERE id = NEW.unit)
        BEGIN SELECT RAISE(ABORT, 'the unit is of another organisation than the client'); END;
CREATE TRIGGER enrolment_fixed BEFORE UPDATE OF client, unit, valid_from, valid_until, created ON enrolment
        BEGIN SELECT RAISE(ABORT, 'an enrolment is ended, not turned into another, and stays ended'); END;
CREATE TRIGGER enrolment_ended BEFORE UPDATE ON enrolment WHEN OLD.id <> NEW.id OR OLD.ended IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'an enrolment is ended, not turned into another, and stays ended'); END;
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
CREATE INDEX assignment_unit ON assignment (unit);
CREATE INDEX assignment_turns ON assignment (id) WHERE weekdays IS NOT NULL;
CREATE INDEX assignment_deputy ON assignment (deputy_of) WHERE deputy_of IS NOT NULL;
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
CREATE TRIGGER template_place BEFORE INSERT ON template
        WHEN (SELECT organisation FROM unit WHERE id = NEW.unit) <> NEW.organisation
          OR (SELECT kind FROM role WHERE id = NEW.role) NOT IN ('staff', 'external')
        BEGIN SELECT RAISE(ABORT, 'a template is for a role of staff or externals at a unit of its organisation'); END;
CREATE TRIGGER template_kept BEFORE DELETE ON template BEGIN SELECT RAISE(ABORT, 'a template is archived, never deleted'); END;
CREATE TRIGGER template_fixed BEFORE UPDATE OF organisation, name, role, unit ON template
        BEGIN SELECT RAISE(ABORT, 'a template keeps its name, role and unit for good'); END;
CREATE TRIGGER template_same BEFORE UPDATE ON template WHEN OLD.id <> NEW.id
        BEGIN SELECT RAISE(ABORT, 'a template keeps its name, role and unit for good'); END;
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
CREATE INDEX lock_standing ON lock (client) WHERE lifted IS NULL;
CREATE TRIGGER lock_not_self BEFORE INSERT ON lock
        WHEN NEW.by_person = (SELECT person FROM client WHERE id = NEW.client)
        BEGIN SELECT RAISE(ABORT, 'nobody acts on themselves'); END;
CREATE TRIGGER lock_kept BEFORE DELETE ON lock BEGIN SELECT RAISE(ABORT, 'a lock is lifted, never deleted'); END;
CREATE TRIGGER lock_fixed BEFORE UPDATE OF client, requested_by, region, provider, reason, reason_text, reference, by_actor, by_person, created ON lock
        BEGIN SELECT RAISE(ABORT, 'a lock is lifted, not turned into another, and stays lifted'); END;
CREATE TRIGGER lock_lifted BEFORE UPDATE ON lock WHEN OLD.id <> NEW.id OR OLD.lifted IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a lock is lifted, not turned into another, and stays lifted'); END;
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
CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint is never removed'); END;
CREATE TRIGGER checkpoint_fixed BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
        WHEN NOT EXISTS (SELECT 1 FROM checkpoint WHERE sequence >= OLD.sequence)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is pruned under a checkpoint only'); END;
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
CREATE TRIGGER meta_groups AFTER UPDATE OF list_members, role_groups, unit_groups, service_groups ON meta BEGIN
        INSERT OR REPLACE INTO changed SELECT 'all', 0, changes + 1 FROM meta; END;
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
COMMIT;
PRAGMA user_version = 3;
