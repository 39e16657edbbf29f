/* daemon/rotation: see rotation.h. */
#include "daemon/rotation.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char HEAD[] = "/subscribe/secret/";
static const char TAIL[] = "/rotate";

bool rotation_path(const char *path)
{
    size_t length = strlen(path);
    size_t head = sizeof HEAD - 1;
    size_t tail = sizeof TAIL - 1;
    return length > head + tail && strncmp(path, HEAD, head) == 0 &&
           strcmp(path + length - tail, TAIL) == 0 && memchr(path + head, '/', length - head - tail) == NULL;
}

static struct rotation *rotation_place(struct rotation_desk *desk)
{
    for (size_t i = 0; i < LIMIT_ROTATIONS; i++) {
        if (desk->items[i].state == ROTATION_FREE) {
            return &desk->items[i];
        }
    }
    return NULL;
}

/* Suspends the request, or says why not. */
static enum error_code rotation_begin(struct rotation_desk *desk, const struct token_list *tokens,
                                      struct MHD_Connection *connection, const char *path, void **state,
                                      struct error *err)
{
    char word[ROUTE_ID_SIZE] = "";
    const struct feed_token *token = NULL;
    size_t length = strlen(path) - (sizeof HEAD - 1) - (sizeof TAIL - 1);
    memcpy(word, path + sizeof HEAD - 1, length < sizeof word ? length : sizeof word - 1);
    enum error_code code = route_token(tokens, word, &token, err);
    struct rotation *rotation = code == ERR_NONE && state != NULL ? rotation_place(desk) : NULL;
    if (code != ERR_NONE) {
        return code;
    }
    if (rotation == NULL) {
        return error_set(err, ERR_BUSY, "too many addresses are being changed");
    }
    const char *language = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "lang");
    *rotation = (struct rotation){.state = ROTATION_WAITING,
                                  .connection = connection,
                                  .english = language != NULL && strcmp(language, "en") == 0};
    memcpy(rotation->old_hash, token->hash, sizeof rotation->old_hash);
    secret_new(rotation->token);
    (void)secret_hash(rotation->token, rotation->new_hash);
    *state = rotation;
    MHD_suspend_connection(connection);
    return ERR_NONE;
}

/* 303 (RFC 9110 §15.4.4): the browser gets the page of the new address; going back repeats nothing. */
static enum MHD_Result rotation_tell(const struct rotation *rotation, struct MHD_Connection *connection)
{
    static char nothing[1];
    char location[sizeof HEAD + SECRET_SIZE + 16];
    struct MHD_Response *response = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    snprintf(location, sizeof location, "%s%s%s", HEAD, rotation->token, rotation->english ? "?lang=en" : "");
    MHD_add_response_header(response, "Location", location);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_SEE_OTHER, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result rotation_answer(struct rotation_desk *desk, const struct token_list *tokens,
                                struct MHD_Connection *connection, const char *path, void **state)
{
    struct error problem = {0};
    struct rotation *rotation = state != NULL ? *state : NULL;
    if (rotation == NULL) {
        enum error_code code = rotation_begin(desk, tokens, connection, path, state, &problem);
        return code == ERR_NONE ? MHD_YES : router_refuse(connection, path, true, &problem);
    }
    if (rotation->state != ROTATION_DONE) {
        return MHD_YES;
    }
    enum error_code code = rotation->code;
    enum MHD_Result result = MHD_NO;
    if (code == ERR_NONE) {
        result = rotation_tell(rotation, connection);
    } else {
        /* Somebody was quicker: the address is gone. Anything else: nothing was changed. */
        error_set(&problem, code == ERR_NOT_FOUND ? ERR_STALE : ERR_BUSY,
                  code == ERR_NOT_FOUND ? "此地址已停用 / this address was revoked" : "rotation: %s",
                  error_name(code));
        result = router_refuse(connection, path, true, &problem);
    }
    *state = NULL;
    rotation_forget(rotation);
    return result;
}

void rotation_forget(void *state)
{
    struct rotation *rotation = state;
    rotation->connection = NULL;
    if (rotation->state != ROTATION_TAKEN) {
        sodium_memzero(rotation, sizeof *rotation); /* ROTATION_FREE */
    }
}

void rotation_finish(struct rotation *rotation, enum error_code code)
{
    rotation->state = ROTATION_DONE;
    rotation->code = code;
    if (rotation->connection == NULL) {
        rotation_forget(rotation);
        return;
    }
    MHD_resume_connection(rotation->connection);
}

void rotation_abandon(struct rotation_desk *desk, bool taken_too)
{
    for (size_t i = 0; i < LIMIT_ROTATIONS; i++) {
        struct rotation *rotation = &desk->items[i];
        if (rotation->state == ROTATION_WAITING || (taken_too && rotation->state == ROTATION_TAKEN)) {
            rotation_finish(rotation, ERR_CANCELLED);
        }
    }
}
