/* Kernels that lack a part of the box: without Landlock it is said, without seccomp nothing runs. */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "t/tap.h"
#include "t/worker/worker.h"

enum kernel { NO_LANDLOCK, NO_SECCOMP };

/* A filter around the worker, which pretends that the kernel is older. */
static bool pretend(enum kernel k)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc;

	if (k == NO_LANDLOCK) {
		rc = seccomp_rule_add(
			ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
	} else {
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
		if (rc == 0)
			rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
				SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP));
	}
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc == 0;
}

/* Exit status: 0 as it should be, 77 this machine can't pretend. */
static int without(enum kernel k, const char *path)
{
	const struct box_options opt = {.worker = path};
	struct err err = {0};
	struct str out;
	struct box *b;

	if (!pretend(k))
		return 77;
	if (!box_start(&opt, &b, &err)) {
		printf("# %s\n", err.msg);
		return !(k == NO_SECCOMP && err.code == ERR_BOX &&
			 str_find(str_of(err.msg), STR("seccomp")) < strlen(err.msg));
	}
	printf("# %s\n", box_strength(b).p);
	bool fine = k == NO_LANDLOCK &&
		    str_find(box_strength(b), STR("NO LANDLOCK")) < box_strength(b).n;
	/* What is left still bans files and the network. */
	static const char *const tries[] = {"open", "create", "socket-inet", "socket-unix", "fork"};
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		fine = fine &&
		       (worker_job(b, BOX_TRY, str_of(tries[i]), STR(""), &out) == BOX_CRASHED ||
			       !str_eq(out, STR("permitted")));
	box_stop(b);
	return !fine;
}

static void check(enum kernel k, const char *path)
{
	int status = 1;

	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		int rc = without(k, path);
		fflush(stdout);
		_exit(rc);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		printf("# SKIP no filter can be installed here\n");
	else
		ok(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
	char path[PATH_MAX];

	if (!worker_path("spoor-worker", path)) {
		printf("1..0 # SKIP no spoor-worker that runs here\n");
		return 0;
	}
	check(NO_LANDLOCK, path);
	check(NO_SECCOMP, path);
	return tap_end();
}
