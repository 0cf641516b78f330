-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 2.sql - a care directory as the programs of edition 2 left it: every table has rows, also such as later editions forbid

PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
        one             INTEGER PRIMARY KEY CHECK (one = 1),
        host_id         TEXT NOT NULL CHECK (length(host_id) = 36),
        changes         INTEGER NOT NULL DEFAULT 0      -- counts the acts that change what a snapshot says
) STRICT;
INSERT INTO meta VALUES(1,'33e112f3-dad7-4aef-8f3d-199224835e32',32);
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
INSERT INTO unit VALUES(2,1,'elm','Ward Elm',1795258800);
INSERT INTO unit VALUES(3,2,'north','North',NULL);
CREATE TABLE service (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        number          INTEGER UNIQUE CHECK (number BETWEEN 1 AND 99999),
        name            TEXT NOT NULL UNIQUE CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND length(name) BETWEEN 1 AND 16),
        title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
        opens           TEXT NOT NULL CHECK (opens IN ('other', 'record', 'record-view')),
        archived        INTEGER
) STRICT;
INSERT INTO service VALUES(1,NULL,'journal','The journal','record',NULL);
INSERT INTO service VALUES(2,262,'video','Video calls','other',NULL);
INSERT INTO service VALUES(3,NULL,'read','Reading copy','record-view',NULL);
INSERT INTO service VALUES(4,NULL,'chat','Chat','other',NULL);
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
) STRICT;
INSERT INTO person VALUES(1,'Anna','Alm',NULL,'sv',1795258800,NULL);
INSERT INTO person VALUES(2,'Bo','Berg','B. B.',NULL,1795258800,NULL);
INSERT INTO person VALUES(3,'Eva','Ek',NULL,'da',1795258800,NULL);
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
INSERT INTO identity VALUES(1,1,'se',NULL,1,X'874da80c1d886bf481dbd53cc83670a36bdf386f473f28e68eb95a98ea1ab3de',1,X'847028f12f8f76dadf15203cde7d195225cea0f4a70f4647b2078e2d8eb1ab17d56a23faf51a3e11',1795258800,NULL);
INSERT INTO identity VALUES(2,3,'se',NULL,1,X'4d34ac3ca56db819b1a4d278331ef6fe790fe4be0a9430cf4d9a99113d7f0dfc',1,X'83b9414265d83618f16eee4e38206b8a3a0fa2faa6523251bfd94a6b72a6622b11d05ed5ed60ef8b',1795258800,NULL);
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
INSERT INTO account VALUES(1,1,1,'anna','staff','careid',2001000009,'/home/anna','/bin/bash',1795258800,NULL);
INSERT INTO account VALUES(2,2,1,'bo','staff','careid',2001000010,'/home/bo','/bin/bash',1795258800,NULL);
INSERT INTO account VALUES(3,3,1,'eva','client','careid',2001000017,'/home/eva','/bin/bash',1795258800,NULL);
INSERT INTO account VALUES(4,3,1,'eva.rel','relative','careid',2001000018,'/home/eva.rel','/bin/bash',1795258800,NULL);
INSERT INTO account VALUES(5,3,2,'eva.ext','external','careid',2001000019,'/home/eva.ext','/bin/bash',1795258800,NULL);
INSERT INTO account VALUES(6,3,2,'eva.ad','staff','host',NULL,NULL,NULL,1795258800,1795258800);
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
INSERT INTO assignment VALUES(1,1,1,1,NULL,1798758000,1795258800,NULL);
INSERT INTO assignment VALUES(2,5,4,3,1796079600,1801436400,1795258800,NULL);
INSERT INTO assignment VALUES(3,2,2,2,NULL,NULL,1795258800,1795258800);
CREATE TABLE care_group (
        gid             INTEGER PRIMARY KEY REFERENCES number,
        name            TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 32),
        kind            TEXT NOT NULL CHECK (kind IN ('role', 'unit', 'role-at-unit', 'org', 'service', 'service-record', 'client', 'client-service')),
        organisation    INTEGER REFERENCES organisation,
        unit            INTEGER REFERENCES unit,
        role            INTEGER REFERENCES role,
        service         INTEGER REFERENCES service
) STRICT;
INSERT INTO care_group VALUES(2001000000,'org-oakclinic','org',1,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000001,'unit-oak','unit',1,1,NULL,NULL);
INSERT INTO care_group VALUES(2001000002,'unit-elm','unit',1,2,NULL,NULL);
INSERT INTO care_group VALUES(2001000003,'service-journal','service-record',NULL,NULL,NULL,1);
INSERT INTO care_group VALUES(2001000004,'service-video','service',NULL,NULL,NULL,2);
INSERT INTO care_group VALUES(2001000005,'role-nurse','role',NULL,NULL,1,NULL);
INSERT INTO care_group VALUES(2001000006,'role-doctor','role',NULL,NULL,2,NULL);
INSERT INTO care_group VALUES(2001000007,'role-relative','role',NULL,NULL,3,NULL);
INSERT INTO care_group VALUES(2001000008,'role-secretary','role',NULL,NULL,4,NULL);
INSERT INTO care_group VALUES(2001000011,'unit-oak-nurse','role-at-unit',1,1,1,NULL);
INSERT INTO care_group VALUES(2001000012,'org-birch','org',2,NULL,NULL,NULL);
INSERT INTO care_group VALUES(2001000013,'unit-north','unit',2,3,NULL,NULL);
INSERT INTO care_group VALUES(2001000014,'service-read','service',NULL,NULL,NULL,3);
INSERT INTO care_group VALUES(2001000015,'service-chat','service',NULL,NULL,NULL,4);
INSERT INTO care_group VALUES(2001000016,'role-client','role',NULL,NULL,5,NULL);
INSERT INTO care_group VALUES(2001000020,'unit-north-secretary','role-at-unit',2,3,4,NULL);
INSERT INTO care_group VALUES(2001000021,'unit-elm-doctor','role-at-unit',1,2,2,NULL);
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
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('organisation',2);
INSERT INTO sqlite_sequence VALUES('unit',3);
INSERT INTO sqlite_sequence VALUES('service',4);
INSERT INTO sqlite_sequence VALUES('role',5);
INSERT INTO sqlite_sequence VALUES('person',3);
INSERT INTO sqlite_sequence VALUES('identity',2);
INSERT INTO sqlite_sequence VALUES('account',6);
INSERT INTO sqlite_sequence VALUES('assignment',3);
INSERT INTO sqlite_sequence VALUES('login',2);
INSERT INTO sqlite_sequence VALUES('session',1);
CREATE TRIGGER number_kept BEFORE DELETE ON number BEGIN SELECT RAISE(ABORT, 'numbers are never given again'); END;
CREATE TRIGGER number_fixed BEFORE UPDATE ON number BEGIN SELECT RAISE(ABORT, 'numbers are never given again'); END;
CREATE TRIGGER service_fixed BEFORE UPDATE OF opens ON service WHEN OLD.opens <> NEW.opens
        BEGIN SELECT RAISE(ABORT, 'what a service opens is fixed once it exists'); END;
