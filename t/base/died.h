#ifndef T_BASE_DIED_H
#define T_BASE_DIED_H

/* Runs something in a child that must end by BUG: it aborts, and says so on stderr. */

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool died_of_bug(void (*fn)(void))
{
	char said[1024] = "";
	size_t n = 0;
	int fd[2], status;

	if (pipe(fd))
		return false;
	fflush(stdout); /* else a child that dies loudly says it again */
	pid_t pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		dup2(fd[1], STDERR_FILENO);
		close(fd[0]);
		fn();
		_exit(0);
	}
	close(fd[1]);
	for (ssize_t got; n < sizeof(said) - 1; n += (size_t)got) {
		got = read(fd[0], said + n, sizeof(said) - 1 - n);
		if (got <= 0)
			break;
	}
	close(fd[0]);
	if (waitpid(pid, &status, 0) != pid)
		return false;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(said, "BUG at ");
}

#endif
