/* daemon/inbox_job: see inbox_job.h. */
#include "daemon/inbox_job.h"

#include "base/log.h"
#include "base/vec.h"
#include "daemon/inbox_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const POLICIES[] = {
#define X(code, name) [code] = name,
    INBOX_POLICY_LIST(X)
#undef X
};

const char *inbox_policy_name(enum inbox_policy policy)
{
    return POLICIES[policy];
}

bool inbox_policy_from_name(const char *name, enum inbox_policy *ret_policy)
{
    for (size_t i = 0; i < sizeof POLICIES / sizeof *POLICIES; i++) {
        if (strcmp(POLICIES[i], name) == 0) {
            *ret_policy = (enum inbox_policy)i;
            return true;
        }
    }
    return false;
}

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void folders_close(struct inbox_job *job)
{
    int *const folders[] = {&job->root, &job->done, &job->failed};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (*folders[i] >= 0) {
            (void)close(*folders[i]);
        }
        *folders[i] = -1;
    }
}

/* A folder within the folder, never through a link. */
static int subfolder_open(int root, const char *name)
{
    if (mkdirat(root, name, 0770) != 0 && errno != EEXIST) {
        return -1;
    }
    return openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static enum error_code folders_open(struct inbox_job *job, struct error *err)
{
    job->root = open(job->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (job->root < 0) {
        enum error_code code = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
        return error_set(err, code, "收件夹 %s：%s (inbox)", job->path, strerror(errno));
    }
    job->done = subfolder_open(job->root, "done");
    job->failed = job->done < 0 ? -1 : subfolder_open(job->root, "failed");
    if (job->failed < 0) {
        enum error_code code = error_set(err, ERR_IO, "收件夹 %s/%s：%s (inbox)", job->path,
                                         job->done < 0 ? "done" : "failed", strerror(errno));
        folders_close(job);
        return code;
    }
    return ERR_NONE;
}

enum error_code inbox_job_open(struct inbox_job *job, struct error *err)
{
    job->root = -1;
    job->done = -1;
    job->failed = -1;
    atomic_init(&job->is_stopping, false);
    return folders_open(job, err);
}

void inbox_job_close(struct inbox_job *job)
{
    if (job->path != NULL) {
        folders_close(job);
    }
    free(job->files);
    job->files = NULL;
    job->count = 0;
}

void inbox_job_stop(struct inbox_job *job)
{
    atomic_store(&job->is_stopping, true);
}

/* Is the folder at the path still the one that is open? Another one in its place is opened. */
static bool folder_ready(struct inbox_job *job)
{
    struct stat open_one;
    struct stat there;
    struct error err = {.text = ""};
    bool is_same = job->root >= 0 && fstat(job->root, &open_one) == 0 && stat(job->path, &there) == 0 &&
                   open_one.st_dev == there.st_dev && open_one.st_ino == there.st_ino;
    if (!is_same) {
        folders_close(job);
        job->count = 0;
        is_same = folders_open(job, &err) == ERR_NONE;
    }
    if (!is_same && !job->is_gone) {
        log_line(LOG_LEVEL_ERROR, "%s; looking again now and then", err.text);
    } else if (is_same && job->is_gone) {
        log_line(LOG_LEVEL_INFO, "inbox %s is there again", job->path);
    }
    job->is_gone = !is_same;
    return is_same;
}

static struct inbox_file *file_known(struct inbox_job *job, const char *name)
{
    for (size_t i = 0; i < job->count; i++) {
        if (strcmp(job->files[i].name, name) == 0) {
            return &job->files[i];
        }
    }
    return NULL;
}

static void file_see(struct inbox_job *job, const char *name, const struct stat *about, uint64_t at_ms)
{
    struct inbox_file *file = file_known(job, name);
    int64_t changed_ns = (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec;
    if (file == NULL) {
        struct inbox_file *files =
            vec_reserve(job->files, &job->capacity, job->count + 1, sizeof *files, LIMIT_INBOX_FILES);
        if (files == NULL) {
            return; /* its turn comes when others are gone */
        }
        job->files = files;
        file = &files[job->count++];
        *file = (struct inbox_file){.since_ms = at_ms, .size = -1};
        memcpy(file->name, name, strlen(name) + 1);
    }
    bool is_same = file->device == about->st_dev && file->inode == about->st_ino &&
                   file->mode == about->st_mode && file->size == about->st_size &&
                   file->changed_ns == changed_ns;
    if (!is_same) {
        file->device = about->st_dev;
        file->inode = about->st_ino;
        file->mode = about->st_mode;
        file->size = about->st_size;
        file->changed_ns = changed_ns;
        file->since_ms = at_ms;
        file->tries = 0;
        file->not_before_ms = 0;
        file->is_done = false;
    }
    file->is_there = true;
}

/* False: the folder cannot be read. */
static bool folder_scan(struct inbox_job *job, uint64_t at_ms)
{
    int fd = openat(job->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        log_line(LOG_LEVEL_ERROR, "inbox %s: %s", job->path, strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    for (size_t i = 0; i < job->count; i++) {
        job->files[i].is_there = false;
    }
    const struct dirent *entry;
    size_t seen = 0;
    while (seen <= LIMIT_INBOX_FILES && (entry = readdir(folder)) != NULL) {
        struct stat about;
        if (inbox_name_ignored(entry->d_name) ||
            fstatat(job->root, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        seen++;
        file_see(job, entry->d_name, &about, at_ms);
    }
    (void)closedir(folder);
    bool is_full = seen > LIMIT_INBOX_FILES;
    if (is_full && !job->is_full) {
        log_line(LOG_LEVEL_WARN, "inbox %s: more than %zu files; the rest waits", job->path,
                 LIMIT_INBOX_FILES);
    }
    job->is_full = is_full;
    size_t kept = 0;
    for (size_t i = 0; i < job->count; i++) {
        if (job->files[i].is_there) {
            job->files[kept++] = job->files[i];
        }
    }
    job->count = kept;
    return true;
}

static uint64_t ready_ms(const struct inbox_job *job, const struct inbox_file *file)
{
    uint64_t settled = file->since_ms + (job->settle_ms != 0 ? job->settle_ms : INBOX_SETTLE_MS);
    return settled > file->not_before_ms ? settled : file->not_before_ms;
}

/* The one that has been ready the longest; by name when several came at once. NULL: none is ready;
 * *ret_wait_ms then says when one will be. */
static struct inbox_file *file_next(struct inbox_job *job, uint64_t at_ms, uint64_t *ret_wait_ms)
{
    struct inbox_file *next = NULL;
    for (size_t i = 0; i < job->count; i++) {
        struct inbox_file *file = &job->files[i];
        if (file->is_done) {
            continue;
        }
        bool is_earlier = next == NULL || ready_ms(job, file) < ready_ms(job, next) ||
                          (ready_ms(job, file) == ready_ms(job, next) && strcmp(file->name, next->name) < 0);
        next = is_earlier ? file : next;
    }
    if (next != NULL && ready_ms(job, next) > at_ms) {
        uint64_t wait = ready_ms(job, next) - at_ms;
        *ret_wait_ms = wait < *ret_wait_ms ? wait : *ret_wait_ms;
        return NULL;
    }
    return next;
}

static void file_deal(struct inbox_job *job, struct inbox_file *file)
{
    switch (inbox_file_take(job, file)) {
    case INBOX_MOVED:
        break;
    case INBOX_VANISHED:
        file->since_ms = now_ms(); /* were it there again, it would have to settle anew */
        break;
    case INBOX_LATER:
        file->not_before_ms = now_ms() + ((uint64_t)INBOX_RETRY_MS << (file->tries < 6 ? file->tries : 6));
        file->tries++;
        break;
    case INBOX_STUCK:
        file->is_done = true;
        break;
    }
}

void inbox_job_run(struct inbox_job *job)
{
    uint64_t at_ms = now_ms();
    job->wait_ms = INBOX_POLL_MS;
    if (!folder_ready(job) || !folder_scan(job, at_ms) || atomic_load(&job->is_stopping)) {
        return;
    }
    struct inbox_file *next = file_next(job, at_ms, &job->wait_ms);
    if (next != NULL) {
        file_deal(job, next);
        job->wait_ms = 0; /* there may be more */
    }
}