CREATE TRIGGER role_kind_fixed BEFORE UPDATE OF kind ON role WHEN OLD.kind <> NEW.kind
        BEGIN SELECT RAISE(ABORT, 'the kind of a role is fixed once it exists'); END;
CREATE TRIGGER role_service_k8 BEFORE INSERT ON role_service
        WHEN (SELECT kind FROM role WHERE id = NEW.role) <> 'staff' AND (SELECT opens FROM service WHERE id = NEW.service) = 'record'
        BEGIN SELECT RAISE(ABORT, 'a client, relative or external never reaches a record service'); END;
CREATE TRIGGER role_service_fixed BEFORE UPDATE ON role_service BEGIN SELECT RAISE(ABORT, 'add or remove, never change'); END;
CREATE UNIQUE INDEX identity_once ON identity (issuer, hmac_key, hmac) WHERE ended IS NULL;
CREATE INDEX identity_person ON identity (person);
CREATE INDEX account_person ON account (person);
CREATE TRIGGER account_fixed BEFORE UPDATE OF person, name, kind, source, uid ON account
        WHEN OLD.person <> NEW.person OR OLD.name <> NEW.name OR OLD.kind <> NEW.kind OR OLD.source <> NEW.source OR OLD.uid IS NOT NEW.uid
        BEGIN SELECT RAISE(ABORT, 'an account keeps its person, name, kind and uid for good'); END;
CREATE INDEX assignment_account ON assignment (account);
CREATE TRIGGER assignment_kinds BEFORE INSERT ON assignment
        WHEN (SELECT kind FROM account WHERE id = NEW.account) NOT IN ('staff', 'external')
          OR (SELECT kind FROM account WHERE id = NEW.account) <> (SELECT kind FROM role WHERE id = NEW.role)
        BEGIN SELECT RAISE(ABORT, 'the kind of the role is not the kind of the account'); END;
CREATE TRIGGER assignment_fixed BEFORE UPDATE OF account, role, unit ON assignment
        BEGIN SELECT RAISE(ABORT, 'an assignment is ended, not turned into another'); END;
CREATE INDEX login_account ON login (account, at);
CREATE INDEX session_open ON session (account) WHERE closed IS NULL;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is pruned under a checkpoint only'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE INDEX evidence_end ON evidence (kept_until);
CREATE TRIGGER evidence_fixed BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is kept or deleted, never changed'); END;
COMMIT;
PRAGMA user_version = 2;
