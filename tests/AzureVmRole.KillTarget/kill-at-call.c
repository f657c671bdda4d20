/*
 * Preloaded into the process of a kill test: counts the calls that change files in KILL_FOLDER and kills the process
 * instead of, or (KILL_TORN) in the middle of, call number KILL_AT. At the end it writes the count to KILL_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *folder;
static long kill_at;
static int is_torn;
static long calls;

#define SECTOR 512 /* Nothing tears inside one. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("KILL_AT");
    folder = getenv("KILL_FOLDER");
    kill_at = at ? atol(at) : 0;
    is_torn = getenv("KILL_TORN") != NULL;
}

__attribute__((destructor)) static void finish(void)
{
    const char *path = getenv("KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

static int is_inside(const char *path)
{
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_open_inside(int descriptor)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return is_inside(path);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* Whether the process has to die at this call; calls that cannot be torn die before. */
static int is_due(int counts)
{
    return counts && __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) == kill_at;
}

static void count(int counts)
{
    if (is_due(counts))
        die();
}

#define POSITIONAL_WRITE(name, offset_type)                                                     \
    ssize_t name(int descriptor, const void *data, size_t length, offset_type offset)          \
    {                                                                                           \
        if (is_due(is_open_inside(descriptor))) {                                               \
            long first = (offset + (long)length / 2) / SECTOR * SECTOR - offset;                \
            if (is_torn && first > 0)                                                           \
                NEXT(name)(descriptor, data, first, offset);                                    \
            die();                                                                              \
        }                                                                                       \
        return NEXT(name)(descriptor, data, length, offset);                                    \
    }

#define VECTOR_WRITE(name, offset_type)                                                         \
    ssize_t name(int descriptor, const struct iovec *vector, int parts, offset_type offset)     \
    {                                                                                           \
        count(is_open_inside(descriptor));                                                      \
        return NEXT(name)(descriptor, vector, parts, offset);                                   \
    }

#define TRUNCATE(name, offset_type)                                                             \
    int name(int descriptor, offset_type length)                                                \
    {                                                                                           \
        count(is_open_inside(descriptor));                                                      \
        return NEXT(name)(descriptor, length);                                                  \
    }

#define OPEN(name)                                                                              \
    int name(const char *path, int flags, ...)                                                  \
    {                                                                                           \
        va_list rest;                                                                           \
        va_start(rest, flags);                                                                  \
        mode_t mode = va_arg(rest, mode_t);                                                     \
        va_end(rest);                                                                           \
        count((flags & (O_CREAT | O_TRUNC)) && is_inside(path));                                \
        return NEXT(name)(path, flags, mode);                                                   \
    }

POSITIONAL_WRITE(pwrite, off_t)
POSITIONAL_WRITE(pwrite64, off64_t)
VECTOR_WRITE(pwritev, off_t)
VECTOR_WRITE(pwritev64, off64_t)
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)
OPEN(open)
OPEN(open64)

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length, unsigned int flags)
{
    count(is_open_inside(to));
    return NEXT(copy_file_range)(from, from_offset, to, to_offset, length, flags);
}

int ioctl(int descriptor, unsigned long request, ...)
{
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    count(is_open_inside(descriptor));
    return NEXT(ioctl)(descriptor, request, argument);
}

int rename(const char *from, const char *to)
{
    count(is_inside(to));
    return NEXT(rename)(from, to);
}

int link(const char *from, const char *to)
{
    count(is_inside(to));
    return NEXT(link)(from, to);
}

int unlink(const char *path)
{
    count(is_inside(path));
    return NEXT(unlink)(path);
}

int fsync(int descriptor)
{
    count(is_open_inside(descriptor));
    return NEXT(fsync)(descriptor);
}

int fchmod(int descriptor, mode_t mode)
{
    count(is_open_inside(descriptor));
    return NEXT(fchmod)(descriptor, mode);
}

int futimens(int descriptor, const struct timespec times[2])
{
    count(is_open_inside(descriptor));
    return NEXT(futimens)(descriptor, times);
}
