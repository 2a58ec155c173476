#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 18, TEMPORARY_SUFFIX_BYTES = 48, MOST_ATTEMPTS = 100 };

/* The file to remove when a signal ends the program: a handler can be told no other way. */
static _Atomic(const char *) unfinished_file;

static void remove_and_die(int number) {
    const char *path = atomic_load(&unfinished_file);
    if (path) unlink(path);
    signal(number, SIG_DFL);
    raise(number);
}

static void watch_signals(void) {
    static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        struct sigaction action;
        sigaction(fatal[i], NULL, &action);
        if (action.sa_handler == SIG_IGN) continue; /* as nohup wants it */
        action.sa_handler = remove_and_die;
        action.sa_flags = 0;
        sigfillset(&action.sa_mask);
        sigaction(fatal[i], &action, NULL);
    }
}

static int complain_errno(const struct output *output, const char *what) {
    return complain(output->name, "%s: %s", what, strerror(errno));
}

/* A hidden name in the target's directory, so that renaming stays within one file system. */
static char *temporary_name(const char *target, int attempt) {
    size_t size = strlen(target) + TEMPORARY_SUFFIX_BYTES;
    char *name = malloc(size);
    if (!name) return NULL;
    const char *slash = strrchr(target, '/');
    int directory = slash ? (int)(slash - target + 1) : 0;
    snprintf(name, size, "%.*s.%s.%ld-%d.tmp", directory, target, target + directory, (long)getpid(),
             attempt);
    return name;
}

static int open_temporary(struct output *output, const struct stat *old) {
    watch_signals();
    for (int attempt = 0; output->fd < 0 && attempt < MOST_ATTEMPTS; attempt++) {
        free(output->temporary);
        output->temporary = temporary_name(output->target, attempt);
        if (!output->temporary) return complain(output->name, "out of memory");
        output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (output->fd < 0 && errno != EEXIST) break;
    }
    if (output->fd < 0) {
        complain_errno(output, "can't create a file beside it");
        free(output->temporary);
        output->temporary = NULL;
        return EXIT_DATA;
    }
    atomic_store(&unfinished_file, output->temporary);
    if (old && fchmod(output->fd, old->st_mode & 07777) != 0)
        return complain_errno(output, "can't give the new file the mode of the old one");
    return 0;
}

/* Devices and pipes can't be replaced and are written in place. */
static int open_path(struct output *output, const char *path) {
    struct stat old;
    bool exists = stat(path, &old) == 0;
    if (!exists && errno != ENOENT) return complain_errno(output, "can't write");
    if (exists && S_ISDIR(old.st_mode)) return complain(output->name, "is a directory");
    if (exists && !S_ISREG(old.st_mode)) {
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output->fd >= 0 ? 0 : complain_errno(output, "can't write");
    }
    if (exists && access(path, W_OK) != 0) return complain_errno(output, "can't write");
    output->target = exists ? realpath(path, NULL) : strdup(path); /* a symbolic link stays one */
    if (!output->target) return complain_errno(output, "can't write");
    return open_temporary(output, exists ? &old : NULL);
}

int output_open(struct output *output, const char *path) {
    *output = (struct output){.name = output_name(path), .fd = -1};
    output->buffer = malloc(BUFFER_BYTES);
    if (!output->buffer) return complain(output->name, "out of memory");
    if (strcmp(path, "-") == 0) {
        output->fd = STDOUT_FILENO;
        return 0;
    }
    int status = open_path(output, path);
    if (status) output_close(output);
    return status;
}

int output_create(struct output *output, const char *path, bool force) {
    struct stat old;
    *output = (struct output){.name = output_name(path), .fd = -1};
    if (!force && strcmp(path, "-") != 0 && stat(path, &old) == 0 && S_ISREG(old.st_mode))
        return complain(path, "exists already; values may need it to be decoded (--force overwrites it)");
    return output_open(output, path);
}

static int write_through(struct output *output, const uint8_t *data, size_t size) {
    while (size > 0) {
        ssize_t written = write(output->fd, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return complain_errno(output, "can't write");
        data += written;
        size -= (size_t)written;
    }
    return 0;
}

static int flush(struct output *output) {
    size_t used = output->used;
    output->used = 0;
    return write_through(output, output->buffer, used);
}

int output_write(struct output *output, const void *data, size_t size) {
    if (size > BUFFER_BYTES - output->used) {
        int status = flush(output);
        if (status) return status;
    }
    if (size > BUFFER_BYTES) return write_through(output, data, size);
    if (size > 0) memcpy(output->buffer + output->used, data, size);
    output->used += size;
    return 0;
}

/* Without fsync a crash of the machine could leave an empty file under the final name. */
static int settle(struct output *output) {
    if (output->temporary && fsync(output->fd) != 0 && errno != EINVAL)
        return complain_errno(output, "can't write");
    int fd = output->fd;
    output->fd = -1;
    return close(fd) == 0 ? 0 : complain_errno(output, "can't write");
}

static int put_into_place(struct output *output) {
    if (rename(output->temporary, output->target) != 0)
        return complain_errno(output, "can't put the finished file into its place");
    atomic_store(&unfinished_file, NULL);
    free(output->temporary);
    output->temporary = NULL;
    return 0;
}

int output_commit(struct output *output) {
    int status = flush(output);
    if (status == 0) status = settle(output);
    if (status == 0 && output->temporary) status = put_into_place(output);
    return status;
}

void output_close(struct output *output) {
    if (output->fd >= 0 && output->fd != STDOUT_FILENO) close(output->fd);
    if (output->temporary) {
        unlink(output->temporary);
        atomic_store(&unfinished_file, NULL);
    }
    free(output->temporary);
    free(output->target);
    free(output->buffer);
    *output = (struct output){.fd = -1};
}

int finish_printing(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    return complain("standard output", "can't write: %s", strerror(errno));
}
