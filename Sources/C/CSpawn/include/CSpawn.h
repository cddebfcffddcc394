// Starting programs: what Swift cannot see of glibc (pipe2, addclosefrom_np, addchdir_np), and a
// list of running groups that a signal handler may walk.
#ifndef CSPAWN_H
#define CSPAWN_H

#include <sys/types.h>

/// A started program, leader of a process group of its own, and our ends of its three pipes. Ours
/// do not block and are closed on exec.
typedef struct {
  pid_t pid;
  int input;
  int output;
  int errors;
} cspawn_child;

/// Starts `program` (searched for in PATH where it has no slash) in `folder` with default signals
/// and no descriptor but 0, 1 and 2. Both lists end with a null pointer.
/// Returns 0, or an errno value with nothing started and nothing left open.
int cspawn_start(
  const char *program, char *const arguments[], char *const environment[], const char *folder,
  cspawn_child *child);

/// The same for a program that must not outlive the calling thread: the kernel kills it when that
/// thread ends, however it ends. `program` is a path. It reads nothing: `input` is -1.
int cspawn_start_tied(
  const char *program, char *const arguments[], char *const environment[], const char *folder,
  cspawn_child *child);

/// A descriptor that becomes readable when the process ends; -1 where there is none to be had.
int cspawn_watch(pid_t pid);

/// A counter to wake a polling thread: readable once it was rung; -1 where there is none to be had.
int cspawn_bell(void);

/// Makes the bell readable.
void cspawn_ring(int bell);

/// Makes the bell silent again.
void cspawn_hush(int bell);

/// Takes a group off the list of those that end with this process. Call it before the leader is
/// reaped, after which its number may be another's.
void cspawn_forget(pid_t pid);

/// Kills every listed group. Safe in a signal handler; runs at exit by itself.
void cspawn_kill_all(void);

#endif
