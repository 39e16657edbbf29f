-- Step 4: addresses of secret feeds, and who fetched which revision. Neither is published data: they are written beside
-- the gate, have no revision and no audit (a token's row says when it was made and when it was revoked).

-- Only a digest of the token is kept: who reads the file cannot subscribe.
CREATE TABLE feed_token (
    token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
    scope TEXT NOT NULL, target TEXT NOT NULL, -- 'instructor' and its id; no reference: a token may outlive its target
    created_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT 0,     -- 0: in force
    label TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_token_target ON feed_token(scope, target);

-- One row a subscription: a public feed with the client's family and 16 bits of a digest of its address (65,536 IPv4
-- addresses share each value: enough to count, not to find anybody), or a token with the family alone.
CREATE TABLE receipt (
    scope TEXT NOT NULL, target TEXT NOT NULL,
    token TEXT NOT NULL DEFAULT '',            -- the first 16 digits of token_hash
    family TEXT NOT NULL, client INTEGER NOT NULL DEFAULT 0 CHECK (client BETWEEN 0 AND 65535),
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    revision INTEGER NOT NULL, fetches INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (scope, target, token, family, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_age ON receipt(last_at);
