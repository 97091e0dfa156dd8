// SPDX-License-Identifier: Apache-2.0
// For tests, preloaded into the real server: sees each call by which a file below HULAN_FAULT_ROOT
// changes and counts it, over all threads. At a chosen call the process is killed or the call fails; a log
// of the calls with their data and times lets a test make the disk as a power cut would have left it.
//
//   HULAN_FAULT_ROOT     the folder
//   HULAN_FAULT_LOG      where to log (optional)
//   HULAN_FAULT_KILL     number of the call at which the process is killed, before it is made
//   HULAN_FAULT_FAIL     number of the call that fails with HULAN_FAULT_ERRNO, made or not
//   HULAN_FAULT_EVER     1: and so do all after it that need room or a working disk
//   HULAN_FAULT_SLOW_US  each write and sync takes so much longer
//   HULAN_FAULT_ALLOCATION  number of the allocation that fails
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { kCreate = 1, kTruncate, kWrite, kSync, kRename, kUnlink, kMkdir, kSyncDirectory, kAllocate };
enum { kMostDescriptors = 65536 };

struct entry {  // before path and data
  uint64_t number, time_ns, inode, offset;
  uint32_t path_length, data_length;
  uint8_t kind, durable, failed, reserved[5];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ready, log_fd = -1;
static char root[4096];
static size_t root_length;
static uint64_t count, kill_at, fail_at, allocations, fail_allocation;
static int ever, fail_errno = EIO;
static long slow_us;
// By descriptor: 1 a file below the root, 2 its writes are durable, 4 a directory, 8 mapped.
static uint8_t kind_of[kMostDescriptors];

static uint64_t number_of(const char *name) {
  const char *text = getenv(name);
  return text ? strtoull(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("HULAN_FAULT_ROOT");
  if (folder) snprintf(root, sizeof root, "%s", folder);
  root_length = strlen(root);
  kill_at = number_of("HULAN_FAULT_KILL");
  fail_at = number_of("HULAN_FAULT_FAIL");
  if (number_of("HULAN_FAULT_ERRNO")) fail_errno = (int)number_of("HULAN_FAULT_ERRNO");
  ever = (int)number_of("HULAN_FAULT_EVER");
  slow_us = (long)number_of("HULAN_FAULT_SLOW_US");
  fail_allocation = number_of("HULAN_FAULT_ALLOCATION");
  const char *log = getenv("HULAN_FAULT_LOG");
  if (log) {
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    log_fd = fcntl(fd, F_DUPFD_CLOEXEC, 60000 < kMostDescriptors ? 900 : 0);
    syscall(SYS_close, fd);
  }
  ready = root_length > 0;
}

static int ours(const char *path) { return ready && path && strncmp(path, root, root_length) == 0; }
static int kind(int fd) { return ready && fd >= 0 && fd < kMostDescriptors ? kind_of[fd] : 0; }

static uint64_t inode_of(int fd) {
  struct stat info;
  return syscall(SYS_fstat, fd, &info) == 0 ? info.st_ino : 0;
}

static void put(const void *data, size_t length) {
  const char *from = data;
  while (length > 0) {
    const long done = syscall(SYS_write, log_fd, from, length);
    if (done <= 0) return;
    from += done;
    length -= (size_t)done;
  }
}

static void log_call(int call, uint64_t inode, uint64_t offset, const char *path, const void *data, size_t length,
                     int durable, int failed) {
  if (log_fd < 0) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct entry head = {count, (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec, inode, offset,
                       path ? (uint32_t)strlen(path) : 0, (uint32_t)length, (uint8_t)call, (uint8_t)durable,
                       (uint8_t)failed, {0}};
  put(&head, sizeof head);
  if (path) put(path, head.path_length);
  put(data, length);
}

// Counts a call; the lock is held until leave(), so that the log's order is the disk's. Nonzero: the call fails.
static int enter(int needs_disk) {
  pthread_mutex_lock(&lock);
  ++count;
  if (kill_at && count == kill_at) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
  }
  if (fail_at && (count == fail_at || (ever && needs_disk && count > fail_at))) return fail_errno;
  return 0;
}
static void leave(void) { pthread_mutex_unlock(&lock); }
static void slow(void) {
  if (slow_us) {
    struct timespec pause_for = {slow_us / 1000000, slow_us % 1000000 * 1000};
    nanosleep(&pause_for, NULL);
  }
}

static long done(long result, int call, uint64_t inode, uint64_t offset, const char *path, const void *data,
                 size_t length, int durable) {
  const int code = errno;
  log_call(call, inode, offset, path, data, length, durable, result < 0);
  leave();
  errno = code;
  return result;
}

static long refuse(int code) {
  leave();
  errno = code;
  return -1;
}

static int open_any(const char *path, int flags, mode_t mode) {
  if (!ours(path)) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  const int makes = (flags & O_CREAT) != 0 && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
  const int empties = !makes && (flags & O_TRUNC) != 0;
  const int counts = makes || empties;
  if (counts) {
    const int code = enter(makes);
    if (code) return (int)refuse(code);
  }
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (fd >= 0 && fd < kMostDescriptors) {
    kind_of[fd] = (uint8_t)(1 | ((flags & O_DSYNC) ? 2 : 0) | ((flags & O_DIRECTORY) ? 4 : 0));
  }
  if (!counts) return fd;
  return (int)done(fd, makes ? kCreate : kTruncate, fd < 0 ? 0 : inode_of(fd), 0, path, NULL, 0, 0);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return open_any(path, flags, mode);
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd) {
  if (fd >= 0 && fd < kMostDescriptors) kind_of[fd] = 0;
  return (int)syscall(SYS_close, fd);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  const int what = kind(fd);
  if (!(what & 1)) return syscall(SYS_pwrite64, fd, data, length, offset);
  const int code = enter(1);
  if (code) return refuse(code);
  slow();
  const long put_bytes = syscall(SYS_pwrite64, fd, data, length, offset);
  return done(put_bytes, kWrite, inode_of(fd), (uint64_t)offset, NULL, data, put_bytes < 0 ? 0 : (size_t)put_bytes,
              (what & 2) != 0);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) __attribute__((alias("pwrite")));

ssize_t write(int fd, const void *data, size_t length) {
  const int what = kind(fd);
  if (!(what & 1)) return syscall(SYS_write, fd, data, length);
  const int code = enter(1);
  if (code) return refuse(code);
  slow();
  const uint64_t offset = (uint64_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
  const long put_bytes = syscall(SYS_write, fd, data, length);
  return done(put_bytes, kWrite, inode_of(fd), offset, NULL, data, put_bytes < 0 ? 0 : (size_t)put_bytes,
              (what & 2) != 0);
}

// What a mapping holds is known when it is synced; before, anything may be on the disk.
static void log_mapped(int fd) {
  struct stat info;
  if (log_fd < 0 || syscall(SYS_fstat, fd, &info) != 0 || info.st_size == 0) return;
  void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) return;
  log_call(kWrite, info.st_ino, 0, NULL, data, (size_t)info.st_size, 0, 0);
  munmap(data, (size_t)info.st_size);
}

static int sync_any(int fd, long number) {
  const int what = kind(fd);
  if (!(what & 1)) return (int)syscall(number, fd);
  const int code = enter(1);
  if (code) return (int)refuse(code);
  slow();
  if (what & 8) log_mapped(fd);
  const long result = syscall(number, fd);
  return (int)done(result, (what & 4) ? kSyncDirectory : kSync, inode_of(fd), 0, NULL, NULL, 0, 0);
}
int fsync(int fd) { return sync_any(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_any(fd, SYS_fdatasync); }

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  if ((kind(fd) & 1) && (flags & MAP_SHARED) && (protection & PROT_WRITE)) kind_of[fd] |= 8;
  return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset)
    __attribute__((alias("mmap")));

int ftruncate(int fd, off_t length) {
  if (!(kind(fd) & 1)) return (int)syscall(SYS_ftruncate, fd, length);
  const int code = enter(0);
  if (code) return (int)refuse(code);
  return (int)done(syscall(SYS_ftruncate, fd, length), kTruncate, inode_of(fd), (uint64_t)length, NULL, NULL, 0, 0);
}
int ftruncate64(int fd, off_t length) __attribute__((alias("ftruncate")));

int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (!(kind(fd) & 1)) return (int)syscall(SYS_fallocate, fd, mode, offset, length);
  const int code = enter(1);
  if (code) return (int)refuse(code);
  return (int)done(syscall(SYS_fallocate, fd, mode, offset, length), kAllocate, inode_of(fd),
                   (uint64_t)(offset + length), NULL, NULL, 0, 0);
}
int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) == 0 ? 0 : errno; }

int rename(const char *from, const char *to) {
  if (!ours(from)) return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  const int code = enter(0);
  if (code) return (int)refuse(code);
  return (int)done(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to), kRename, 0, 0, from, to, strlen(to), 0);
}

int unlink(const char *path) {
  if (!ours(path)) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  const int code = enter(0);
  if (code) return (int)refuse(code);
  return (int)done(syscall(SYS_unlinkat, AT_FDCWD, path, 0), kUnlink, 0, 0, path, NULL, 0, 0);
}

int mkdir(const char *path, mode_t mode) {
  if (!ours(path)) return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  const int code = enter(1);
  if (code) return (int)refuse(code);
  return (int)done(syscall(SYS_mkdirat, AT_FDCWD, path, mode), kMkdir, 0, 0, path, NULL, 0, 0);
}

extern void *__libc_malloc(size_t);
void *malloc(size_t bytes) {
  if (fail_allocation && __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED) == fail_allocation) {
    errno = ENOMEM;
    return NULL;
  }
  return __libc_malloc(bytes);
}
