-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- 1.sql - a care directory as the programs of edition 1 left it: every table has rows, also such as later editions forbid

PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
        one             INTEGER PRIMARY KEY CHECK (one = 1),
        host_id         TEXT NOT NULL CHECK (length(host_id) = 36),
        changes         INTEGER NOT NULL DEFAULT 0      -- counts the acts that change what a snapshot says
) STRICT;
INSERT INTO meta VALUES(1,'65553d1f-6365-433f-92d8-d074c708980c',32);
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
INSERT INTO identity VALUES(1,1,'se',NULL,1,X'874da80c1d886bf481dbd53cc83670a36bdf386f473f28e68eb95a98ea1ab3de',1,X'90a62a3b9d5bccbeb508ee8e66322b3155d9f44f116d9c9f6f8b924c6d526349172c2e6e9835033f',1795258800,NULL);
INSERT INTO identity VALUES(2,3,'se',NULL,1,X'4d34ac3ca56db819b1a4d278331ef6fe790fe4be0a9430cf4d9a99113d7f0dfc',1,X'0e936dea1b894ba23ecec670dd26317986a88e1591096f901fe07f29c7db720e1d00d6e6d745ff9a',1795258800,NULL);
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
INSERT INTO audit VALUES(1,1795333970,'65553d1f-6365-433f-92d8-d074c708980c','careid','directory.create','directory','{}',X'dc6404a64ac9cd6a71376eb811b84fcda5eb01b2ece1082082ee6aa8635f8411');
INSERT INTO audit VALUES(2,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','organisation.add','organisation:1','{"country":"SE","name":"oakclinic","time_zone":"Europe/Stockholm"}',X'2529e968796cf15df0870dcda79d9a61b9f36f379c5b2dc834615951813fa15f');
INSERT INTO audit VALUES(3,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','unit.add','unit:1','{"name":"oak","organisation":"oakclinic"}',X'3f3a05ac229d2d3920fd6e29d11195e611a514054238699d8522d2ed6a748232');
INSERT INTO audit VALUES(4,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','unit.add','unit:2','{"name":"elm","organisation":"oakclinic"}',X'e18e4d0f3692cce2500c6185de6b319d551f527d765e286adcdb9527fe5d9340');
INSERT INTO audit VALUES(5,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','service.add','service:1','{"name":"journal","number":0,"opens":"record"}',X'8f97da91acf8d9e1d4688a5eca32e6c92c7b3dc9d3d22aa61343347615b36f1e');
INSERT INTO audit VALUES(6,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','service.add','service:2','{"name":"video","number":262,"opens":"other"}',X'dc67042fb79b579fc20893c13876977b293012750005adf53af0b8ed463ade37');
INSERT INTO audit VALUES(7,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.add','role:1','{"daily_planning":true,"kind":"staff","name":"nurse"}',X'4d83486bf06663c07b72f6c6db2e1ddc2c9af97a64d14fb50336a188bc2aee72');
INSERT INTO audit VALUES(8,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.add','role:2','{"daily_planning":false,"kind":"staff","name":"doctor"}',X'e5d0a3947daab9af4fbcbd0de8e29602e3c50608da3dd35d251e5cd5a22f9db4');
INSERT INTO audit VALUES(9,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.add','role:3','{"daily_planning":false,"kind":"relative","name":"relative"}',X'7569117c6885e681a3b59ffba87be6c44f2d484bc943c4497d3601732ac1fbc3');
INSERT INTO audit VALUES(10,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.add','role:4','{"daily_planning":false,"kind":"external","name":"secretary"}',X'2c300c33d62f5b05c13b3e8bff399510ac0234394666877aac3609e3a8d89efa');
INSERT INTO audit VALUES(11,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.service.add','role:1','{"role":"nurse","service":"journal"}',X'13e00c0226418ad151360d23bd9d446a7da7e0803674c721a04653967ea9602b');
INSERT INTO audit VALUES(12,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.service.add','role:4','{"role":"secretary","service":"video"}',X'8e5796ce00008ded9d18b984da9771ea257926dffd1cb65e2d82568d16437dcf');
INSERT INTO audit VALUES(13,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','person.add','person:1','{"protected":false}',X'64b0c283fc60ac6071d8ca76779107efda0cf50216fede48883b83540ec1a4bd');
INSERT INTO audit VALUES(14,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','person.add','person:2','{"protected":true}',X'6f01920e0c84d1db2355d4392bdc4205b19591357753ca64a8de6b589b6985c2');
INSERT INTO audit VALUES(15,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','identity.add','person:1','{"issuer":"se"}',X'1519adf7d43c8c4762166bff547fe7eb12c081fb8ce194b1615fc340ade1e99f');
INSERT INTO audit VALUES(16,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','account.add','account:1','{"kind":"staff","organisation":"oakclinic","person":1,"source":"careid","uid":2001000009}',X'a0af2e16b81bfb2b2c5f2cb912ef170f4cf342691c9804d94c49373d847c0508');
INSERT INTO audit VALUES(17,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','account.add','account:2','{"kind":"staff","organisation":"oakclinic","person":2,"source":"careid","uid":2001000010}',X'2357795d6121c4a689073391491dc3bb9a3f9736e610b50d76c2dc2fea736994');
INSERT INTO audit VALUES(18,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','assignment.add','assignment:1','{"account":1,"from":null,"role":"nurse","unit":"oak","until":"2026-12-31"}',X'9c3b3f264ff67e1fa3b039dc3320f6a62aaaf9fdb054780b86aee389b486c939');
INSERT INTO audit VALUES(19,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','organisation.add','organisation:2','{"country":"DK","name":"birch","time_zone":"Europe/Copenhagen"}',X'b900394b8dd9e4923a66a9ca9d3cf311b83d7ff4b2d4a2091b5aa5b8cbebb73b');
INSERT INTO audit VALUES(20,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','unit.add','unit:3','{"name":"north","organisation":"birch"}',X'168c43a6a5df5fbaed6b30237e07ac7acf07167b306de46ea84a8dcd48ca96ab');
INSERT INTO audit VALUES(21,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','service.add','service:3','{"name":"read","number":0,"opens":"record-view"}',X'127d2fa7a2e619086d1de5a59d3efef130f5a71448be8a06f1a36a86f1cf28e4');
INSERT INTO audit VALUES(22,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','service.add','service:4','{"name":"chat","number":0,"opens":"other"}',X'1298ed174a12cbe494a1a13371f976cc404ab0f352d417f6838e1de9ff7f8797');
INSERT INTO audit VALUES(23,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.add','role:5','{"daily_planning":false,"kind":"client","name":"client"}',X'33d30dc3bd4c637ebf2ab2960368734ca767cf3abbba91e7450dd63ec23221fa');
INSERT INTO audit VALUES(24,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.service.add','role:3','{"role":"relative","service":"video"}',X'b19af3ee99ebf9b456f2afa760475b698d508843c56a33022c0ac04f78797c1e');
INSERT INTO audit VALUES(25,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.service.add','role:3','{"role":"relative","service":"read"}',X'41bf2f116f69bdeb48d597c521243c84ff8ae390f02002066a2d52c9e6ece43b');
INSERT INTO audit VALUES(26,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.service.add','role:5','{"role":"client","service":"chat"}',X'63cf1e23c3035f531202abcfc9b22a7590060e1ee5a9c4362d5101b6ce315f3f');
INSERT INTO audit VALUES(27,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','role.service.add','role:4','{"role":"secretary","service":"chat"}',X'9b9b2615493a7b59ca824c3ac30114616698dd55ccc49025e2e986b04edca047');
INSERT INTO audit VALUES(28,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','person.add','person:3','{"protected":false}',X'd0346d83db2cfc98f78eb89623e75dbfbf36d5799517dd007f17c1309816c8c7');
INSERT INTO audit VALUES(29,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','identity.add','person:3','{"issuer":"se"}',X'5b8d7f1973601e32730ef0272709719e837f70bb6185e13dff32e5be16b5097c');
INSERT INTO audit VALUES(30,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','account.add','account:3','{"kind":"client","organisation":"oakclinic","person":3,"source":"careid","uid":2001000017}',X'bb4aecf8d304f4a93a5fa6a9bb7045368b60e68b956839a6aa507e68a0c1a794');
INSERT INTO audit VALUES(31,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','account.add','account:4','{"kind":"relative","organisation":"oakclinic","person":3,"source":"careid","uid":2001000018}',X'd6a4dcec1eca052bc776f1ff022605312d54985d4169e5a8ce1f74103cfae114');
INSERT INTO audit VALUES(32,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','account.add','account:5','{"kind":"external","organisation":"birch","person":3,"source":"careid","uid":2001000019}',X'3e666dbf7a90e607adbd5d65f3062dec05bd04b463215380b634f9bf6d12508b');
INSERT INTO audit VALUES(33,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','account.add','account:6','{"kind":"staff","organisation":"birch","person":3,"source":"host","uid":0}',X'b0429fdbc8a0fa440338849b437268f0e8b2cb676f55f4120749c69e78ebe9f9');
INSERT INTO audit VALUES(34,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','assignment.add','assignment:2','{"account":5,"from":"2026-12-01","role":"secretary","unit":"north","until":"2027-01-31"}',X'28416776878ec2634d0895aeaa923163318303eb2d940c714cc5932eb5a85b0b');
INSERT INTO audit VALUES(35,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','assignment.add','assignment:3','{"account":2,"from":null,"role":"doctor","unit":"elm","until":null}',X'ce1e9d09f3912a4bf3039e4d7240c100ebe932b97905bb20977bd609fcb4bb80');
INSERT INTO audit VALUES(36,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','assignment.end','assignment:3','{}',X'986c9e2955792ff103608542f82b06a38bb7f50bfd13a2a22fd7d74594dda1c3');
INSERT INTO audit VALUES(37,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','archive','unit:2','{}',X'ba5c4ada411f8eb8ae624cf7369b3c4006267d116fbe3fd36778587d93502b70');
INSERT INTO audit VALUES(38,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','uid:0','archive','account:6','{}',X'ac4bb888f3c650feea4690e34b9123d7c74f01d654a59ad255ef0b468a2ee1c8');
INSERT INTO audit VALUES(39,1795258800,'65553d1f-6365-433f-92d8-d074c708980c','helper','login.approved','account:1','{"assurance":"se-loa3","authenticator":"mobile","host":"ward1","login":1,"method":"bankid","service":"sshd","source":"192.0.2.7","target":null}',X'27d0b9832d02f1ac7bd45f82ee714c9f9fde39efa7960695dc0029fcf45ccfee');
INSERT INTO audit VALUES(40,1795258805,'65553d1f-6365-433f-92d8-d074c708980c','helper','session.open','account:1','{"host":"ward1","login":1,"service":"sshd","session":1,"source":"192.0.2.7","tty":"pts/0"}',X'28f03665e73120aec0f10e8f86b3f1b207f14c908a627ea245dea808e73daeea');
INSERT INTO audit VALUES(41,1795258809,'65553d1f-6365-433f-92d8-d074c708980c','helper','login.refused','account:2','{"host":"ward1","method":"bankid","reason":"archived","service":"login","source":null,"target":null}',X'cecf874e77fad0bfb03131b9bc71b6c6f91578511d245e591309d6be4536158b');
INSERT INTO audit VALUES(42,1795258820,'65553d1f-6365-433f-92d8-d074c708980c','helper','login.approved','account:3','{"assurance":"se-loa3","authenticator":"mobile","host":"ward1","login":2,"method":"bankid","service":"login","source":null,"target":null}',X'1a4df2e6910acae662b345e6c89c826ab6f00f5a71d27de48b93369d4d22ed8a');
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
COMMIT;
PRAGMA user_version = 1;
