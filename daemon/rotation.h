/* daemon/rotation: POST /subscribe/secret/TOKEN/rotate: the owner of a secret address changes it. The token
 * is the authority. The request waits, suspended, until a worker has written both changes; only then the
 * answer tells the new address. Loop thread only. */
#ifndef LITANG_DAEMON_ROTATION_H
#define LITANG_DAEMON_ROTATION_H

#include "daemon/http_server.h"
#include "daemon/router.h"

enum rotation_state {
    ROTATION_FREE,
    ROTATION_WAITING, /* for a worker */
    ROTATION_TAKEN,   /* by a worker */
    ROTATION_DONE     /* to be answered */
};

struct rotation {
    enum rotation_state state;
    struct MHD_Connection *connection; /* suspended; NULL when it is gone */
    bool english;
    char old_hash[TOKEN_HASH_SIZE], new_hash[TOKEN_HASH_SIZE];
    char token[SECRET_SIZE]; /* the new one */
    enum error_code code;
};

struct rotation_desk {
    struct rotation items[LIMIT_ROTATIONS];
};

/* Is this the path of a rotation, whatever its token? */
bool rotation_path(const char *path);
/* Answers a POST to such a path, or suspends it; called again once it is resumed. `state` is the connection's
 * (http_server_state), NULL when there is none. */
enum MHD_Result rotation_answer(struct rotation_desk *desk, const struct token_list *tokens,
                                struct MHD_Connection *connection, const char *path, void **state);
/* The connection of a rotation ended. */
void rotation_forget(void *state);
/* The end of one that a worker had; libmicrohttpd then asks rotation_answer again. */
void rotation_finish(struct rotation *rotation, enum error_code code);
/* Ends all that wait for a worker, for the server stops; at its end also those that a worker has. */
void rotation_abandon(struct rotation_desk *desk, bool taken_too);

#endif
