#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// More children than this are not ended at exit by us; they see the end of their input.
#define MOST_GROUPS 256
static _Atomic pid_t groups[MOST_GROUPS];
static atomic_flag registered = ATOMIC_FLAG_INIT;

static void remember(pid_t pid) {
  if (!atomic_flag_test_and_set(&registered)) atexit(cspawn_kill_all);
  for (int place = 0; place < MOST_GROUPS; place++) {
    pid_t none = 0;
    if (atomic_compare_exchange_strong(&groups[place], &none, pid)) return;
  }
}

void cspawn_forget(pid_t pid) {
  for (int place = 0; place < MOST_GROUPS; place++) {
    pid_t wanted = pid;
    if (atomic_compare_exchange_strong(&groups[place], &wanted, 0)) return;
  }
}

void cspawn_kill_all(void) {
  for (int place = 0; place < MOST_GROUPS; place++) {
    pid_t pid = atomic_load(&groups[place]);
    if (pid > 0) kill(-pid, SIGKILL);
  }
}

// A pipe above the three standard descriptors, so that no dup2 in the child meets its own source.
static int high_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  for (int side = 0; side < 2; side++) {
    if (ends[side] > 2) continue;
    int moved = fcntl(ends[side], F_DUPFD_CLOEXEC, 3);
    int fault = errno;
    if (moved < 0) {
      close(ends[0]);
      close(ends[1]);
      ends[0] = ends[1] = -1;
      return fault;
    }
    close(ends[side]);
    ends[side] = moved;
  }
  return 0;
}

static void unblock(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

static int spawn(
  const char *program, char *const arguments[], char *const environment[], const char *folder,
  int pipes[3][2], pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  int fault = posix_spawn_file_actions_init(&actions);
  if (fault) return fault;
  fault = posix_spawnattr_init(&attributes);
  if (!fault) {
    posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    fault = posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0);
    if (!fault) fault = posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1);
    if (!fault) fault = posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2);
    if (!fault) fault = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!fault) fault = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (!fault)
      fault = posix_spawnp(pid, program, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return fault;
}

int cspawn_start(
  const char *program, char *const arguments[], char *const environment[], const char *folder,
  cspawn_child *child) {
  int pipes[3][2];
  int made = 0;
  int fault = 0;
  pid_t pid = 0;
  while (made < 3 && !(fault = high_pipe(pipes[made]))) made++;
  if (!fault) fault = spawn(program, arguments, environment, folder, pipes, &pid);
  if (fault) {
    for (int place = 0; place < made; place++) {
      close(pipes[place][0]);
      close(pipes[place][1]);
    }
    return fault;
  }
  remember(pid);
  close(pipes[0][0]);
  close(pipes[1][1]);
  close(pipes[2][1]);
  child->pid = pid;
  child->input = pipes[0][1];
  child->output = pipes[1][0];
  child->errors = pipes[2][0];
  unblock(child->input);
  unblock(child->output);
  unblock(child->errors);
  return 0;
}

// Above the three standard descriptors, as the pipes are.
static int open_nothing(int *descriptor) {
  int low = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (low < 0) return errno;
  *descriptor = fcntl(low, F_DUPFD_CLOEXEC, 3);
  int fault = *descriptor < 0 ? errno : 0;
  close(low);
  return fault;
}

// Runs in the child, which shares our memory until it has become the program: nothing here may
// allocate or lock. Returns only what went wrong.
static int become(
  const char *program, char *const arguments[], char *const environment[], const char *folder,
  const int ends[3], pid_t parent) {
  struct sigaction usual = {.sa_handler = SIG_DFL};
  sigset_t none;
  if (setpgid(0, 0) != 0) return errno;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  // The parent may have gone before that call.
  if (getppid() != parent) return ESRCH;
  for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
  for (int place = 0; place < 3; place++)
    if (dup2(ends[place], place) < 0) return errno;
  if (syscall(SYS_close_range, 3u, ~0u, 4u) != 0 && errno != ENOSYS && errno != EINVAL)
    return errno;
  if (chdir(folder) != 0) return errno;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(program, arguments, environment);
  return errno;
}

int cspawn_start_tied(
  const char *program, char *const arguments[], char *const environment[], const char *folder,
  cspawn_child *child) {
  int pipes[2][2] = {{-1, -1}, {-1, -1}};
  int nothing = -1;
  volatile int fault = high_pipe(pipes[0]);
  if (!fault) fault = high_pipe(pipes[1]);
  if (!fault) fault = open_nothing(&nothing);
  pid_t pid = -1;
  if (!fault) {
    const int ends[3] = {nothing, pipes[0][1], pipes[1][1]};
    const pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    // No handler of ours may run in the child while it shares our memory.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = vfork();
    if (pid == 0) {
      fault = become(program, arguments, environment, folder, ends, parent);
      _exit(127);
    }
    if (pid < 0) fault = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid > 0 && fault) waitpid(pid, NULL, 0);
  }
  if (nothing >= 0) close(nothing);
  for (int place = 0; place < 2; place++) {
    if (pipes[place][1] >= 0) close(pipes[place][1]);
    if (fault && pipes[place][0] >= 0) close(pipes[place][0]);
  }
  if (fault) return fault;
  remember(pid);
  child->pid = pid;
  child->input = -1;
  child->output = pipes[0][0];
  child->errors = pipes[1][0];
  unblock(child->output);
  unblock(child->errors);
  return 0;
}

int cspawn_watch(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int cspawn_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cspawn_ring(int bell) {
  uint64_t one = 1;
  while (write(bell, &one, sizeof one) < 0 && errno == EINTR) {}
}

void cspawn_hush(int bell) {
  uint64_t count;
  while (read(bell, &count, sizeof count) < 0 && errno == EINTR) {}
}
